"""Looks over a data directory: what is wrong, and what to do about it. Changes nothing in it."""

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import apsw

from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.rebuilding import UNREADABLE
from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.store import JournalReader
from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.record.comparison import compare
from anamnesis.record.rebuild import rebuild
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.connection import SQLITE_MIN
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader, SqliteRecordWriter

FREE_BYTES_MIN = 256 * 1024 * 1024
FREE_BYTES_ENOUGH = 2 * 1024 * 1024 * 1024
CLOCK_AHEAD_MAX = timedelta(minutes=2)
BUILT_NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
LOCKS = Path("/proc/locks")
COMPARED_TRIES = 3
OUTSTANDING_NAMED_MAX = 5

State = Literal["ok", "warning", "problem"]
Stage = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `do` is what the operator does about it, if anything."""

    check: str
    state: State
    found: str
    do: str = ""


def look_over(settings: Settings, now: datetime, stage: Stage) -> Iterator[Finding]:
    """Every finding, in the order in which they should be dealt with."""
    if not settings.data.is_dir():
        yield Finding(
            "data",
            "problem",
            f"There is no data directory {settings.data}.",
            "Name the right one with --data, or start the server once to make it.",
        )
        return
    yield from _disk(settings.data)
    yield from _permissions(settings)
    yield _sqlite()
    yield _lock(settings)
    key = _key(settings)
    if isinstance(key, Finding):
        yield key
        return
    yield Finding("key", "ok", f"The journal is signed as {key.name}.")
    yield from _journal_and_record(settings, key, now, stage)


def _disk(data: Path) -> Iterator[Finding]:
    try:
        with tempfile.NamedTemporaryFile(dir=data, prefix="doctor-") as file:
            file.write(b"written by anamnesis doctor")
            file.flush()
            os.fsync(file.fileno())
    except OSError as refused:
        yield Finding(
            "disk-writable",
            "problem",
            f"{data} cannot be written: {refused.strerror}.",
            "Saving is answered with `unknown` until it can: devices keep their texts. Mount it "
            "read-write, or give it back to the account the server runs as.",
        )
    else:
        yield Finding("disk-writable", "ok", f"{data} can be written and flushed.")
    free = shutil.disk_usage(data).free
    shown = f"{free / 1024**3:.1f} GiB free."
    if free < FREE_BYTES_MIN:
        yield Finding("disk-space", "problem", shown, "Make room now: a full disk stops saving.")
    elif free < FREE_BYTES_ENOUGH:
        yield Finding("disk-space", "warning", shown, "Make room soon.")
    else:
        yield Finding("disk-space", "ok", shown)


def _permissions(settings: Settings) -> Iterator[Finding]:
    paths = [settings.data, settings.signing_key, settings.journal, settings.record]
    open_to_others = [
        path
        for path in [*paths, settings.access]
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077 and _reachable(settings.data)
    ]
    if open_to_others:
        names = ", ".join(path.name for path in open_to_others)
        yield Finding(
            "permissions",
            "problem",
            f"Other accounts of this machine may read {names}.",
            f"chmod -R go= {settings.data}",
        )
    else:
        yield Finding("permissions", "ok", "Only the server's own account may read its files.")


def _reachable(data: Path) -> bool:
    """Whether others may enter the directory at all: if not, the files' own modes do not matter."""
    return bool(stat.S_IMODE(data.stat().st_mode) & 0o077)


def _sqlite() -> Finding:
    version = apsw.sqlite_lib_version()
    if tuple(int(part) for part in version.split(".")) < SQLITE_MIN:
        return Finding(
            "sqlite",
            "problem",
            f"SQLite {version} can corrupt a database when its log is reset.",
            "Install the locked dependencies again (make run does).",
        )
    return Finding("sqlite", "ok", f"SQLite {version}.")


def _lock(settings: Settings) -> Finding:
    """Asks the kernel instead of trying: a keeper that starts at this moment must get its lock."""
    try:
        held = LOCKS.read_text(encoding="ascii")
        inode = settings.lock.stat().st_ino
    except FileNotFoundError:
        return Finding("lock", "ok", "No keeper is known to run on this directory.")
    holders = re.findall(rf"FLOCK +ADVISORY +WRITE +(\d+) +[0-9a-f:]+:{inode} ", held)
    if holders:
        who = ", ".join(holders)
        return Finding("lock", "ok", f"A keeper runs (process {who}); this looked at it running.")
    return Finding("lock", "ok", "No keeper runs on this directory.")


def _key(settings: Settings) -> VerificationKey | Finding:
    try:
        key = VerificationKey.of(load_signer(settings))
    except StartRefused as refused:
        return Finding("key", "problem", str(refused), "Put signing.key back from its backup.")
    published = ""
    with suppress(OSError):
        published = settings.verification_key.read_text(encoding="ascii").strip()
    if published != str(key):
        return Finding(
            "key",
            "problem",
            "verification.key is not the key that belongs to signing.key.",
            "Find out which of the two was replaced, and put the older one back; then restart.",
        )
    return key


def _journal_and_record(
    settings: Settings, key: VerificationKey, now: datetime, stage: Stage
) -> Iterator[Finding]:
    try:
        with explained():
            journal = SqliteJournalReader(settings.journal)
    except (StartRefused, FileNotFoundError, apsw.Error) as refused:
        yield Finding("journal", "problem", str(refused), "Put journal.db back from its backup.")
        return
    with closing(journal):
        try:
            verified = verify_journal(journal, key, lambda d, n: stage("journal", d, n))
        except JournalDamaged as damaged:
            yield Finding(
                "journal",
                "problem",
                f"{damaged} ({damaged.code})",
                "Stop the server and keep this directory as it is. Put the newest backup that "
                "verifies in its place; devices send again what it does not have.",
            )
            return
        yield Finding(
            "journal",
            "ok",
            f"{verified.size:,} entries of {verified.devices:,} devices verify under "
            f"{verified.checkpoints:,} signed checkpoints.",
        )
        yield _clock(journal, now)
        yield from _record(settings, journal, stage)


def _clock(journal: JournalReader, now: datetime) -> Finding:
    size = journal.size()
    newest = datetime.fromisoformat(journal.at([size - 1])[0].received_at) if size else None
    advice = "Set the clock, by a time server if there is one. Nothing is lost meanwhile."
    if newest is not None and newest - now > CLOCK_AHEAD_MAX:
        found = f"The newest entry is from {newest - now} in the future."
        return Finding("clock", "problem", found, advice)
    if now < BUILT_NOT_BEFORE:
        return Finding("clock", "problem", f"It cannot be {now:%d/%m/%Y}.", advice)
    return Finding("clock", "ok", f"It is {now:%d/%m/%Y %H:%M} UTC.")


def _record(settings: Settings, journal: JournalReader, stage: Stage) -> Iterator[Finding]:
    again = "anamnesis rebuild (with the server stopped) makes it again from the journal."
    damaged = settings.record.with_suffix(".db.damaged")
    if damaged.exists():
        yield Finding(
            "record-set-aside",
            "warning",
            f"A damaged record was set aside as {damaged.name}.",
            "The disk may be failing: look at its health. Then the file may go.",
        )
    try:
        with closing(SqliteRecordReader(settings.record)) as record:
            behind = journal.size() - record.applied()
            if behind:
                yield Finding(
                    "record-follows",
                    "warning",
                    f"{behind:,} entries are journaled and not recorded yet.",
                    "Start the server; if it runs and this does not shrink, restart it.",
                )
            yield _same_as_fold(settings, journal, record, stage, again)
            listed = record.outstanding(None)
    except UNREADABLE as refused:
        yield Finding("record", "problem", f"The record cannot be read: {refused}", again)
        return
    except OSError as refused:
        found = f"The record could not be compared with a fold: {refused.strerror}."
        yield Finding("record", "warning", found, "Look again once the disk can be written.")
        return
    if listed:
        named = ", ".join(f"{one.entry} ({one.code})" for one in listed[:OUTSTANDING_NAMED_MAX])
        yield Finding(
            "outstanding",
            "warning",
            f"{len(listed):,} entries are kept and could not be taken into the record: {named}",
            "Their texts are safe in the journal; their authors see them under `My receipts`.",
        )
    else:
        yield Finding("outstanding", "ok", "Every entry applied is to be seen in the record.")


def _same_as_fold(
    settings: Settings,
    journal: JournalReader,
    record: SqliteRecordReader,
    stage: Stage,
    again: str,
) -> Finding:
    with tempfile.TemporaryDirectory(dir=settings.data, prefix="doctor-") as folder:
        fresh = Path(folder) / "record.db"
        with closing(SqliteRecordWriter(fresh)) as writer:
            for _ in range(COMPARED_TRIES):
                applied = record.applied()
                rebuild(journal, writer, lambda d, n: stage("record", d, n), applied)
                with closing(SqliteRecordReader(fresh)) as folded:
                    compared = compare(record, folded)
                if compared.identical:
                    found = f"{applied:,} entries recorded, identical to a fold of the journal."
                    return Finding("record", "ok", found)
                if record.applied() == applied:
                    found = f"{compared.differing:,} rows differ from a fold of the journal."
                    return Finding("record", "problem", found, again)
    return Finding(
        "record",
        "warning",
        "The record moved while it was compared.",
        "Look again when it is calm.",
    )
