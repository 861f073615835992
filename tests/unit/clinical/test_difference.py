import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from anamnesis.clinical.difference import Span, word_difference

PROSE = st.lists(
    st.sampled_from(["toux", " ", "  ", "\n", "\r\n", "\r", "\t", "é", "e\u0301", ".", "🤒", "a"])
).map("".join)


def joined(spans: list[Span], *ops: str) -> str:
    return "".join(span.text for span in spans if span.op in ops)


@given(PROSE | st.text(), PROSE | st.text())
@example("\u2028\x85\x1c", "\x1c\u2028")
@settings(max_examples=300)
def test_no_character_of_either_text_is_lost(old: str, new: str) -> None:
    spans = word_difference(old, new)
    assert joined(spans, "same", "removed") == old
    assert joined(spans, "same", "added") == new
    assert all(span.text for span in spans)


@given(PROSE)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert [span.op for span in word_difference(text, text)] == (["same"] if text else [])


@given(PROSE, PROSE)
@settings(max_examples=200)
def test_spans_of_one_kind_never_touch(old: str, new: str) -> None:
    ops = [span.op for span in word_difference(old, new)]
    assert all(one != other for one, other in pairwise(ops))
    assert ("added", "removed") not in set(pairwise(ops))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "Toux", [("added", "Toux")]),
        ("Toux", "", [("removed", "Toux")]),
        ("Toux sèche", "Toux grasse", [
            ("same", "Toux "), ("removed", "sèche"), ("added", "grasse")]),
        ("Toux", "Toux sèche", [("same", "Toux"), ("added", " sèche")]),
        ("a b c", "x y c", [("removed", "a b"), ("added", "x y"), ("same", " c")]),
        ("a\nb", "x\ny", [
            ("removed", "a"), ("added", "x"), ("same", "\n"), ("removed", "b"), ("added", "y")]),
        ("un deux trois", "deux trois", [("removed", "un "), ("same", "deux trois")]),
        ("fièvre 38", "fièvre 39", [("same", "fièvre "), ("removed", "38"), ("added", "39")]),
    ],
)  # fmt: skip
def test_a_difference_is_shown_by_words(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert [(span.op, span.text) for span in word_difference(old, new)] == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" ".join(f"mot{n % 300}" for n in range(2_000)), " ".join(f"m{n}" for n in range(2_000))),
        ("a " * 5_000, "b a " * 2_500),
        ("ab " * 1_600 + "x", "ba " * 1_600 + "x"),
        (" ".join("ab"[n * n % 7 % 2] for n in range(5_000)), " ".join("ab" for _ in range(3_300))),
    ],
)
def test_long_texts_without_much_in_common_are_compared_at_once(old: str, new: str) -> None:
    begun = time.process_time()
    spans = word_difference(old, new)
    assert time.process_time() - begun < 1
    assert joined(spans, "same", "removed") == old
