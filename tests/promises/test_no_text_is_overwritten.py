"""PROMISE: every text ever recorded can be read, and texts that collide both stay."""

import itertools

import msgspec
import pytest

from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.journal.entry import Entry
from anamnesis.record.follow import Follower
from anamnesis.storage.memory.journal import MemoryJournal
from anamnesis.storage.memory.record import MemoryRecord
from tests.promises.story import CLAIRE, PRACTICE, SAMUEL, accepted, begun, founding, made, uuid

PATIENT, ENCOUNTER = uuid(1_001), uuid(1_002)
START = Sections("Toux", "Depuis 3 jours.", "", "")


class Room:
    """One encounter that Claire and Samuel both have open, each on a device."""

    def __init__(self) -> None:
        self.store = MemoryJournal()
        self.journal = begun(self.store)
        self.record = MemoryRecord()
        self.sequences = {CLAIRE: 0, SAMUEL: 0}
        accepted(self.journal, *founding())
        identity = dict.fromkeys(("used_name", "birth_place", "telephone", "address"), "")
        identity |= {"birth_name": "ESSAI", "first_names": "Camille", "sex": "unknown"}
        self.keep(CLAIRE, "patient.create", {**identity, "birth_date": "1980-05-17"}, about=False)
        started = {"started_at": "2026-11-23T10:00:00.000Z", "appointment": None}
        self.keep(CLAIRE, "encounter.start", started)
        self.keep(CLAIRE, "note.write", START.as_content())

    def keep(
        self,
        author: str,
        kind: str,
        content: object,
        base: str | None = None,
        *,
        about: bool = True,
    ) -> Entry:
        assert isinstance(content, dict)
        self.sequences[author] += 1
        entry = made(
            kind,
            content,
            self.sequences[author],
            author=author,
            device=11 if author == CLAIRE else 12,
            patient=PATIENT,
            encounter=ENCOUNTER if about else None,
            base=base,
        )
        accepted(self.journal, entry)
        follower = Follower(self.store, self.record)
        while follower.step():
            pass
        assert self.record.outstanding(None) == []
        return entry

    def readable(self) -> str:
        """Everything that a reader of this note can get at, in one string."""
        shown = [version.sections for version in self.record.versions(PRACTICE, ENCOUNTER)]
        texts = [text for sections in shown for text in msgspec.structs.astuple(sections)]
        aside = [one.text for one in self.record.divergences(PRACTICE, ENCOUNTER)]
        return "\n".join([*texts, *aside])


def changed(section: str, text: str) -> Sections:
    return msgspec.structs.replace(START, **{section: text})


@pytest.mark.parametrize(("hers", "his"), list(itertools.product(SECTIONS, SECTIONS)), ids=str)
def test_two_devices_writing_at_once_both_keep_what_they_wrote(hers: str, his: str) -> None:
    room = Room()
    base = START.digest()
    room.keep(CLAIRE, "note.write", changed(hers, "Claire : 38,5 °C").as_content(), base)
    room.keep(SAMUEL, "note.write", changed(his, "Samuel : 39,1 °C").as_content(), base)
    assert "Claire : 38,5 °C" in room.readable()
    assert "Samuel : 39,1 °C" in room.readable()
    note = room.record.note(PRACTICE, ENCOUNTER)
    assert note is not None
    assert bool(note.divergences) == (hers == his)


def test_a_text_sent_to_a_signed_note_changes_nothing_in_it_and_is_kept() -> None:
    room = Room()
    room.keep(CLAIRE, "note.sign", {"digest": START.digest()})
    late = changed("examen", "Écrit trop tard, mais écrit.")
    room.keep(SAMUEL, "note.write", late.as_content(), START.digest())
    note = room.record.note(PRACTICE, ENCOUNTER)
    assert note is not None
    assert note.sections == START
    assert "Écrit trop tard, mais écrit." in room.readable()


def test_a_stale_tab_does_not_replace_what_is_newer() -> None:
    room = Room()
    newer = changed("conclusion", "Repos, paracétamol 1 g x 3/j.")
    room.keep(CLAIRE, "note.write", newer.as_content(), START.digest())
    room.keep(SAMUEL, "note.write", START.as_content(), START.digest())
    note = room.record.note(PRACTICE, ENCOUNTER)
    assert note is not None
    assert note.sections.conclusion == "Repos, paracétamol 1 g x 3/j."


def test_blanking_a_note_leaves_its_text_readable() -> None:
    room = Room()
    room.keep(CLAIRE, "note.write", Sections("", "", "", "").as_content(), START.digest())
    assert "Depuis 3 jours." in room.readable()


def test_every_version_says_who_when_where_and_under_which_build() -> None:
    room = Room()
    hers = room.keep(CLAIRE, "note.write", changed("motif", "A").as_content(), START.digest())
    his = room.keep(SAMUEL, "note.write", changed("examen", "B").as_content(), START.digest())
    for version, entry in zip(
        room.record.versions(PRACTICE, ENCOUNTER)[1:], (hers, his), strict=True
    ):
        assert (version.entry, version.author, version.device, version.build) == (
            entry.id,
            entry.author,
            entry.device,
            entry.build,
        )
        assert version.typed_at == entry.typed_at
        assert version.received_at
        assert version.typed_digest == entry.digest
