"""The audit trail: who signed in, who was refused, and who looked at whom."""

import re
from typing import Literal

import msgspec

AuditKind = Literal[
    "sign-in",
    "sign-in-refused",
    "sign-in-limited",
    "sign-out",
    "look",
    "account-created",
    "operator-look",
    "operator-act",
    "share-opened",
    "share-refused",
    "device-loss",
]

_PATIENT = re.compile(r"/patients/([0-9a-f-]{36})(?=/|$)")
_ENCOUNTER = re.compile(r"/encounters/([0-9a-f-]{36})(?=/|$)")
_SEARCH = re.compile(
    r"(?:(?:/api/v1)?/search|/keep/journal/(?:encounters|patients)|/keep/devices)\Z"
)
_RECEIPT = re.compile(r"/receipts/([0-9a-f-]{36})(?=/|$)")


class AuditEvent(msgspec.Struct, frozen=True):
    """One thing somebody did (FHIR AuditEvent). Ids only: never a patient's name or text.

    What was done with a share is on the trail of the practice that shared; `practitioner` is then
    the colleague's, None for whoever had the link and the code.
    """

    at: str
    kind: AuditKind
    login: str
    practitioner: str | None
    practice: str | None
    session: str | None
    address: str
    patient: str | None = None
    encounter: str | None = None
    entry: str | None = None
    path: str | None = None
    status: int | None = None
    share: str | None = None


class Looked(msgspec.Struct, frozen=True):
    """What a path shows of somebody."""

    patient: str | None
    encounter: str | None
    entry: str | None


def looked_at(path: str) -> Looked | None:
    """Whom a GET of `path` shows, or None if it shows nobody.

    A search, like a list from the journal, shows whoever it finds: it is a look at nobody in
    particular.
    """
    patient = _PATIENT.search(path)
    encounter = _ENCOUNTER.search(path)
    entry = _RECEIPT.search(path)
    found = _SEARCH.fullmatch(path)
    if patient is None and encounter is None and entry is None and found is None:
        return None
    return Looked(
        patient.group(1) if patient else None,
        encounter.group(1) if encounter else None,
        entry.group(1) if entry else None,
    )
