"""The four sections of a note, in the order in which they are written and read."""

from typing import Literal, TypeAlias

import msgspec

from anamnesis.receipt.canonical import digest

Section: TypeAlias = Literal["motif", "interrogatoire", "examen", "conclusion"]
SECTIONS: tuple[Section, ...] = ("motif", "interrogatoire", "examen", "conclusion")


class Sections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a note: all four sections, character for character as typed."""

    motif: str
    interrogatoire: str
    examen: str
    conclusion: str

    def text(self, section: Section) -> str:
        """The text of one section."""
        text: str = getattr(self, section)
        return text

    def as_content(self) -> dict[str, dict[str, str]]:
        """The content that an entry with this text has, and whose digest is the note's."""
        return {"sections": {section: self.text(section) for section in SECTIONS}}

    def digest(self) -> str:
        """The SHA-256 of the canonical content, as the screen computes it."""
        return digest(self.as_content())


BLANK = Sections("", "", "", "")
BLANK_DIGEST = BLANK.digest()
