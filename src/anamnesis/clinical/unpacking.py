"""What an uploaded file unpacks to, found out without ever holding it: a bomb is known by that."""

import re
import zlib
from collections.abc import Iterator
from typing import Final, Literal

UNPACKED_BYTES_MAX: Final = 268_435_456  # 256 MiB: twelve times the largest file that is taken
PIXELS_MAX: Final = 100_000_000  # 10,000 by 10,000
STREAMS_MAX: Final = 50_000
DEPTH_MAX: Final = 4
"""How often a stream may be packed in itself."""
_PIECE: Final = 1_048_576

Danger = Literal["bomb", "active"]
"""It unpacks to more than anybody should open; or it is a PDF that does something when opened."""

_STREAM: Final = re.compile(rb"stream\r?\n")  # ISO 32000-2, 7.3.8
_ACTIVE: Final = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")  # 12.6, 7.11.4


def danger_of(data: bytes, media_type: str) -> Danger | None:
    """What is dangerous about the file; None if nothing that is looked for."""
    if media_type == "image/png":
        return "bomb" if _png_pixels(data) > PIXELS_MAX else None
    if media_type == "image/jpeg":
        return "bomb" if _jpeg_pixels(data) > PIXELS_MAX else None
    if _is_bomb(data):
        return "bomb"
    return "active" if _ACTIVE.search(data) else None


def _is_bomb(data: bytes) -> bool:
    left = UNPACKED_BYTES_MAX
    for number, match in enumerate(_STREAM.finditer(data)):
        if number >= STREAMS_MAX:
            return True
        left -= _unpacked(data[match.end() :], left)
        if left <= 0:
            return True
    return False


def _unpacked(packed: bytes, most: int) -> int:
    """How many bytes the stream unpacks to, counted up to `most`, packed in itself or not."""
    largest = 0
    for _ in range(DEPTH_MAX):
        size, begin = 0, b""
        for piece in _inflated(packed):
            size += len(piece)
            if len(begin) < _PIECE:
                begin += piece
            if size >= most:
                return most
        largest = max(largest, size)
        if not begin:
            return largest
        packed = begin
    return most


def _inflated(packed: bytes) -> Iterator[bytes]:
    """The stream in pieces, as far as it can be unpacked (RFC 1950)."""
    inflate = zlib.decompressobj()
    try:
        while not inflate.eof:
            piece = inflate.decompress(packed, _PIECE)
            packed = inflate.unconsumed_tail
            if not piece and not packed:
                return
            yield piece
    except zlib.error:
        return


def _png_pixels(data: bytes) -> int:
    """Width times height as the header has them (ISO/IEC 15948, 11.2.2)."""
    return int.from_bytes(data[16:20]) * int.from_bytes(data[20:24])


def _jpeg_pixels(data: bytes) -> int:
    """The same of the first frame header (ISO/IEC 10918-1, B.2.2)."""
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        marker, length = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[place + 5 : place + 7]) * int.from_bytes(
                data[place + 7 : place + 9]
            )
        place += 2 + max(length, 2)
    return 0
