"""Restores a journal from a place, up to any instant, and compares it with the one that is used."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from anamnesis.backup.chain import chain, commits_in
from anamnesis.backup.place import Place
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.sealing import Unseal
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.recovery import recover
from anamnesis.journal.store import JournalReader, JournalStore
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.seams import instant

COMPARED_AT_ONCE: Final = 256
Progress = Callable[[int, int], None]


class Restored(msgspec.Struct, frozen=True):
    """`size` entries, the newest received at `received_at`, under the note `checkpoint`.

    `taken_at` is when the newest backup that was used was taken; `left_out` how many entries the
    place has beyond the instant that was asked for.
    """

    size: int
    received_at: str
    checkpoint: str
    taken_at: str
    left_out: int


class Comparison(msgspec.Struct, frozen=True):
    """`size` entries and `checkpoints` notes compared; the first position that differs, if any.

    `since` is how many entries the journal in use has beyond the backup.
    """

    size: int
    checkpoints: int
    differs_at: int | None
    since: int


def restore(
    place: Place,
    key: VerificationKey,
    unseal: Unseal,
    store: JournalStore,
    until: datetime | None = None,
    progress: Progress = lambda _done, _all: None,
) -> Restored:
    """Fills an empty store, commit by commit, as it was; then verifies it as at every start.

    With `until`, entries received after it are left out, to the commit. Raises BackupRefused,
    JournalDamaged, and what the store raises.
    """
    if store.size():
        raise BackupRefused("not-empty", "A journal can be restored into an empty one only.")
    last = None if until is None else instant(until)
    manifests = chain(place, key, last)
    size, received_at, note = 0, "", ""
    for commit, _ in commits_in(place, manifests, unseal):
        if last is not None and commit.entries[-1].received_at > last:
            break
        store.commit(commit.entries, commit.note, commit.size)
        size, received_at, note = commit.size, commit.entries[-1].received_at, commit.note
        progress(size, manifests[-1].size)
    recover(store, key)
    return Restored(size, received_at, note, manifests[-1].taken_at, manifests[-1].size - size)


def compare(
    restored: JournalReader,
    used: JournalReader,
    progress: Progress = lambda _done, _all: None,
) -> Comparison:
    """Every entry and every checkpoint of the restored journal against the one in use.

    A content that was erased since is equal to any that its header digests.
    """
    size, notes = restored.size(), 0
    for start in range(0, size, COMPARED_AT_ONCE):
        limit = min(COMPARED_AT_ONCE, size - start)
        mine, theirs = restored.read(start, limit), used.read(start, limit)
        for position, journaled in enumerate(mine, start):
            if position - start >= len(theirs) or not _same(journaled, theirs[position - start]):
                return Comparison(position, notes, position, 0)
        if restored.checkpoint(start) != used.checkpoint(start):
            return Comparison(start, notes, start, 0)
        notes += 1
        progress(start + limit, size)
    return Comparison(size, notes, None, used.size() - size)


def _same(restored: JournaledEntry, used: JournaledEntry) -> bool:
    erased = used.entry.erased_by is not None and restored.header() == used.header()
    return erased or restored == used
