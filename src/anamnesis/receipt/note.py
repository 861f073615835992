"""Texts signed by a named key (C2SP signed-note), with Ed25519 signatures only."""

import base64
import binascii
import hashlib
import re

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.seams import Signer

ALGORITHM = b"\x01"  # Ed25519, in the signature types of C2SP signed-note
PUBLIC_KEY_BYTES = 32
KEY_ID_BYTES = 4
SIGNATURES_MAX = 16  # as many as C2SP signed-note says a verifier must take
NOTE_BYTES_MAX = 131_072

# The characters that Unicode calls White_Space, spelled out so that every verifier agrees.
SPACES = "\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_KEY_NAME = re.compile(r"[!-*,-~]+")
_SIGNATURE_LINE = re.compile(rf"— ([^+{SPACES}]+) ([A-Za-z0-9+/=]+)")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_VKEY = re.compile(r"([!-*,-~]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class VerificationKey(msgspec.Struct, frozen=True):
    """A public key and the name it signs under.

    The name is printable ASCII without spaces or `+`, the key 32 raw bytes; anything else
    raises ReceiptRefused `key-malformed`.
    """

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not _KEY_NAME.fullmatch(self.name) or len(self.public_key) != PUBLIC_KEY_BYTES:
            raise _key_malformed()

    @classmethod
    def of(cls, signer: Signer) -> "VerificationKey":
        """The key that checks what `signer` signs."""
        return cls(signer.name, signer.public_key)

    @classmethod
    def parse(cls, text: str) -> "VerificationKey":
        """Reads `name+hexkeyid+base64(0x01 || key)` (C2SP vkey); the key id must be right."""
        match = _VKEY.fullmatch(text)
        encoded = match and decode_base64(match[3])
        if not match or not encoded or encoded[:1] != ALGORITHM:
            raise _key_malformed()
        key = cls(match[1], encoded[1:])
        if key.key_id.hex() != match[2]:
            raise _key_malformed()
        return key

    @property
    def key_id(self) -> bytes:
        """The four bytes that name this key in a signature line (C2SP signed-note)."""
        named = self.name.encode() + b"\n" + ALGORITHM + self.public_key
        return hashlib.sha256(named).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        encoded = encode_base64(ALGORITHM + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


def sign_note(text: str, signer: Signer) -> str:
    """`text` (which ends in a newline) with one signature line by `signer` under it."""
    key = VerificationKey.of(signer)
    signature = encode_base64(key.key_id + signer.sign(text.encode()))
    return f"{text}\n— {key.name} {signature}\n"


def open_note(note: str, key: VerificationKey) -> str:
    """The text of `note`, once `key` is known to have signed it; other keys are ignored.

    Raises ReceiptRefused: `note-malformed`, `wrong-key` when this key did not sign it,
    `signature-invalid` when it is said to have and has not.
    """
    text, lines = _parts(note)
    signatures: list[bytes] = []
    for line in lines:
        match = _SIGNATURE_LINE.fullmatch(line)
        signed = match and decode_base64(match[2])
        if not match or not signed or len(signed) <= KEY_ID_BYTES:
            raise _note_malformed()
        if match[1] == key.name and signed[:KEY_ID_BYTES] == key.key_id:
            signatures.append(signed[KEY_ID_BYTES:])
    if not signatures:
        raise ReceiptRefused("wrong-key", "The checkpoint is not signed by this key.")
    public_key = Ed25519PublicKey.from_public_bytes(key.public_key)
    for signature in signatures:
        try:
            public_key.verify(signature, text.encode())
        except InvalidSignature:
            raise ReceiptRefused(
                "signature-invalid", "The checkpoint is not what this key signed."
            ) from None
    return text


def encode_base64(data: bytes) -> str:
    """`data` in standard Base64 (RFC 4648, section 4)."""
    return binascii.b2a_base64(data, newline=False).decode()


def decode_base64(text: str) -> bytes | None:
    """The bytes that `text` is the one Base64 writing of (RFC 4648, section 4), or None."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode_base64(data) == text else None


def _parts(note: str) -> tuple[str, list[str]]:
    try:
        size = len(note.encode())
    except UnicodeEncodeError:
        raise _note_malformed() from None
    text, separator, below = note.rpartition("\n\n")
    lines = below.split("\n")
    sound = size <= NOTE_BYTES_MAX and text and separator and lines.pop() == ""
    if not sound or not 1 <= len(lines) <= SIGNATURES_MAX or _CONTROL.search(note):
        raise _note_malformed()
    return text + "\n", lines


def _note_malformed() -> ReceiptRefused:
    return ReceiptRefused("note-malformed", "The checkpoint is not a signed note.")


def _key_malformed() -> ReceiptRefused:
    return ReceiptRefused("key-malformed", "The key is not a verification key for Ed25519.")
