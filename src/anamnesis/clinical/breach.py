"""What an entry of the breach register holds (GDPR art. 33(5)), and a paper that was sent.

Shapes only: what follows from the values is the incident package's affair. Counts that nobody has
yet are null; factors of severity are in hundredths, since canonical JSON has whole numbers only.
"""

import base64
from typing import Annotated, Final, Literal, TypeAlias, get_args
from uuid import NAMESPACE_URL, uuid5

import msgspec

from anamnesis.clinical.refusal import ContentRefused
from anamnesis.clinical.shapes import Digest, Instant, MailAddress, Some, Uuid
from anamnesis.receipt.canonical import digest_bytes

REGISTER_RESOURCES: Final = ("breach", "breach-paper", "provenance", "device-loss")
"""Types of the breach register and what it rests on: every version stays, none is withdrawn."""

PLATFORM: Final = str(uuid5(NAMESPACE_URL, "anamnesis:platform"))
"""The practice whose register is the platform's own, where it is a processor."""
REASON_CHARACTERS_MIN: Final = 20
"""Of a written reason: fewer letters are a way around the question."""

Role: TypeAlias = Literal["controller", "processor"]
"""Whose register it is: art. 33(1) binds a controller, art. 33(2) a processor."""
Permanence: TypeAlias = Literal["recoverable", "temporal", "permanent"]
Loss: TypeAlias = Literal["confidentiality", "integrity", "availability"]
Cause: TypeAlias = Literal[
    "internal-accidental",
    "internal-malicious",
    "external-accidental",
    "external-malicious",
    "other",
    "unknown",
]
DiscoveredBy: TypeAlias = Literal[
    "reconciliation", "sentinel", "guard", "practitioner", "patient", "processor", "other"
]
DataCategory: TypeAlias = Literal["health", "identity", "contact", "national-identifier", "other"]
SubjectCategory: TypeAlias = Literal["patients", "minors", "practitioners", "other"]
Harm: TypeAlias = Literal[
    "loss-of-control",
    "limitation-of-rights",
    "care-delayed",
    "care-wrong",
    "discrimination",
    "other",
]
PaperType: TypeAlias = Literal[
    "processor-to-controller",
    "authority-initial",
    "authority-complement",
    "patients",
    "health-report",
    "practitioner",
]
PAPERS: Final[tuple[PaperType, ...]] = get_args(PaperType)

_Instant: TypeAlias = Annotated[
    str,
    msgspec.Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)?\Z"),
]
_Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]

MAILED_TO_MAX: Final = 20
"""Addresses of one paper."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Has exactly the members that are named: nothing would keep another."""


class Factors(_Part, frozen=True):
    """ENISA's: context 1 to 4, the others in hundredths."""

    context: Annotated[int, msgspec.Meta(ge=1, le=4)]
    identification: Literal[25, 50, 75, 100]
    confidentiality: Literal[0, 25, 50]
    integrity: Literal[0, 25, 50]
    availability: Literal[0, 25, 50]
    malice: Literal[0, 50]


class Decision(_Part, frozen=True):
    """What a person decided: to notify the authority, to inform the patients, and why."""

    notify: bool
    inform: bool
    notify_reason: str
    inform_reason: str
    by: Uuid
    by_name: str
    at: Instant


def _check_decision(decision: Decision) -> None:
    """Raises ContentRefused where a no has no written reason.

    Not to notify always needs one (GDPR art. 33(1) and (5)); so does not to inform (art. 34), for
    what is presumed may change after somebody decided.
    """
    if not decision.notify and not _is_reason(decision.notify_reason):
        raise ContentRefused(
            "not-notified-without-reason",
            "Not to notify the authority needs a written reason "
            f"(at least {REASON_CHARACTERS_MIN} characters).",
        )
    if not decision.inform and not _is_reason(decision.inform_reason):
        raise ContentRefused(
            "not-informed-without-reason",
            "Not to inform the patients needs a written reason "
            f"(at least {REASON_CHARACTERS_MIN} characters).",
        )


def _is_reason(text: str) -> bool:
    return len("".join(text.split())) >= REASON_CHARACTERS_MIN


class Extent(_Part, frozen=True):
    """How many are concerned; `approximate` as art. 33(3)(a) allows."""

    patients: _Count | None
    encounters: _Count | None
    texts: _Count | None
    brought_back: _Count | None
    lost: _Count | None
    practitioners: _Count | None
    practices: _Count | None
    approximate: bool


class Breach(_Part, frozen=True):
    """`breach.write`: an entry of the register, whole each time.

    `incident` is the number of the incident it was opened from, null for one entered by hand.
    Instants are empty where nobody knows them yet; `aware_at` never is.
    """

    id: Uuid
    incident: int | None
    role: Role
    title: Some
    established: bool
    losses: tuple[Loss, ...]
    permanence: Permanence
    started_at: _Instant
    ended_at: _Instant
    aware_at: Instant
    aware_reason: Some
    discovered_by: DiscoveredBy
    unavailable_minutes: _Count
    facts: str
    origin: str
    cause: Cause
    processors: str
    extent: Extent
    subjects: tuple[SubjectCategory, ...]
    data: tuple[DataCategory, ...]
    vulnerable: bool
    effect: Literal["yes", "no", "unknown"]
    consequences: str
    harms: tuple[Harm, ...]
    measures_before: str
    measures_taken: str
    measures_planned: str
    factors: Factors
    factor_reasons: dict[str, str]
    decision: Decision | None
    delay_reason: str
    contact: str
    other_authorities: str


class BreachPaper(_Part, frozen=True):
    """`breach-paper.write`: a paper as it was sent, made from a version of the register's entry.

    `data` is the file in Base64, `sha256` the digest of the file. `mail`: where the server sends it
    by e-mail, because whoever wrote this asked for that; empty for one that was sent by hand.
    `receiver` is the practice or practitioner it is for, empty for nobody in particular;
    `sent_by_name` says who an operator is, whom no directory has.
    """

    id: Uuid
    breach: Uuid
    breach_version: Annotated[int, msgspec.Meta(ge=1)]
    type: PaperType
    language: Literal["fr", "en"]
    to: tuple[Some, ...]
    subject: Some
    text: str
    media_type: str
    data: str
    sha256: Digest
    sent_at: Instant
    sent_by: Uuid
    reference: str
    mail: Annotated[tuple[MailAddress, ...], msgspec.Meta(max_length=MAILED_TO_MAX)] = ()
    receiver: str = ""
    sent_by_name: str = ""


def _check_paper(paper: BreachPaper) -> None:
    """Raises ContentRefused (`malformed`) unless the file that is kept is the one digested."""
    try:
        file = base64.b64decode(paper.data, validate=True)
    except ValueError:
        file = None
    if file is None or digest_bytes(file) != paper.sha256:
        raise ContentRefused("malformed", "The paper is not the file that was digested.")


def check_register(found: object) -> None:
    """Raises ContentRefused for what the register may not take: see each check."""
    if isinstance(found, BreachPaper):
        _check_paper(found)
    if isinstance(found, Breach) and found.decision is not None:
        _check_decision(found.decision)
