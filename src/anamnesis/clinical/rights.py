"""What patients may ask for (GDPR art. 17 and 18), decided by a person and kept with the reason."""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.shapes import Instant, Some, Uuid

RIGHTS_RESOURCES: Final = ("erasure", "erasure-act", "restriction")
"""Types about one patient that outlive the rest of the record; none can be withdrawn."""
REASON_CHARACTERS_MIN: Final = 20
"""Of a written reason: fewer letters are a way around the question."""

Ground: TypeAlias = Literal[
    "not-needed", "consent-withdrawn", "objection", "unlawful", "legal-obligation", "child-service"
]
"""Of erasure, in the order of GDPR art. 17(1)(a) to (f)."""
GROUNDS: Final[tuple[Ground, ...]] = get_args(Ground)
GROUNDS_BEFORE_DUE: Final[frozenset[Ground]] = frozenset({"unlawful", "legal-obligation"})
"""Those that do not wait for the end of the retention period: what was never lawful to hold, or a
law or court that orders it. The others yield to the care that is kept for (art. 17(3)(b), (c))."""
Asker: TypeAlias = Literal["patient", "representative", "authority", "practice"]
ASKERS: Final[tuple[Asker, ...]] = get_args(Asker)
"""Who asked for an erasure."""
RestrictionGround: TypeAlias = Literal["contested", "unlawful", "claims", "objection"]
"""Of restriction, in the order of GDPR art. 18(1)(a) to (d)."""
RESTRICTION_GROUNDS: Final[tuple[RestrictionGround, ...]] = get_args(RestrictionGround)


class _Decided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who signed the decision, and why it was taken."""

    id: Uuid
    reason: Some
    by: Uuid
    by_name: Some
    at: Instant


class Erasure(_Decided, frozen=True):
    """`erasure.write`: everything before it about this patient is to be erased."""

    ground: Ground
    asked_by: Asker


class ErasureAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`erasure-act.write`: the erasure was carried out, `entries` contents are no more."""

    id: Uuid
    erasure: Uuid
    entries: Annotated[int, msgspec.Meta(ge=0)]


class Restriction(_Decided, frozen=True):
    """`restriction.write`: from now on the record is only kept, or is no longer only kept."""

    restricted: bool
    ground: RestrictionGround


def check_right(decided: Erasure | Restriction) -> None:
    """Raises ContentRefused (`right-without-reason`) for a decision without a written reason."""
    if len("".join(decided.reason.split())) < REASON_CHARACTERS_MIN:
        raise ContentRefused(
            "right-without-reason",
            f"The decision needs a written reason (at least {REASON_CHARACTERS_MIN} characters).",
        )
