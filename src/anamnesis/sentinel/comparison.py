"""What was typed against what some way of reading shows (pure)."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Final, Literal

from anamnesis.clinical.sections import SECTIONS, Sections

Route = Literal["keeper", "page", "interface", "history", "receipt"]
"""The ways by which a note is read back: none of them is the one that wrote it."""
ROUTES: Final[tuple[Route, ...]] = ("keeper", "page", "interface", "history", "receipt")
Texts = Mapping[str, str]
"""A text for each section that is shown."""


def compared(route: Route, typed: Sections, read: Texts | None) -> str | None:
    """The code of what became of the note on this way, None if every character is there.

    `read` is None where there is no such note.
    """
    shown = {} if read is None else dict(read)
    wanted = {name: typed.section(name) for name in SECTIONS}
    if shown == wanted:
        return None
    if route == "page":
        return "sentinel-unseen"
    if read is None:
        return "sentinel-lost"
    wrong = [name for name in SECTIONS if shown.get(name) != wanted[name]]
    emptied = all(not shown.get(name) for name in wrong)
    return "sentinel-emptied" if wrong and emptied else "sentinel-altered"


def shown_on_page(html: str) -> dict[str, str]:
    """The text of each section as the encounter's page has it in its fields."""
    fields = _Fields()
    fields.feed(html)
    fields.close()
    return fields.texts


class _Fields(HTMLParser):
    """Collects `<textarea data-section=…>`. The one line break after the tag is not text (HTML)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = dict(attrs).get("data-section")
        if tag == "textarea" and name:
            self._open = name
            self.texts[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._open is not None:
            self.texts[self._open] = self.texts[self._open].removeprefix("\n")
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.texts[self._open] += data
