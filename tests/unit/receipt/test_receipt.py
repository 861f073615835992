"""What a receipt proves, and that nothing in it can be changed unseen."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.receipt.canonical import canonical, digest
from anamnesis.receipt.checkpoint import Checkpoint, sign_checkpoint
from anamnesis.receipt.merkle import Tree
from anamnesis.receipt.receipt import (
    RECEIPT_BYTES_MAX,
    Receipt,
    Statement,
    header_leaf,
    journaled_receipt,
    read_receipt,
    recorded_receipt,
    sign_statements,
    verify_receipt,
)
from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.receipt.signer import Ed25519Signer

SIGNER = Ed25519Signer("anamnesis.example/journal", bytes(range(32)))
KEY = SIGNER.verification_key
CONTENT = {"sections": {"motif": "Fièvre ≥ 38,5 °C"}}


class CountingSigner:
    """Counts what it signs."""

    def __init__(self) -> None:
        self.signed = 0

    @property
    def name(self) -> str:
        return SIGNER.name

    @property
    def public_key(self) -> bytes:
        return SIGNER.public_key

    def sign(self, message: bytes) -> bytes:
        self.signed += 1
        return SIGNER.sign(message)


def header(position: int) -> dict[str, Any]:
    return {
        "author": "author",
        "base": None,
        "build": "0.1.0",
        "device": "device",
        "digest": digest(CONTENT),
        "encounter": "encounter",
        "features": [],
        "id": f"entry {position}",
        "kind": "note.write",
        "patient": "patient",
        "position": position,
        "practice": "practice",
        "received_at": "2026-11-23T14:02:11.123Z",
        "sequence": position + 1,
        "session": "session",
        "typed_at": "2026-11-23T14:02:10.000Z",
    }


def statement(position: int) -> Statement:
    return Statement(
        digest=digest(CONTENT),
        entry=f"entry {position}",
        position=position,
        read_at="2026-11-23T14:02:11.200Z",
        typed_digest=digest(CONTENT),
        version=1,
    )


def journal(size: int) -> tuple[Tree, str]:
    tree = Tree(header_leaf(header(position)) for position in range(size))
    return tree, sign_checkpoint(Checkpoint(SIGNER.name, size, tree.root()), SIGNER)


def journaled(position: int = 3, size: int = 7) -> Receipt:
    tree, note = journal(size)
    return journaled_receipt(header(position), tree.inclusion(position), note)


def recorded(position: int = 3) -> Receipt:
    attested = sign_statements([statement(one) for one in range(5)], SIGNER)
    return recorded_receipt(journaled(position), attested[position])


def code_of(receipt: Receipt, content: bytes | None = None) -> str:
    with pytest.raises(ReceiptRefused) as refused:
        verify_receipt(receipt, KEY, content)
    return refused.value.code


def test_a_journaled_receipt_proves_the_place_of_its_entry() -> None:
    found = verify_receipt(journaled(), KEY, canonical(CONTENT))
    assert (found.state, found.entry, found.position, found.size) == (
        "journaled",
        "entry 3",
        3,
        7,
    )
    assert found.digest == digest(CONTENT)
    assert found.content_checked
    assert found.record is None
    assert not found.as_typed


def test_a_recorded_receipt_proves_what_was_read_back() -> None:
    found = verify_receipt(recorded(), KEY)
    assert found.state == "recorded"
    assert found.record == statement(3)
    assert found.as_typed
    assert not found.content_checked


def test_a_merged_text_is_proved_and_not_passed_off_as_the_one_typed() -> None:
    merged = msgspec.structs.replace(statement(3), digest=digest("both"))
    receipt = recorded_receipt(journaled(), sign_statements([merged], SIGNER)[0])
    found = verify_receipt(receipt, KEY)
    assert found.record == merged
    assert not found.as_typed


def test_statements_read_back_together_share_one_signature() -> None:
    signer = CountingSigner()
    attested = sign_statements([statement(one) for one in range(64)], signer)
    assert signer.signed == 1
    assert [one.statement.position for one in attested] == list(range(64))
    for position in (0, 31, 63):
        tree, note = journal(64)
        receipt = journaled_receipt(header(position), tree.inclusion(position), note)
        verify_receipt(recorded_receipt(receipt, attested[position]), KEY)


def test_nothing_read_back_is_nothing_signed() -> None:
    signer = CountingSigner()
    assert sign_statements([], signer) == []
    assert signer.signed == 0


def test_a_receipt_reads_back_from_its_json() -> None:
    for receipt in (journaled(), recorded()):
        data = msgspec.json.encode(receipt)
        assert read_receipt(data) == receipt
        assert list(msgspec.json.decode(data)) == ["format", "state", "header", "proof", "record"]


def test_every_entry_of_a_journal_of_any_size_has_a_receipt_that_verifies() -> None:
    for size in range(1, 18):
        tree, note = journal(size)
        for position in range(size):
            receipt = journaled_receipt(header(position), tree.inclusion(position), note)
            assert verify_receipt(receipt, KEY).position == position


def test_an_unknown_header_member_or_a_missing_one_is_refused() -> None:
    receipt = journaled()
    receipt.header["text"] = "in clear"
    assert code_of(receipt) == "malformed"
    receipt = journaled()
    del receipt.header["session"]
    assert code_of(receipt) == "malformed"


def test_a_receipt_made_in_memory_is_checked_like_one_that_was_read() -> None:
    forged = msgspec.structs.replace(journaled(), state="recorded")
    assert code_of(forged) == "malformed"
    other = msgspec.structs.replace(statement(3), version=-1)
    attested = sign_statements([other], SIGNER)[0]
    assert code_of(recorded_receipt(journaled(), attested)) == "malformed"


def test_a_content_with_one_byte_more_is_another_content() -> None:
    assert code_of(journaled(), canonical(CONTENT) + b"\n") == "content-differs"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"format":7}', b"{}"]
)
def test_what_is_no_receipt_is_refused_and_breaks_nothing(data: bytes) -> None:
    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(data)
    assert refused.value.code == "malformed"


def test_a_receipt_larger_than_any_is_refused_unread() -> None:
    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(msgspec.json.encode(journaled()) + b" " * RECEIPT_BYTES_MAX)
    assert refused.value.code == "malformed"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_character_changed_is_refused_or_means_the_same(draw: st.DataObject) -> None:
    receipt = recorded()
    text = msgspec.json.encode(receipt).decode()
    at = draw.draw(st.integers(0, len(text) - 1))
    other = draw.draw(st.characters(exclude_categories=["Cs"]))
    changed = (text[:at] + other + text[at + 1 :]).encode()
    try:
        verify_receipt(read_receipt(changed), KEY)
    except ReceiptRefused:
        return
    assert read_receipt(changed) == receipt
