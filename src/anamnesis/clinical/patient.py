"""Who a patient is, by the traits of the French national identity (INS), and how one is found."""

import re
import unicodedata
from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.shapes import Day, is_day

Sex: TypeAlias = Literal["female", "male", "unknown"]
SEXES: Final[tuple[Sex, ...]] = get_args(Sex)

# An INSEE commune (Corsica has letters) or, for a birth abroad, 99 and the country.
BirthPlace: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^([0-9][0-9AB][0-9]{3})?\Z")]

SORT_CHARACTERS_MAX: Final = 256
"""How much of a name a list is sorted by; patients alike so far come in the order of their ids."""

_WORDS = re.compile(r"[^\W_]+")
_BORN = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


class Traits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A patient's identity as typed; an empty text where something is unknown.

    `birth_date` is `YYYY-MM-DD`, `birth_place` an INSEE code.
    """

    birth_name: str
    used_name: str
    first_names: str
    birth_date: Day
    sex: Sex
    birth_place: BirthPlace
    telephone: str
    address: str

    @property
    def name(self) -> str:
        """The family name a practice calls the patient by."""
        return self.used_name or self.birth_name


class Search(msgspec.Struct, frozen=True):
    """What somebody looks for: folded beginnings of words, and dates of birth."""

    words: tuple[str, ...]
    birth_dates: tuple[str, ...]


def folded(text: str) -> str:
    """`text` without accents, ligatures and case, to compare by."""
    plain = _decomposed(_decomposed(text).casefold()).casefold().translate(_LIGATURES)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def sort_name(traits: Traits) -> str:
    """What patients are listed by: the beginning of family name and first names, folded."""
    parts = (" ".join(words(part)) for part in (traits.name, traits.first_names))
    return ", ".join(parts)[:SORT_CHARACTERS_MAX]


def words(text: str) -> list[str]:
    """The folded words of `text`, in order."""
    return _WORDS.findall(folded(text))


def search_words(traits: Traits) -> set[str]:
    """The words by whose beginnings a patient is found; `Le Goff` also as `legoff`."""
    found: set[str] = set()
    for name in (traits.birth_name, traits.used_name, traits.first_names):
        parts = words(name)
        found.update(parts)
        if parts:
            found.add("".join(parts))
    return found


def search_for(query: str) -> Search:
    """`query` as typed: words in any order, and dates of birth as dd/mm/yyyy."""
    written = (f"{year}-{int(month):02}-{int(day):02}" for day, month, year in _BORN.findall(query))
    dates = tuple(dict.fromkeys(day for day in written if is_day(day)))
    return Search(tuple(dict.fromkeys(words(_BORN.sub(" ", query)))), dates)
