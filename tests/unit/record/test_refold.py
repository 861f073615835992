"""Folding one note from the journal alone gives what the record has."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.clinical.merge import Merged
from anamnesis.clinical.sections import Sections
from anamnesis.record import notes
from anamnesis.record.outstanding import FOLD_FAILED
from anamnesis.record.refold import Refolded, note_from, refold
from anamnesis.storage.memory.record import MemoryRecord
from tests.unit.record.making import DESK, ENCOUNTER, PRACTICE, TABLET, Writing, text

ONE = text("Un", "a")


def test_a_merged_text_is_found_again_from_the_journal_alone() -> None:
    writing = Writing().begun()
    writing.note("write", ONE)
    writing.note("write", text("Deux", "a"), base=ONE)
    sent = writing.note("write", text("Un", "a", "vu"), base=ONE, device=TABLET)
    writing.note("write", text("Trois"), base=text("Un", "a", "vu"))
    entries = writing.journal.read(0, 100)
    assert refold(entries, sent.entry.id) == Refolded(3, text("Deux", "a", "vu").digest())
    record = MemoryRecord()
    writing.fold(record)
    positions = record.note_positions(PRACTICE, ENCOUNTER)
    assert refold(writing.journal.at(positions), sent.entry.id) == Refolded(
        3, text("Deux", "a", "vu").digest()
    )


def test_a_text_kept_aside_leaves_the_note_where_it_was() -> None:
    writing = Writing().begun()
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    late = writing.note("write", text("Deux"), base=ONE)
    assert refold(writing.journal.read(0, 100), late.entry.id) == Refolded(1, ONE.digest())


def test_what_is_no_text_or_is_not_taken_has_no_digest() -> None:
    writing = Writing().begun()
    writing.note("write", ONE)
    signed = writing.note("sign", {"digest": ONE.digest()})
    wrong = writing.note("sign", {"digest": text().digest()})
    entries = writing.journal.read(0, 100)
    assert refold(entries, signed.entry.id) is None
    assert refold(entries, wrong.entry.id) is None
    assert refold([], signed.entry.id) is None


def test_a_fault_in_joining_lists_the_entry_instead_of_forgetting_a_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writing = Writing().begun()
    writing.note("write", text("Un"))
    sent = writing.note("write", text("Deux"), device=TABLET)
    record = MemoryRecord()
    monkeypatch.setattr(notes, "merge", lambda base, theirs, mine: Merged(mine, ()))
    writing.fold(record)
    [listed] = record.outstanding(PRACTICE, [sent.entry.id])
    assert (listed.code, listed.failure) == (FOLD_FAILED, "TextForgotten")
    note = record.note(PRACTICE, ENCOUNTER)
    assert note is not None
    assert note.sections == text("Un")
    assert refold(writing.journal.read(0, 100), sent.entry.id) is None


WORDS = st.sampled_from(["", "Toux", "Fièvre", "Râles"])
TEXTS = st.builds(text, WORDS, st.just(""), WORDS)
ACTS = st.tuples(
    st.sampled_from(["write", "write", "stale", "rescue", "sign", "amend", "error"]),
    TEXTS,
    st.sampled_from([DESK, TABLET]),
)


def done(writing: Writing, record: MemoryRecord, act: str, words: Sections, device: str) -> None:
    note = record.note(PRACTICE, ENCOUNTER)
    assert note is not None
    if act == "sign":
        writing.note("sign", {"digest": note.digest}, device=device)
    elif act == "error":
        writing.note("enter-in-error", {"reason": "x"}, device=device)
    else:
        base = text() if act == "stale" else note.sections
        kind = "write" if act == "stale" else act
        writing.note(kind, words, base=base, device=device)
    writing.fold(record)


@settings(max_examples=100)
@given(st.lists(ACTS, max_size=10))
def test_whatever_happens_the_journal_alone_gives_the_note_that_the_record_has(
    acts: list[tuple[str, Sections, str]],
) -> None:
    writing, record = Writing().begun(), MemoryRecord()
    writing.fold(record)
    for act, words, device in acts:
        done(writing, record, act, words, device)
    found = note_from(writing.journal.at(record.note_positions(PRACTICE, ENCOUNTER)))
    note = record.note(PRACTICE, ENCOUNTER)
    assert note is not None
    if found is None:
        assert note.version == 0
        return
    assert (found.version, found.digest, found.sections, found.status) == (
        note.version,
        note.digest,
        note.sections,
        note.status,
    )
    assert len(found.asides) == len(note.divergences)


def test_the_newest_text_is_right_where_the_oldest_entries_are_out_of_reach() -> None:
    writing = Writing().begun()
    writing.note("write", ONE)
    writing.note("write", text("Deux", "a"), base=ONE)
    last = writing.note("write", text("Deux", "a", "vu"), base=text("Deux", "a"))
    found = note_from([last])
    assert found is not None
    assert found.sections == text("Deux", "a", "vu")
    assert found.digest == last.entry.digest
