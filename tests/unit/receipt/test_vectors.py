"""The package and the file that stands alone agree on every vector; the page does in tests/e2e."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from anamnesis.receipt import standalone
from anamnesis.receipt.canonical import NotCanonical, canonical, digest
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.merkle import leaf_hash, verify_consistency, verify_inclusion
from anamnesis.receipt.receipt import receipt_of, verify_receipt
from anamnesis.receipt.refusal import ReceiptRefused
from tests.vectors.build import build

VECTORS = Path(__file__).parents[2] / "vectors"


def load(name: str) -> Any:
    return json.loads((VECTORS / name).read_bytes())


RECEIPTS: list[dict[str, Any]] = load("receipts.json")
CANONICAL: list[dict[str, Any]] = load("canonical.json")
MERKLE: dict[str, Any] = load("merkle.json")


def named(case: dict[str, Any]) -> str:
    name: str = case["name"]
    return name


def by_package(case: dict[str, Any]) -> dict[str, Any]:
    content = case["content"]
    try:
        key = VerificationKey.parse(case["key"])
        data = content.encode() if content is not None else None
        found = verify_receipt(receipt_of(case["receipt"]), key, data)
    except ReceiptRefused as refused:
        return {"refused": refused.code}
    return {"verified": msgspec.to_builtins(found)}


def by_standalone(case: dict[str, Any]) -> dict[str, Any]:
    content = case["content"]
    try:
        data = content.encode() if content is not None else None
        return {"verified": standalone.verify(case["receipt"], case["key"], data)}
    except standalone.Refused as refused:
        return {"refused": refused.code}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case[name] for name in ("verified", "refused") if name in case}


@pytest.mark.parametrize("case", RECEIPTS, ids=named)
def test_both_verifiers_say_of_every_receipt_what_the_vector_says(case: dict[str, Any]) -> None:
    assert by_package(case) == expected(case)
    assert by_standalone(case) == expected(case)


def test_there_are_enough_vectors_and_every_refusal_is_among_them() -> None:
    codes = {case["refused"] for case in RECEIPTS if "refused" in case}
    assert codes == set(standalone.SENTENCES) - {"unreadable"}
    assert sum("verified" in case for case in RECEIPTS) >= 10
    assert len({case["name"] for case in RECEIPTS}) == len(RECEIPTS)


@pytest.mark.parametrize("case", CANONICAL, ids=named)
def test_canonical_json_is_the_text_that_was_written_out_by_hand(case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(NotCanonical) as refused:
            canonical(case["value"])
        assert refused.value.code == case["refused"]
        with pytest.raises(standalone.Refused):
            standalone.canonical(case["value"])
        return
    text = case["canonical"].encode()
    assert canonical(case["value"]) == standalone.canonical(case["value"]) == text
    assert digest(case["value"]) == case["digest"] == hashlib.sha256(text).hexdigest()


def roots() -> dict[int, bytes]:
    return {one["size"]: base64.b64decode(one["root"]) for one in MERKLE["roots"]}


def test_every_inclusion_vector_leads_to_its_root_both_ways() -> None:
    for one in MERKLE["inclusion"]:
        proof = [base64.b64decode(text) for text in one["proof"]]
        leaf = leaf_hash(f"leaf {one['index']}".encode())
        root = roots()[one["size"]]
        verify_inclusion(leaf, one["index"], one["size"], proof, root)
        assert standalone.climb(leaf, one["index"], one["size"], proof) == root


def test_every_consistency_vector_holds() -> None:
    for one in MERKLE["consistency"]:
        proof = [base64.b64decode(text) for text in one["proof"]]
        old, new = one["old"], one["new"]
        verify_consistency(old, new, roots()[old], roots()[new], proof)


def test_building_the_vectors_again_gives_the_same_bytes() -> None:
    for name, data in build().items():
        assert (VECTORS / name).read_bytes() == data, f"{name}: python -m tests.vectors.build"
