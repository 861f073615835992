"""Any sequence of writings on several devices: nothing typed is ever lost."""

import tempfile
from itertools import pairwise
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from anamnesis.clinical.sections import BLANK, SECTIONS, Sections
from anamnesis.journal.entry import JournaledEntry
from anamnesis.record.refold import refold
from anamnesis.storage.memory.record import MemoryRecord
from tests.contract.record.worlds import SqliteWorld
from tests.unit.record.making import (
    ENCOUNTER,
    OTHER_PATIENT,
    PRACTICE,
    Writing,
    text,
    uuid,
)

DEVICES = tuple(uuid(0xE0000 + number) for number in range(3))
WORDS = st.sampled_from(["", "toux", "toux\r\n", " fièvre", "e\u0301", "é"])
TEXTS = st.builds(text, WORDS, WORDS, WORDS, WORDS)
KINDS = st.sampled_from(["write", "write", "write", "rescue", "restore", "amend"])


class Writings(RuleBasedStateMachine):
    """Devices that write from what they last saw, typed, or never saw; sign, amend, decide."""

    @initialize()
    def begin(self) -> None:
        self.writing = Writing().begun()
        self.writing.patient(OTHER_PATIENT)
        self.record = MemoryRecord()
        self.writing.fold(self.record)
        self.seen = dict.fromkeys(DEVICES, BLANK)
        self.typed: list[tuple[JournaledEntry, Sections]] = []
        self.batches: list[int] = []

    def _type(self, kind: str, device: str, base: Sections, mine: Sections, **more: str) -> None:
        sent = self.writing.note(
            kind, mine, base=None if base == BLANK else base, device=device, **more
        )
        self.typed.append((sent, mine))
        self.seen[device] = mine

    @rule(kind=KINDS, device=st.sampled_from(DEVICES), mine=TEXTS)
    def write_from_what_one_saw(self, kind: str, device: str, mine: Sections) -> None:
        self._type(kind, device, self.seen[device], mine)

    @rule(device=st.sampled_from(DEVICES), section=st.sampled_from(SECTIONS), word=WORDS)
    def write_in_one_section(self, device: str, section: str, word: str) -> None:
        seen = self.seen[device]
        before = seen.as_content()["sections"]
        self._type("write", device, seen, Sections(**(before | {section: word})))

    @rule(device=st.sampled_from(DEVICES), base=TEXTS, mine=TEXTS)
    def write_from_anything(self, device: str, base: Sections, mine: Sections) -> None:
        self._type("write", device, base, mine)

    @rule(device=st.sampled_from(DEVICES), mine=TEXTS)
    def write_under_another_patient(self, device: str, mine: Sections) -> None:
        self._type("write", device, self.seen[device], mine, patient=OTHER_PATIENT)

    @rule(device=st.sampled_from(DEVICES))
    def look(self, device: str) -> None:
        note = self.record.note(PRACTICE, ENCOUNTER)
        assert note is not None
        self.seen[device] = note.sections

    @rule(device=st.sampled_from(DEVICES))
    def sign_what_one_saw(self, device: str) -> None:
        self.writing.note("sign", {"digest": self.seen[device].digest()}, device=device)

    @rule(device=st.sampled_from(DEVICES), kept=st.sampled_from(["note", "aside", "both"]))
    def decide(self, device: str, kept: str) -> None:
        for aside in self.record.divergences(PRACTICE, ENCOUNTER)[-2:]:
            self.writing.note("resolve", {"divergence": aside.id, "kept": kept}, device=device)

    @rule(often=st.integers(0, 20))
    def enter_in_error(self, often: int) -> None:
        if often == 0:
            self.writing.note("enter-in-error", {"reason": "doublon"})

    @rule(size=st.integers(1, 5))
    def fold(self, size: int) -> None:
        self.batches.append(size)
        self.writing.fold(self.record, size)

    @invariant()
    def every_text_typed_is_readable(self) -> None:
        applied = self.record.applied()
        versions = {one.entry: one for one in self.record.versions(PRACTICE, ENCOUNTER)}
        assert [one.version for one in versions.values()] == list(range(1, len(versions) + 1))
        for sent, mine in self.typed:
            if sent.position >= applied:
                continue
            kept = self.record.typed_text(PRACTICE, sent.entry.id)
            version = versions.get(sent.entry.id)
            if version is not None and not version.merged:
                assert version.sections == mine
            else:
                assert kept is not None
                assert kept.sections == mine

    @invariant()
    def no_section_says_what_nobody_typed(self) -> None:
        note = self.record.note(PRACTICE, ENCOUNTER)
        assert note is not None
        for section in SECTIONS:
            typed = {mine.section(section) for _, mine in self.typed} | {""}
            assert note.sections.section(section) in typed

    @invariant()
    def a_shown_text_gives_way_only_to_what_somebody_wrote_from_it_or_is_kept_aside(self) -> None:
        """What a version replaces is what its author started from, or stands aside."""
        versions = self.record.versions(PRACTICE, ENCOUNTER)
        asides = {
            (aside.version, aside.section, aside.text)
            for aside in self.record.divergences(PRACTICE, ENCOUNTER)
        }
        bases = {sent.entry.id: sent.entry.base for sent, _ in self.typed}
        went_in = self._went_in()
        for before, after in pairwise(versions):
            started = [went_in[one] for one in self._bases(bases[after.entry], set(went_in))]
            for section in SECTIONS:
                was, now = before.sections.section(section), after.sections.section(section)
                if was not in {now, *(one.section(section) for one in started)}:
                    assert (after.version, section, was) in asides

    @invariant()
    def what_an_author_changed_is_what_the_version_says(self) -> None:
        """A version leaves out only sections that its author left as the note had them."""
        versions = self.record.versions(PRACTICE, ENCOUNTER)
        typed = {sent.entry.id: (sent.entry.base, mine) for sent, mine in self.typed}
        went_in = self._went_in()
        for version in versions:
            base, mine = typed[version.entry]
            started = [went_in[one] for one in self._bases(base, set(went_in))]
            for section in SECTIONS:
                if version.sections.section(section) != mine.section(section):
                    assert mine.section(section) in {one.section(section) for one in started}

    def _went_in(self) -> dict[str, Sections]:
        """The texts of the note's versions, and what was typed for them, by digest."""
        versions = self.record.versions(PRACTICE, ENCOUNTER)
        typed = {sent.entry.id: mine for sent, mine in self.typed}
        found = {one.digest: one.sections for one in versions} | {BLANK.digest(): BLANK}
        return found | {one.typed_digest: typed[one.entry] for one in versions}

    def _bases(self, base: str | None, went_in: set[str]) -> set[str]:
        """Texts that went into the note, by way of texts that did not, from which one started."""
        found, waiting, followed = set(), [base or BLANK.digest()], set()
        while waiting:
            digest = waiting.pop()
            if digest in went_in:
                found.add(digest)
            elif digest not in followed:
                followed.add(digest)
                waiting += [
                    sent.entry.base or BLANK.digest()
                    for sent, mine in self.typed
                    if mine.digest() == digest
                ]
        return found

    def teardown(self) -> None:
        self.writing.fold(self.record)
        self.every_text_typed_is_readable()
        self._read_back_agrees()
        with tempfile.TemporaryDirectory() as folder:
            sqlite = SqliteWorld(Path(folder))
            self.writing.fold(sqlite.writer, len(self.batches) % 7 + 1)
            assert sqlite.reader.fingerprint() == self.record.fingerprint()
            sqlite.end()

    def _read_back_agrees(self) -> None:
        """Every text is read back as typed, and folding the note anew gives the same versions."""
        entries = self.writing.journal.at(self.record.note_positions(PRACTICE, ENCOUNTER))
        read = self.record.read_back(PRACTICE, [sent.entry.id for sent, _ in self.typed])
        outside = {one.entry for one in self.record.outstanding(PRACTICE)}
        assert set(read) | outside >= {sent.entry.id for sent, _ in self.typed}
        for name, back in read.items():
            again = refold(entries, name)
            assert again is not None
            assert (again.version, again.digest) == (back.version, back.digest)
        for sent, mine in self.typed:
            if sent.entry.id in read:
                assert read[sent.entry.id].typed_digest == mine.digest()


Writings.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestWritings = Writings.TestCase
