"""The four sections of a note, and the digest of the text in them."""

from typing import Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.receipt.canonical import digest

SectionName: TypeAlias = Literal["motif", "interrogatoire", "examen", "conclusion"]

SECTIONS: Final[tuple[SectionName, ...]] = get_args(SectionName)


class Sections(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The text of a note, every character as it was typed."""

    motif: str
    interrogatoire: str
    examen: str
    conclusion: str

    def section(self, name: SectionName) -> str:
        """The text of one section."""
        text: str = getattr(self, name)
        return text

    def as_content(self) -> dict[str, dict[str, str]]:
        """The content of an entry that carries this text."""
        return {
            "sections": {
                "motif": self.motif,
                "interrogatoire": self.interrogatoire,
                "examen": self.examen,
                "conclusion": self.conclusion,
            }
        }

    def digest(self) -> str:
        """The digest by which this text is named everywhere."""
        return digest(self.as_content())


BLANK = Sections("", "", "", "")
BLANK_DIGEST = BLANK.digest()
