"""Whatever happens to a note, what is worked out on the way is what folding everything gives."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.clinical.composition import NOTE_TEXT_KINDS
from anamnesis.clinical.sections import BLANK, Sections
from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.demands import Demands
from anamnesis.keeper.received import Expected
from anamnesis.record.refold import refold
from anamnesis.storage.memory.record import MemoryRecord
from tests.unit.record.making import DESK, ENCOUNTER, PRACTICE, TABLET, Writing, text

WORDS = ["", "Toux", "Fièvre", "Râles"]
TEXTS = st.builds(text, st.sampled_from(WORDS), st.just(""), st.sampled_from(WORDS))
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "write", "stale", "rescue", "sign", "amend", "error"]),
        TEXTS,
        st.sampled_from([DESK, TABLET]),
    ),
    max_size=12,
)


class World:
    def __init__(self) -> None:
        self.writing = Writing().begun()
        self.record = MemoryRecord()
        self.demands = Demands()
        self.writing.fold(self.record)

    def lead(self, journaled: JournaledEntry) -> None:
        """Applies the entry and lets the demands take notice, unless it was not taken."""
        self.writing.fold(self.record)
        if not self.record.outstanding(PRACTICE, [journaled.entry.id]):
            self.demands.lead(Expected.of(journaled), self.record, self.writing.journal)

    def current(self) -> Sections:
        note = self.record.note(PRACTICE, ENCOUNTER)
        assert note is not None
        return note.sections

    def step(self, act: str, words: Sections, device: str) -> JournaledEntry:
        if act == "sign":
            return self.writing.note("sign", {"digest": self.current().digest()}, device=device)
        if act == "error":
            return self.writing.note("enter-in-error", {"reason": "x"}, device=device)
        base = BLANK if act == "stale" else self.current()
        kind = "write" if act == "stale" else act
        return self.writing.note(kind, words, base=base, device=device)


@settings(max_examples=150)
@given(STEPS)
def test_what_is_demanded_is_what_the_record_and_folding_again_give(
    steps: list[tuple[str, Sections, str]],
) -> None:
    world = World()
    for act, words, device in steps:
        journaled = world.step(act, words, device)
        world.lead(journaled)
        if journaled.entry.kind not in NOTE_TEXT_KINDS:
            continue
        read = world.record.read_back(PRACTICE, [journaled.entry.id]).get(journaled.entry.id)
        if world.record.outstanding(PRACTICE, [journaled.entry.id]):
            continue
        assert read is not None
        expected = Expected.of(journaled)
        demanded = world.demands.of(expected, world.record, world.writing.journal)
        assert demanded is not None
        assert (demanded.version, demanded.digest) == (read.version, read.digest)
        positions = world.record.note_positions(PRACTICE, ENCOUNTER)
        anew = refold(world.writing.journal.at(positions), journaled.entry.id)
        assert demanded == anew


def counted(world: World) -> Callable[[], int]:
    """How often the journal was read to fold something again."""
    reads = 0
    at = world.writing.journal.at

    def counting(positions: list[int]) -> list[JournaledEntry]:
        nonlocal reads
        reads += 1
        return at(positions)

    world.writing.journal.at = counting  # type: ignore[method-assign,assignment]
    return lambda: reads


def test_ordinary_typing_is_folded_once_and_then_followed() -> None:
    world = World()
    reads = counted(world)
    base = None
    for number in range(20):
        words = text(f"Texte {number}")
        journaled = world.writing.note("write", words, base=base)
        base = words
        world.lead(journaled)
        world.demands.of(Expected.of(journaled), world.record, world.writing.journal)
    assert reads() == 1


def test_after_a_signature_every_text_is_folded_again() -> None:
    world = World()
    words = text("Toux")
    world.lead(world.writing.note("write", words))
    world.lead(world.writing.note("sign", {"digest": words.digest()}))
    late = world.writing.note("write", text("Trop tard"), base=words)
    world.lead(late)
    demanded = world.demands.of(Expected.of(late), world.record, world.writing.journal)
    assert demanded is not None
    assert (demanded.version, demanded.digest) == (1, words.digest())
