"""Signs of life that a practitioner's page gives, by path and by section."""

from typing import Final

from anamnesis.clinical.sections import SECTIONS, Sections

REPORT: Final = "report"
"""The witness told what is on the screen."""
SHARE: Final = "share"
"""A document was shared."""
PATHS: Final = ("plain", "shared")
"""`shared`: the text is of a patient with whom, or about whom, a document was shared lately."""
SIGNS: Final = (
    REPORT,
    SHARE,
    *(f"{path}/{what}" for path in PATHS for what in ("text", *SECTIONS)),
)


def signs_of(sections: Sections, *, shared: bool) -> list[str]:
    """What a journaled text is a sign of: text at all, and each section that is not blank."""
    path = PATHS[shared]
    filled = [name for name in SECTIONS if sections.section(name).strip()]
    return [f"{path}/{what}" for what in ("text", *filled)]
