"""What anyone may ask: health, and what it takes to verify a receipt elsewhere."""

from base64 import b64encode
from collections.abc import Callable

from anamnesis.journal.journal import Journal
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.http import Answer, Refused, Request
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.push import Push
from anamnesis.keeper.readback import ReadBackLoop
from anamnesis.keeper.routes import Routes
from anamnesis.keeper.vigilance import Vigilance

SIZE_DIGITS_MAX = 15


class StatusRoutes:
    """The public routes of section 2."""

    def __init__(
        self,
        intake: Intake,
        read_back: ReadBackLoop,
        push: Push,
        audit: AuditTrail,
        vigilance: Vigilance,
        application: Callable[[], str],
        journaled: Callable[[], int],
        verification_key: str,
        build: str,
    ) -> None:
        self._intake = intake
        self._read_back = read_back
        self._push = push
        self._audit = audit
        self._vigilance = vigilance
        self._application = application
        self._journaled = journaled
        self._verification_key = verification_key
        self._build = build

    def add_to(self, routes: Routes) -> None:
        """Registers them."""
        routes.add_public("GET", "/keep/health", self.health)
        routes.add_public("GET", "/keep/checkpoint", self.checkpoint)
        routes.add_public("GET", "/keep/key", self.key)
        routes.add_public("GET", "/keep/consistency", self.consistency)

    async def health(self, _request: Request) -> Answer:
        """Counts only: nothing that tells whose record this is."""
        return Answer.json(
            {
                "keeper": "up",
                "application": self._application(),
                "journal": self._intake.state,
                "record": "up" if self._read_back.available else "unavailable",
                "audit": "unavailable" if self._audit.failing else "up",
                "journaled": self._journaled(),
                "recorded": self._read_back.applied,
                "disagreements": len(self._read_back.disagreements),
                "made_anew": self._vigilance.repair.orders,
                "swept": self._vigilance.sweep.mark.position,
                "swept_at": self._vigilance.sweep.mark.completed_at,
                "features": len(self._vigilance.guarding.rollout.active()),
                "mode": self._vigilance.guarding.rollout.mode,
                "guard": self._vigilance.guard.state,
                "sentinels": self._vigilance.sentinels.state,
                "synthetic": self._vigilance.sentinels.synthetic,
                "streams": len(self._push),
                "build": self._build,
            }
        )

    async def checkpoint(self, _request: Request) -> Answer:
        """The newest signed checkpoint."""
        return Answer.text(await self._intake.ask(lambda journal: journal.checkpoint()))

    async def key(self, _request: Request) -> Answer:
        """The verification key."""
        return Answer.text(self._verification_key + "\n")

    async def consistency(self, request: Request) -> Answer:
        """The proof that an earlier journal begins a later one (RFC 9162, section 2.1.4)."""
        query = request.query()
        old, new = _size(query.get("from")), _size(query.get("to"))

        def question(journal: Journal) -> list[bytes] | None:
            return journal.consistency(old, new) if old <= new <= journal.size else None

        proof = await self._intake.ask(question)
        if proof is None:
            raise Refused(404, "size-unknown")
        encoded = [b64encode(node).decode() for node in proof]
        return Answer.json({"from": old, "to": new, "proof": encoded})


def _size(text: str | None) -> int:
    if text is None or not text.isdecimal() or len(text) > SIZE_DIGITS_MAX:
        raise Refused(400, "malformed")
    return int(text)
