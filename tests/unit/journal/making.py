"""Entries, clocks and journals for tests; everything comes from what the test passes in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from anamnesis.journal.entry import Entry, parse_entry
from anamnesis.journal.journal import Accepted, Journal, Outcome, Refused, Submission
from anamnesis.journal.store import JournalReader, JournalStore
from anamnesis.journal.verification import JournalVerified, verify_journal
from anamnesis.receipt.canonical import digest
from anamnesis.receipt.receipt import verify_receipt
from anamnesis.receipt.signer import Ed25519Signer

SIGNER = Ed25519Signer("anamnesis.example", bytes(range(32)))
KEY = SIGNER.verification_key
SESSION = "a-session"


def uuid(number: int) -> str:
    """The version 7 identifier that stands for a number."""
    return str(UUID(int=0x0193_0000_0000_7000_8000_0000_0000_0000 + number))


PRACTICE, AUTHOR, PATIENT, ENCOUNTER, DEVICE = (uuid(0xA0000 + number) for number in range(5))


def sections(motif: str) -> dict[str, Any]:
    return {"sections": {"motif": motif, "interrogatoire": "", "examen": "", "conclusion": ""}}


def wire(number: int, **changed: object) -> dict[str, Any]:
    """An entry as sent; the digest is that of the content unless it is changed too."""
    entry: dict[str, Any] = {
        "id": uuid(number),
        "kind": "note.write",
        "practice": PRACTICE,
        "author": AUTHOR,
        "patient": PATIENT,
        "encounter": ENCOUNTER,
        "device": DEVICE,
        "sequence": number,
        "base": None,
        "build": "0.1.0",
        "features": ["share", "template"],
        "typed_at": "2026-11-23T14:02:11.123Z",
        "content": sections(f"Toux fébrile n° {number}"),
    }
    entry |= changed
    return {"digest": digest(entry["content"]), **entry}


def entry(number: int, **changed: object) -> Entry:
    return parse_entry(msgspec.json.encode(wire(number, **changed)))


def submission(number: int, **changed: object) -> Submission:
    return Submission(entry(number, **changed), SESSION)


class SteppingClock:
    """A clock that the test sets; it goes on by a millisecond each time it is read."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self.moment += timedelta(milliseconds=1)
        return self.moment

    def monotonic(self) -> float:
        return 0.0


def journal_over(store: JournalStore, clock: SteppingClock | None = None) -> Journal:
    return Journal(store, SIGNER, SteppingClock() if clock is None else clock)


def accepted(outcome: Outcome) -> Accepted:
    assert isinstance(outcome, Accepted), outcome
    return outcome


def refused(outcome: Outcome) -> tuple[str, dict[str, object]]:
    assert isinstance(outcome, Refused), outcome
    return outcome.refusal.code, outcome.refusal.detail


def proves(outcome: Accepted) -> None:
    """The receipt verifies on its own, for this entry at this place with this content."""
    journaled = outcome.journaled
    verified = verify_receipt(outcome.receipt, KEY, journaled.entry.content)
    assert (verified.entry, verified.position) == (journaled.entry.id, journaled.position)
    assert (verified.digest, verified.content_checked) == (journaled.entry.digest, True)


def whole(store: JournalReader) -> JournalVerified:
    return verify_journal(store, KEY)
