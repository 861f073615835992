"""Takes entries in: admits each one, has them journaled together, answers with receipts.

The order is the save protocol's: admit, journal, (the application records), read back, receipt.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec

from anamnesis.access.rights import refusal_to_write
from anamnesis.access.session import Session
from anamnesis.clinical.kinds import check_content
from anamnesis.clinical.refusal import ContentRefused
from anamnesis.journal.entry import Entry, parse_entry
from anamnesis.journal.journal import Accepted, Outcome, Submission
from anamnesis.journal.refusal import Refusal
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.messages import message
from anamnesis.keeper.readback import ReadBackLoop, Recorded
from anamnesis.keeper.received import Expected
from anamnesis.keeper.routes import Routes
from anamnesis.receipt.receipt import recorded_receipt
from anamnesis.settings import Language

REQUEST_ENTRIES_MAX = 64
REQUEST_BYTES_MAX = 4 * 1_048_576
TRACED = frozenset({"device-loss.write"})
"""Kinds of entries that are on the audit trail as well: somebody gives up what others wrote."""
LARGE_BODY_BYTES = 65_536
"""A longer body is taken apart on a thread: canonical JSON of a megabyte takes a while."""


class _Sent(msgspec.Struct):
    entries: list[msgspec.Raw]


class _Named(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(max_length=64)]


_sent = msgspec.json.Decoder(_Sent)
_named = msgspec.json.Decoder(_Named)

Admitted = Entry | Refusal
Trace = Callable[[Entry, Request, Session], object]


class EntryRoute:
    """`POST /keep/entries` (protocol, section 3)."""

    def __init__(
        self,
        intake: Intake,
        read_back: ReadBackLoop,
        trace: Trace,
        language: Callable[[Request], Language],
    ) -> None:
        self._intake = intake
        self._read_back = read_back
        self._trace = trace
        self._language = language

    def add_to(self, routes: Routes) -> None:
        """Registers it."""
        routes.add("POST", "/keep/entries", self.post)

    async def post(self, request: Request, session: Session) -> Answer:
        """200 with one result for each entry; 400 and 413 for the request as a whole."""
        body = await request.body(REQUEST_BYTES_MAX)
        if len(body) > LARGE_BODY_BYTES:
            sent, admitted = await asyncio.to_thread(_admit_all, body, session)
        else:
            sent, admitted = _admit_all(body, session)
        submissions = [Submission(one, session.id) for one in admitted if isinstance(one, Entry)]
        outcomes: list[Outcome] = []
        if submissions:
            outcomes = await self._intake.submit(submissions, len(body))
        accepted = [one for one in outcomes if isinstance(one, Accepted)]
        for new in accepted:
            if not new.duplicate and new.journaled.entry.kind in TRACED:
                self._trace(new.journaled.entry, request, session)
        recorded = await self._read_back.recorded([Expected.of(a.journaled) for a in accepted])
        language = self._language(request)
        proofs = dict(zip((a.journaled.position for a in accepted), recorded, strict=False))
        following = iter(outcomes)
        results = []
        for raw, one in zip(sent, admitted, strict=True):
            outcome = one if isinstance(one, Refusal) else next(following)
            results.append(_result(raw, outcome, proofs, language))
        return Answer.json({"results": results})


def admit(raw: bytes | msgspec.Raw, session: Session) -> Entry:
    """The entry in `raw`, if `session` may write it and it is well formed; raises `Refusal`."""
    entry = parse_entry(raw)
    code = refusal_to_write(session, entry.practice, entry.author, entry.kind)
    if code is not None:
        raise Refusal(code)
    try:
        content = msgspec.json.decode(entry.content)
        check_content(entry.kind, entry.patient, entry.encounter, entry.base, content)
    except ContentRefused as refused:
        raise Refusal(refused.code) from None
    return entry


def _admit_all(body: bytes, session: Session) -> tuple[Sequence[msgspec.Raw], list[Admitted]]:
    try:
        sent = _sent.decode(body).entries
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "malformed") from None
    if len(sent) > REQUEST_ENTRIES_MAX:
        raise Refused(400, "too-many-entries", entries_max=REQUEST_ENTRIES_MAX)
    admitted: list[Admitted] = []
    for raw in sent:
        try:
            admitted.append(admit(raw, session))
        except Refusal as refusal:
            admitted.append(refusal)
    return sent, admitted


def _result(
    raw: msgspec.Raw,
    outcome: Refusal | Outcome,
    proofs: dict[int, Recorded | None],
    language: Language,
) -> dict[str, Any]:
    if isinstance(outcome, Accepted):
        return accepted_result(outcome, proofs.get(outcome.journaled.position))
    refusal = outcome if isinstance(outcome, Refusal) else outcome.refusal
    return {
        "id": _id_of(raw),
        "outcome": "refused",
        "code": refusal.code,
        "message": message(refusal.code, language),
        **refusal.detail,
    }


def accepted_result(accepted: Accepted, recorded: Recorded | None) -> dict[str, Any]:
    """The result for a journaled entry, with what was read back of it so far."""
    receipt = accepted.receipt
    if recorded is not None:
        receipt = recorded_receipt(receipt, recorded.attested)
    return {
        "id": accepted.journaled.entry.id,
        "outcome": "receipt",
        "receipt": receipt,
        "version": recorded.shown_version if recorded is not None else None,
        "digest": recorded.shown_digest if recorded is not None else None,
    }


def _id_of(raw: msgspec.Raw) -> str | None:
    try:
        return _named.decode(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
