"""Two writings of one note, joined section by section so that neither loses a character."""

from collections.abc import Collection

import msgspec

from anamnesis.clinical.sections import SECTIONS, SectionName, Sections


class Merged(msgspec.Struct, frozen=True):
    """What the note shows, and the sections where it shows only one of two texts.

    In a diverging section `sections` has mine, which came last; theirs is to be kept beside it.
    """

    sections: Sections
    divergences: tuple[SectionName, ...]


def merge(base: Sections | None, theirs: Sections, mine: Sections) -> Merged:
    """Joins `mine`, written from `base`, with `theirs`, which is what the note says now.

    A section changed on one side only takes that side's text; changed alike, that text; changed
    differently, it diverges. Without a base both sides count as having changed everything.
    """
    shown: dict[str, str] = {}
    divergences: list[SectionName] = []
    for name in SECTIONS:
        old = base.section(name) if base is not None else None
        ours, others = mine.section(name), theirs.section(name)
        if ours == old:
            shown[name] = others
            continue
        shown[name] = ours
        if others not in (ours, old):
            divergences.append(name)
    return Merged(Sections(**shown), tuple(divergences))


class TextForgotten(Exception):
    """Joining two writings would have taken a text away from both the note and its margin."""


def forgotten(
    base: Sections | None,
    theirs: Sections,
    mine: Sections,
    shown: Sections,
    beside: Collection[tuple[str, str]],
) -> tuple[SectionName, ...]:
    """The sections of which a text is neither shown, nor beside, nor what mine was written from.

    `beside` are sections and the texts kept beside them. Told from the texts alone and not as
    `merge` joins them, so that a fault in that does not forget a text unnoticed.
    """
    return tuple(
        name
        for name in SECTIONS
        for text in (theirs.section(name), mine.section(name))
        if text != shown.section(name)
        and (base is None or text != base.section(name))
        and (name, text) not in beside
    )


def changed(base: Sections | None, mine: Sections) -> tuple[SectionName, ...]:
    """The sections in which `mine` differs from what its author started from; all without it."""
    if base is None:
        return SECTIONS
    return tuple(name for name in SECTIONS if mine.section(name) != base.section(name))
