"""The legal life of a note: draft, signed, amended, entered in error.

| status | text (write, rescue, restore) | amend | sign | enter in error |
| --- | --- | --- | --- | --- |
| `draft` | new version | new version | `signed` | `entered-in-error` |
| `signed` | kept aside | new version, `amended` | stays | `entered-in-error` |
| `amended` | kept aside | new version, `amended` | stays | `entered-in-error` |
| `entered-in-error` | kept aside | kept aside | not taken | stays |

The statuses are those of a FHIR R4 Composition, where `draft` is called preliminary and `signed`
final. Nothing here removes a text: a version is superseded, never edited.
"""

from typing import Final, Literal, TypeAlias

Status: TypeAlias = Literal["draft", "signed", "amended", "entered-in-error"]
Aside: TypeAlias = Literal["after-signature", "after-entered-in-error"]

NOTE_TEXT_KINDS: Final[frozenset[str]] = frozenset(
    {"note.write", "note.rescue", "note.restore", "note.amend"}
)


def reason_aside(status: Status, kind: str) -> Aside | None:
    """Why a text of this kind is kept beside the note, or None when it makes a new version."""
    if status == "entered-in-error":
        return "after-entered-in-error"
    if status == "draft" or kind == "note.amend":
        return None
    return "after-signature"


def status_with_text(status: Status) -> Status:
    """The status once a new version was made; only an amendment gets here after a signature."""
    return "draft" if status == "draft" else "amended"


def status_when_signed(status: Status) -> Status | None:
    """The status once the current version is signed; None if it may not be signed any more."""
    if status == "entered-in-error":
        return None
    return "amended" if status == "amended" else "signed"


def awaits_signature(status: Status, version: int, signed_version: int | None) -> bool:
    """Whether somebody still has to sign: a draft, or an amendment that nobody signed."""
    if status == "entered-in-error":
        return False
    return signed_version is None or version > signed_version
