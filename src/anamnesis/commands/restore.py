"""`anamnesis restore`: a data directory made out of a backup, up to any instant."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from anamnesis.backup.place import place_at
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.sealing import unsealing
from anamnesis.bootstrap.backing_up import restore_backup, set_aside, what_would_go
from anamnesis.commands.progress import bars
from anamnesis.settings import chosen

TITLES = {"restoring": "Restoring the journal"}


def restore(
    origin: str,
    identity: Path,
    *,
    until: datetime | None = None,
    replace: bool = False,
    data: Path | None = None,
) -> int:
    """Make the data directory out of a backup: journal, accounts, incidents, rollout.

    What is there already is never replaced without saying what would go: without `--replace`
    nothing is changed, with it what is there is set aside in a folder of its own.

    Parameters
    ----------
    origin
        Where the backup is: a folder, or `s3://bucket/prefix`.
    identity
        The file with the age identity that opens the copies.
    until
        Leave out what was received after this instant (UTC, or with an offset).
    replace
        Set aside what is there, although the backup does not have all of it.
    data
        The data directory.
    """
    settings, place = chosen(os.environ, data=data), place_at(origin)
    at = None if until is None else until.astimezone(UTC) if until.tzinfo else _utc(until)
    unseal = unsealing(identity)
    if settings.journal.exists():
        beyond, newest = what_would_go(settings, place, at)
        if not replace:
            raise BackupRefused("journal-exists", _warning(beyond, newest))
        sys.stdout.write(f"Set aside in {set_aside(settings, datetime.now(UTC))}.\n")
    with bars(TITLES) as stage:
        found = restore_backup(settings, place, unseal, at, stage)
    sys.stdout.write(
        f"{found.size:,} entries are back, the newest received at {found.received_at}; every "
        f"checkpoint and the whole tree verify. The backup was taken at {found.taken_at}.\n"
    )
    if found.left_out:
        sys.stdout.write(f"{found.left_out:,} later entries of the backup were left out.\n")
    sys.stdout.write(
        "Not in it: what was received after that. Devices send again what they still hold; the "
        "receipts that practitioners have say what else there was.\n"
    )
    if not settings.signing_key.exists():
        sys.stdout.write("Put signing.key back from its own backup before you start the server.\n")
    return 0


def _warning(beyond: int, newest: str) -> str:
    if not beyond:
        return "There is a journal already, and the backup has all of it. Nothing was changed."
    return (
        f"There is a journal already, and it has {beyond:,} entries that would go, the newest "
        f"received at {newest}. Nothing was changed. --replace sets it aside and goes on."
    )


def _utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)
