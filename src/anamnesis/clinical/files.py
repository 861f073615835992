"""Uploaded files: their limits, the types there are, and whether bytes begin as their type does."""

import base64
import binascii
from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.shapes import Uuid

FILE_BYTES_MAX: Final = 20_971_520  # 20 MiB
PART_BYTES_MAX: Final = 196_608
PARTS_MAX: Final = -(-FILE_BYTES_MAX // PART_BYTES_MAX)

MediaType: TypeAlias = Literal["application/pdf", "image/jpeg", "image/png"]
MEDIA_TYPES: Final[tuple[MediaType, ...]] = get_args(MediaType)
FileBytes: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=FILE_BYTES_MAX)]

_BEGINNINGS: Final[dict[str, bytes]] = {
    # ISO 32000-2, 7.5.2; ISO/IEC 10918-1, B.1.1.3; ISO/IEC 15948, 5.2.
    "application/pdf": b"%PDF-",
    "image/jpeg": b"\xff\xd8\xff",
    "image/png": b"\x89PNG\r\n\x1a\n",
}


class FilePart(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`file.part`: `data` is Base64 (RFC 4648, section 4) of this part's bytes."""

    file: Uuid
    index: Annotated[int, msgspec.Meta(ge=0, lt=PARTS_MAX)]
    parts: Annotated[int, msgspec.Meta(ge=1, le=PARTS_MAX)]
    media_type: MediaType
    data: str


def media_type_of(beginning: bytes) -> MediaType | None:
    """The type of a file that begins so; None if it is none of those that are taken."""
    for media_type in MEDIA_TYPES:
        if beginning.startswith(_BEGINNINGS[media_type]):
            return media_type
    return None


def check_part(part: FilePart) -> None:
    """Raises ContentRefused: `malformed`, `part-size-wrong`, `file-type-differs`."""
    if part.index >= part.parts:
        raise ContentRefused("malformed", "The field index is not one of the parts.")
    data = bytes_of(part.data)
    if data is None:
        raise ContentRefused("malformed", "The field data is not Base64.")
    is_last = part.index == part.parts - 1
    if not data or len(data) > PART_BYTES_MAX or (len(data) < PART_BYTES_MAX and not is_last):
        raise ContentRefused("part-size-wrong", "A part of the file is not of its size.")
    if part.index == 0 and media_type_of(data) != part.media_type:
        raise ContentRefused("file-type-differs", "The file does not begin as its type says.")


def bytes_of(data: str) -> bytes | None:
    """The bytes that Base64 stands for; None if it is not written in its one way."""
    try:
        found = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == data else None
