"""Files that are made to hurt whoever opens them."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.unpacking import UNPACKED_BYTES_MAX, Danger, danger_of


def pdf(*streams: bytes, extra: bytes = b"") -> bytes:
    body = b"".join(
        b"%d 0 obj <</Filter/FlateDecode>> stream\n%b\nendstream endobj\n" % (number, stream)
        for number, stream in enumerate(streams)
    )
    return b"%PDF-1.7\n" + body + extra + b"\n%%EOF"


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + bytes(9)


def jpeg(width: int, height: int) -> bytes:
    before = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + before + frame + bytes(20)


BOMB = zlib.compress(bytes(UNPACKED_BYTES_MAX + 1), 9)
PAGE = zlib.compress(b"BT /F1 12 Tf (Bonjour) Tj ET")


@pytest.mark.parametrize(
    ("data", "media_type", "danger"),
    [
        (pdf(PAGE, PAGE), "application/pdf", None),
        (pdf(PAGE, BOMB), "application/pdf", "bomb"),
        (pdf(*[zlib.compress(bytes(UNPACKED_BYTES_MAX // 8), 9)] * 9), "application/pdf", "bomb"),
        (pdf(zlib.compress(BOMB, 9)), "application/pdf", "bomb"),
        (pdf(PAGE, extra=b"<</S/JavaScript/JS(app.alert)>>"), "application/pdf", "active"),
        (pdf(PAGE, extra=b"<</S/Launch/F(x.exe)>>"), "application/pdf", "active"),
        (pdf(b"no zlib at all"), "application/pdf", None),
        (png(1_000, 1_000), "image/png", None),
        (png(100_000, 100_000), "image/png", "bomb"),
        (jpeg(4_000, 3_000), "image/jpeg", None),
        (jpeg(65_500, 65_500), "image/jpeg", "bomb"),
    ],
    ids=[
        "a letter",
        "one stream",
        "many streams",
        "packed twice",
        "a script",
        "a program",
        "no stream",
        "a photograph",
        "a huge png",
        "a photograph too",
        "a huge jpeg",
    ],
)
def test_a_file_is_known_by_what_it_unpacks_to(
    data: bytes, media_type: str, danger: Danger | None
) -> None:
    assert danger_of(data, media_type) == danger


@given(
    st.binary(max_size=400),
    st.sampled_from(["application/pdf", "image/png", "image/jpeg"]),
)
def test_whatever_the_bytes_an_answer_is_given(data: bytes, media_type: str) -> None:
    assert danger_of(b"stream\n" + data, media_type) in (None, "bomb", "active")
