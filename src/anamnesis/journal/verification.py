"""Reading a whole journal again, believing nothing that can be computed (doctor, verify)."""

from collections.abc import Callable, Sequence

import msgspec

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.recovery import (
    check_leaf,
    check_root,
    covering_checkpoint,
    missing_entry,
    newest_size,
    read_leaves,
    size_differs,
)
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.merkle import Tree

STEP_ENTRIES = 256  # read at once


class JournalVerified(msgspec.Struct, frozen=True):
    """What was found whole: this many entries, checkpoints and devices, under this root (hex)."""

    size: int
    checkpoints: int
    devices: int
    root: str


def verify_journal(
    store: JournalReader,
    key: VerificationKey,
    progress: Callable[[int, int], None] | None = None,
) -> JournalVerified:
    """Checks every entry that was in the journal when this began; raises JournalDamaged.

    Each content has its digest, each header its leaf, each position and each device's number
    follows the one before, each entry is found by its id and its number, instants never go back,
    and every checkpoint is signed by `key` for exactly the entries it covers. May run while the
    journal is written. `progress` is told how many entries of how many are done.
    """
    size = store.size()
    tree = Tree()
    devices: dict[str, tuple[int, str]] = {}
    received_at = ""
    while tree.size < size:
        step = store.read(tree.size, min(STEP_ENTRIES, size - tree.size))
        if not step or step[0].position != tree.size:
            raise missing_entry(tree.size)
        leaves = read_leaves(store, tree.size, len(step))
        for journaled, leaf in zip(step, leaves, strict=True):
            computed = journaled.leaf()
            check_leaf(computed, leaf, journaled.position)
            _follow_device(devices, journaled)
            received_at = _follow_instant(received_at, journaled)
        tree.extend(leaves)
        _check_lookups(store, step)
        if progress is not None:
            progress(tree.size, size)
    _check_devices(store, devices)
    checkpoints = _check_checkpoints(store, key, tree)
    return JournalVerified(size, checkpoints, len(devices), tree.root().hex())


def _check_lookups(store: JournalReader, step: Sequence[JournaledEntry]) -> None:
    found = store.find([journaled.entry.id for journaled in step])
    for journaled in step:
        entry = journaled.entry
        if found.get(entry.id) != journaled:
            raise _at("id-lookup-differs", "An entry is not found by its id.", journaled)
        if store.at_sequence(entry.device, entry.sequence) != entry.id:
            raise _at("sequence-lookup-differs", "An entry is not found by its number.", journaled)


def _follow_device(devices: dict[str, tuple[int, str]], journaled: JournaledEntry) -> None:
    entry = journaled.entry
    last, author = devices.get(entry.device, (0, entry.author))
    if entry.sequence != last + 1:
        raise _at("sequence-differs", "A number of a device is missing or repeated.", journaled)
    if entry.author != author:
        raise _at("author-differs", "A device's entries have two authors.", journaled)
    devices[entry.device] = (entry.sequence, author)


def _follow_instant(earlier: str, journaled: JournaledEntry) -> str:
    if journaled.received_at < earlier:
        raise _at("instant-goes-back", "An entry is older than the one before it.", journaled)
    return journaled.received_at


def _check_devices(store: JournalReader, devices: dict[str, tuple[int, str]]) -> None:
    # The journal may have grown since; a device's last number may be later, never earlier.
    names = list(devices)
    for start in range(0, len(names), STEP_ENTRIES):
        kept = store.last_sequences(names[start : start + STEP_ENTRIES])
        for name in names[start : start + STEP_ENTRIES]:
            last, author = devices[name]
            if name not in kept or kept[name][0] < last or kept[name][1] != author:
                raise JournalDamaged(
                    "device-differs", "A device's last number is wrong.", {"device": name}
                )


def _check_checkpoints(store: JournalReader, key: VerificationKey, tree: Tree) -> int:
    covered = count = 0
    while covered < tree.size:
        _, checkpoint = covering_checkpoint(store, key, covered)
        check_root(checkpoint, tree)
        covered = checkpoint.size
        count += 1
    newest = newest_size(store, key)
    size = store.size()  # asked after the newest checkpoint: a journal being written only grows
    if not tree.size <= newest <= size:
        raise size_differs(size, newest)
    return count


def _at(code: str, message: str, journaled: JournaledEntry) -> JournalDamaged:
    return JournalDamaged(code, message, {"position": journaled.position})
