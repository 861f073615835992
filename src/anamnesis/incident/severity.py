"""How severe a breach is, by ENISA's formula, with every factor to be seen.

SE = DPC x EI + CB (ENISA, "Recommendations for a methodology of the assessment of severity of
personal data breaches", working document 1.0, December 2013). The method was made for disclosure:
for a loss the impact on the patient's care hardly counts in it, so the decision does not rest on
it alone (decision.py). Values are in hundredths: exact, and numbers that canonical JSON has.
"""

from typing import Annotated, Final, Literal

import msgspec

INDIVIDUALS_FLAGGED_FROM: Final = 101
"""Breaches of more than a hundred persons are flagged."""
REASON_CHARACTERS_MIN: Final = 10

Identification = Literal[25, 50, 75, 100]
"""How easily persons are recognised: negligible, limited, significant, maximum."""
Circumstance = Literal[0, 25, 50]
"""For confidentiality and integrity: none, some, much; for availability: recoverable, temporal,
permanent."""
Band = Literal["low", "medium", "high", "very-high"]
Factor = Literal[
    "context", "identification", "confidentiality", "integrity", "availability", "malice"
]


class Severity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The factors: data processing context (1 to 4), identification, circumstances, malice."""

    context: Annotated[int, msgspec.Meta(ge=1, le=4)] = 4
    identification: Identification = 100
    confidentiality: Circumstance = 0
    integrity: Circumstance = 0
    availability: Circumstance = 0
    malice: Literal[0, 50] = 0

    @property
    def circumstances(self) -> int:
        """CB, in hundredths."""
        return self.confidentiality + self.integrity + self.availability + self.malice

    @property
    def score(self) -> int:
        """SE, in hundredths."""
        return self.context * self.identification + self.circumstances

    @property
    def band(self) -> Band:
        """SE below 2 is low, below 3 medium, below 4 high, from 4 on very high."""
        for band, below in (("low", 200), ("medium", 300), ("high", 400)):
            if self.score < below:
                return band  # type: ignore[return-value]
        return "very-high"


Permanence = Literal["recoverable", "temporal", "permanent"]
_AVAILABILITY: Final[dict[Permanence, Circumstance]] = {
    "recoverable": 0,
    "temporal": 25,
    "permanent": 50,
}


def proposed(
    *, exposed: bool, altered: bool, permanence: Permanence, health: bool = True
) -> Severity:
    """The factors as the facts alone give them; a person may change each, with a reason.

    Health data have the highest context; a medical record names its patient, so identification is
    the highest too; alteration counts in full while it stands.
    """
    return Severity(
        context=4 if health else 1,
        identification=100,
        confidentiality=25 if exposed else 0,
        integrity=(50 if permanence == "permanent" else 25) if altered else 0,
        availability=_AVAILABILITY[permanence],
        malice=0,
    )


def changed(before: Severity, after: Severity) -> list[Factor]:
    """The factors that differ: each needs a reason."""
    names: tuple[Factor, ...] = (
        "context",
        "identification",
        "confidentiality",
        "integrity",
        "availability",
        "malice",
    )
    return [name for name in names if getattr(before, name) != getattr(after, name)]
