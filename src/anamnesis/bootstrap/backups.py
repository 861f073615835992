"""The process that takes backups: each hour what is new, each night a restore is compared."""

import os
import sys
import time
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from anamnesis.backup.refusal import BackupRefused
from anamnesis.bootstrap.backing_up import (
    Known,
    compare_backup,
    failed,
    identity_of,
    known,
    take_backup,
)
from anamnesis.bootstrap.logs import log_to_stderr
from anamnesis.bootstrap.refusal import StartRefused, exit_code
from anamnesis.settings import Settings, chosen

TAKEN_EVERY: Final = timedelta(hours=1)
COMPARED_FROM_HOUR: Final = 2
"""Of the night, in the practice's time."""
LOOKED_EVERY_SECONDS: Final = 60.0
TRIED_AGAIN_AFTER: Final = timedelta(minutes=10)
POLITENESS: Final = 15
ZONE: Final = ZoneInfo("Europe/Paris")

_log = structlog.get_logger()


def wanted(found: Known, now: datetime, *, comparable: bool) -> tuple[bool, bool]:
    """Whether a backup, and whether a comparison, is due at `now` (pure).

    A comparison is due once for each day, from COMPARED_FROM_HOUR of the night on; the first one
    at once. After a failure nothing is due for TRIED_AGAIN_AFTER.
    """
    if found.failed_at and now - _instant(found.failed_at) < TRIED_AGAIN_AFTER:
        return False, False
    takes = not found.taken_at or now - _instant(found.taken_at) >= TAKEN_EVERY
    if not comparable or not found.compared_at:
        return takes, comparable
    local, before = now.astimezone(ZONE), _instant(found.compared_at).astimezone(ZONE)
    return takes, local.hour >= COMPARED_FROM_HOUR and local.date() > before.date()


def look(settings: Settings, now: datetime) -> None:
    """Does what is due at `now`; a failure is remembered, and tried again after a while."""
    takes, compares = wanted(known(settings), now, comparable=bool(settings.backup_identity))
    try:
        if takes:
            take_backup(settings, _unseen)
        if compares:
            compared = compare_backup(settings, identity_of(settings), _unseen)
            if compared.differs_at is not None:
                _log.error("backup-differs", position=compared.differs_at)
    except (BackupRefused, StartRefused) as refused:
        _log.error("backup-failed", code=refused.code)
        failed(settings, refused.code)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _unseen(_stage: str, _done: int, _of: int) -> None:
    pass


def run_backups(settings: Settings) -> int:
    """The process under supervision; ends only by being ended."""
    log_to_stderr("backups")
    os.nice(POLITENESS)
    while True:
        look(settings, datetime.now(ZONE))
        time.sleep(LOOKED_EVERY_SECONDS)


def main() -> None:
    """`python -m anamnesis.bootstrap.backups`, by supervision only."""
    sys.exit(exit_code(lambda: run_backups(chosen(os.environ))))


if __name__ == "__main__":
    main()
