"""What the process that tells people outside says of itself, for the operator. Never a content."""

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from anamnesis.keeper.checks import Looked
from anamnesis.seams import Clock
from anamnesis.settings import Settings

SILENT_SECONDS_MAX: Final = 180.0
"""It says something every thirty seconds, or within a minute where a server does not answer."""
GIVEN_UP_SHOWN: Final = timedelta(days=7)
"""How long a dispatch that reached nobody counts as wrong."""
_INSTANTS: Final = ("oldest_at", "failure", "failing_since", "sent_at", "given_up_at")


def dispatches_shown(settings: Settings) -> dict[str, Any]:
    """What is set, and what the process said last; `at` is empty if it never did."""
    where: dict[str, Any] = {
        "mail": len(settings.operator_mail) if settings.smtp_host else 0,
        "webhook": bool(settings.webhook_url),
    }
    try:
        said = msgspec.json.decode(settings.dispatches_state.read_bytes(), type=dict[str, Any])
        at, unread, queue = said["at"], said["unread"], dict(said["queue"])
    except (OSError, msgspec.DecodeError, KeyError, TypeError):
        at, unread, queue = "", "", {"waiting": 0, "given_up": 0}
    return dict.fromkeys(_INSTANTS) | where | {"at": at, "unread": unread} | queue


def dispatches_wrong(settings: Settings, clock: Clock, started_at: str) -> Looked:
    """When it spoke last, and how much is wrong: it fails, reads nothing, or gave something up."""
    shown = dispatches_shown(settings)
    given_up_at = shown["given_up_at"]
    lately = given_up_at and clock.now() - datetime.fromisoformat(given_up_at) < GIVEN_UP_SHOWN
    wrong = bool(shown["failure"]) + bool(shown["unread"]) + bool(lately)
    return Looked(shown["at"] or started_at, wrong)
