"""The words and numbers of the drill's page, in French and in English, from its catalogues."""

from importlib.resources import files

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from anamnesis.settings import Language


class Words:
    """One language. `{names}` in a message are filled in by the caller."""

    def __init__(self, language: Language) -> None:
        self.language = language
        path = files(__package__).joinpath("locale", f"{language}.po")
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, charset="utf-8")
        self.messages = {str(one.id): str(one.string or "") for one in catalogue if one.id}

    def __call__(self, message: str, /, **values: object) -> str:
        """The message called so; raises KeyError for one that does not exist."""
        text = self.messages[message]
        return text.format(**values) if values else text

    def number(self, value: float, digits: int = 0) -> str:
        """With the separators of the language."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(round(value, digits), format=pattern, locale=self.language)

    def duration(self, seconds: float | None) -> str:
        """Milliseconds below one second, seconds below two minutes."""
        if seconds is None:
            return "–"
        if seconds < 1:
            return self("milliseconds", count=self.number(seconds * 1_000))
        if seconds < 120:
            return self("seconds", count=self.number(seconds, 1))
        return self("minutes", count=self.number(seconds / 60, 0))
