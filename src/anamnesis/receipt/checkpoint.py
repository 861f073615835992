"""A signed statement of how large a tree is and what its root is (C2SP tlog-checkpoint)."""

import re

import msgspec

from anamnesis.receipt.canonical import INTEGER_MAX
from anamnesis.receipt.merkle import HASH_BYTES
from anamnesis.receipt.note import (
    VerificationKey,
    decode_base64,
    encode_base64,
    open_note,
    sign_note,
)
from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.seams import Signer

__all__ = [
    "Checkpoint",
    "VerificationKey",
    "open_checkpoint",
    "parse_count",
    "sign_checkpoint",
]

_COUNT = re.compile(r"0|[1-9][0-9]{0,15}")


class Checkpoint(msgspec.Struct, frozen=True):
    """Which tree, how many leaves it has, and its root hash (32 bytes)."""

    origin: str
    size: int
    root: bytes


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """The checkpoint as a signed note: three lines, an empty one, one signature line."""
    if not checkpoint.origin or "\n" in checkpoint.origin or len(checkpoint.root) != HASH_BYTES:
        raise ValueError("A checkpoint has an origin of one line and a root of 32 bytes.")
    root = encode_base64(checkpoint.root)
    return sign_note(f"{checkpoint.origin}\n{checkpoint.size}\n{root}\n", signer)


def open_checkpoint(note: str, key: VerificationKey, origin: str | None = None) -> Checkpoint:
    """The checkpoint in `note`, once `key` is known to have signed it for `origin`.

    The origin is the key's own name unless another is given. Extension lines are refused: this
    journal writes none. Raises ReceiptRefused: those of `open_note`, `checkpoint-malformed`,
    `wrong-origin`.
    """
    lines = open_note(note, key).split("\n")
    size = parse_count(lines[1]) if len(lines) == 4 else None
    root = decode_base64(lines[2]) if size is not None else None
    if size is None or root is None or len(root) != HASH_BYTES or not lines[0]:
        raise ReceiptRefused("checkpoint-malformed", "The signed text is not a checkpoint.")
    if lines[0] != (key.name if origin is None else origin):
        raise ReceiptRefused("wrong-origin", "The checkpoint is of another tree.")
    return Checkpoint(lines[0], size, root)


def parse_count(text: str) -> int | None:
    """The number that `text` is the one decimal writing of, up to 2**53 - 1, or None."""
    if not _COUNT.fullmatch(text):
        return None
    count = int(text)
    return count if count <= INTEGER_MAX else None
