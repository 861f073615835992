"""The tree whose root stands for everything in it, in order (RFC 9162, section 2.1)."""

import hashlib
import itertools
from collections.abc import Iterable, Sequence

from anamnesis.receipt.refusal import ReceiptRefused

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbouring subtrees (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Leaf hashes in order, 64 bytes of memory a leaf; roots and proofs in logarithmic time.

    Level k holds the hashes of the complete subtrees of 2**k leaves, one after another, so that
    nothing ever written changes and undoing an append is cutting the ends off.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        self._edge: tuple[int, list[bytes]] = (0, [b""])
        self.extend(leaves)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0]) // HASH_BYTES

    def append(self, leaf: bytes) -> int:
        """Adds one leaf hash (32 bytes) at the end and returns its index, counted from 0."""
        self.extend([leaf])
        return self.size - 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Adds leaf hashes one after another, each of 32 bytes."""
        several = list(leaves)
        if not _all_hashes(several):
            raise ValueError("A leaf hash has 32 bytes.")
        self._levels[0] += b"".join(several)
        for height in itertools.count():
            if height + 1 == len(self._levels):
                self._levels.append(bytearray())
            above = self._levels[height + 1]
            nodes = _nodes(bytes(self._levels[height][2 * len(above) :]))
            if not nodes:
                return
            above += b"".join(nodes)

    def truncate(self, size: int) -> None:
        """Goes back to the first `size` leaves, for an append whose commit failed."""
        self._within(size)
        for height, level in enumerate(self._levels):
            del level[(size >> height) * HASH_BYTES :]
        self._edge = (0, [b""])

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` leaves (all of them by default).

        Raises ValueError if there are not that many.
        """
        size = self._within(self.size if size is None else size)
        return self._edge_of(size)[-1] if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The proof that leaf `index` is among the first `size` (RFC 9162, 2.1.3.1).

        Raises ValueError if it is not.
        """
        size = self._within(self.size if size is None else size)
        if not 0 <= index < size:
            raise ValueError(f"There is no leaf {index} among the first {size}.")
        edge = self._edge_of(size)
        proof: list[bytes] = []
        for height in range((size - 1).bit_length()):
            sibling, whole = index >> height ^ 1, size >> height
            if sibling < whole:
                offset = sibling * HASH_BYTES
                proof.append(bytes(self._levels[height][offset : offset + HASH_BYTES]))
            elif sibling == whole and edge[height]:
                proof.append(edge[height])
        return proof

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """The proof that the first `old` leaves begin the first `new` (RFC 9162, 2.1.4.1).

        Empty when `old` is 0 or equals `new`. Raises ValueError unless old <= new <= size.
        """
        new = self._within(self.size if new is None else new)
        if not 0 <= old <= new:
            raise ValueError(f"{old} leaves cannot begin {new}.")
        if old in (0, new):
            return []
        start, end, whole = 0, new, True
        proof: list[bytes] = []
        while old != end:
            middle = start + _split(end - start)
            if old <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start, whole = middle, False
        # The verifier has the old root already when it is a whole subtree of the new tree.
        if not whole:
            proof.append(self._range(start, end))
        proof.reverse()
        return proof

    def _within(self, size: int) -> int:
        if not 0 <= size <= self.size:
            raise ValueError(f"The tree has {self.size} leaves, not {size}.")
        return size

    def _edge_of(self, size: int) -> list[bytes]:
        """For each height, the root over the leaves behind the last whole subtree of that height.

        Empty where there are none; the last one is over all `size` leaves. Kept for the size that
        was asked about last: everybody in a group is proved to be in the same tree.
        """
        if self._edge[0] != size:
            edge = [b""]
            for height in range(size.bit_length()):
                node = edge[height]
                if size >> height & 1:
                    offset = ((size >> height) - 1) * HASH_BYTES
                    left = bytes(self._levels[height][offset : offset + HASH_BYTES])
                    node = node_hash(left, node) if node else left
                edge.append(node)
            self._edge = (size, edge)
        return self._edge[1]

    def _range(self, start: int, end: int) -> bytes:
        """The root over leaves start to end, for the ranges that the definition splits into."""
        parts: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            offset = (start >> height) * HASH_BYTES
            parts.append(bytes(self._levels[height][offset : offset + HASH_BYTES]))
            start += 1 << height
        root = parts.pop()
        while parts:
            root = node_hash(parts.pop(), root)
        return root


def _nodes(hashes: bytes) -> list[bytes]:
    """The hash of each two neighbours; one that has no neighbour yet is left."""
    # `node_hash` written out: a start goes through here once for each entry of the journal.
    sha256, pair = hashlib.sha256, 2 * HASH_BYTES
    whole = len(hashes) - len(hashes) % pair
    return [
        sha256(b"\x01" + hashes[start : start + pair]).digest() for start in range(0, whole, pair)
    ]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Checks that `leaf` is number `index` in the tree of `size` leaves under `root`.

    RFC 9162, 2.1.3.2. Raises ReceiptRefused `not-included`.
    """
    if not 0 <= index < size or not _all_hashes([leaf, root, *proof]):
        raise _not_included()
    first, second, node = index, size - 1, leaf
    for sibling in proof:
        if second == 0:
            raise _not_included()
        if first & 1 or first == second:
            node = node_hash(sibling, node)
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            node = node_hash(node, sibling)
        first, second = first >> 1, second >> 1
    if second != 0 or node != root:
        raise _not_included()


def verify_consistency(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Checks that the tree of `old` leaves under `old_root` begins that of `new` leaves.

    RFC 9162, 2.1.4.2; the empty tree begins every tree. Raises ReceiptRefused `inconsistent`.
    """
    if not 0 <= old <= new or not _all_hashes([old_root, new_root, *proof]):
        raise _inconsistent()
    if old in (0, new):
        if proof or old_root != (EMPTY_ROOT if old == 0 else new_root):
            raise _inconsistent()
        if new == 0 and new_root != EMPTY_ROOT:
            raise _inconsistent()
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path or _climb(path, old - 1, new - 1) != (old_root, new_root):
        raise _inconsistent()


def _climb(path: Sequence[bytes], first: int, second: int) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency path leads to, from the two last indexes."""
    while first & 1:
        first, second = first >> 1, second >> 1
    old_node = new_node = path[0]
    for sibling in path[1:]:
        if second == 0:
            raise _inconsistent()
        if first & 1 or first == second:
            old_node, new_node = (
                node_hash(sibling, old_node),
                node_hash(sibling, new_node),
            )
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            new_node = node_hash(new_node, sibling)
        first, second = first >> 1, second >> 1
    if second != 0:
        raise _inconsistent()
    return old_node, new_node


def _split(size: int) -> int:
    """The largest power of two below `size`, where RFC 9162 divides a tree in two."""
    return 1 << ((size - 1).bit_length() - 1)


def _all_hashes(candidates: Iterable[bytes]) -> bool:
    return all(len(candidate) == HASH_BYTES for candidate in candidates)


def _not_included() -> ReceiptRefused:
    return ReceiptRefused("not-included", "The proof does not lead to the signed root.")


def _inconsistent() -> ReceiptRefused:
    return ReceiptRefused("inconsistent", "The later tree does not begin with the earlier one.")
