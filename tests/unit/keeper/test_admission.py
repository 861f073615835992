"""Every refusal of docs/protocol.md, section 3, that is decided before the journal."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from anamnesis.access.session import Session
from anamnesis.journal.entry import ENTRY_BYTES_MAX
from anamnesis.journal.refusal import Refusal
from anamnesis.keeper.entries import REQUEST_ENTRIES_MAX, _admit_all, admit
from anamnesis.keeper.http import Refused
from tests.unit.journal.making import AUTHOR, PRACTICE, sections, uuid, wire

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CLAIRE = Session("s", "claire", AUTHOR, PRACTICE, "Dr Claire Aubry", NOW, NOW)


def code_of(raw: bytes) -> str:
    with pytest.raises(Refusal) as refusal:
        admit(raw, CLAIRE)
    return refusal.value.code


def encoded(**changed: object) -> bytes:
    return msgspec.json.encode(wire(1, **changed))


def test_a_well_formed_entry_of_ones_own_is_admitted_as_it_is() -> None:
    entry = admit(encoded(), CLAIRE)
    assert entry.digest == wire(1)["digest"]
    assert msgspec.json.decode(entry.content) == wire(1)["content"]


@pytest.mark.parametrize("field", sorted(wire(1)))
def test_an_entry_with_a_field_missing_is_malformed(field: str) -> None:
    assert code_of(msgspec.json.encode({k: v for k, v in wire(1).items() if k != field})) == (
        "malformed"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"sequence": 0},
        {"sequence": "1"},
        {"id": "not-an-id"},
        {"typed_at": "yesterday"},
        {"content": []},
        {"patient": None},
        {"encounter": None},
        {"content": {"sections": {"motif": "x"}}},
        {"content": {"sections": {**sections("x")["sections"], "plan": ""}}},
        {"surprise": 1},
    ],
)
def test_an_entry_of_the_wrong_shape_is_malformed(changed: dict[str, Any]) -> None:
    assert code_of(encoded(**changed)) == "malformed"


def test_what_is_not_json_is_malformed() -> None:
    assert code_of(b"{") == "malformed"


def test_an_entry_over_a_mebibyte_is_too_large() -> None:
    assert code_of(encoded(content=sections("x" * ENTRY_BYTES_MAX))) == "entry-too-large"


def test_a_kind_of_a_newer_page_is_unknown() -> None:
    assert code_of(encoded(kind="note.dictate")) == "unknown-kind"


def test_a_kind_of_the_operators_is_not_for_pages() -> None:
    content = {"id": PRACTICE, "name": "x", "address": "", "telephone": ""}
    raw = encoded(kind="practice.create", patient=None, encounter=None, content=content)
    assert code_of(raw) == "kind-not-allowed"


def test_a_lone_surrogate_is_named() -> None:
    raw = encoded().replace("Toux fébrile n° 1".encode(), b"\\ud800")
    assert code_of(raw) == "lone-surrogate"


def test_a_nul_character_is_named() -> None:
    raw = encoded().replace("Toux fébrile n° 1".encode(), b"a\\u0000b")
    assert code_of(raw) == "nul-character"


@pytest.mark.parametrize("number", [b"1.5", b"9007199254740993", b"1e3"])
def test_a_number_that_cannot_be_kept_exactly_is_named(number: bytes) -> None:
    raw = encoded().replace(b'"sections":{', b'"n":' + number + b',"sections":{')
    assert code_of(raw) == "number-not-exact"


def test_a_content_nested_too_deep_is_named() -> None:
    deep = b"[" * 40 + b"]" * 40
    raw = encoded().replace(b'"sections":{', b'"n":' + deep + b',"sections":{')
    assert code_of(raw) == "too-deep"


def test_a_content_that_is_not_what_was_digested_is_refused() -> None:
    assert code_of(encoded(digest="0" * 64)) == "digest-mismatch"


def test_another_practice_is_refused_before_another_author() -> None:
    assert code_of(encoded(practice=uuid(7), author=uuid(8))) == "wrong-practice"
    assert code_of(encoded(author=uuid(8))) == "wrong-author"


def test_a_base_is_for_note_text_only() -> None:
    raw = encoded(
        kind="encounter.close", base="0" * 64, content={"closed_at": "2026-11-23T14:02:11.123Z"}
    )
    assert code_of(raw) == "malformed"


def test_one_bad_entry_does_not_refuse_the_others_of_its_request() -> None:
    body = msgspec.json.encode({"entries": [wire(1), {"id": "x"}, wire(2)]})
    _, admitted = _admit_all(body, CLAIRE)
    assert [isinstance(one, Refusal) for one in admitted] == [False, True, False]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"entries": 1}', b"\xff"])
def test_a_request_that_is_no_list_of_entries_is_malformed(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        _admit_all(body, CLAIRE)
    assert (refused.value.status, refused.value.code) == (400, "malformed")


def test_a_request_has_a_limit_of_entries() -> None:
    body = msgspec.json.encode({"entries": [{}] * (REQUEST_ENTRIES_MAX + 1)})
    with pytest.raises(Refused) as refused:
        _admit_all(body, CLAIRE)
    assert (refused.value.status, refused.value.code) == (400, "too-many-entries")
