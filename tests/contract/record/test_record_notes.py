"""What becomes of note text, as a reader gets it."""

import pytest

from anamnesis.clinical.sections import BLANK, BLANK_DIGEST, Sections
from anamnesis.record.model import Note
from tests.contract.record.worlds import World
from tests.unit.record.making import (
    DESK,
    DOCTOR,
    ENCOUNTER,
    LOCUM,
    OTHER_ENCOUNTER,
    OTHER_PATIENT,
    OTHER_PRACTICE,
    PRACTICE,
    TABLET,
    Writing,
    text,
)

ONE = text("Toux", "Depuis 3 jours\r\n\tfièvre  ", "", "🤒 e\u0301")
TWO = text("Toux sèche", ONE.interrogatoire, "", ONE.conclusion)


@pytest.fixture
def writing() -> Writing:
    return Writing().begun()


def shown(world: World, writing: Writing, encounter: str = ENCOUNTER) -> Note:
    writing.fold(world.writer)
    note = world.reader.note(PRACTICE, encounter)
    assert note is not None
    return note


def test_a_note_nobody_has_written_is_version_0_and_blank(world: World, writing: Writing) -> None:
    note = shown(world, writing)
    assert (note.version, note.status, note.sections) == (0, "draft", BLANK)
    assert (note.digest, note.recorded_at, note.author) == (BLANK_DIGEST, None, DOCTOR)
    assert world.reader.versions(PRACTICE, ENCOUNTER) == []


def test_a_text_comes_back_as_it_was_typed(world: World, writing: Writing) -> None:
    sent = writing.note("write", ONE, author=LOCUM, device=TABLET)
    note = shown(world, writing)
    assert (note.version, note.sections, note.digest) == (1, ONE, ONE.digest())
    assert (note.author, note.device, note.recorded_at) == (LOCUM, TABLET, sent.received_at)
    [version] = world.reader.versions(PRACTICE, ENCOUNTER)
    assert (version.entry, version.position, version.act) == (
        sent.entry.id,
        sent.position,
        "note.write",
    )
    assert (version.author_name, version.build) == ("Dr Claire Martin1", "0.1.0")
    assert version.features == ("share", "template")
    assert (version.typed_at, version.received_at) == (sent.entry.typed_at, sent.received_at)
    assert (version.signed, version.merged) == (False, False)


def test_every_text_makes_one_version_even_the_same_one(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("write", ONE, base=ONE)
    writing.note("rescue", TWO, base=ONE)
    writing.note("restore", ONE, base=TWO)
    assert shown(world, writing).version == 4
    versions = world.reader.versions(PRACTICE, ENCOUNTER)
    assert [version.version for version in versions] == [1, 2, 3, 4]
    assert [version.sections for version in versions] == [ONE, ONE, TWO, ONE]
    assert [version.act for version in versions[2:]] == ["note.rescue", "note.restore"]
    assert world.reader.divergences(PRACTICE, ENCOUNTER) == []


def test_writings_that_do_not_touch_are_merged(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("write", text("Toux sèche", *_rest(ONE)), base=ONE, device=DESK)
    typed = Sections(ONE.motif, ONE.interrogatoire, "Crépitants", ONE.conclusion)
    sent = writing.note("write", typed, base=ONE, device=TABLET)
    note = shown(world, writing)
    assert note.sections == text("Toux sèche", ONE.interrogatoire, "Crépitants", ONE.conclusion)
    assert note.divergences == []
    last = world.reader.versions(PRACTICE, ENCOUNTER)[-1]
    assert (last.merged, last.typed_digest, last.digest) == (True, typed.digest(), note.digest)
    [kept] = world.reader.typed_texts(PRACTICE, ENCOUNTER)
    assert (kept.sections, kept.entry, kept.act) == (typed, sent.entry.id, "note.write")
    assert world.reader.typed_text(PRACTICE, sent.entry.id) == kept


def test_writings_that_touch_are_both_kept(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    first = writing.note("write", text("Toux A", *_rest(ONE)), base=ONE, author=LOCUM)
    second = writing.note("write", text("Toux B", *_rest(ONE)), base=ONE, device=TABLET)
    note = shown(world, writing)
    assert note.sections.motif == "Toux B"
    [aside] = note.divergences
    assert (aside.id, aside.section, aside.text) == (f"{second.entry.id}/motif", "motif", "Toux A")
    assert (aside.reason, aside.version, aside.kept) == ("concurrent", 3, None)
    assert (aside.author, aside.typed_at) == (LOCUM, first.entry.typed_at)
    assert aside.author_name == "Dr Claire Martin1"


def test_a_divergence_names_who_wrote_the_text_however_long_ago(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    writing.note("write", text("Toux A", *_rest(ONE)), base=ONE, author=LOCUM)
    for number in range(3):
        now = text("Toux A", "", f"{number}", "")
        writing.note("write", now, base=shown(world, writing).sections)
    writing.note("write", text("Toux B", *_rest(ONE)), base=ONE, device=TABLET)
    [aside] = shown(world, writing).divergences
    assert (aside.text, aside.author) == ("Toux A", LOCUM)


def test_going_on_from_ones_own_merged_text_is_no_collision(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("write", text("Toux sèche", *_rest(ONE)), base=ONE)
    mine = Sections(ONE.motif, ONE.interrogatoire, "Crép", ONE.conclusion)
    writing.note("write", mine, base=ONE, device=TABLET)
    more = Sections(ONE.motif, ONE.interrogatoire, "Crépitants", ONE.conclusion)
    writing.note("write", more, base=mine, device=TABLET)
    note = shown(world, writing)
    assert (note.sections.motif, note.sections.examen) == ("Toux sèche", "Crépitants")
    assert world.reader.divergences(PRACTICE, ENCOUNTER) == []


def test_two_who_go_on_in_one_section_leave_one_divergence(world: World, writing: Writing) -> None:
    desk, tablet = ONE, ONE
    writing.note("write", ONE)
    for number in range(5):
        mine = text(f"A{number}", *_rest(ONE))
        writing.note("write", mine, base=desk)
        desk = mine
        theirs = text(f"B{number}", *_rest(ONE))
        writing.note("write", theirs, base=tablet, device=TABLET)
        tablet = theirs
    note = shown(world, writing)
    assert note.sections.motif == "B4"
    assert [aside.text for aside in note.divergences] == ["A4"]
    asides = world.reader.divergences(PRACTICE, ENCOUNTER)
    assert {aside.kept for aside in asides} == {None, "continued"}


def test_with_an_unknown_base_every_section_that_differs_diverges(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    other = text("Toux", "autre", "vu", ONE.conclusion)
    writing.note("write", other, base=text("jamais reçu"), device=TABLET)
    note = shown(world, writing)
    assert note.sections == other
    kept = {aside.section: aside.text for aside in note.divergences}
    assert kept == {"interrogatoire": ONE.interrogatoire, "examen": ""}


def test_a_divergence_stays_open_until_somebody_decides(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("write", text("A", *_rest(ONE)), base=ONE)
    writing.note("write", text("B", *_rest(ONE)), base=ONE, device=TABLET)
    [aside] = shown(world, writing).divergences
    both = text("A et B", *_rest(ONE))
    writing.note("write", both, base=text("B", *_rest(ONE)))
    assert [one.id for one in shown(world, writing).divergences] == [aside.id]
    writing.note("resolve", {"divergence": aside.id, "kept": "both"})
    writing.note("resolve", {"divergence": aside.id, "kept": "aside"}, device=TABLET)
    assert shown(world, writing).divergences == []
    [decided] = world.reader.divergences(PRACTICE, ENCOUNTER)
    assert (decided.kept, decided.text) == ("both", "A")
    assert world.reader.outstanding(PRACTICE) == []


def test_signing_signs_the_current_text(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("write", TWO, base=ONE)
    signed = writing.note("sign", {"digest": TWO.digest()})
    note = shown(world, writing)
    assert (note.status, note.version, note.signed_version) == ("signed", 2, 2)
    assert [one.signed for one in world.reader.versions(PRACTICE, ENCOUNTER)] == [False, True]
    [signature] = world.reader.signatures(PRACTICE, ENCOUNTER)
    assert (signature.version, signature.digest, signature.author_name) == (
        2,
        TWO.digest(),
        "Dr Claire Martin0",
    )
    assert signature.received_at == signed.received_at


def test_signing_another_text_is_outstanding(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("write", TWO, base=ONE, device=TABLET)
    sent = writing.note("sign", {"digest": ONE.digest()})
    assert shown(world, writing).status == "draft"
    [one] = world.reader.outstanding(PRACTICE)
    assert (one.entry, one.code, one.kind) == (sent.entry.id, "text-changed", "note.sign")


def test_signing_nothing_is_outstanding(world: World, writing: Writing) -> None:
    writing.note("sign", {"digest": BLANK_DIGEST})
    shown(world, writing)
    assert [one.code for one in world.reader.outstanding(PRACTICE)] == ["nothing-to-sign"]


@pytest.mark.parametrize("kind", ["write", "rescue", "restore"])
def test_text_for_a_signed_note_changes_nothing_in_it_and_is_kept(
    world: World, writing: Writing, kind: str
) -> None:
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    late = text("Toux", "Depuis 4 jours", "", ONE.conclusion)
    sent = writing.note(kind, late, base=ONE, device=TABLET, author=LOCUM)
    note = shown(world, writing)
    assert (note.status, note.version, note.sections) == ("signed", 1, ONE)
    [aside] = note.divergences
    assert (aside.section, aside.text) == ("interrogatoire", "Depuis 4 jours")
    assert (aside.reason, aside.author, aside.version) == ("after-signature", LOCUM, 1)
    [typed] = world.reader.typed_texts(PRACTICE, ENCOUNTER)
    assert (typed.sections, typed.entry) == (late, sent.entry.id)
    assert world.reader.outstanding(PRACTICE) == []


def test_a_late_text_sent_again_or_typed_on_leaves_one_divergence(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    before = ONE
    for typed in ("D", "De", "Dep", "Dep"):
        late = text(ONE.motif, typed, "", ONE.conclusion)
        writing.note("write", late, base=before, device=TABLET)
        before = late
    note = shown(world, writing)
    assert [aside.text for aside in note.divergences] == ["Dep"]
    assert len(world.reader.typed_texts(PRACTICE, ENCOUNTER)) == 4
    writing.note("write", ONE, base=before, device=TABLET)
    assert shown(world, writing).divergences == []


def test_the_signed_text_again_is_no_divergence(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    sent = writing.note("write", ONE, base=ONE)
    note = shown(world, writing)
    assert (note.version, note.divergences) == (1, [])
    read = world.reader.read_back(PRACTICE, [sent.entry.id])[sent.entry.id]
    assert (read.version, read.digest, read.typed_digest) == (1, ONE.digest(), ONE.digest())


def test_an_amendment_makes_a_version_that_awaits_a_signature(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    writing.note("amend", TWO, base=ONE)
    note = shown(world, writing)
    assert (note.status, note.version, note.signed_version) == ("amended", 2, 1)
    assert [row.encounter for row in world.reader.open_encounters(PRACTICE, DOCTOR)] == [ENCOUNTER]
    writing.note("sign", {"digest": TWO.digest()})
    note = shown(world, writing)
    assert (note.status, note.signed_version) == ("amended", 2)
    assert world.reader.open_encounters(PRACTICE, DOCTOR) == []
    assert [one.sections for one in world.reader.versions(PRACTICE, ENCOUNTER)] == [ONE, TWO]


def test_amending_a_draft_is_writing(world: World, writing: Writing) -> None:
    writing.note("amend", ONE)
    note = shown(world, writing)
    assert (note.status, note.version, note.sections) == ("draft", 1, ONE)


def test_a_note_entered_in_error_stays_readable_and_takes_nothing_more(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    writing.note("enter-in-error", {"reason": "mauvais patient"})
    writing.note("amend", TWO, base=ONE)
    writing.note("sign", {"digest": ONE.digest()})
    note = shown(world, writing)
    assert (note.status, note.version, note.sections) == ("entered-in-error", 1, ONE)
    assert [aside.reason for aside in note.divergences] == ["after-entered-in-error"]
    assert [one.code for one in world.reader.outstanding(PRACTICE)] == ["entered-in-error"]


def test_text_of_an_encounter_nobody_started_is_outstanding_and_readable(
    world: World, writing: Writing
) -> None:
    sent = writing.note("write", ONE, encounter=OTHER_ENCOUNTER)
    writing.fold(world.writer)
    assert world.reader.note(PRACTICE, OTHER_ENCOUNTER) is None
    [one] = world.reader.outstanding(PRACTICE, [sent.entry.id])
    assert (one.code, one.encounter) == ("encounter-unknown", OTHER_ENCOUNTER)
    kept = world.reader.typed_text(PRACTICE, sent.entry.id)
    assert kept is not None
    assert kept.sections == ONE
    assert world.reader.typed_texts(PRACTICE, OTHER_ENCOUNTER) == []


def test_text_under_another_patients_name_never_shows_in_the_note(
    world: World, writing: Writing
) -> None:
    writing.patient(OTHER_PATIENT)
    writing.note("write", ONE, patient=OTHER_PATIENT)
    note = shown(world, writing)
    assert (note.version, note.divergences) == (0, [])
    assert world.reader.typed_texts(PRACTICE, ENCOUNTER) == []
    assert [one.code for one in world.reader.outstanding(None)] == ["patient-mismatch"]


def test_another_practices_note_does_not_exist(world: World, writing: Writing) -> None:
    sent = writing.note("write", ONE)
    writing.note("write", TWO, practice=OTHER_PRACTICE, device=TABLET)
    shown(world, writing)
    reader = world.reader
    assert reader.note(OTHER_PRACTICE, ENCOUNTER) is None
    assert reader.versions(OTHER_PRACTICE, ENCOUNTER) == []
    assert reader.read_back(OTHER_PRACTICE, [sent.entry.id]) == {}
    assert not reader.text_known(OTHER_PRACTICE, ENCOUNTER, ONE.digest())
    assert [one.code for one in reader.outstanding(OTHER_PRACTICE)] == ["encounter-unknown"]
    assert reader.outstanding(PRACTICE) == []


def test_a_text_is_known_by_version_by_typing_and_when_blank(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    writing.note("write", text("Toux sèche", *_rest(ONE)), base=ONE)
    typed = Sections(ONE.motif, ONE.interrogatoire, "Crép", ONE.conclusion)
    writing.note("write", typed, base=ONE, device=TABLET)
    shown(world, writing)
    known = [ONE, typed, BLANK, text("Toux sèche", ONE.interrogatoire, "Crép", ONE.conclusion)]
    assert all(world.reader.text_known(PRACTICE, ENCOUNTER, one.digest()) for one in known)
    assert not world.reader.text_known(PRACTICE, ENCOUNTER, text("autre").digest())


def _rest(sections: Sections) -> tuple[str, str, str]:
    return sections.interrogatoire, sections.examen, sections.conclusion


def test_an_amendment_from_a_text_that_was_too_late_keeps_all_of_it(
    world: World, writing: Writing
) -> None:
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    late = text(ONE.motif, ONE.interrogatoire, "Crépitants", ONE.conclusion)
    writing.note("write", late, base=ONE)
    amended = text(ONE.motif, ONE.interrogatoire, "Crépitants", "Pneumonie")
    sent = writing.note("amend", amended, base=late)
    note = shown(world, writing)
    assert (note.status, note.version, note.sections) == ("amended", 2, amended)
    assert note.divergences == []
    read = world.reader.read_back(PRACTICE, [sent.entry.id])[sent.entry.id]
    assert read.digest == read.typed_digest == amended.digest()


@pytest.mark.parametrize("known", [True, False])
def test_a_text_that_the_note_shows_again_stands_aside_no_more(
    world: World, writing: Writing, known: bool
) -> None:
    writing.note("write", ONE)
    writing.note("write", text("A", *_rest(ONE)), base=ONE)
    writing.note("write", text("B", *_rest(ONE)), base=ONE, device=TABLET)
    assert [aside.text for aside in shown(world, writing).divergences] == ["A"]
    base = text("B", *_rest(ONE)) if known else text("jamais reçu")
    writing.note("restore", text("A", *_rest(ONE)), base=base)
    note = shown(world, writing)
    assert note.sections.motif == "A"
    assert [aside.text for aside in note.divergences] == ([] if known else ["B"])


def test_the_same_late_text_again_leaves_one_divergence(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    writing.note("sign", {"digest": ONE.digest()})
    for kind in ("write", "rescue"):
        writing.note(kind, TWO, base=ONE)
    assert [aside.text for aside in shown(world, writing).divergences] == [TWO.motif]


def test_a_void_note_awaits_no_signature(world: World, writing: Writing) -> None:
    writing.note("write", ONE)
    shown(world, writing)
    assert len(world.reader.open_encounters(PRACTICE, DOCTOR)) == 1
    writing.note("enter-in-error", {"reason": "doublon"})
    shown(world, writing)
    assert world.reader.open_encounters(PRACTICE, DOCTOR) == []
