"""The words a person reads, in French and in English, from gettext catalogues."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")

LOCALE = Path(__file__).parent / "locale"

_NAMED = re.compile(r'"([a-z][a-z0-9._-]*)"')
_BEGINNING = re.compile(r"`([a-z][a-z0-9.-]*-)\$\{")


class Catalogue:
    """The messages of one language, by id; `{names}` in them are filled in by the caller."""

    def __init__(self, language: Language, messages: Mapping[str, str]) -> None:
        self.language = language
        self.messages = messages

    def __call__(self, message: str, /, **values: object) -> str:
        """The message called so, filled in; raises KeyError for one that does not exist."""
        text = self.messages[message]
        return text.format(**values) if values else text

    def counted(self, message: str, count: int, /, **values: object) -> str:
        """The message `…-one` or `…-many`, as `count` asks for in this language."""
        # French says one for zero as well, English does not (CLDR's plural rules).
        one = count == 1 or (count == 0 and self.language == "fr")
        return self(f"{message}-{'one' if one else 'many'}", count=count, **values)

    def said_by(self, scripts: Iterable[str]) -> dict[str, str]:
        """The messages that these scripts name, whole or by their beginning: what a page carries.

        A beginning is written `` `kind-${…}` ``; a message named for another purpose does no harm.
        """
        source = "\n".join(scripts)
        named = set(_NAMED.findall(source))
        beginnings = tuple(set(_BEGINNING.findall(source)))
        return {
            name: text
            for name, text in self.messages.items()
            if name in named or name.startswith(beginnings)
        }


def read_catalogues() -> dict[Language, Catalogue]:
    """Every language's catalogue, read at start: there is no compiled form to forget."""
    return {language: Catalogue(language, _read(language)) for language in LANGUAGES}


def _read(language: Language) -> dict[str, str]:
    path = LOCALE / language / "LC_MESSAGES" / "anamnesis.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, charset="utf-8")
    return {str(message.id): str(message.string or "") for message in catalogue if message.id}
