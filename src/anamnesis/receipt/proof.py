"""The text form of an inclusion proof and its checkpoint (C2SP tlog-proof)."""

import re
from collections.abc import Sequence

import msgspec

from anamnesis.receipt.checkpoint import parse_count
from anamnesis.receipt.merkle import HASH_BYTES
from anamnesis.receipt.note import decode_base64, encode_base64
from anamnesis.receipt.refusal import ReceiptRefused

FIRST_LINE = "c2sp.org/tlog-proof@v1"
HASHES_MAX = 64  # more than any tree of 2**53 leaves needs
_INDEX = re.compile(r"index (\S+)")


class Proof(msgspec.Struct, frozen=True):
    """A leaf's index, the hashes from its sibling up, and the signed checkpoint as it came."""

    index: int
    hashes: list[bytes]
    note: str


def format_proof(index: int, hashes: Sequence[bytes], note: str) -> str:
    """The proof as text; `note` is a signed checkpoint."""
    lines = [FIRST_LINE, f"index {index}", *map(encode_base64, hashes), ""]
    return "\n".join(lines) + "\n" + note


def parse_proof(text: str) -> Proof:
    """Reads what `format_proof` writes; nothing in it is verified by that.

    An `extra` line is refused, because nobody signs it. Raises ReceiptRefused `proof-malformed`.
    """
    above, separator, note = text.partition("\n\n")
    lines = above.split("\n")
    if not separator or len(lines) < 2 or lines[0] != FIRST_LINE:
        raise _proof_malformed()
    match = _INDEX.fullmatch(lines[1])
    index = parse_count(match[1]) if match else None
    hashes = [_hash(line) for line in lines[2 : 2 + HASHES_MAX]]
    if index is None or len(hashes) != len(lines) - 2:
        raise _proof_malformed()
    return Proof(index, hashes, note)


def _hash(line: str) -> bytes:
    decoded = decode_base64(line)
    if decoded is None or len(decoded) != HASH_BYTES:
        raise _proof_malformed()
    return decoded


def _proof_malformed() -> ReceiptRefused:
    return ReceiptRefused("proof-malformed", "The proof is not in the form of tlog-proof@v1.")
