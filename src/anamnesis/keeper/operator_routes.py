"""The operator's routes: the view, and what an operator may decide from it."""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from anamnesis.access.session import Session
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.control import in_mode_of
from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.http import JSON, Answer, Refused, Request
from anamnesis.keeper.operator_view import OperatorView
from anamnesis.keeper.routes import OPERATORS, Routes
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.rollout import OPERATOR, Mode, Rollout
from anamnesis.seams import Clock, instant

BODY_BYTES_MAX = 1_024

_log = structlog.get_logger()

Change = Callable[[Rollout], Rollout]


class _Asked(msgspec.Struct):
    mode: Mode


class OperatorRoutes:
    """Every decision is on the audit trail, with who took it."""

    def __init__(
        self, view: OperatorView, guarding: Guarding, audit: AuditTrail, clock: Clock
    ) -> None:
        self._view = view
        self._guarding = guarding
        self._audit = audit
        self._clock = clock

    def add_to(self, routes: Routes) -> None:
        """Registers them."""
        routes.add("GET", "/keep/operator", self.view, OPERATORS)
        for act in ("suspend", "resume", "withdraw"):
            routes.add("POST", f"/keep/operator/features/{{}}/{act}", self.feature, OPERATORS)
        routes.add("POST", "/keep/operator/mode", self.mode, OPERATORS)

    async def view(self, _request: Request, _session: Session) -> Answer:
        """Everything, as it is now."""
        return Answer(200, await self._view.current(), JSON, [(b"cache-control", b"no-store")])

    async def feature(self, request: Request, session: Session) -> Answer:
        """Suspends, resumes or withdraws one feature; the rollout then in force."""
        *_, name, act = request.path.split("/")
        at = instant(self._clock.now())
        if act == "suspend":
            return await self._decide(
                request, session, lambda rollout: rollout.suspended(name, at, OPERATOR)
            )
        # What lets code run, or forgets it, is not done without a trace.
        self._audit.require_writable()
        if act == "resume":
            return await self._decide(
                request, session, lambda rollout: rollout.resumed(name).in_mode("features")
            )
        return await self._decide(request, session, lambda rollout: rollout.withdrawn(name))

    async def mode(self, request: Request, session: Session) -> Answer:
        """Lets features run, none (safe), or asks the application for nothing (journal-only)."""
        try:
            asked = msgspec.json.decode(await request.body(BODY_BYTES_MAX), type=_Asked)
        except msgspec.DecodeError:
            raise Refused(400, "malformed") from None
        if asked.mode == "features":
            self._audit.require_writable()
        change = in_mode_of(asked.mode, instant(self._clock.now()))
        return await self._decide(request, session, change)

    async def _decide(self, request: Request, session: Session, change: Change) -> Answer:
        try:
            rollout = await asyncio.to_thread(self._guarding.decide, change)
        except RolloutRefused as refused:
            self._audit.note("operator-act", request, session, status=409)
            raise Refused(409, refused.code) from None
        self._audit.note("operator-act", request, session, status=200)
        _log.warning("operator-decided", login=session.login, path=request.path)
        return Answer.json(rollout)
