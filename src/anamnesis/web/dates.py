"""Days, times and ages as people of this country read them."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_interval, format_time

from anamnesis.web.catalogue import Language

_LOCALES: dict[Language, str] = {"fr": "fr_FR", "en": "en_GB"}
DAYS_REMEMBERED_MAX = 4_096
"""Days written lately and kept: a long list writes the same ones again and again."""


class Dates:
    """Writes instants and days in one language and one time zone."""

    def __init__(self, language: Language, zone: ZoneInfo) -> None:
        self._locale = _LOCALES[language]
        self._zone = zone

    def day(self, instant: str) -> str:
        """`12 mars 2026`, of an instant."""
        return _written(self._local(instant).date(), "d MMMM y", self._locale)

    def short_day(self, day: str) -> str:
        """`12/03/2026`, of a day `YYYY-MM-DD`; nothing for an unknown one."""
        return _written(date.fromisoformat(day), "dd/MM/y", self._locale) if day else ""

    def partial_day(self, day: str) -> str:
        """`2015`, `03/2015` or `12/03/2015`, of a day of which only a part may be known."""
        return "/".join(reversed(day.split("-")))

    def numeric_day(self, instant: str) -> str:
        """`12/03/2026`, of an instant."""
        return _written(self._local(instant).date(), "dd/MM/y", self._locale)

    def long_day(self, day: date) -> str:
        """`Jeudi 12 mars 2026`."""
        text = format_date(day, "EEEE d MMMM y", locale=self._locale)
        return text[:1].upper() + text[1:]

    def weekday(self, day: date) -> str:
        """`Lundi 23`, where the month is known."""
        text = format_date(day, "EEEE d", locale=self._locale)
        return text[:1].upper() + text[1:]

    def days(self, first: date, last: date) -> str:
        """`23–29 nov. 2026`: some days, what they share said once."""
        return str(format_interval(first, last, "yMMMMd", locale=self._locale))

    def month(self, instant: str) -> str:
        """`Mars 2026`, of an instant."""
        text = _written(self._local(instant).date(), "MMMM y", self._locale)
        return text[:1].upper() + text[1:]

    def time(self, instant: str) -> str:
        """`14:02`, of an instant."""
        return format_time(self._local(instant), "HH:mm", locale=self._locale)

    def moment(self, instant: str) -> str:
        """`12 mars 2026, 14:02:11`, of an instant."""
        return format_datetime(self._local(instant), "d MMM y, HH:mm:ss", locale=self._locale)

    def minute(self, instant: str) -> str:
        """`12 mars 2026, 14:02`, of an instant."""
        return format_datetime(self._local(instant), "d MMM y, HH:mm", locale=self._locale)

    def for_input(self, instant: str) -> str:
        """`2026-03-12T14:02`, as a field for day and time has it; nothing for an unknown one."""
        return self._local(instant).strftime("%Y-%m-%dT%H:%M") if instant else ""

    def span(self, first: str, last: str) -> str:
        """`12 mars 2026, 14:02:11 – 14:03:40`: two instants, what they share said once."""
        if first == last:
            return self.moment(first)
        one, other = self._local(first), self._local(last)
        if one.date() != other.date():
            return f"{self.moment(first)} – {self.moment(last)}"
        return f"{self.moment(first)} – {format_time(other, 'HH:mm:ss', locale=self._locale)}"

    def local_day(self, instant: datetime) -> date:
        """The day that `instant` is in, here."""
        return instant.astimezone(self._zone).date()

    def _local(self, instant: str) -> datetime:
        return datetime.fromisoformat(instant).astimezone(self._zone)


@lru_cache(DAYS_REMEMBERED_MAX)
def _written(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


def age(birth_date: str, today: date) -> tuple[int, str]:
    """How old somebody is, as `(number, unit)`: days, months under two years, then years."""
    born = date.fromisoformat(birth_date)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 1:
        return max((today - born).days, 0), "days"
    return (months, "months") if months < 24 else (months // 12, "years")


def neighbours(day: date) -> tuple[date, date]:
    """The day before and the day after."""
    return day - timedelta(days=1), day + timedelta(days=1)


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)
