"""Takes a backup: what the journal has that the newest manifest has not, beside a running keeper.

Pieces first and the manifest last: a backup that is broken off has added nothing, and the next one
takes the same again.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

from anamnesis.backup.manifest import (
    FORMAT,
    MANIFESTS,
    SEGMENTS_MAX,
    Manifest,
    Piece,
    Segment,
    opened,
    signed,
)
from anamnesis.backup.place import Place
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.sealing import Seal
from anamnesis.backup.segment import SEGMENT_BYTES_MAX, Commit, commits, encoded
from anamnesis.journal.recovery import newest_size
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.seams import Signer

KEY_NAME: Final = "verification.key"
Progress = Callable[[int, int], None]
"""Told how many entries are copied, of how many."""


def newest(place: Place, key: VerificationKey) -> Manifest | None:
    """The newest manifest of the place, if there is one; raises BackupRefused."""
    names = place.names(MANIFESTS)
    return opened(place.get(names[-1]), key) if names else None


def take(
    journal: JournalReader,
    place: Place,
    seal: Seal,
    signer: Signer,
    build: str,
    taken_at: str,
    state: bytes | None,
    progress: Progress = lambda _done, _all: None,
) -> Manifest:
    """Adds what is new to the place; the manifest that says so.

    Raises BackupRefused, among others `place-of-another` where the copies are of another journal,
    and JournalDamaged.
    """
    key = VerificationKey.of(signer)
    before = newest(place, key)
    if before is None:
        place.put(KEY_NAME, f"{key}\n".encode())
    start = 0 if before is None else before.size
    end = newest_size(journal, key)
    if start > end or (before is not None and journal.checkpoint(start - 1) != before.checkpoint):
        raise BackupRefused(
            "place-of-another",
            "The copies there are of another journal, or of a later state of this one: take "
            "backups of a restored journal to a new place.",
        )
    segments: list[Segment] = []
    note = "" if before is None else before.checkpoint
    for batch in _batches(commits(journal, key, start, end)):
        first, last = batch[0], batch[-1]
        begin, note = first.entries[0].position, last.note
        segments.append(_kept(place, seal(encoded(batch)), begin, last.size))
        progress(last.size - start, end - start)
        if len(segments) == SEGMENTS_MAX:
            break
    manifest = Manifest(
        format=FORMAT,
        origin=signer.name,
        build=build,
        taken_at=taken_at,
        size=segments[-1].end if segments else start,
        checkpoint=note,
        segments=tuple(segments),
        state=None if state is None else _state(place, seal(state), taken_at),
        before=None if before is None else before.name,
    )
    place.put(manifest.name, signed(manifest, signer))
    return manifest


def _batches(found: Iterator[Commit]) -> Iterator[list[Commit]]:
    batch: list[Commit] = []
    held = 0
    for one in found:
        batch.append(one)
        held += sum(len(journaled.entry.content) for journaled in one.entries)
        if held >= SEGMENT_BYTES_MAX:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _kept(place: Place, data: bytes, start: int, end: int) -> Segment:
    digest = hashlib.sha256(data).hexdigest()
    name = f"segments/{start:012d}-{end:012d}-{digest[:16]}.age"
    place.put(name, data)
    return Segment(name=name, bytes=len(data), sha256=digest, start=start, end=end)


def _state(place: Place, data: bytes, taken_at: str) -> Piece:
    name = f"state/{taken_at.replace(':', '').replace('-', '')}.age"
    place.put(name, data)
    return Piece(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
