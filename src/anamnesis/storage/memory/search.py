"""The search index in memory: looks at every text, one by one."""

from collections.abc import Iterable

from anamnesis.record.search import PLACES, Filter, Found, Text
from anamnesis.record.search_words import Query, Word, matches, words_of

_RANKS = len(PLACES) + 1


class MemorySearchIndex:
    """A `SearchIndex`."""

    def __init__(self) -> None:
        self._applied = 0
        self._texts: dict[int, tuple[Text, list[Word]]] = {}

    def applied(self) -> int:
        """How many journal entries are in it."""
        return self._applied

    def apply(self, subjects: Iterable[tuple[str, str]], texts: Iterable[Text], upto: int) -> None:
        """Takes out what it has of these subjects, puts in `texts`."""
        gone = set(subjects)
        self._texts = {
            rank: kept
            for rank, kept in self._texts.items()
            if (kept[0].practice, kept[0].subject) not in gone
        }
        for text in texts:
            self._texts[rank_of(text)] = (text, words_of(text.text))
        self._applied = upto

    def find(
        self, practice: str, query: Query, only: Filter, limit: int, below: int | None
    ) -> list[Found]:
        """What is wanted and not left out, the newest first."""
        if query.is_empty:
            return []
        found = [
            Found(rank, text.patient, text.subject, text.place)
            for rank, (text, words) in self._texts.items()
            if text.practice == practice
            and (below is None or rank < below)
            and _is_meant(text, only)
            and matches(words, query)
        ]
        return sorted(found, key=lambda one: -one.rank)[:limit]

    def clear(self) -> None:
        """Begins anew."""
        self._texts, self._applied = {}, 0

    def close(self) -> None:
        """Nothing to let go of."""


def rank_of(text: Text) -> int:
    """Sorts texts by the entry that wrote them, then by where they stand."""
    return text.position * _RANKS + PLACES.index(text.place)


def _is_meant(text: Text, only: Filter) -> bool:
    return (
        only.patient in (None, text.patient)
        and only.author in (None, text.author)
        and (only.first_day is None or text.day >= only.first_day)
        and (only.last_day is None or text.day <= only.last_day)
        and (not only.places or text.place in only.places)
    )
