"""The tree says what RFC 9162 says, whoever is asked."""

import hashlib
from collections.abc import Sequence

import pytest
import scitt_cose  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.receipt.merkle import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from anamnesis.receipt.refusal import ReceiptRefused

sizes = st.integers(1, 70)


def leaf(index: int) -> bytes:
    return leaf_hash(data(index))


def data(index: int) -> bytes:
    return f"leaf {index}".encode()


def tree_of(size: int) -> Tree:
    return Tree(map(leaf, range(size)))


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*naive_path(index, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(index - k, leaves[k:]), naive_root(leaves[:k])]


def naive_subproof(old: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162, 2.1.4.1."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*naive_subproof(old, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_subproof(old - k, leaves[k:], False), naive_root(leaves[:k])]


def refused(code: str, check: object, *arguments: object) -> None:
    assert callable(check)
    with pytest.raises(ReceiptRefused) as refusal:
        check(*arguments)
    assert refusal.value.code == code


def test_the_published_roots_of_certificate_transparency_come_out() -> None:
    inputs = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    tree = Tree()
    for index, text in enumerate(inputs):
        assert tree.append(leaf_hash(bytes.fromhex(text))) == index
        assert tree.root().hex() == roots[index]


def test_an_empty_tree_has_the_root_of_nothing() -> None:
    assert Tree().root() == EMPTY_ROOT == naive_root([])
    assert tree_of(5).root(0) == EMPTY_ROOT


@given(sizes, st.data())
@settings(max_examples=60, deadline=None)
def test_roots_and_proofs_are_those_of_the_definition(size: int, draw: st.DataObject) -> None:
    tree = tree_of(size + draw.draw(st.integers(0, 5)))
    leaves = [data(index) for index in range(size)]
    index = draw.draw(st.integers(0, size - 1))
    old = draw.draw(st.integers(1, size))
    assert tree.root(size) == naive_root(leaves)
    assert tree.inclusion(index, size) == naive_path(index, leaves)
    assert tree.consistency(old, size) == naive_subproof(old, leaves, True)


@given(sizes, st.data())
@settings(max_examples=40, deadline=None)
def test_another_library_accepts_our_proofs_and_we_accept_its_proofs(
    size: int, draw: st.DataObject
) -> None:
    tree = tree_of(size)
    entries = [data(index).hex() for index in range(size)]
    index = draw.draw(st.integers(0, size - 1))
    old = draw.draw(st.integers(1, size))
    root = tree.root()
    assert scitt_cose.merkle_root(entries) == root.hex()
    ours = [one.hex() for one in tree.inclusion(index)]
    assert scitt_cose.verify_inclusion(entries[index], index, size, ours, root.hex())
    theirs = [bytes.fromhex(one) for one in scitt_cose.inclusion_proof(entries, index)]
    verify_inclusion(leaf(index), index, size, theirs, root)
    ours = [one.hex() for one in tree.consistency(old)]
    old_root = tree.root(old)
    assert scitt_cose.verify_consistency(old_root.hex(), root.hex(), old, size, ours)
    theirs = [bytes.fromhex(one) for one in scitt_cose.consistency_proof(entries, old, size)]
    verify_consistency(old, size, old_root, root, theirs)


def test_every_proof_of_every_small_tree_is_verified_and_fits_no_other_place() -> None:
    tree = tree_of(20)
    for size in range(1, 21):
        for index in range(size):
            proof = tree.inclusion(index, size)
            verify_inclusion(leaf(index), index, size, proof, tree.root(size))
            for other in range(size):
                if other != index:
                    refused(
                        "not-included",
                        verify_inclusion,
                        leaf(other),
                        index,
                        size,
                        proof,
                        tree.root(size),
                    )
                    refused(
                        "not-included",
                        verify_inclusion,
                        leaf(index),
                        other,
                        size,
                        proof,
                        tree.root(size),
                    )


def test_every_consistency_of_every_small_tree_is_verified_and_of_no_other_size() -> None:
    tree = tree_of(17)
    for new in range(18):
        for old in range(new + 1):
            proof = tree.consistency(old, new)
            verify_consistency(old, new, tree.root(old), tree.root(new), proof)
            for other in range(1, new):
                if other != old:
                    refused(
                        "inconsistent",
                        verify_consistency,
                        other,
                        new,
                        tree.root(old),
                        tree.root(new),
                        proof,
                    )


@given(sizes, st.data())
@settings(max_examples=60, deadline=None)
def test_a_proof_with_any_bit_changed_is_refused(size: int, draw: st.DataObject) -> None:
    tree = tree_of(size)
    index = draw.draw(st.integers(0, size - 1))
    parts = [leaf(index), tree.root(), *tree.inclusion(index)]
    part = draw.draw(st.integers(0, len(parts) - 1))
    bit = draw.draw(st.integers(0, 255))
    parts[part] = (int.from_bytes(parts[part]) ^ 1 << bit).to_bytes(32)
    refused("not-included", verify_inclusion, parts[0], index, size, parts[2:], parts[1])


@given(st.integers(2, 70), st.data())
@settings(max_examples=60, deadline=None)
def test_a_rewritten_history_is_not_consistent(size: int, draw: st.DataObject) -> None:
    old = draw.draw(st.integers(1, size - 1))
    changed = draw.draw(st.integers(0, old - 1))
    honest, forged = (
        tree_of(size),
        Tree(leaf_hash(b"forged") if index == changed else leaf(index) for index in range(size)),
    )
    for proof in (honest.consistency(old), forged.consistency(old)):
        refused(
            "inconsistent", verify_consistency, old, size, honest.root(old), forged.root(), proof
        )


def test_proofs_with_hashes_missing_or_added_are_refused() -> None:
    tree = tree_of(7)
    proof, steps = tree.inclusion(3), tree.consistency(3)
    for wrong in (proof[:-1], proof[1:], [*proof, proof[0]], [], [*proof[:-1], proof[-1][:31]]):
        refused("not-included", verify_inclusion, leaf(3), 3, 7, wrong, tree.root())
    for wrong in (steps[:-1], steps[1:], [*steps, steps[0]], [], [*steps[:-1], b""]):
        refused("inconsistent", verify_consistency, 3, 7, tree.root(3), tree.root(), wrong)


def test_indexes_and_sizes_that_cannot_be_are_refused() -> None:
    tree = tree_of(2)
    for index, size in ((2, 2), (-1, 2), (0, 0), (0, -1)):
        refused("not-included", verify_inclusion, leaf(0), index, size, [], tree.root())
    verify_inclusion(leaf(0), 0, 1, [], leaf(0))
    for index in (1, 2, -1):
        refused("not-included", verify_inclusion, leaf(0), index, 1, [], leaf(0))
    refused("not-included", verify_inclusion, b"short", 0, 1, [], b"short")
    refused("inconsistent", verify_consistency, 2, 1, tree.root(2), tree.root(1), [])
    refused("inconsistent", verify_consistency, 2, 1, tree.root(1), tree.root(1), [])
    refused("inconsistent", verify_consistency, 1, 1, b"short", b"short", [])
    refused("inconsistent", verify_consistency, -1, 1, tree.root(1), tree.root(1), [])
    refused("inconsistent", verify_consistency, 1, 1, tree.root(1), tree.root(2), [])
    refused("inconsistent", verify_consistency, 1, 1, tree.root(1), tree.root(1), [leaf(0)])
    refused("inconsistent", verify_consistency, 0, 1, tree.root(1), tree.root(1), [])
    refused("inconsistent", verify_consistency, 0, 0, tree.root(0), tree.root(1), [])


@given(st.integers(0, 70), st.data())
@settings(max_examples=60, deadline=None)
def test_an_undone_append_leaves_no_trace(size: int, draw: st.DataObject) -> None:
    kept = draw.draw(st.integers(0, size))
    tree = tree_of(size)
    tree.truncate(kept)
    assert tree.size == kept
    assert tree.root() == tree_of(kept).root()
    tree.extend(leaf_hash(b"another") for _ in range(3))
    again = Tree([*map(leaf, range(kept)), *[leaf_hash(b"another")] * 3])
    assert tree.root() == again.root()
    assert tree.inclusion(kept + 2) == again.inclusion(kept + 2)


def test_asking_for_what_the_tree_has_not_is_an_error() -> None:
    tree = tree_of(3)
    for ask in (
        lambda: tree.root(4),
        lambda: tree.root(-1),
        lambda: tree.inclusion(3),
        lambda: tree.inclusion(2, 2),
        lambda: tree.inclusion(-1),
        lambda: tree.inclusion(0, 4),
        lambda: tree.consistency(4),
        lambda: tree.consistency(3, 2),
        lambda: tree.truncate(4),
        lambda: tree.consistency(-1),
        lambda: tree.append(b"short"),
    ):
        with pytest.raises(ValueError, match=r"leaf|leaves"):
            ask()
    assert tree.root() == node_hash(node_hash(leaf(0), leaf(1)), leaf(2))
