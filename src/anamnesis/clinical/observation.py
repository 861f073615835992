"""Measurements: their names, units, and what is out of the ordinary (which warns, never blocks)."""

from decimal import Decimal, InvalidOperation

import msgspec

from anamnesis.clinical.kinds import ObservationCode


class Measure(msgspec.Struct, frozen=True):
    """One kind of measurement: its LOINC code, its UCUM unit, and the range that surprises nobody."""

    code: ObservationCode
    loinc: str
    unit: str
    low: Decimal
    high: Decimal


def _measure(code: ObservationCode, loinc: str, unit: str, low: str, high: str) -> Measure:
    return Measure(code, loinc, unit, Decimal(low), Decimal(high))


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        _measure("weight", "29463-7", "kg", "0.4", "300"),
        _measure("height", "8302-2", "cm", "25", "230"),
        _measure("temperature", "8310-5", "Cel", "34", "42"),
        _measure("heart-rate", "8867-4", "/min", "30", "220"),
        _measure("systolic", "8480-6", "mm[Hg]", "60", "260"),
        _measure("diastolic", "8462-4", "mm[Hg]", "30", "160"),
        _measure("oxygen-saturation", "2708-6", "%", "70", "100"),
    )
}


def quantity(value: str) -> Decimal | None:
    """The number that was typed, with a comma or a point; None where there is none."""
    try:
        number = Decimal(value.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def surprising(code: str, value: str) -> bool:
    """Whether a person should look twice at this value: no number, or far from the usual."""
    number, measure = quantity(value), MEASURES.get(code)
    if number is None or measure is None:
        return True
    return not measure.low <= number <= measure.high
