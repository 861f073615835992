"""One text, one sequence of bytes, one digest; and no guessing."""

import enum
import hashlib
import json
from typing import Any, cast

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.receipt.canonical import (
    DEPTH_MAX,
    INTEGER_MAX,
    Json,
    NotCanonical,
    canonical,
    digest,
    digest_bytes,
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
integers = st.integers(-INTEGER_MAX, INTEGER_MAX)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def refusal(value: object) -> str:
    with pytest.raises(NotCanonical) as refused:
        canonical(cast(Json, value))
    assert refused.value.message.endswith(".")
    return refused.value.code


@given(values)
@settings(max_examples=100, deadline=None)
def test_canonical_json_reads_back_as_the_same_value(value: Json) -> None:
    assert json.loads(canonical(value)) == value


@given(values)
@settings(max_examples=300, deadline=None)
def test_the_bytes_are_those_of_an_independent_implementation(value: Json) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_every_character_below_and_around_the_planes_edges_is_written_alike() -> None:
    edges = [*range(1, 0x300), *range(0x2020, 0x2030), 0xD7FF, *range(0xE000, 0xE010), 0xFFFF]
    for code in [*edges, 0x10000, 0x1F600, 0x10FFFF]:
        value: Json = {"a": chr(code), chr(code): [chr(code), 1], "b": {"z": None, "y": True}}
        assert canonical(value) == rfc8785.dumps(value), hex(code)


@given(values)
@settings(max_examples=50, deadline=None)
def test_the_canonical_form_of_what_was_read_back_is_the_same_bytes(value: Json) -> None:
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(st.dictionaries(texts, integers, min_size=2, max_size=6))
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_members_were_written_changes_nothing(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))
    assert canonical(turned) == canonical(value)


def test_a_digest_is_the_hexadecimal_sha_256_of_the_canonical_bytes() -> None:
    assert digest({"b": "≥", "a": 1}) == hashlib.sha256('{"a":1,"b":"≥"}'.encode()).hexdigest()
    assert digest_bytes(b"abc").startswith("ba7816bf")


def test_texts_that_look_alike_and_are_not_have_different_digests() -> None:
    assert digest("é") != digest("e\u0301")


@pytest.mark.parametrize(
    "value", [0.0, 1.0, 38.5, float("nan"), float("inf"), INTEGER_MAX + 1, -INTEGER_MAX - 1]
)
def test_a_number_that_two_readers_could_read_differently_is_refused(value: float) -> None:
    assert refusal({"a": [value]}) == "number-not-exact"


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800"])
def test_half_a_character_is_refused_wherever_it_stands(text: str) -> None:
    assert refusal(text) == "lone-surrogate"
    assert refusal([{text: 1}]) == "lone-surrogate"


def test_a_nul_is_refused_wherever_it_stands() -> None:
    assert refusal("a\0") == "nul-character"
    assert refusal({"é\0": 1}) == "nul-character"
    assert refusal({"é": 1, "z": "a\0"}) == "nul-character"
    assert refusal([{"é": 1}, "a\0"]) == "nul-character"


def test_depth_has_a_limit_that_a_value_may_reach_and_not_pass() -> None:
    value: Any = "innermost"
    for _ in range(DEPTH_MAX):
        value = [value]
    assert canonical(value)
    assert refusal([value]) == "too-deep"
    assert refusal({"a": value}) == "too-deep"


def test_a_value_that_contains_itself_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    assert refusal(value) == "too-deep"


@pytest.mark.parametrize("value", [{1: "a"}, {None: 1}, b"bytes", {1, 2}, object()])
def test_what_json_does_not_have_is_refused(value: object) -> None:
    assert refusal(value) == "not-json"


def test_a_word_of_an_enumeration_is_written_as_its_text() -> None:
    class Word(enum.StrEnum):
        DRAFT = "draft"

    assert canonical([Word.DRAFT]) == b'["draft"]'
