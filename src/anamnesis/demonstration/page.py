"""A page of paper as somebody scanned it: one page of PDF, made here (ISO 32000-1)."""

from collections.abc import Sequence

WIDTH, HEIGHT = 595, 842  # A4 in points
MARGIN, LEADING = 56, 17
TITLE_SIZE, TEXT_SIZE = 15, 10.5


def page(title: str, lines: Sequence[str]) -> bytes:
    """A PDF of one page with a title and lines of text; characters of Windows-1252 only."""
    top = HEIGHT - MARGIN
    stream = [f"BT /F2 {TITLE_SIZE} Tf {MARGIN} {top} Td ({_escaped(title)}) Tj ET"]
    stream += [
        f"BT /F1 {TEXT_SIZE} Tf {MARGIN} {top - 2 * LEADING - number * LEADING} Td "
        f"({_escaped(line)}) Tj ET"
        for number, line in enumerate(lines)
    ]
    drawn = "\n".join(stream).encode("cp1252")
    font = "/Type /Font /Subtype /Type1 /Encoding /WinAnsiEncoding /BaseFont"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>".encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        f"<< {font} /Courier >>".encode(),
        f"<< {font} /Helvetica-Bold >>".encode(),
    ]
    return _file(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects with the table that says where each one is (7.5.4)."""
    written = b"%PDF-1.7\n"
    places: list[int] = []
    for number, one in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%b"
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(written))
    )
