"""Joins backups: takes them beside a running keeper, compares them, and restores them."""

import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from anamnesis import __version__
from anamnesis.backup.chain import chain, kept
from anamnesis.backup.manifest import Manifest
from anamnesis.backup.place import Place, place_at
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.restoring import Comparison, Restored, compare, restore
from anamnesis.backup.sealing import Unseal, sealing, unsealing
from anamnesis.backup.taking import KEY_NAME, take
from anamnesis.bootstrap.backed_state import packed_state, put_state_back
from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.refusal import explained
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.seams import instant
from anamnesis.settings import Settings
from anamnesis.storage.lock import hold
from anamnesis.storage.sqlite.connection import make_directory
from anamnesis.storage.sqlite.journal import SqliteJournal, SqliteJournalReader

Stage = Callable[[str, int, int], None]


class Known(msgspec.Struct, frozen=True):
    """What `backups.json` says: instants are empty where something never happened."""

    taken_at: str = ""
    size: int = 0
    bytes: int = 0
    compared_at: str = ""
    compared: int = 0
    result: str = ""
    failure: str = ""
    failed_at: str = ""


def take_backup(settings: Settings, stage: Stage) -> Manifest:
    """Adds what is new to the place of the settings; raises BackupRefused, StartRefused."""
    if not settings.backup_to:
        raise BackupRefused("place-unknown", "Say where copies go with ANAMNESIS_BACKUP_TO.")
    place, seal = place_at(settings.backup_to), sealing(settings.backup_recipient)
    with explained():
        signer = load_signer(settings)
        with closing(SqliteJournalReader(settings.journal)) as journal:
            while True:
                manifest = take(
                    journal,
                    place,
                    seal,
                    signer,
                    __version__,
                    instant(datetime.now(UTC)),
                    packed_state(settings),
                    lambda done, of: stage("taking", done, of),
                )
                if manifest.size >= journal.size() or not manifest.segments:
                    break
    added = sum(one.bytes for one in manifest.segments)
    before = known(settings)
    _know(
        settings,
        msgspec.structs.replace(
            before,
            taken_at=manifest.taken_at,
            size=manifest.size,
            bytes=before.bytes + added,
            failure="",
            failed_at="",
        ),
    )
    return manifest


def compare_backup(settings: Settings, unseal: Unseal, stage: Stage) -> Comparison:
    """Restores everything into a scratch place and compares it with the journal in use."""
    place = place_at(settings.backup_to)
    with (
        explained(),
        closing(SqliteJournalReader(settings.journal)) as used,
        tempfile.TemporaryDirectory(prefix="compare-", dir=settings.data) as scratch,
    ):
        key = VerificationKey.of(load_signer(settings))
        with closing(SqliteJournal(Path(scratch) / "journal.db")) as store:
            restore(place, key, unseal, store, progress=lambda d, o: stage("restoring", d, o))
            found = compare(store, used, lambda done, of: stage("comparing", done, of))
    differs = found.differs_at is not None
    _know(
        settings,
        msgspec.structs.replace(
            known(settings),
            compared_at=instant(datetime.now(UTC)),
            compared=found.size,
            result="differs" if differs else "equal",
        ),
    )
    return found


def restore_backup(
    settings: Settings, place: Place, unseal: Unseal, until: datetime | None, stage: Stage
) -> Restored:
    """Makes a data directory out of a place: journal, accounts, incidents, rollout.

    The directory must have no journal yet. The signing key has to be put there from its own backup
    before the server can go on. Raises BackupRefused, StartRefused.
    """
    if settings.journal.exists():
        raise BackupRefused(
            "journal-exists",
            f"{settings.data} has a journal already. Restore into another directory, or say "
            "--replace to set what is there aside.",
        )
    key = VerificationKey.parse(place.get(KEY_NAME).decode().strip())
    with explained():
        make_directory(settings.data)
        with hold(settings.lock), closing(SqliteJournal(settings.journal)) as store:
            found = restore(
                place, key, unseal, store, until, lambda done, of: stage("restoring", done, of)
            )
    pieces = [one.state for one in chain(place, key, _said(until)) if one.state is not None]
    if pieces:
        put_state_back(settings, kept(place, pieces[-1], unseal))
    return found


def what_would_go(settings: Settings, place: Place, until: datetime | None) -> tuple[int, str]:
    """How many entries the journal in use has beyond the backup, and when the newest came."""
    key = VerificationKey.parse(place.get(KEY_NAME).decode().strip())
    manifests = chain(place, key, _said(until))
    with explained(), closing(SqliteJournalReader(settings.journal)) as used:
        size = min(manifests[-1].size, used.size())
        if until is not None:
            size = _received_until(used, instant(until), size)
        beyond = used.size() - size
        newest = used.at([used.size() - 1])[0].received_at if beyond else ""
    return beyond, newest


def set_aside(settings: Settings, now: datetime) -> Path:
    """Moves everything in the data directory into a folder of its own below it; the folder."""
    aside = settings.data / f"replaced-{now:%Y%m%dT%H%M%S}"
    with explained(), hold(settings.lock):
        aside.mkdir(mode=0o700)
        for one in settings.data.iterdir():
            moved = not one.name.startswith("replaced-") and one != settings.lock
            if moved and one.name != "signing.key":
                one.rename(aside / one.name)
    return aside


def known(settings: Settings) -> Known:
    """What is known of the copies."""
    try:
        return msgspec.json.decode(settings.backups.read_bytes(), type=Known)
    except (OSError, msgspec.DecodeError):
        return Known()


def failed(settings: Settings, code: str) -> None:
    """Remembers that a backup, or a comparison, did not succeed."""
    now = instant(datetime.now(UTC))
    _know(settings, msgspec.structs.replace(known(settings), failure=code, failed_at=now))


def identity_of(settings: Settings) -> Unseal:
    """What opens the copies on this machine; raises BackupRefused."""
    return unsealing(Path(settings.backup_identity))


def _know(settings: Settings, what: Known) -> None:
    beside = settings.backups.with_name(settings.backups.name + ".next")
    beside.write_bytes(msgspec.json.format(msgspec.json.encode(what)))
    beside.replace(settings.backups)


def _received_until(journal: JournalReader, until: str, size: int) -> int:
    """How many of the first `size` entries were received by then (they never go back)."""
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if journal.at([middle])[0].received_at <= until:
            low = middle + 1
        else:
            high = middle
    return low


def _said(until: datetime | None) -> str | None:
    return None if until is None else instant(until)
