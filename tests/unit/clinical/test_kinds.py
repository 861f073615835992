import base64
import re
from typing import Any

import pytest

from anamnesis.clinical.files import PART_BYTES_MAX
from anamnesis.clinical.kinds import KINDS, check_content, read_content
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.receipt.canonical import canonical
from tests.unit.clinical.contents import (
    AT,
    FILE,
    FOR_A_COLLEAGUE,
    ID,
    LINE,
    OTHERS,
    PART,
    RESOURCES,
    SHARE,
    UPLOAD,
)

TEXT = {"sections": {"motif": "Toux", "interrogatoire": "", "examen": "", "conclusion": ""}}
TRAITS = {
    "birth_name": "Lefèvre",
    "used_name": "",
    "first_names": "Zoé",
    "birth_date": "1984-02-29",
    "sex": "female",
    "birth_place": "2A004",
    "telephone": "",
    "address": "",
}
WHO = {"family": "X", "given": "", "title": "", "specialty": "", "rpps": ""}
MEASURED = {"code": "weight", "value": "72,5", "unit": "kg", "effective_at": AT}
PLACED = {"practitioner": ID, "starts_at": AT, "minutes": 15, "overlap": False}
BOOKED = PLACED | {"reason": "", "type": None}
GOOD: dict[str, dict[str, Any]] = {
    "practice.create": {"id": ID, "name": "X", "address": "", "telephone": ""},
    "practitioner.create": {"id": ID} | WHO,
    "patient.create": TRAITS,
    "patient.amend": TRAITS,
    "encounter.start": {"started_at": AT, "appointment": None},
    "encounter.close": {"closed_at": AT},
    "note.write": TEXT,
    "note.rescue": TEXT,
    "note.restore": TEXT,
    "note.amend": TEXT,
    "note.sign": {"digest": "a" * 64},
    "note.resolve": {"divergence": f"{ID}/motif", "kept": "both"},
    "note.enter-in-error": {"reason": ""},
    "observation.record": MEASURED,
    "observation.enter-in-error": {"observation": ID, "reason": ""},
    "appointment.book": BOOKED,
    "appointment.move": PLACED | {"appointment": ID, "version": 1},
    "appointment.set-status": {"appointment": ID, "status": "no-show"},
    **RESOURCES,
    **OTHERS,
    "device.retire": {"device": ID, "last_sequence": 0, "missing": [[1, 4]]},
}


def about(kind: str) -> tuple[str | None, str | None]:
    shape = KINDS[kind]
    return (
        ID if shape.patient == "yes" else None,
        ID if shape.encounter == "yes" else None,
    )


def refused(kind: str, content: object, **changed: str | None) -> str:
    patient, encounter = about(kind) if kind in KINDS else (None, None)
    given = {"patient": patient, "encounter": encounter, "base": None} | changed
    with pytest.raises(ContentRefused) as caught:
        check_content(kind, given["patient"], given["encounter"], given["base"], content)
    return f"{caught.value.code}: {caught.value.message}"


def test_the_kinds_are_those_of_the_protocol(project_root: Any) -> None:
    protocol = (project_root / "docs" / "protocol.md").read_text(encoding="utf-8")
    table = protocol.split("### Kinds and their content")[1].split("\n\nWhat is written with")[0]
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    assert {
        kind for row in rows for kind in re.findall(r"`([\w-]+\.[a-z-]+)`", row.split("|")[1])
    } == (set(KINDS))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_content_of_each_kind_is_taken(kind: str) -> None:
    assert set(GOOD) == set(KINDS)
    check_content(kind, *about(kind), None, GOOD[kind])
    read_content(kind, canonical(GOOD[kind]))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_member_too_many_or_too_few_is_malformed(kind: str) -> None:
    assert refused(kind, GOOD[kind] | {"extra": 1}).startswith("malformed")
    for name in GOOD[kind]:
        fewer = {other: value for other, value in GOOD[kind].items() if other != name}
        assert refused(kind, fewer) == f"malformed: The field {name} is missing or not of its form."
        with pytest.raises(ContentRefused):
            read_content(kind, canonical(fewer))
    assert refused(kind, []).startswith("malformed")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_entry_names_what_its_kind_is_about(kind: str) -> None:
    for name, value in zip(("patient", "encounter"), about(kind), strict=True):
        if KINDS[kind].encounter == "either" and name == "encounter":
            continue
        changed = {name: None if value else ID}
        assert refused(kind, GOOD[kind], **changed).startswith(f"malformed: The field {name}")
    if not kind.startswith("note.") or "sections" not in GOOD[kind]:
        assert refused(kind, GOOD[kind], base="a" * 64).startswith("malformed: The field base")


def test_a_measurement_may_name_an_encounter_and_a_text_its_base() -> None:
    check_content("observation.record", ID, ID, None, MEASURED)
    check_content("note.write", ID, ID, "a" * 64, TEXT)


def test_a_kind_from_a_newer_build_is_unknown() -> None:
    assert refused("document.burn", {}).startswith("unknown-kind")
    with pytest.raises(ContentRefused, match="not known"):
        read_content("document.burn", b"{}")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("practice.create", "id", "X"),
        ("practice.create", "name", ""),
        ("practitioner.create", "rpps", "123"),
        ("patient.create", "birth_date", "1983-02-29"),
        ("patient.create", "birth_date", "29/02/1984"),
        ("patient.create", "birth_date", "1984-02-29\n"),
        ("patient.create", "sex", "f"),
        ("patient.create", "birth_place", "Ajaccio"),
        ("encounter.start", "started_at", "2026-11-23T14:02:11Z"),
        ("encounter.start", "started_at", "2026-02-30T14:02:11.000Z"),
        ("encounter.close", "closed_at", "2026-11-23T25:00:00.000Z"),
        ("note.sign", "digest", "A" * 64),
        ("note.resolve", "divergence", f"{ID}/autre"),
        ("note.resolve", "kept", "none"),
        ("observation.record", "code", "mood"),
        ("observation.record", "value", ""),
        ("observation.record", "unit", "lb"),
        ("observation.record", "effective_at", "2026-13-01T00:00:00.000Z"),
        ("appointment.book", "minutes", 0),
        ("appointment.book", "minutes", 15.5),
        ("appointment.book", "starts_at", "2026-11-31T00:00:00.000Z"),
        ("appointment.set-status", "status", "late"),
        ("appointment.move", "version", 0),
        ("condition.write", "onset", "2015-13"),
        ("condition.write", "category", "mood"),
        ("allergy.write", "substance", ""),
        ("medication.write", "stopped", "hier"),
        ("immunization.write", "date", "2024-02-30"),
        ("document.write", "type", "poem"),
        ("document.write", "date", "2026-02-29"),
        ("document.write", "lines", [LINE] * 51),
        ("document.write", "lines", [LINE | {"renewals": 100}]),
        ("document.write", "file", FILE),
        ("document.issue", "version", 0),
        ("document.share", "audience", "colleague"),
        ("document.share", "expires_at", "2026-11-31T00:00:00.000Z"),
        ("file.part", "media_type", "text/html"),
        ("template.write", "sections", 7),
        ("snippet.write", "abbreviation", "a b"),
        ("appointment-type.write", "colour", "#ff0000"),
        ("letterhead.write", "am", "12"),
        ("device.retire", "last_sequence", -1),
        ("device.retire", "missing", [[1]]),
    ],
)
def test_a_value_of_another_form_is_malformed_and_not_repeated(
    kind: str, field: str, value: object
) -> None:
    said = refused(kind, GOOD[kind] | {field: value})
    assert said == f"malformed: The field {field} is missing or not of its form."


def test_what_is_unknown_of_a_patient_may_be_empty() -> None:
    empty = dict.fromkeys(TRAITS, "") | {"sex": "unknown"}
    check_content("patient.create", ID, None, None, empty)


def test_a_refusal_never_repeats_what_was_typed() -> None:
    secret = {"sections": TEXT["sections"] | {"motif": 7, "secret de M. Durand": ""}}
    assert "Durand" not in refused("note.write", secret)


def test_an_upload_has_a_file_and_a_written_document_has_none() -> None:
    check_content("document.write", ID, None, None, UPLOAD)
    assert refused("document.write", UPLOAD | {"file": None}).startswith("malformed")
    for wrong in ({"bytes": 0}, {"bytes": 20_971_521}, {"parts": 108}, {"name": ""}):
        assert refused("document.write", UPLOAD | {"file": FILE | wrong}).startswith("malformed")


def test_a_share_is_for_one_audience() -> None:
    check_content("document.share", ID, None, None, FOR_A_COLLEAGUE)
    both = FOR_A_COLLEAGUE | {"link": "a" * 64, "secret": "b" * 64}
    for wrong in (both, SHARE | {"link": None}, SHARE | {"to_practice": ID}):
        assert refused("document.share", wrong).startswith("malformed: The field audience")


def part(data: bytes, **changed: Any) -> dict[str, Any]:
    return PART | {"data": base64.b64encode(data).decode()} | changed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (part(b"PK\x03\x04 a zip"), "file-type-differs"),
        (part(b"%PDF-1.7", media_type="image/png"), "file-type-differs"),
        (part(b""), "part-size-wrong"),
        (part(b"%PDF-" + bytes(PART_BYTES_MAX)), "part-size-wrong"),
        (part(b"%PDF-1.7", parts=2), "part-size-wrong"),
        (part(b"%PDF-1.7", index=1), "malformed"),
        (PART | {"data": "%PDF-1.7"}, "malformed"),
        (PART | {"data": PART["data"].rstrip("=") + "\n"}, "malformed"),
        (PART | {"index": 107, "parts": 107}, "malformed"),
    ],
)
def test_a_part_that_is_not_what_it_says_is_refused(content: dict[str, Any], code: str) -> None:
    assert refused("file.part", content).startswith(f"{code}: ")


def test_a_files_first_part_decides_its_type() -> None:
    full = bytes(PART_BYTES_MAX)
    for beginning, media_type in (
        (b"%PDF-2.0", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ):
        check_content("file.part", ID, None, None, part(beginning, media_type=media_type))
    later = part(full, index=1, parts=3)
    check_content("file.part", ID, None, None, later)
