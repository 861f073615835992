"""How severe a breach is, by ENISA's formula, with every factor to be seen.

SE = DPC x EI + CB (ENISA, "Recommendations for a methodology of the assessment of severity of
personal data breaches", working document 1.0, December 2013). The method was made for disclosure:
for a loss the impact on the patient's care hardly counts in it, so the decision does not rest on
it alone (decision.py). Values are in hundredths, as the register keeps them.
"""

from typing import Final, Literal

from msgspec.structs import replace

from anamnesis.clinical.breach import Breach, Factors, Permanence

INDIVIDUALS_FLAGGED_FROM: Final = 101
"""Breaches of more than a hundred persons are flagged."""

Band = Literal["low", "medium", "high", "very-high"]
Factor = Literal[
    "context", "identification", "confidentiality", "integrity", "availability", "malice"
]
FACTORS: Final[tuple[Factor, ...]] = (
    "context",
    "identification",
    "confidentiality",
    "integrity",
    "availability",
    "malice",
)
_BANDS: Final[tuple[tuple[int, Band], ...]] = ((200, "low"), (300, "medium"), (400, "high"))


def circumstances(factors: Factors) -> int:
    """CB: what was done to the data, and whether on purpose."""
    return factors.confidentiality + factors.integrity + factors.availability + factors.malice


def score(factors: Factors) -> int:
    """SE."""
    return factors.context * factors.identification + circumstances(factors)


def band(factors: Factors) -> Band:
    """SE below 2 is low, below 3 medium, below 4 high, from 4 on very high."""
    found = score(factors)
    return next((name for below, name in _BANDS if found < below), "very-high")


def proposed(
    *, exposed: bool, altered: bool, permanence: Permanence, health: bool = True
) -> Factors:
    """The factors as the facts alone give them; a person may change each, with a reason.

    Health data have the highest context; a medical record names its patient, so identification is
    the highest too; alteration counts in full where it is for good.
    """
    permanent = permanence == "permanent"
    lasting: Literal[25, 50] = 50 if permanent else 25
    return Factors(
        context=4 if health else 1,
        identification=100,
        confidentiality=25 if exposed else 0,
        integrity=lasting if altered else 0,
        availability=lasting if permanence != "recoverable" else 0,
        malice=0,
    )


def by_facts(breach: Breach) -> Factors:
    """The factors as the facts of this entry alone give them."""
    return proposed(
        exposed="confidentiality" in breach.losses,
        altered="integrity" in breach.losses,
        permanence=breach.permanence,
        health="health" in breach.data,
    )


def in_force(breach: Breach) -> Factors:
    """Those by the facts, but for each factor that a person changed with a reason."""
    reasoned = {
        name: getattr(breach.factors, name)
        for name in FACTORS
        if breach.factor_reasons.get(name, "").strip()
    }
    return replace(by_facts(breach), **reasoned)
