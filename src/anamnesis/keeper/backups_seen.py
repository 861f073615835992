"""What the process that takes backups says of them, for the operator. Ids, counts, instants."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from anamnesis.keeper.checks import Looked
from anamnesis.seams import Clock
from anamnesis.settings import Settings

OLDEST_MAX = timedelta(hours=3)
"""A backup is taken each hour; an older one means that it is not."""
COMPARED_OLDEST_MAX = timedelta(hours=36)


def backups_shown(settings: Settings) -> dict[str, Any]:
    """Where copies go, and everything that is known of them."""
    where = {"to": settings.backup_to, "comparable": bool(settings.backup_identity)}
    try:
        known = msgspec.json.decode(settings.backups.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        known = dict.fromkeys(
            ("taken_at", "compared_at", "result", "failure", "failed_at"), ""
        ) | dict.fromkeys(("size", "bytes", "compared"), 0)
    return where | known


def backups_wrong(settings: Settings, clock: Clock) -> Looked:
    """When the newest was taken, and how much is wrong: failed, differing, or too old."""
    shown = backups_shown(settings)
    now = clock.now()

    def older(at: str, than: timedelta) -> bool:
        return bool(at) and now - datetime.fromisoformat(at) > than

    wrong = (
        bool(shown["failure"])
        + (shown["result"] == "differs")
        + older(shown["taken_at"], OLDEST_MAX)
        + (bool(shown["comparable"]) and older(shown["compared_at"], COMPARED_OLDEST_MAX))
    )
    return Looked(shown["taken_at"] or None, int(wrong))
