"""The press: sets a sheet and gives it as PDF/A or as pictures. Slow work, bounded on all sides."""

import functools
import json
import re
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias, cast

import msgspec
import typst

from anamnesis.web.printing.paper_sheet import PaperSheet
from anamnesis.web.printing.sheet import Sheet

SHEETS: Final = Path(__file__).parent / "sheets"
SHEET_CHARACTERS_MAX: Final = 100_000
PAGES_MAX: Final = 30
PRESS_SECONDS_MAX: Final = 10.0
PRESSES: Final = 2
"""Sheets set at the same time, each in a thread."""

SHEETS_KEPT: Final = 8
"""Whose pictures are kept for the requests that follow."""

AnySheet: TypeAlias = Sheet | PaperSheet
_Work: TypeAlias = Callable[[typst.Compiler, dict[str, str], datetime], list[bytes]]
_UNDISPLAYABLE = re.compile(r'the text `"(.+?)"` could not be displayed')


class PrintingRefused(Exception):
    """The sheet cannot be printed as it is.

    `code` is `document-too-long`, `document-character-unprintable` (`detail` names it),
    `document-too-slow` or `document-unprintable`; `document-restricted` is for who prints
    documents to say.
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
        self._seen: OrderedDict[str, list[bytes]] = OrderedDict()
        self._lock = Lock()

    def pdf(self, sheet: AnySheet) -> bytes:
        """The sheet as PDF/A-2b (ISO 19005-2), its text selectable; raises PrintingRefused."""
        return self._print(_pdf, sheet, _encoded(sheet))[0]

    def pages(self, sheet: Sheet) -> list[bytes]:
        """Each page as SVG, without script or address in it.

        Raises PrintingRefused for whatever `pdf` does. The last ones are kept: a page of pictures
        asks for each of them apart.
        """
        encoded = _encoded(sheet)
        with self._lock:
            pages = self._seen.get(encoded)
        if pages is None:
            self._print(_pdf, sheet, encoded)
            pages = self._print(_pages, sheet, encoded)
        with self._lock:
            self._seen[encoded] = pages
            self._seen.move_to_end(encoded)
            while len(self._seen) > SHEETS_KEPT:
                self._seen.popitem(last=False)
        return pages

    def _print(self, work: _Work, sheet: AnySheet, encoded: str) -> list[bytes]:
        compiler = functools.partial(_compiled, sheet.file, work)
        printing = self._threads.submit(compiler, {"sheet": encoded}, sheet.made_at)
        try:
            return printing.result(self._seconds_max)
        except TooLate:
            printing.cancel()
            raise PrintingRefused("document-too-slow") from None
        except typst.TypstError as refused:
            raise _refusal(str(refused)) from None


def _encoded(sheet: AnySheet) -> str:
    content = msgspec.to_builtins(sheet) | {"pages_max": PAGES_MAX}
    encoded = json.dumps(content, ensure_ascii=False)
    if len(encoded) > SHEET_CHARACTERS_MAX:
        raise PrintingRefused("document-too-long")
    return encoded


def _compiled(file: str, work: _Work, inputs: dict[str, str], made_at: datetime) -> list[bytes]:
    # Its own fonts and nothing from the network: the same sheet looks the same on every machine.
    compiler = typst.Compiler(
        SHEETS / file,
        root=SHEETS,
        font_paths=typst.Fonts(include_system_fonts=False),
        package_path=SHEETS,
        package_cache_path=SHEETS,
    )
    return work(compiler, inputs, made_at)


def _pdf(compiler: typst.Compiler, inputs: dict[str, str], made_at: datetime) -> list[bytes]:
    # PDF/A has no time zone of its own here: the instant itself, in seconds.
    made = compiler.compile(
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=["a-2b"],
        timestamp=int(made_at.timestamp()),
    )
    return _several(made)


def _pages(compiler: typst.Compiler, inputs: dict[str, str], _: datetime) -> list[bytes]:
    return _several(compiler.compile(format="svg", sys_inputs=inputs))


def _several(made: bytes | list[bytes] | None) -> list[bytes]:
    return made if isinstance(made, list) else [cast("bytes", made)]


def _refusal(message: str) -> PrintingRefused:
    if "too-many-pages" in message:
        return PrintingRefused("document-too-long")
    found = _UNDISPLAYABLE.search(message)
    if found is not None:
        return PrintingRefused("document-character-unprintable", found[1])
    return PrintingRefused("document-unprintable")
