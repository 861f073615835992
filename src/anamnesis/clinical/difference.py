"""What changed between two texts, word by word and without losing a character."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, Literal, TypeAlias

import msgspec

Op: TypeAlias = Literal["same", "added", "removed"]

EDITS_MAX: Final = 200
"""Words added and removed that are looked for one by one; a stretch with more of them, and
without a word that occurs once on each side, is shown as replaced."""

_WORDS = re.compile(r"\w+|\r\n|\n|[^\S\n]+|[^\w\s]")
_Piece: TypeAlias = tuple[Op, str]


class Span(msgspec.Struct, frozen=True):
    """A stretch of text that is the same on both sides, or on one of them only."""

    op: Op
    text: str


def word_difference(old: str, new: str) -> list[Span]:
    """The way from `old` to `new`.

    Same and removed spans joined are `old`, same and added ones `new`, every white space and line
    break included; of two texts in one place the removed one comes first.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    return _spans(list(_compare(before, after)))


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[_Piece]:
    """Takes off what both begin and end with, then splits at words that occur once in each."""
    start = _alike(before, after)
    yield from (("same", word) for word in before[:start])
    before, after = before[start:], after[start:]
    end = _alike(before[::-1], after[::-1])
    tail = before[len(before) - end :]
    yield from _middle(before[: len(before) - end], after[: len(after) - end])
    yield from (("same", word) for word in tail)


def _middle(before: Sequence[str], after: Sequence[str]) -> Iterator[_Piece]:
    if not before or not after:
        yield from _replaced(before, after)
        return
    anchors = _anchors(before, after)
    if not anchors:
        yield from _shortest(before, after)
        return
    left = right = 0
    for at_before, at_after in anchors:
        yield from _compare(before[left:at_before], after[right:at_after])
        yield "same", before[at_before]
        left, right = at_before + 1, at_after + 1
    yield from _compare(before[left:], after[right:])


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    length = min(len(one), len(other))
    return next((at for at in range(length) if one[at] != other[at]), length)


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Words that occur once on each side, as many as keep their order (patience difference)."""
    once = {word for word, count in Counter(before).items() if count == 1}
    once &= {word for word, count in Counter(after).items() if count == 1}
    place = {word: at for at, word in enumerate(after) if word in once}
    pairs = [(at, place[word]) for at, word in enumerate(before) if word in once]
    ends: list[int] = []
    piles: list[int] = []
    previous: list[int | None] = []
    for number, (_, at_after) in enumerate(pairs):
        pile = bisect_left(ends, at_after)
        previous.append(piles[pile - 1] if pile else None)
        ends[pile : pile + 1] = [at_after]
        piles[pile : pile + 1] = [number]
    chosen: list[tuple[int, int]] = []
    follow = piles[-1] if piles else None
    while follow is not None:
        chosen.append(pairs[follow])
        follow = previous[follow]
    return chosen[::-1]


def _shortest(before: Sequence[str], after: Sequence[str]) -> Iterator[_Piece]:
    """The fewest words added and removed (Myers 1986), if they are at most EDITS_MAX."""
    trace = _reach(before, after)
    if trace is None:
        yield from _replaced(before, after)
        return
    x, y = len(before), len(after)
    pieces: list[_Piece] = []
    for edits in range(len(trace) - 1, -1, -1):
        far, diagonal = trace[edits], x - y
        down = _goes_down(far, diagonal, edits)
        from_diagonal = diagonal + 1 if down else diagonal - 1
        from_x = far[from_diagonal] if edits else 0
        from_y = from_x - from_diagonal if edits else 0
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            pieces.append(("same", before[x]))
        if edits:
            pieces.append(("added", after[from_y]) if down else ("removed", before[from_x]))
            x, y = from_x, from_y
    yield from reversed(pieces)


def _goes_down(far: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether the last of `edits` on this diagonal was a word added, not one removed."""
    if abs(diagonal) == edits:
        return diagonal == -edits
    return far[diagonal - 1] < far[diagonal + 1]


def _reach(before: Sequence[str], after: Sequence[str]) -> list[dict[int, int]] | None:
    """For each number of edits, how far each diagonal got before it; None beyond EDITS_MAX."""
    far = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(EDITS_MAX, len(before) + len(after)) + 1):
        trace.append(dict(far))
        for diagonal in range(-edits, edits + 1, 2):
            down = _goes_down(far, diagonal, edits)
            x = far[diagonal + 1] if down else far[diagonal - 1] + 1
            y = x - diagonal
            while x < len(before) and y < len(after) and before[x] == after[y]:
                x, y = x + 1, y + 1
            far[diagonal] = x
            if x >= len(before) and y >= len(after):
                return trace
    return None


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[_Piece]:
    yield from (("removed", word) for word in before)
    yield from (("added", word) for word in after)


def _spans(pieces: list[_Piece]) -> list[Span]:
    """Joins pieces; a gap between two changed words counts as changed, for easier reading."""
    spans: list[Span] = []
    for same, group in groupby(_bridged(pieces), key=lambda piece: piece[0] == "same"):
        run = list(group)
        ops: tuple[Op, ...] = ("same",) if same else ("removed", "added")
        for op in ops:
            text = "".join(word for kind, word in run if kind == op)
            if text:
                spans.append(Span(op, text))
    return spans


def _bridged(pieces: list[_Piece]) -> Iterator[_Piece]:
    for at, (op, word) in enumerate(pieces):
        inside = 0 < at < len(pieces) - 1
        lonely = inside and pieces[at - 1][0] != "same" and pieces[at + 1][0] != "same"
        if op == "same" and lonely and word.isspace() and "\n" not in word:
            yield "removed", word
            yield "added", word
        else:
            yield op, word
