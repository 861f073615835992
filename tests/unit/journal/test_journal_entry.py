"""Parsing: what arrives is kept as it was typed, or refused with its reason."""

import hashlib
import sys
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import (
    ENTRY_BYTES_MAX,
    JournaledEntry,
    parse_entry,
    restore_entry,
)
from anamnesis.journal.refusal import Refusal
from anamnesis.receipt.canonical import canonical, digest
from anamnesis.receipt.receipt import header_leaf
from tests.unit.journal.making import entry, sections, uuid, wire

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=200)


def refusal_of(raw: bytes) -> tuple[str, dict[str, object]]:
    with pytest.raises(Refusal) as raised:
        parse_entry(raw)
    return raised.value.code, raised.value.detail


def sent(**changed: object) -> bytes:
    return msgspec.json.encode(wire(1, **changed))


def sent_with_content(content: str, length: int = 64) -> bytes:
    """An entry whose content is this JSON text, to the letter; the digest is of nothing."""
    whole = msgspec.json.encode(wire(1, content={"here": 1}, digest="0" * length)).decode()
    return whole.replace('{"here":1}', content).encode("utf-8", "surrogatepass")


@given(TEXT)
def test_text_is_kept_character_for_character(text: str) -> None:
    kept = parse_entry(msgspec.json.encode(wire(1, content=sections(text))))
    assert msgspec.json.decode(kept.content)["sections"]["motif"] == text


@given(st.dictionaries(TEXT, st.one_of(TEXT, st.integers(-(2**53) + 1, 2**53 - 1), st.none())))
def test_what_is_kept_is_the_canonical_form_whose_digest_was_sent(content: dict[str, Any]) -> None:
    kept = parse_entry(msgspec.json.encode(wire(1, content=content)))
    assert kept.content == canonical(content)
    assert hashlib.sha256(kept.content).hexdigest() == kept.digest == digest(content)


def test_the_way_json_was_written_does_not_matter() -> None:
    content: dict[str, Any] = {"b": "é", "a": 1}
    spaced = '{ "b" : "\\u00e9",\n "a":1 }'
    raw = sent_with_content(spaced).replace(b"0" * 64, digest(content).encode())
    assert parse_entry(raw).content == '{"a":1,"b":"é"}'.encode()


def test_composed_and_decomposed_letters_stay_different() -> None:
    assert (
        parse_entry(sent(content=sections("\u00e9"))).content
        != parse_entry(sent(content=sections("e\u0301"))).content
    )


def test_every_field_is_carried_over() -> None:
    given_fields = wire(1, base="ab" * 32)
    kept = parse_entry(msgspec.json.encode(given_fields))
    for name, value in given_fields.items():
        if name not in {"content", "features"}:
            assert getattr(kept, name) == value, name
    assert kept.features == ("share", "template")


def test_an_entry_may_be_handed_over_as_a_part_of_a_request() -> None:
    request = b'{"entries": [' + sent() + b"]}"
    entries = msgspec.json.decode(request, type=dict[str, list[msgspec.Raw]])["entries"]
    assert parse_entry(entries[0]) == entry(1)


@pytest.mark.parametrize("field", sorted(wire(1)))
def test_a_missing_field_is_named(field: str) -> None:
    whole = wire(1)
    del whole[field]
    assert refusal_of(msgspec.json.encode(whole)) == ("malformed", {"field": field})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", uuid(0xABC).upper()),
        ("id", uuid(1).replace("-", "")),
        ("id", uuid(1) + "\n"),
        ("id", None),
        ("kind", "note"),
        ("kind", "Note.Write"),
        ("kind", 7),
        ("practice", "cabinet"),
        ("author", None),
        ("patient", ""),
        ("encounter", "x"),
        ("device", None),
        ("sequence", 0),
        ("sequence", 2**53),
        ("sequence", "1"),
        ("sequence", 1.5),
        ("sequence", True),
        ("base", "AB" * 32),
        ("build", ""),
        ("build", "é"),
        ("features", ["b", "a"]),
        ("features", ["a", "a"]),
        ("features", [str(number).zfill(3) for number in range(65)]),
        ("typed_at", "2026-11-23T14:02:11Z"),
        ("typed_at", "2026-02-30T14:02:11.123Z"),
        ("typed_at", "2026-11-23T14:02:11.123+00:00"),
        ("digest", "short"),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(field: str, value: object) -> None:
    assert refusal_of(msgspec.json.encode(wire(1) | {field: value})) == (
        "malformed",
        {"field": field},
    )


@pytest.mark.parametrize("content", ["[]", '"text"', "null", "1"])
def test_content_is_an_object(content: str) -> None:
    assert refusal_of(sent_with_content(content)) == ("malformed", {"field": "content"})


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"null", b"[]", b"not json", b"\xff", b"\xef\xbb\xbf{}", b"{} {}"]
)
def test_what_is_not_an_entry_in_json_is_malformed(raw: bytes) -> None:
    assert refusal_of(raw)[0] == "malformed"


def test_a_field_that_nothing_would_keep_is_refused_without_repeating_it() -> None:
    code, detail = refusal_of(msgspec.json.encode(wire(1) | {"Mme Durand": "toux"}))
    assert (code, detail) == ("malformed", {})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"a":"\\ud800"}', "lone-surrogate"),
        ('{"a":"\\ud800 and more than six characters"}', "lone-surrogate"),
        ('{"a":"\\ud800\\u0041 and more"}', "lone-surrogate"),
        ('{"a":"\\ude00\\ud83d"}', "lone-surrogate"),
        ('{"\\udfff":1}', "lone-surrogate"),
        ('{"a":"\ud83d"}', "lone-surrogate"),
        ('{"a":"\\u0000"}', "nul-character"),
        ('{"\\u0000":1}', "nul-character"),
        ('{"a":1.5}', "number-not-exact"),
        ('{"a":1.0}', "number-not-exact"),
        ('{"a":1e400}', "number-not-exact"),
        ('{"a":9007199254740992}', "number-not-exact"),
        ('{"a":' + "9" * 5000 + "}", "number-not-exact"),
        ('{"a":' + "[" * 32 + "]" * 32 + "}", "too-deep"),
        ('{"a":' + "[" * 50_000 + "]" * 50_000 + "}", "too-deep"),
        ('{"a":NaN}', "malformed"),
        ('{"a":"\x01"}', "malformed"),
        ('{"a":"b}', "malformed"),
    ],
)
def test_content_without_a_canonical_form_is_refused_with_its_reason(
    content: str, code: str
) -> None:
    assert refusal_of(sent_with_content(content))[0] == code


def test_a_pair_of_surrogates_is_one_character() -> None:
    raw = sent_with_content('{"a":"\\ud83d\\ude00"}').replace(
        b"0" * 64, digest({"a": "\U0001f600"}).encode()
    )
    assert parse_entry(raw).content == '{"a":"\U0001f600"}'.encode()


def test_content_that_is_not_what_was_digested_is_refused() -> None:
    assert refusal_of(sent(digest="0" * 64))[0] == "digest-mismatch"


def test_the_largest_entry_is_taken_and_one_byte_more_is_not() -> None:
    empty = len(sent(content={"a": ""}))
    longest = "a" * (ENTRY_BYTES_MAX - empty)
    assert len(sent(content={"a": longest})) == ENTRY_BYTES_MAX
    assert parse_entry(sent(content={"a": longest})).kind == "note.write"
    code, detail = refusal_of(sent(content={"a": longest + "a"}))
    assert (code, detail["bytes_max"]) == ("entry-too-large", ENTRY_BYTES_MAX)


@given(st.binary(max_size=60))
def test_whatever_arrives_is_an_entry_or_a_refusal(noise: bytes) -> None:
    raw = sent_with_content("{}").replace(b"{}", noise)
    with pytest.raises(Refusal):
        parse_entry(raw)


def test_a_deep_stack_does_not_let_a_deep_content_through() -> None:
    def deeper(levels: int) -> str:
        if levels:
            return deeper(levels - 1)
        return refusal_of(sent_with_content('{"a":' + "[" * 900 + "]" * 900 + "}"))[0]

    assert deeper(min(300, sys.getrecursionlimit() // 3)) == "too-deep"


@given(st.integers(0, 2**53 - 1), st.sampled_from([None, uuid(7)]), st.lists(st.sampled_from("ab")))
def test_a_header_is_canonical_and_its_leaf_is_the_receipts(
    position: int, patient: str | None, features: list[str]
) -> None:
    kept = entry(1, patient=patient, features=sorted(set(features)))
    journaled = JournaledEntry(position, "2026-11-23T14:02:12.000Z", "session", kept)
    assert journaled.header() == canonical(journaled.members())
    assert journaled.leaf() == header_leaf(journaled.members())


def test_the_header_has_the_members_that_the_protocol_lists() -> None:
    journaled = JournaledEntry(0, "2026-11-23T14:02:12.000Z", "session", entry(1))
    listed = """author base build device digest encounter features id kind patient
                position practice received_at sequence session typed_at"""
    assert list(journaled.members()) == listed.split()
    assert set(journaled.decoded()) == {*listed.split(), "content"}
    assert journaled.decoded()["content"] == wire(1)["content"]


class TestAnEntryReadBack:
    journaled = JournaledEntry(3, "2026-11-23T14:02:12.000Z", "session", entry(1))

    def damage(self, header: bytes, content: bytes, position: int = 3) -> str:
        with pytest.raises(JournalDamaged) as raised:
            restore_entry(position, header, content)
        return raised.value.code

    def test_is_the_entry_that_was_written(self) -> None:
        header, content = self.journaled.header(), self.journaled.entry.content
        assert restore_entry(3, header, content) == self.journaled

    def test_has_no_other_content(self) -> None:
        assert self.damage(self.journaled.header(), b"{}") == "content-altered"

    def test_has_no_other_position(self) -> None:
        header, content = self.journaled.header(), self.journaled.entry.content
        assert self.damage(header, content, position=4) == "header-altered"

    def test_has_one_way_of_writing_its_header(self) -> None:
        header, content = self.journaled.header(), self.journaled.entry.content
        assert self.damage(header.replace(b":", b": ", 1), content) == "header-altered"

    @pytest.mark.parametrize("header", [b"", b"{}", b"\xff", b"[" * 100_000])
    def test_has_a_header_that_can_be_read(self, header: bytes) -> None:
        assert self.damage(header, self.journaled.entry.content) == "header-unreadable"
