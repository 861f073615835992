"""What changed between two texts, word by word, for people to read."""

import re
from difflib import SequenceMatcher
from typing import Literal

import msgspec

_TOKEN = re.compile(r"\s+|\w+|[^\w\s]")


class Span(msgspec.Struct, frozen=True):
    """A run of characters that stayed, came or went."""

    op: Literal["same", "added", "removed"]
    text: str


def word_difference(old: str, new: str) -> list[Span]:
    """The spans that lead from `old` to `new`.

    No character is left out: `same` and `removed` make up `old`, `same` and `added` make up
    `new`. Changes are of whole words, removed before added.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    spans: list[Span] = []
    for op, start, end, new_start, new_end in matcher.get_opcodes():
        if op == "equal":
            spans.append(Span("same", "".join(before[start:end])))
            continue
        if end > start:
            spans.append(Span("removed", "".join(before[start:end])))
        if new_end > new_start:
            spans.append(Span("added", "".join(after[new_start:new_end])))
    return spans
