from decimal import Decimal

import pytest

from anamnesis.clinical.observation import (
    MEASURES,
    OBSERVATION_CODES,
    number_typed,
    plausibility,
)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("72,5", "72.5"), (" 72.50 ", "72.50"), ("120", "120")],
)
def test_a_number_is_read_with_a_comma_or_a_point(typed: str, number: str) -> None:
    assert number_typed(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "38 ?", "1e3", "NaN", "12/8", "-3", "1,2,3", "٣"])
def test_what_is_not_a_number_is_not_guessed_at(typed: str) -> None:
    assert number_typed(typed) is None
    assert plausibility("weight", typed, "kg") == "not-a-number"


@pytest.mark.parametrize(
    ("code", "value", "unit", "warned"),
    [
        ("weight", "72,5", "kg", None),
        ("weight", "3450", "g", None),
        ("weight", "3450", "kg", "implausible"),
        ("height", "1,72", "m", None),
        ("height", "1,72", "cm", "implausible"),
        ("temperature", "42", "Cel", None),
        ("temperature", "42,1", "Cel", "implausible"),
        ("systolic", "12", "cm[Hg]", None),
        ("oxygen-saturation", "101", "%", "implausible"),
    ],
)
def test_a_value_far_from_the_usual_is_asked_about(
    code: str, value: str, unit: str, warned: str | None
) -> None:
    assert plausibility(code, value, unit) == warned


def test_every_code_has_a_unit_to_offer_and_a_range() -> None:
    assert set(MEASURES) == set(OBSERVATION_CODES)
    for measure in MEASURES.values():
        assert measure.units[measure.unit] == 1
        assert measure.low < measure.high
