"""What a practitioner holds in the hand: proof that an entry was kept, and what became of it.

A receipt is verified in this order, and the first thing that is wrong names the refusal:

1. its form (`unknown-format`, `malformed`);
2. the journal's proof: its text (`proof-malformed`), the note and its signature
   (`note-malformed`, `wrong-key`, `signature-invalid`), the checkpoint (`checkpoint-malformed`,
   `wrong-origin`), the header's place (`position-differs`), the path (`not-included`);
3. the record's proof in the same way, then what it speaks of (`another-entry`,
   `another-position`, `another-text`);
4. the content, when it is given (`content-differs`).
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec

from anamnesis.receipt.canonical import (
    INTEGER_MAX,
    Json,
    NotCanonical,
    canonical,
    digest_bytes,
)
from anamnesis.receipt.checkpoint import (
    Checkpoint,
    VerificationKey,
    open_checkpoint,
    sign_checkpoint,
)
from anamnesis.receipt.merkle import Tree, leaf_hash, verify_inclusion
from anamnesis.receipt.proof import format_proof, parse_proof
from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.seams import Signer

FORMAT: Literal["anamnesis-receipt/1"] = "anamnesis-receipt/1"
RECORDED_SUFFIX = "/recorded"  # after the journal's origin: the trees of statements
RECEIPT_BYTES_MAX = 262_144

_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Count = Annotated[int, msgspec.Meta(ge=0, le=INTEGER_MAX)]


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the keeper read back of one entry: the text's digest, and the version it is."""

    digest: _Digest
    entry: str
    position: _Count
    read_at: str
    typed_digest: _Digest
    version: _Count


class Attested(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement and the proof (tlog-proof text) that it was signed."""

    statement: Statement
    proof: str


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The receipt as it travels (JSON); `header` is the journal's own, member for member."""

    format: Literal["anamnesis-receipt/1"]
    state: Literal["journaled", "recorded"]
    header: dict[str, Any]
    proof: str
    record: Attested | None


class Verified(msgspec.Struct, frozen=True):
    """What a verified receipt proves; `size` is of the journal's tree at its checkpoint.

    `record` is what was read back, None while the state is `journaled`.
    """

    state: Literal["journaled", "recorded"]
    entry: str
    position: int
    digest: str
    received_at: str
    size: int
    content_checked: bool
    record: Statement | None

    @property
    def as_typed(self) -> bool:
        """Whether the text read back is the one typed, and not a merge with another's."""
        return self.record is not None and self.record.digest == self.digest


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    """The shape of a header; what its members mean is the journal's affair."""

    author: str | None
    base: str | None
    build: str | None
    device: str | None
    digest: _Digest
    encounter: str | None
    features: list[str]
    id: str
    kind: str
    patient: str | None
    position: _Count
    practice: str | None
    received_at: str
    sequence: _Count
    session: str | None
    typed_at: str | None


def journaled_receipt(header: Mapping[str, Json], hashes: Sequence[bytes], note: str) -> Receipt:
    """The receipt of a journaled entry.

    `hashes` prove the leaf at the header's position in the tree of the signed checkpoint `note`.
    """
    members: dict[str, Any] = dict(header)
    proof = format_proof(members["position"], hashes, note)
    return Receipt(FORMAT, "journaled", members, proof, None)


def recorded_receipt(receipt: Receipt, record: Attested) -> Receipt:
    """The same receipt, with what was read back of its entry."""
    return msgspec.structs.replace(receipt, state="recorded", record=record)


def sign_statements(statements: Sequence[Statement], signer: Signer) -> list[Attested]:
    """Attests statements read back together, in order, with one signature for all of them."""
    if not statements:
        return []
    tree = Tree(map(_statement_leaf, statements))
    checkpoint = Checkpoint(signer.name + RECORDED_SUFFIX, tree.size, tree.root())
    note = sign_checkpoint(checkpoint, signer)
    return [
        Attested(statement, format_proof(index, tree.inclusion(index), note))
        for index, statement in enumerate(statements)
    ]


def header_leaf(header: Mapping[str, Json]) -> bytes:
    """The leaf hash that an entry's header has in the journal's tree."""
    return leaf_hash(canonical(header))


def read_receipt(data: bytes) -> Receipt:
    """The receipt in `data` (JSON), of the right form and not yet verified.

    Raises ReceiptRefused: `unknown-format`, `malformed`.
    """
    if len(data) > RECEIPT_BYTES_MAX:
        raise _malformed()
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        raise _malformed() from None
    return receipt_of(value)


def receipt_of(value: object) -> Receipt:
    """The receipt that a decoded JSON value is, of the right form and not yet verified.

    Raises ReceiptRefused: `unknown-format`, `malformed`.
    """
    if not isinstance(value, dict) or not isinstance(value.get("format"), str):
        raise _malformed()
    if value["format"] != FORMAT:
        raise ReceiptRefused("unknown-format", "The receipt is of a kind not known here.")
    try:
        canonical(value)
        receipt = msgspec.convert(value, Receipt)
        msgspec.convert(receipt.header, _Header)
    except (NotCanonical, msgspec.ValidationError):
        raise _malformed() from None
    if (receipt.state == "recorded") != (receipt.record is not None):
        raise _malformed()
    return receipt


def verify_receipt(
    receipt: Receipt, key: VerificationKey, content: bytes | None = None
) -> Verified:
    """What `receipt` proves under `key`; `content` is the entry's content as canonical JSON.

    Needs nothing but its arguments. Raises ReceiptRefused with one of the codes listed above.
    """
    receipt = receipt_of(msgspec.to_builtins(receipt))
    header = receipt.header
    checkpoint = _verify_leaf(header_leaf(header), receipt.proof, key, "", header["position"])
    record = _verify_record(receipt, key)
    if content is not None and digest_bytes(content) != header["digest"]:
        raise ReceiptRefused("content-differs", "The content is not the one this is a receipt of.")
    return Verified(
        state=receipt.state,
        entry=header["id"],
        position=header["position"],
        digest=header["digest"],
        received_at=header["received_at"],
        size=checkpoint.size,
        content_checked=content is not None,
        record=record,
    )


def _verify_record(receipt: Receipt, key: VerificationKey) -> Statement | None:
    if receipt.record is None:
        return None
    statement, header = receipt.record.statement, receipt.header
    _verify_leaf(_statement_leaf(statement), receipt.record.proof, key, RECORDED_SUFFIX, None)
    if statement.entry != header["id"]:
        raise ReceiptRefused("another-entry", "The record's statement is about another entry.")
    if statement.position != header["position"]:
        raise ReceiptRefused("another-position", "The record's statement is of another position.")
    if statement.typed_digest != header["digest"]:
        raise ReceiptRefused("another-text", "The record's statement is about another text.")
    return statement


def _verify_leaf(
    leaf: bytes, text: str, key: VerificationKey, suffix: str, position: int | None
) -> Checkpoint:
    proof = parse_proof(text)
    checkpoint = open_checkpoint(proof.note, key, key.name + suffix)
    if position is not None and proof.index != position:
        raise ReceiptRefused("position-differs", "The proof is for another place in the journal.")
    verify_inclusion(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return checkpoint


def _statement_leaf(statement: Statement) -> bytes:
    return leaf_hash(canonical(msgspec.to_builtins(statement)))


def _malformed() -> ReceiptRefused:
    return ReceiptRefused("malformed", "This is not a receipt, or a part of it is missing.")
