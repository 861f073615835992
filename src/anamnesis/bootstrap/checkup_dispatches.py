"""What `doctor` says of dispatches: who is told, how many wait, and why."""

from collections.abc import Iterator
from datetime import datetime

from anamnesis.bootstrap.checkup import Finding
from anamnesis.keeper.dispatches_seen import SILENT_SECONDS_MAX, dispatches_shown
from anamnesis.settings import Settings


def dispatches_checked(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Nothing where nothing was ever set."""
    shown = dispatches_shown(settings)
    if not settings.sends and not shown["waiting"]:
        return
    waiting = f"{shown['waiting']:,} dispatches wait"
    if not settings.sends:
        yield Finding(
            "dispatches",
            "warning",
            f"{waiting} and nothing is set that could send them.",
            "Set ANAMNESIS_SMTP_HOST or ANAMNESIS_WEBHOOK_URL and start the server again.",
        )
    elif not shown["at"] or _seconds(now, shown["at"]) > SILENT_SECONDS_MAX:
        yield Finding(
            "dispatches",
            "warning",
            f"{waiting}; the process that sends them says nothing.",
            "Start the server; if it runs, look at its log for `dispatches`.",
        )
    elif shown["failure"] or shown["unread"]:
        since = f" since {shown['failing_since']}" if shown["failure"] else ""
        yield Finding(
            "dispatches",
            "problem",
            f"{waiting}; they fail with {shown['failure'] or shown['unread']}{since}.",
            "docs/reference/errors.md explains the code; they are tried again by themselves.",
        )
    else:
        yield Finding("dispatches", "ok", f"{waiting}; the last went {shown['sent_at'] or '–'}.")


def _seconds(now: datetime, at: str) -> float:
    return (now - datetime.fromisoformat(at)).total_seconds()
