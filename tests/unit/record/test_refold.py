from anamnesis.record.refold import Refolded, refold
from anamnesis.storage.memory.record import MemoryRecord
from tests.unit.record.making import ENCOUNTER, PRACTICE, TABLET, Writing, text

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
