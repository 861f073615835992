"""The tables of notes: versions, what was typed beside them, signatures, divergences."""

from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.record.row import Content, Kept, Made


class KeptNote(Kept, frozen=True):
    """What a note is now. `position` is that of its current version's entry, None for version 0.

    `awaiting` is 1 while somebody still has to sign it.
    """

    TABLE = "note"
    KEY = ("practice", "encounter")

    practice: str
    encounter: str
    patient: str
    author: str
    status: str
    version: int
    signed_version: int | None
    digest: str
    position: int | None
    awaiting: int


class _Text(Made, frozen=True):
    """Four sections in four columns."""

    practice: str
    encounter: str
    motif: str
    interrogatoire: str
    examen: str
    conclusion: str
    digest: str

    @property
    def sections(self) -> Sections:
        """The text, from the columns."""
        return Sections(self.motif, self.interrogatoire, self.examen, self.conclusion)

    def content(self) -> Content:
        """The content of an entry with this text."""
        return self.sections.as_content()


class KeptVersion(_Text, frozen=True):
    """A version of a note; `merged` is 1 when its author typed something else (KeptTypedText)."""

    TABLE = "note_version"
    LOOKUPS = (
        ("practice", "encounter"),
        ("practice", "encounter", "version"),
        ("practice", "encounter", "digest"),
    )

    version: int
    merged: int


class KeptTypedText(_Text, frozen=True):
    """What was typed in an entry that is no version as it stands: merged, late, or not taken."""

    TABLE = "note_typed_text"
    LOOKUPS = (("practice", "encounter"), ("practice", "encounter", "digest"))


class KeptSignature(Made, frozen=True):
    """`note.sign`."""

    TABLE = "note_signature"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("digest",)

    practice: str
    encounter: str
    version: int
    digest: str


class KeptWithdrawal(Made, frozen=True):
    """`note.enter-in-error`."""

    TABLE = "note_withdrawal"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("reason",)

    practice: str
    encounter: str
    reason: str


class KeptDivergence(Kept, frozen=True):
    """A section's text kept beside the note.

    `position` is the entry that collided, `aside_position` the one that wrote `text`,
    `kept_position` the one that decided.
    """

    TABLE = "note_divergence"
    KEY = ("practice", "encounter", "position", "section")
    LOOKUPS = (("practice", "encounter"),)

    practice: str
    encounter: str
    position: int
    section: str
    reason: str
    text: str
    aside_position: int
    version: int
    kept: str | None
    kept_position: int | None


class KeptResolution(Made, frozen=True):
    """`note.resolve`."""

    TABLE = "note_resolution"
    LOOKUPS = (("practice", "encounter"),)
    COLUMNS = ("divergence", "kept")

    practice: str
    encounter: str
    divergence: str
    kept: str


def text_columns(text: Sections) -> dict[str, str]:
    """The four columns of `text`."""
    return {name: text.section(name) for name in SECTIONS}
