"""How long a medical record is kept (code de la santé publique, art. R.1112-7).

Binding for establishments; the Ordre recommends the same for private practices, for which there is
no text. What falls due is shown to a person and never erased by itself.
"""

from datetime import date
from typing import Final, Literal, TypeAlias

import msgspec

YEARS_AFTER_CARE: Final = 20
KEPT_UNTIL_AGE: Final = 28
"""Not before this birthday, however early the last care was: a child under 8 is kept longer."""
YEARS_AFTER_DEATH: Final = 10
"""From death, if it came within as many years of the last care."""


Rule: TypeAlias = Literal["after-care", "until-28", "after-death"]


class Due(msgspec.Struct, frozen=True):
    """The first day on which a record need not be kept any more, and the rule that says so."""

    day: date
    rule: Rule


def falls_due(last_care: date, birth: date | None, died: date | None = None) -> Due:
    """When a record falls due.

    Without a date of birth nobody can say that the patient is 28: twenty years it is.
    """
    if died is not None and died < _later(last_care, YEARS_AFTER_DEATH):
        return Due(_later(died, YEARS_AFTER_DEATH), "after-death")
    due = _later(last_care, YEARS_AFTER_CARE)
    grown = due if birth is None else _later(birth, KEPT_UNTIL_AGE)
    return Due(grown, "until-28") if grown > due else Due(due, "after-care")


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
