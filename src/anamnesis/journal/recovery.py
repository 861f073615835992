"""Opening a journal: everything it will prove with is rebuilt from what was kept, and checked."""

import msgspec

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.entry import Header, JournaledEntry
from anamnesis.journal.erasure import ERASURE_KIND, SURVIVING_KINDS
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.checkpoint import Checkpoint, VerificationKey, open_checkpoint
from anamnesis.receipt.merkle import Tree
from anamnesis.receipt.refusal import ReceiptRefused

TAIL_ENTRIES = 1024  # the newest entries, whose leaves are recomputed each time it is opened
LEAVES_STEP = 16_384  # leaves asked of the store at once


class Recovered(msgspec.Struct, frozen=True):
    """The tree over all entries, and the instant of the newest (empty if there is none)."""

    tree: Tree
    received_at: str


def recover(store: JournalReader, key: VerificationKey) -> Recovered:
    """Rebuilds the tree by reading as any reader does; raises JournalDamaged.

    The root must be the one that the newest checkpoint signed, and the entries of the tail must
    have the leaves that were kept for them.
    """
    size = store.size()
    tree = rebuild_tree(store, size)
    check_newest(store, key, tree)
    received_at = ""
    tail = store.read(max(0, size - TAIL_ENTRIES), TAIL_ENTRIES)
    if len(tail) != min(size, TAIL_ENTRIES):
        raise missing_entry(size - 1)
    for journaled, leaf in zip(tail, read_leaves(store, size - len(tail), len(tail)), strict=True):
        check_leaf(journaled.leaf(), leaf, journaled.position)
        received_at = journaled.received_at
    return Recovered(tree, received_at)


def rebuild_tree(store: JournalReader, size: int) -> Tree:
    """The tree over the first `size` leaves that were kept; raises JournalDamaged."""
    tree = Tree()
    while tree.size < size:
        tree.extend(read_leaves(store, tree.size, min(LEAVES_STEP, size - tree.size)))
    return tree


def read_leaves(store: JournalReader, start: int, count: int) -> list[bytes]:
    """The `count` leaves from position `start` on, as kept; raises JournalDamaged."""
    leaves = store.leaves(start, count)
    if len(leaves) != count:
        raise JournalDamaged(
            "leaf-missing", "A leaf of the tree is missing.", {"position": start + len(leaves)}
        )
    return leaves


def missing_entry(position: int) -> JournalDamaged:
    """That the entry which should be at `position` is not there."""
    return JournalDamaged("entry-missing", "An entry is missing.", {"position": position})


def check_leaf(computed: bytes, kept: bytes, position: int) -> None:
    """Raises JournalDamaged unless an entry's leaf is the one that was kept for it."""
    if computed != kept:
        raise JournalDamaged(
            "leaf-differs", "An entry is not the one that was journaled.", {"position": position}
        )


def check_erasure(erased: JournaledEntry, decision: Header | None) -> None:
    """Raises JournalDamaged unless `decision`, the entry that the mark names, erases this one.

    It must be a decision about the same patient of the same practice, journaled later.
    """
    entry = erased.entry
    if (
        decision is None
        or decision.kind != ERASURE_KIND
        or decision.position <= erased.position
        or entry.patient is None
        or (decision.practice, decision.patient) != (entry.practice, entry.patient)
        or entry.kind in SURVIVING_KINDS
    ):
        raise JournalDamaged(
            "erasure-unfounded",
            "A content was erased that no journaled decision erases.",
            {"position": erased.position},
        )


def check_newest(store: JournalReader, key: VerificationKey, tree: Tree) -> None:
    """Raises JournalDamaged unless the newest checkpoint is signed for exactly this tree."""
    size = newest_size(store, key)
    if size != tree.size:
        raise size_differs(tree.size, size)
    if size:
        check_root(covering_checkpoint(store, key, size - 1)[1], tree)


def newest_size(store: JournalReader, key: VerificationKey) -> int:
    """How many entries the newest checkpoint signed; 0 if there is none."""
    note = store.checkpoint(None)
    return 0 if note is None else read_checkpoint(note, key).size


def size_differs(size: int, signed: int) -> JournalDamaged:
    """That there are `size` entries where a checkpoint signed another number."""
    return JournalDamaged(
        "size-differs",
        "The number of entries is not the one that a checkpoint signed.",
        {"size": size, "signed": signed},
    )


def check_root(checkpoint: Checkpoint, tree: Tree) -> None:
    """Raises JournalDamaged unless the checkpoint's root is the tree's at its size."""
    if checkpoint.size > tree.size:
        raise size_differs(tree.size, checkpoint.size)
    if tree.root(checkpoint.size) != checkpoint.root:
        raise JournalDamaged(
            "root-differs",
            "The entries are not those that the checkpoint signed.",
            {"signed": checkpoint.size},
        )


def covering_checkpoint(
    store: JournalReader, key: VerificationKey, position: int
) -> tuple[str, Checkpoint]:
    """The first checkpoint that covers `position`, as kept and as read; raises JournalDamaged."""
    note = store.checkpoint(position)
    if note is None:
        raise _without_checkpoint(position)
    checkpoint = read_checkpoint(note, key)
    if checkpoint.size <= position:
        raise _without_checkpoint(position)
    return note, checkpoint


def read_checkpoint(note: str, key: VerificationKey) -> Checkpoint:
    """The checkpoint in a kept note; raises JournalDamaged if this key did not sign it."""
    try:
        return open_checkpoint(note, key)
    except ReceiptRefused as refused:
        raise JournalDamaged(
            "checkpoint-refused",
            "A checkpoint is not one that this journal's key signed.",
            {"reason": refused.code},
        ) from None


def _without_checkpoint(position: int) -> JournalDamaged:
    return JournalDamaged(
        "checkpoint-missing", "No checkpoint covers an entry.", {"position": position}
    )
