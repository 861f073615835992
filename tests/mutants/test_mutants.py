"""The campaign's own parts: a change is one, and a silent loss is told from one that was told."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from anamnesis.clinical.merge import Merged
from anamnesis.record import notes
from anamnesis.record.appointment_rows import KeptSlot
from anamnesis.storage.memory.record import MemoryRecord
from tests.mutants.beside import side_by_side
from tests.mutants.campaign import SOURCE, Tried, drawn, ground, tried
from tests.mutants.findings import MEANS, as_json, markdown
from tests.mutants.mutator import Mutant, mutants_of
from tests.mutants.oracle import VERDICTS, Finding, Loss, Notices, folded, judge, record_losses
from tests.mutants.planted import planted
from tests.unit.record.making import DOCTOR, PATIENT, PRACTICE, TABLET, Writing, text

BOOKING = {
    "practitioner": DOCTOR, "starts_at": "2026-11-23T14:30:00.000Z", "minutes": 15,
    "reason": "Toux", "type": None, "overlap": False,
}  # fmt: skip
LOST = Loss("record: note", "entry-1", "encounter-1", "row/note/1")


def test_a_comparison_can_be_turned_round_and_a_statement_left_out() -> None:
    source = "def f(a, b):\n    c = a\n    return c < b\n"
    made = {one.operator: one.made_in(source) for one in mutants_of(source, "f.py")}
    assert made["statement-left-out"] == "def f(a, b):\n    pass\n    return c < b\n"
    assert made["reversed-comparison"] == "def f(a, b):\n    c = a\n    return (c >= b)\n"


def test_a_change_of_an_sql_statement_may_leave_its_condition_out() -> None:
    source = 'Q = "SELECT a, b FROM t WHERE a = 1 ORDER BY b"\n'
    made = {one.operator: one.made_in(source) for one in mutants_of(source, "q.py")}
    assert "WHERE" not in made["sql-no-where"]
    assert "SELECT b, a" in made["sql-columns-swapped"]


def test_a_mutant_that_does_not_compile_or_changes_nothing_is_none() -> None:
    source = "x = 1\n"
    assert not Mutant("x.py", 1, "constant", 4, 5, "1", "(", 0).is_another_program(source)
    assert not Mutant("x.py", 1, "constant", 4, 5, "1", "(1)", 0).is_another_program(source)


def test_the_four_that_the_promise_rests_on_are_not_changed_and_a_seed_draws_the_same() -> None:
    core, other = "journal/damage.py", "clinical/sections.py"
    every = {f"{name}:{line}" for name in (core, other) for line in range(1, 300)}
    found = drawn(every, 5, seed=1)
    assert [one.name for one in found] == [one.name for one in drawn(every, 5, seed=1)]
    assert {one.path for one in found} == {other}


@pytest.mark.parametrize(
    ("losses", "notices", "verdict"),
    [
        ([], Notices(), "harmless"),
        ([LOST], Notices(), "lost-silently"),
        ([LOST], Notices(apart=["an incident about something else"]), "lost-silently"),
        ([LOST], Notices(entries={"entry-2"}), "lost-silently"),
        ([LOST], Notices(entries={"entry-1"}), "lost-loudly"),
        ([LOST], Notices(encounters={"encounter-1"}), "lost-loudly"),
        ([LOST], Notices(everything=["record is unavailable"]), "lost-loudly"),
        ([LOST], Notices(entries={"row/note/1"}), "lost-loudly"),
        ([LOST], Notices(entries={"row/note/2"}), "lost-silently"),
        ([], Notices(untaken=True, entries={"entry-1"}), "refused"),
        ([], Notices(apart=["read-back-differs"]), "brought-back"),
    ],
)
def test_a_loss_is_silent_unless_whoever_lost_it_was_told(
    losses: list[Loss], notices: Notices, verdict: str
) -> None:
    assert judge(losses, [], notices).verdict == verdict


def test_an_entry_on_the_list_of_outstanding_entries_and_its_encounter_are_told() -> None:
    writing = Writing().begun()
    written = writing.note("write", text("Toux")).entry
    notices = Notices()
    notices.listed([{"entry": written.id, "code": "fold-failed"}], writing.journal)
    assert notices.speak_of(Loss("record: entry", written.id))
    assert notices.speak_of(Loss("reader: a page", "", written.encounter or ""))
    assert not notices.speak_of(LOST)


def test_a_row_that_the_record_does_not_have_is_tied_to_its_entry_and_encounter() -> None:
    writing = Writing().begun()
    written = writing.note("write", text("Toux")).entry
    truth, record = folded(writing.journal), MemoryRecord()
    with record.transaction() as transaction:
        transaction.advance(truth.applied())
    found = record_losses(truth, record, [], writing.journal)
    assert {one.encounter for one in found if one.where == "record: note"} == {written.encounter}
    assert written.id in {one.entry for one in found if one.where == "record: entry"}


def test_a_row_that_cannot_add_up_an_entry_that_is_told_to_be_missing_is_told() -> None:
    writing = Writing().begun()
    booked = writing.send("appointment.book", BOOKING, patient=PATIENT).entry
    content = {"appointment": booked.id, "status": "arrived"}
    arrived = writing.send("appointment.set-status", content, patient=PATIENT).entry
    truth, record = folded(writing.journal), MemoryRecord()
    writing.fold(record)
    with record.transaction() as transaction:
        [slot] = transaction.find(KeptSlot, practice=PRACTICE, patient=PATIENT)
        transaction.put(replace(slot, status="booked"))
    losses = record_losses(truth, record, [], writing.journal)
    assert {one.where for one in losses} == {"record: appointment_slot"}
    assert judge(losses, [], Notices()).verdict == "lost-silently"
    assert judge(losses, [], Notices(entries={arrived.id})).verdict == "lost-loudly"


def test_words_that_a_patient_is_found_by_are_tied_to_the_patients_entries() -> None:
    writing = Writing().begun()
    truth, record = folded(writing.journal), MemoryRecord()
    with record.transaction() as transaction:
        transaction.advance(truth.applied())
    words = [
        one
        for one in record_losses(truth, record, [], writing.journal)
        if one.where == "record: patient_word"
    ]
    created = next(one.entry.id for one in writing.journal.read(0, 9) if one.entry.patient)
    assert words
    assert all(one.adds_up == {created} for one in words)


def test_a_text_that_stands_beside_the_note_instead_of_in_it_is_told_and_one_that_is_gone_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    writing = Writing().begun()
    writing.note("write", text("Un"))
    writing.note("write", text("Un", "a"), base=text("Un"))
    sent = writing.note("write", text("Deux"), base=text("Un"), device=TABLET).entry
    truth, same, beside, gone = (MemoryRecord() for _ in range(4))
    writing.fold(truth)
    writing.fold(same)
    assert side_by_side(truth, same) == set()
    monkeypatch.setattr(notes, "_base_in_note", lambda *_: None)
    writing.fold(beside)
    assert side_by_side(truth, beside) == {sent.encounter}
    monkeypatch.setattr(notes, "merge", lambda base, theirs, mine: Merged(mine, ()))
    monkeypatch.setattr(notes, "forgotten", lambda *_: ())
    writing.fold(gone)
    assert side_by_side(truth, gone) == set()


def test_a_screen_that_was_green_too_early_is_not_harmless() -> None:
    assert judge([], [LOST], Notices()).verdict == "green-while-wrong"


def test_the_report_counts_every_verdict_and_names_every_mutant() -> None:
    mutant = Mutant("a.py", 3, "constant", 0, 1, "a | b", "b", 0)
    found = [Tried(mutant, Finding("lost-silently", ["journal: missing"]), 1.0)]
    written = markdown(found, 2, 7, 100)
    assert all(f"| {verdict} |" in written for verdict in VERDICTS)
    assert "1 random mutants of 2 asked for" in written
    assert "a.py:3:constant:0" in written
    assert json.loads(as_json(found, 2, 7, 100))["mutants"][0]["verdict"] == "lost-silently"
    assert set(MEANS) == set(VERDICTS)


def test_the_planted_loss_is_a_change_that_compiles() -> None:
    mutant = planted()
    source = (SOURCE / Path(mutant.path)).read_text(encoding="utf-8")
    assert mutant.is_another_program(source)


@pytest.mark.campaign
@pytest.mark.timeout(600)
def test_on_a_real_server_the_unchanged_product_is_harmless_and_a_planted_loss_is_found() -> None:
    with ground(1) as here:
        unchanged, _ = here.unchanged(1)
        [found] = tried(here, [planted()], 1, 1)
    assert unchanged.verdict == "harmless"
    assert found.finding.verdict == "lost-silently"
