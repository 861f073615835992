"""What is measured: codes, units (UCUM), LOINC, and the ranges outside of which a screen asks."""

import re
from decimal import Decimal
from typing import Final, Literal, TypeAlias, get_args

import msgspec

ObservationCode: TypeAlias = Literal[
    "weight", "height", "temperature", "heart-rate", "systolic", "diastolic", "oxygen-saturation"
]
OBSERVATION_CODES: Final[tuple[ObservationCode, ...]] = get_args(ObservationCode)

_NUMBER = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,4})?")


class Measure(msgspec.Struct, frozen=True):
    """How one code is measured.

    `units` are UCUM, each with how many of the first one it is worth; `low` and `high` are in
    the first unit and only warn: a newborn of 450 g is written down like anybody else.
    """

    code: ObservationCode
    loinc: str
    units: dict[str, Decimal]
    low: Decimal
    high: Decimal

    @property
    def unit(self) -> str:
        """The unit a form offers first."""
        return next(iter(self.units))


def _measure(
    code: ObservationCode, loinc: str, units: dict[str, str], low: str, high: str
) -> Measure:
    worth = {unit: Decimal(factor) for unit, factor in units.items()}
    return Measure(code, loinc, worth, Decimal(low), Decimal(high))


# LOINC codes are those of the FHIR R4 vital signs profile (hl7.org/fhir/R4/observation-vitalsigns).
MEASURES: Final[dict[str, Measure]] = {
    measure.code: measure
    for measure in (
        _measure("weight", "29463-7", {"kg": "1", "g": "0.001"}, "0.5", "300"),
        _measure("height", "8302-2", {"cm": "1", "m": "100"}, "25", "230"),
        _measure("temperature", "8310-5", {"Cel": "1"}, "34", "42"),
        _measure("heart-rate", "8867-4", {"/min": "1"}, "30", "220"),
        _measure("systolic", "8480-6", {"mm[Hg]": "1", "cm[Hg]": "10"}, "60", "260"),
        _measure("diastolic", "8462-4", {"mm[Hg]": "1", "cm[Hg]": "10"}, "30", "160"),
        _measure("oxygen-saturation", "2708-6", {"%": "1"}, "70", "100"),
    )
}

Warned: TypeAlias = Literal["not-a-number", "implausible"]


def number_typed(value: str) -> Decimal | None:
    """The number in the text that was typed (comma or point), or None if it is not one."""
    text = value.strip()
    return Decimal(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def plausibility(code: str, value: str, unit: str) -> Warned | None:
    """What a screen should ask about before, or show beside, this value; None if nothing.

    It never refuses: what was typed is kept whatever it says. `code` and `unit` are known ones.
    """
    measure = MEASURES[code]
    number = number_typed(value)
    if number is None:
        return "not-a-number"
    inside = measure.low <= number * measure.units[unit] <= measure.high
    return None if inside else "implausible"
