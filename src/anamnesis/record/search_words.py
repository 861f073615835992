"""Words as search compares them: without accents, case, elisions and French endings.

The same is done to what is written and to what is asked, so that both meet.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec
import snowballstemmer  # type: ignore[import-untyped]

from anamnesis.clinical.patient import folded

WORDS_REMEMBERED_MAX: Final = 50_000
QUERY_CHARACTERS_MAX: Final = 300
QUERY_WORDS_MAX: Final = 20

# A number keeps its comma or slash (38,5 and 128/76 are one word); anything else is letters and
# digits, so that an apostrophe or a hyphen parts words.
_WORD = re.compile(r"\d+(?:[.,/]\d+)+|[^\W_]+")
_ELIDED: Final = frozenset({"l", "d", "j", "m", "n", "s", "t", "c", "qu", "jusqu", "lorsqu"})
_APOSTROPHES: Final = "'’ʼ"
_PART = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
_stemmer = snowballstemmer.stemmer("french")


class Word(msgspec.Struct, frozen=True):
    """A word where it stands in a text: `stem` is what is compared, `plain` without the ending."""

    start: int
    end: int
    plain: str
    stem: str


class Phrase(msgspec.Struct, frozen=True):
    """Words that have to follow one another; `begins`: the last one may go on."""

    words: tuple[Word, ...]
    begins: bool = False


class Query(msgspec.Struct, frozen=True):
    """What somebody asked: all of `wanted`, none of `unwanted`."""

    wanted: tuple[Phrase, ...]
    unwanted: tuple[Phrase, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return not self.wanted


def words_of(text: str) -> list[Word]:
    """The words of a text, in order; the l of « l’examen » is none."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        plain, stem = _forms_of(match[0])
        follows = text[match.end() : match.end() + 1]
        if plain in _ELIDED and follows and follows in _APOSTROPHES:
            continue
        found.append(Word(match.start(), match.end(), plain, stem))
    return found


@lru_cache(WORDS_REMEMBERED_MAX)
def _forms_of(word: str) -> tuple[str, str]:
    """A word as it is written: folded, and its stem."""
    plain = folded(word).replace(",", ".")
    return plain, stem_of(plain)


def stem_of(plain: str) -> str:
    """The stem of a folded word (Snowball, French); a number or code is its own."""
    if not plain.isalpha():
        return plain
    stem: str = _stemmer.stemWord(plain)
    return stem


def read_query(text: str) -> Query:
    """What was typed: words, "phrases in quotes", -without.

    The last word may be a beginning, unless something follows it.
    """
    wanted: list[Phrase] = []
    unwanted: list[Phrase] = []
    typed = text[:QUERY_CHARACTERS_MAX]
    for match in _PART.finditer(typed):
        is_quoted = match[2] is not None
        words = tuple(words_of(match[2] if is_quoted else match[4])[:QUERY_WORDS_MAX])
        if not words:
            continue
        begins = not is_quoted and match.end() == len(typed)
        without = bool(match[1] or match[3])
        (unwanted if without else wanted).append(Phrase(words, begins and not without))
    return Query(tuple(wanted[:QUERY_WORDS_MAX]), tuple(unwanted[:QUERY_WORDS_MAX]))


def marked(text: str, query: Query) -> list[tuple[int, int]]:
    """Where in the text the words asked for stand, as (start, end), in order."""
    words = words_of(text)
    found: set[int] = set()
    for phrase in query.wanted:
        found |= _places(words, phrase)
    return [(words[at].start, words[at].end) for at in sorted(found)]


def matches(words: list[Word], query: Query) -> bool:
    """Whether a text with these words is what was asked for."""
    has = all(_places(words, phrase) for phrase in query.wanted)
    return has and not any(_places(words, phrase) for phrase in query.unwanted)


def _places(words: list[Word], phrase: Phrase) -> set[int]:
    asked, found = phrase.words, set()
    for begin in range(len(words) - len(asked) + 1):
        if all(
            _is_word(words[begin + at], one, phrase.begins and at == len(asked) - 1)
            for at, one in enumerate(asked)
        ):
            found |= set(range(begin, begin + len(asked)))
    return found


def _is_word(word: Word, asked: Word, begins: bool) -> bool:
    return word.stem == asked.stem or (begins and word.plain.startswith(asked.plain))
