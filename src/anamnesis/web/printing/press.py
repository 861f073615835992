"""The press: sets a sheet and gives it as PDF/A or as pictures. Slow work, bounded on all sides."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from datetime import datetime
from pathlib import Path
from typing import Final, cast

import msgspec
import typst

from anamnesis.web.printing.sheet import Sheet

SHEETS: Final = Path(__file__).parent / "sheets"
SHEET_CHARACTERS_MAX: Final = 100_000
PAGES_MAX: Final = 30
PRESS_SECONDS_MAX: Final = 10.0
PRESSES: Final = 2
"""Sheets set at the same time, each in a thread."""

_UNDISPLAYABLE = re.compile(r'the text `"(.+?)"` could not be displayed')


class PrintingRefused(Exception):
    """The sheet cannot be printed as it is.

    `code` is `document-too-long`, `document-character-unprintable` (`detail` names it),
    `document-too-slow` or `document-unprintable`.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Press:
    """Sets sheets. The same sheet gives the same bytes. Safe to share between threads."""

    def __init__(self, seconds_max: float = PRESS_SECONDS_MAX) -> None:
        self._seconds_max = seconds_max
        self._threads = ThreadPoolExecutor(PRESSES, "press")

    def pdf(self, sheet: Sheet) -> bytes:
        """The sheet as PDF/A-2b (ISO 19005-2), its text selectable; raises PrintingRefused."""
        [pdf] = self._print(sheet, lambda inputs: _pdf(inputs, sheet.made_at))
        return pdf

    def pages(self, sheet: Sheet) -> list[bytes]:
        """Each page as SVG, without script or address in it; raises PrintingRefused."""
        return self._print(sheet, _pages)

    def _print(self, sheet: Sheet, work: Callable[[dict[str, str]], list[bytes]]) -> list[bytes]:
        content = msgspec.to_builtins(sheet) | {"pages_max": PAGES_MAX}
        encoded = json.dumps(content, ensure_ascii=False)
        if len(encoded) > SHEET_CHARACTERS_MAX:
            raise PrintingRefused("document-too-long")
        printing = self._threads.submit(work, {"sheet": encoded})
        try:
            return printing.result(self._seconds_max)
        except TooLate:
            printing.cancel()
            raise PrintingRefused("document-too-slow") from None
        except typst.TypstError as refused:
            raise _refusal(str(refused)) from None


def _compiler() -> typst.Compiler:
    # Its own fonts and nothing from the network: the same sheet looks the same on every machine.
    return typst.Compiler(
        SHEETS / "sheet.typ",
        root=SHEETS,
        font_paths=typst.Fonts(include_system_fonts=False),
        package_path=SHEETS,
        package_cache_path=SHEETS,
    )


def _pdf(inputs: dict[str, str], made_at: datetime) -> list[bytes]:
    # PDF/A has no time zone of its own here: the instant itself, in seconds.
    made = _compiler().compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-2b"],
        timestamp=int(made_at.timestamp()),
    )
    return _several(made)


def _pages(inputs: dict[str, str]) -> list[bytes]:
    return _several(_compiler().compile(format="svg", sys_inputs=inputs))


def _several(made: bytes | list[bytes] | None) -> list[bytes]:
    return made if isinstance(made, list) else [cast("bytes", made)]


def _refusal(message: str) -> PrintingRefused:
    if "too-many-pages" in message:
        return PrintingRefused("document-too-long")
    found = _UNDISPLAYABLE.search(message)
    if found is not None:
        return PrintingRefused("document-character-unprintable", found[1])
    return PrintingRefused("document-unprintable")
