"""The words a person reads, in French and in English, from gettext catalogues."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")

_FOLDER = Path(__file__).parent / "locale"


class Catalogue:
    """The messages of one language, by id; `{names}` in them are filled in by the caller."""

    def __init__(self, language: Language, messages: Mapping[str, str]) -> None:
        self.language = language
        self.messages = messages

    def __call__(self, message: str, /, **values: object) -> str:
        """The message called so, filled in; raises KeyError for one that does not exist."""
        text = self.messages[message]
        return text.format(**values) if values else text


def read_catalogues() -> dict[Language, Catalogue]:
    """Every language's catalogue, read at start: there is no compiled form to forget."""
    return {language: Catalogue(language, _read(language)) for language in LANGUAGES}


def _read(language: Language) -> dict[str, str]:
    path = _FOLDER / language / "LC_MESSAGES" / "anamnesis.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language, charset="utf-8")
    return {str(message.id): str(message.string or "") for message in catalogue if message.id}
