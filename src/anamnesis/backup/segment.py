"""A segment: consecutive entries of the journal with the checkpoints that cover them, as lines.

Compressed (gzip, RFC 1952) lines of JSON, so that it can be read without this program: an entry is
`{"position", "header", "content"}`, both texts exactly as they are hashed; a checkpoint is
`{"size", "note"}` and follows the last entry that it covers. A segment ends with a checkpoint.
"""

import gzip
import zlib
from collections.abc import Iterator
from typing import Final

import msgspec

from anamnesis.backup.refusal import BackupRefused
from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry, restore_entry
from anamnesis.journal.recovery import covering_checkpoint
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import VerificationKey

SEGMENT_BYTES_MAX: Final = 16 * 1_048_576
"""Of contents in one segment, as long as one commit does not have more."""
_LEVEL: Final = 1  # a tenth of the time of the highest, for nine tenths of the effect


class Commit(msgspec.Struct, frozen=True):
    """What one commit of the journal made durable: entries, and the note over all `size`."""

    entries: list[JournaledEntry]
    note: str
    size: int


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    position: int
    header: str
    content: str


class _Checkpoint(msgspec.Struct, forbid_unknown_fields=True):
    size: int
    note: str


_lines = msgspec.json.Encoder()
_entries = msgspec.json.Decoder(_Entry)
_checkpoints = msgspec.json.Decoder(_Checkpoint)


def commits(journal: JournalReader, key: VerificationKey, start: int, end: int) -> Iterator[Commit]:
    """The journal's commits from position `start` to `end`; raises JournalDamaged."""
    while start < end:
        note, checkpoint = covering_checkpoint(journal, key, start)
        yield Commit(journal.read(start, checkpoint.size - start), note, checkpoint.size)
        start = checkpoint.size


def encoded(found: list[Commit]) -> bytes:
    """The segment of these commits."""
    parts: list[bytes] = []
    for one in found:
        for journaled in one.entries:
            header, content = journaled.header().decode(), journaled.entry.content.decode()
            parts.append(_lines.encode(_Entry(journaled.position, header, content)))
        parts.append(_lines.encode(_Checkpoint(one.size, one.note)))
    return gzip.compress(b"\n".join(parts) + b"\n", _LEVEL, mtime=0)


def decoded(segment: bytes) -> Iterator[Commit]:
    """The commits of a segment; raises BackupRefused for anything that is not one."""
    try:
        lines = gzip.decompress(segment).splitlines()
        entries: list[JournaledEntry] = []
        for line in lines:
            if line.startswith(b'{"size"'):
                checkpoint = _checkpoints.decode(line)
                yield Commit(entries, checkpoint.note, checkpoint.size)
                entries = []
                continue
            one = _entries.decode(line)
            entries.append(restore_entry(one.position, one.header.encode(), one.content.encode()))
    except (
        OSError,
        EOFError,
        zlib.error,
        msgspec.DecodeError,
        UnicodeError,
        JournalDamaged,
    ) as failure:
        raise _altered(type(failure).__name__) from None
    if entries or not lines:
        raise _altered("checkpoint")


def _altered(why: str) -> BackupRefused:
    return BackupRefused("segment-altered", f"A segment is not what was backed up ({why}).")
