"""What an operator writes into the platform's own breach register, journaled like anything else.

An operator belongs to no practice and has no outbox: the page sends one entry and is told whether
it is journaled. Nothing but this register can be written so.
"""

import asyncio
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import msgspec
import structlog

from anamnesis.access.account import AccountRefused
from anamnesis.access.session import Session
from anamnesis.clinical.breach import PLATFORM
from anamnesis.journal.entry import ENTRY_BYTES_MAX, Entry
from anamnesis.journal.journal import Accepted, Submission
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.accounts import commanded
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.registering import version_after
from anamnesis.keeper.routes import OPERATORS, Routes
from anamnesis.seams import Clock

_log = structlog.get_logger()


class _Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`after` is the version of the entry that a `breach.write` was made from."""

    kind: Literal["breach.write", "breach-paper.write"]
    content: dict[str, Any]
    after: int = 0


def operator_id(login: str) -> str:
    """Who an operator is in the platform's register: the same login is the same, always."""
    return str(uuid5(NAMESPACE_URL, f"anamnesis:operator:{login}"))


class OperatorRegister:
    """Takes an operator's entries, one at a time; each is on the audit trail."""

    def __init__(
        self, intake: Intake, reading: Reading, audit: AuditTrail, clock: Clock, build: str
    ) -> None:
        self._intake = intake
        self._reading = reading
        self._audit = audit
        self._clock = clock
        self._build = build
        self._one_at_a_time = asyncio.Lock()

    def add_to(self, routes: Routes) -> None:
        """Registers it."""
        routes.add("POST", "/keep/operator/register", self.post, OPERATORS)

    async def post(self, request: Request, session: Session) -> Answer:
        """200 with the entry, durable; 409 `register-changed` when another one follows already."""
        body = await request.body(ENTRY_BYTES_MAX)
        try:
            asked = msgspec.json.decode(body, type=_Asked)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Refused(400, "malformed") from None
        self._audit.require_writable()
        async with self._one_at_a_time:
            entry, is_there = await self._reading.journal(
                lambda journal: self._made(asked, session, journal)
            )
            # A paper is the same by its id, whenever the page says that it was sent.
            if asked.kind == "breach.write" and is_there not in (None, entry.digest):
                raise Refused(409, "register-changed")
            if is_there is None:
                [outcome] = await self._intake.submit([Submission(entry, session.id)], len(body))
                if not isinstance(outcome, Accepted):
                    raise Refused(409, outcome.refusal.code)
        self._audit.note("operator-act", request, session, status=200)
        _log.info("operator-registered", login=session.login, kind=asked.kind)
        return Answer.json({"entry": entry.id, "author": entry.author})

    def _made(
        self, asked: _Asked, session: Session, journal: JournalReader
    ) -> tuple[Entry, str | None]:
        """The entry, and the digest of what stands in its place already."""
        author, identifier = operator_id(session.login), str(asked.content.get("id"))
        content = asked.content
        if asked.kind == "breach.write":
            entry_id = version_after(PLATFORM, identifier, asked.after)
        else:
            entry_id = str(uuid5(NAMESPACE_URL, f"anamnesis:{asked.kind}:{identifier}"))
            content = content | {"sent_by": author, "sent_by_name": session.name}
        sequence = journal.last_sequences([author]).get(author, (0, author))[0] + 1
        try:
            entry = commanded(
                entry_id,
                asked.kind,
                PLATFORM,
                content,
                self._build,
                self._clock.now(),
                sequence,
                author=author,
            )
        except AccountRefused as refused:
            raise Refused(400, refused.code) from None
        found = journal.find([entry_id]).get(entry_id)
        return entry, None if found is None else found.entry.digest
