"""When a day begins and ends somewhere, as instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from anamnesis.seams import instant


def day_bounds(day: str, zone: str, days: int = 1) -> tuple[str, str]:
    """The first instant of `day` (`YYYY-MM-DD`) in `zone`, and the first one after `days` days.

    Raises ValueError for a day that the calendar has not, ZoneInfoNotFoundError for a zone.
    """
    first = date.fromisoformat(day)
    here = ZoneInfo(zone)
    begin, end = (
        datetime.combine(one, time.min, here).astimezone(UTC)
        for one in (first, first + timedelta(days=days))
    )
    return instant(begin), instant(end)
