"""`anamnesis backup …`: copies of the journal, taken beside a running server, and compared."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import cyclopts
from rich.console import Console
from rich.table import Table

from anamnesis.backup.chain import chain
from anamnesis.backup.place import place_at
from anamnesis.backup.sealing import new_identity, unsealing
from anamnesis.backup.taking import KEY_NAME
from anamnesis.bootstrap.backing_up import compare_backup, take_backup
from anamnesis.commands.progress import bars
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.settings import Settings, chosen

EXIT_DIFFERS = 2
TITLES = {
    "taking": "Copying what is new",
    "restoring": "Restoring into a scratch place",
    "comparing": "Comparing every entry",
}

app = cyclopts.App(name="backup", help="Backups: sealed, incremental, compared by restoring them.")


@app.command
def now(*, to: str | None = None, recipient: str | None = None, data: Path | None = None) -> int:
    """Copy what the journal has that the newest backup has not; the server may run.

    Parameters
    ----------
    to
        A folder, or `s3://bucket/prefix`; else what ANAMNESIS_BACKUP_TO says.
    recipient
        The age public key to seal for; else what ANAMNESIS_BACKUP_RECIPIENT says.
    data
        The data directory.
    """
    with bars(TITLES) as stage:
        manifest = take_backup(_settings(data, to, recipient), stage)
    added = sum(one.bytes for one in manifest.segments)
    sys.stdout.write(
        f"{manifest.size:,} entries are in the backup; {added:,} bytes were added "
        f"({manifest.name}).\n"
    )
    return 0


@app.command
def compare(identity: Path, *, to: str | None = None, data: Path | None = None) -> int:
    """Restore everything into a scratch place, and compare it with the journal in use.

    Exit code 0: equal, entry by entry, with every checkpoint; 2: they differ.

    Parameters
    ----------
    identity
        The file with the age identity that opens the copies.
    to
        Where they are; else what ANAMNESIS_BACKUP_TO says.
    data
        The data directory.
    """
    with bars(TITLES) as stage:
        found = compare_backup(_settings(data, to, None), unsealing(identity), stage)
    if found.differs_at is not None:
        sys.stdout.write(f"THEY DIFFER at position {found.differs_at:,}.\n")
        return EXIT_DIFFERS
    sys.stdout.write(
        f"Equal: {found.size:,} entries. The journal has received {found.since:,} more since.\n"
    )
    return 0


@app.command(name="list")
def list_(*, to: str | None = None, data: Path | None = None) -> int:
    """Show the backups of a place, oldest first.

    Parameters
    ----------
    to
        Where they are; else what ANAMNESIS_BACKUP_TO says.
    data
        The data directory.
    """
    place = place_at(_settings(data, to, None).backup_to)
    key = VerificationKey.parse(place.get(KEY_NAME).decode().strip())
    table = Table(title=f"Backups of {key.name}", title_justify="left")
    for heading in ("taken", "entries", "added", "bytes"):
        table.add_column(heading, justify="left" if heading == "taken" else "right")
    for one in chain(place, key):
        added = sum(segment.end - segment.start for segment in one.segments)
        held = sum(segment.bytes for segment in one.segments)
        table.add_row(one.taken_at, f"{one.size:,}", f"{added:,}", f"{held:,}")
    Console().print(table)
    return 0


@app.command
def key(out: Path) -> int:
    """Make an age identity in a new file, and print the recipient that seals for it.

    Keep the file apart from the server: whoever has it can read every patient's record.

    Parameters
    ----------
    out
        The file to make; one that exists is not touched.
    """
    identity, recipient = new_identity()
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# recipient: {recipient}\n{identity}\n")
    sys.stdout.write(f"{recipient}\n")
    return 0


def _settings(data: Path | None, to: str | None, recipient: str | None) -> Settings:
    settings = chosen(os.environ, data=data)
    return replace(
        settings,
        backup_to=settings.backup_to if to is None else to,
        backup_recipient=settings.backup_recipient if recipient is None else recipient,
    )
