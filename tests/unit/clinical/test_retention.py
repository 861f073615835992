"""How long a record is kept: each rule, with its source."""

from datetime import date

import pytest

from anamnesis.clinical.retention import Due, Rule, falls_due


@pytest.mark.parametrize(
    ("last_care", "birth", "died", "expected", "rule"),
    [
        # CSP art. R.1112-7: twenty years from the last care.
        (date(2006, 11, 26), date(1960, 1, 1), None, date(2026, 11, 26), "after-care"),
        # Who was under eight then: until the 28th birthday.
        (date(2006, 11, 26), date(2000, 3, 4), None, date(2028, 3, 4), "until-28"),
        (date(2006, 11, 26), date(1998, 11, 26), None, date(2026, 11, 26), "after-care"),
        # Ten years from a death that came within ten years of the last care.
        (date(2006, 11, 26), date(1930, 1, 1), date(2010, 5, 6), date(2020, 5, 6), "after-death"),
        (date(2006, 11, 26), date(1930, 1, 1), date(2017, 1, 1), date(2026, 11, 26), "after-care"),
        # A child that died: the death decides.
        (date(2006, 11, 26), date(2005, 1, 1), date(2006, 12, 1), date(2016, 12, 1), "after-death"),
        # Without a date of birth nobody can tell: twenty years.
        (date(2006, 11, 26), None, None, date(2026, 11, 26), "after-care"),
        # Care on a 29 February: not a day too early.
        (date(2004, 2, 29), None, None, date(2024, 2, 29), "after-care"),
        (date(2000, 2, 29), date(1996, 2, 29), None, date(2024, 2, 29), "until-28"),
        (date(2080, 2, 29), None, None, date(2100, 3, 1), "after-care"),
    ],
)
def test_a_record_falls_due_by_the_rule_that_binds(
    last_care: date, birth: date | None, died: date | None, expected: date, rule: Rule
) -> None:
    assert falls_due(last_care, birth, died) == Due(expected, rule)
