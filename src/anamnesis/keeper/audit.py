"""Writes the audit trail in batches, off the path of the request that is looked at."""

import asyncio

import structlog

from anamnesis.access.audit import AuditEvent, AuditKind, Looked, looked_at
from anamnesis.access.session import Session
from anamnesis.journal.entry import Entry
from anamnesis.keeper.http import Refused, Request
from anamnesis.keeper.sessions import AccessThread
from anamnesis.record.resource_model import Share
from anamnesis.seams import Clock, instant

FLUSHED_EVERY_SECONDS = 0.5
WAITING_MAX = 5_000
"""Events not yet written; beyond, records stay closed: a look nobody can trace is not given."""
PATH_CHARACTERS_MAX = 300
LOOKED_EVERY_SECONDS = 60.0
"""An operator's page that asks again and again is one look in so long."""
LOOKS_MAX = 1_000
"""Pages of which it is remembered when an operator last looked."""

_log = structlog.get_logger()


class AuditTrail:
    """Collects events and writes them down together."""

    def __init__(self, access: AccessThread, clock: Clock) -> None:
        self._access = access
        self._clock = clock
        self._waiting: list[AuditEvent] = []
        self._flushing = asyncio.Lock()
        self._failing = False
        self._looked: dict[tuple[str, str], float] = {}
        self.written_at: str | None = None
        """When events were last made durable."""

    @property
    def failing(self) -> bool:
        """Whether the last batch could not be written."""
        return self._failing

    def note(
        self,
        kind: AuditKind,
        request: Request,
        session: Session | None,
        login: str = "",
        looked: Looked | None = None,
        status: int | None = None,
    ) -> None:
        """Adds one event; it is durable within `FLUSHED_EVERY_SECONDS`."""
        operators = kind in ("operator-look", "operator-act")
        self._waiting.append(
            AuditEvent(
                at=instant(self._clock.now()),
                kind=kind,
                login=session.login if session else login,
                practitioner=(session.practitioner or None) if session else None,
                practice=(session.practice or None) if session else None,
                session=session.id if session else None,
                address=request.address,
                patient=looked.patient if looked else None,
                encounter=looked.encounter if looked else None,
                entry=looked.entry if looked else None,
                path=request.path[:PATH_CHARACTERS_MAX] if looked or operators else None,
                status=status,
            )
        )

    def look(self, request: Request, session: Session, status: int | None) -> None:
        """Adds a look at somebody's record, or at an operator's page, if the request was one."""
        if session.role == "operator":
            self._operator_look(request, session, status)
            return
        looked = looked_at(request.path) if request.method in ("GET", "HEAD") else None
        if looked is not None:
            self.note("look", request, session, looked=looked, status=status)

    def _operator_look(self, request: Request, session: Session, status: int | None) -> None:
        """One event for each page, and one a minute for a page that is left open and asks."""
        if request.method not in ("GET", "HEAD") or "/operator" not in request.path:
            return
        now = self._clock.monotonic()
        seen = (session.id, request.path)
        if now - self._looked.get(seen, -LOOKED_EVERY_SECONDS) < LOOKED_EVERY_SECONDS:
            return
        if len(self._looked) >= LOOKS_MAX:
            self._looked.clear()
        self._looked[seen] = now
        self.note("operator-look", request, session, status=status)

    def gave_up(self, entry: Entry, request: Request, session: Session) -> None:
        """Adds that somebody declared a device lost, by this entry."""
        looked = Looked(entry.patient, entry.encounter, entry.id)
        self.note("device-loss", request, session, looked=looked, status=200)

    def share_event(
        self,
        kind: AuditKind,
        request: Request,
        share: Share,
        session: Session | None,
        status: int | None,
    ) -> AuditEvent:
        """What was done with a share, for the trail of the practice that shared.

        `session` is the colleague's. The request's path must not be the link's own.
        """
        return AuditEvent(
            at=instant(self._clock.now()),
            kind=kind,
            login=session.login if session else "",
            practitioner=session.practitioner if session else None,
            practice=share.practice,
            session=session.id if session else None,
            address=request.address,
            patient=share.patient,
            path=request.path[:PATH_CHARACTERS_MAX],
            status=status,
            share=share.share,
        )

    def share(
        self,
        kind: AuditKind,
        request: Request,
        share: Share,
        session: Session | None,
        status: int | None,
    ) -> None:
        """Adds what was done with a share (see `share_event`)."""
        self._waiting.append(self.share_event(kind, request, share, session, status))

    def require_room(self, request: Request) -> None:
        """Raises `Refused` 503 `audit-unavailable` if a look could not be traced."""
        if looked_at(request.path) is not None:
            self.require_writable()

    def require_writable(self) -> None:
        """Raises `Refused` 503 `audit-unavailable` if nothing could be traced now."""
        if self._failing or len(self._waiting) >= WAITING_MAX:
            raise Refused(503, "audit-unavailable")

    async def flush(self) -> None:
        """Makes everything added so far durable. What cannot be written stays waiting."""
        async with self._flushing:
            batch = self._waiting[:WAITING_MAX]
            if batch:
                await self._access.run(lambda store: store.record(batch))
                del self._waiting[: len(batch)]
            self.written_at = instant(self._clock.now())

    async def run(self) -> None:
        """Flushes until cancelled.

        While the store refuses, records stay closed (`require_room`) and every batch is
        tried again.
        """
        while True:
            await asyncio.sleep(FLUSHED_EVERY_SECONDS)
            try:
                await self.flush()
            except Exception as failure:  # noqa: BLE001 - tried again; meanwhile records are closed
                if not self._failing:
                    _log.error("audit-not-written", failure=type(failure).__name__)
                self._failing = True
            else:
                self._failing = False
