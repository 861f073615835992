"""The legal life of a note: what each kind of entry may do to it (FHIR Composition.status)."""

from typing import Literal, TypeAlias

NoteStatus: TypeAlias = Literal["draft", "signed", "amended", "entered-in-error"]
"""FHIR: preliminary, final, amended, entered-in-error."""

Effect: TypeAlias = Literal["version", "aside"]
"""A text becomes the next version, or is kept beside a note that is locked."""


def effect_of_text(kind: str, status: NoteStatus) -> Effect:
    """What happens to a text that arrives for a note in this status. No text is ever refused."""
    if status == "draft" or kind == "note.amend":
        return "aside" if status == "entered-in-error" else "version"
    return "aside"


def status_after_text(status: NoteStatus) -> NoteStatus:
    """The status after a new version: a signed note that is amended says so from then on."""
    return "draft" if status == "draft" else "amended"


def status_after_signing(status: NoteStatus) -> NoteStatus:
    """The status after a signature: the first one signs, a later one signs an amendment."""
    return "signed" if status == "draft" else "amended"
