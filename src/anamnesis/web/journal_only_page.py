"""Writes out the page of journal-only mode, so that the keeper serves it as bytes.

`make journal-only-page` after its template, its scripts or their words changed; a test compares.
"""

import re
from pathlib import Path

import jinja2

from anamnesis.clinical.patient import SEXES
from anamnesis.clinical.sections import SECTIONS
from anamnesis.web.catalogue import LANGUAGES, Language, read_catalogues
from anamnesis.web.desk import NOTE_LANGUAGE, STATIC, TEMPLATES

KEPT = Path(__file__).parents[1] / "keeper" / "static"
"""Where the keeper reads it."""
_ENTRANCE = "journal-only.js"
_IMPORT = re.compile(r'"\./([a-z-]+\.js)"')


def written_out() -> dict[str, str]:
    """The page's text by file name: one for each language."""
    return {f"journal-only.{language}.html": _page(language) for language in LANGUAGES}


def scripts() -> set[str]:
    """The scripts that the page loads, sooner or later."""
    found: set[str] = set()
    waiting = {_ENTRANCE}
    while waiting:
        name = waiting.pop()
        found.add(name)
        source = (STATIC / name).read_text(encoding="utf-8")
        waiting |= set(_IMPORT.findall(source)) - found
    return found


def _page(language: Language) -> str:
    words = read_catalogues()[language]
    sources = [(STATIC / name).read_text(encoding="utf-8") for name in scripts()]
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return templates.get_template("journal-only.html").render(
        _=words,
        language=language,
        other_language="en" if language == "fr" else "fr",
        messages=sorted(words.said_by(sources).items()),
        section_names=SECTIONS,
        sexes=SEXES,
        note_language=NOTE_LANGUAGE,
    )


if __name__ == "__main__":
    for file, text in written_out().items():
        (KEPT / file).write_text(text + "\n", encoding="utf-8")
