"""The demonstration's own story as material for the promises: long, varied, and never random."""

from datetime import UTC, date, datetime

from anamnesis.demonstration.life import Life, Setting
from anamnesis.demonstration.planting import StoryClock, founded_on, plant
from anamnesis.journal.entry import Entry
from anamnesis.journal.journal import Accepted, Journal, Submission
from anamnesis.journal.store import JournalStore
from anamnesis.receipt.canonical import canonical, digest_bytes
from anamnesis.receipt.signer import Ed25519Signer
from anamnesis.storage.memory.journal import MemoryJournal

FIRST_DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PRACTICE = "0e3f8c1c-0000-8000-8000-000000000001"
CLAIRE, SAMUEL = (f"0e3f8c1c-0000-8000-8000-00000000000{number}" for number in (2, 3))
SESSION = "0e3f8c1c-0000-8000-8000-0000000000ff"
SIGNER = Ed25519Signer("test.local", bytes(range(32)))


def life(encounters: int = 40) -> Life:
    return Life(Setting(PRACTICE, (CLAIRE, SAMUEL), FIRST_DAY, UTC, "0.1.0", "test", encounters))


def begun(store: JournalStore) -> Journal:
    """A journal over `store`, on the story's own clock."""
    return Journal(store, SIGNER, StoryClock(founded_on(FIRST_DAY)))


def founding() -> list[Entry]:
    """The practice and its two practitioners, as the operator's commands make them."""
    contents: list[tuple[str, dict[str, object]]] = [
        ("practice.create", {"id": PRACTICE, "name": "Test", "address": "", "telephone": ""}),
    ]
    for practitioner, family in ((CLAIRE, "Morvan"), (SAMUEL, "Adjovi")):
        blank: dict[str, object] = dict.fromkeys(("given", "title", "specialty", "rpps"), "")
        contents.append(("practitioner.create", {**blank, "id": practitioner, "family": family}))
    return [
        made(kind, content, sequence, author=CLAIRE, entry_number=900 + sequence)
        for sequence, (kind, content) in enumerate(contents, start=1)
    ]


def made(
    kind: str,
    content: dict[str, object],
    sequence: int,
    *,
    author: str = CLAIRE,
    device: int = 99,
    patient: str | None = None,
    encounter: str | None = None,
    base: str | None = None,
    entry_number: int | None = None,
) -> Entry:
    """One entry by hand; its id follows from its device and number."""
    data = canonical(content)  # type: ignore[arg-type] # tests write what JSON can hold
    number = device * 1000 + sequence if entry_number is None else entry_number
    return Entry(
        id=uuid(number),
        kind=kind,
        practice=PRACTICE,
        author=author,
        patient=patient,
        encounter=encounter,
        device=uuid(device * 1_000_000),
        sequence=sequence,
        base=base,
        build="0.1.0",
        features=(),
        typed_at="2026-11-23T10:00:00.000Z",
        digest=digest_bytes(data),
        content=data,
    )


def uuid(number: int) -> str:
    return f"0e3f8c1c-0000-8000-8000-{number:012x}"


def accepted(journal: Journal, *entries: Entry) -> list[Accepted]:
    """Appends entries that must be taken."""
    outcomes = journal.append([Submission(entry, SESSION) for entry in entries])
    taken = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
    assert len(taken) == len(entries), outcomes
    return taken


def told(store: JournalStore | None = None, encounters: int = 40) -> tuple[JournalStore, Journal]:
    """A journal with the whole story in it."""
    kept = MemoryJournal() if store is None else store
    clock = StoryClock(founded_on(FIRST_DAY))
    journal = Journal(kept, SIGNER, clock)
    accepted(journal, *founding())
    story = life(encounters)
    plant(story, story.until(NOW), journal, clock, lambda done, total: None)
    return kept, journal
