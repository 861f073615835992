"""A manifest: what one backup added, signed by the journal's own key, and which one came before.

A C2SP signed note whose text is one line of JSON. It names no patient and no practice, and is not
sealed: whoever keeps the copies can see how old they are.
"""

from typing import Final, Literal

import msgspec

from anamnesis.backup.refusal import BackupRefused
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.note import open_note, sign_note
from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.seams import Signer

FORMAT: Final = "anamnesis-backup/1"
MANIFESTS: Final = "manifests/"
SEGMENTS_MAX: Final = 512
"""New segments of one backup; what is beyond is the next one's, taken at once."""


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sealed file: its name in the place, its size, and the digest of the sealed bytes."""

    name: str
    bytes: int
    sha256: str


class Segment(Piece, frozen=True, forbid_unknown_fields=True):
    """A piece with the entries from `start` up to `end`, without it."""

    start: int
    end: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`size` is how many entries all segments so far have; `checkpoint` the journal's note of it.

    `before` names the previous manifest, None in the first. `state` holds accounts, incidents and
    the rollout, None where it was not taken again.
    """

    format: Literal["anamnesis-backup/1"]
    origin: str
    build: str
    taken_at: str
    size: int
    checkpoint: str
    segments: tuple[Segment, ...]
    state: Piece | None
    before: str | None

    @property
    def name(self) -> str:
        """Its name in the place; names sort as the backups were taken."""
        return manifest_name(self.size, self.taken_at)


def manifest_name(size: int, taken_at: str) -> str:
    """The name of the manifest of a backup of `size` entries taken at this instant."""
    return f"{MANIFESTS}{size:012d}-{taken_at.replace(':', '').replace('-', '')}.note"


def signed(manifest: Manifest, signer: Signer) -> bytes:
    """The manifest as it is kept."""
    return sign_note(msgspec.json.encode(manifest).decode() + "\n", signer).encode()


def opened(note: bytes, key: VerificationKey) -> Manifest:
    """The manifest in a note; raises BackupRefused unless this key signed it."""
    try:
        text = open_note(note.decode(), key)
        return msgspec.json.decode(text, type=Manifest)
    except (ReceiptRefused, msgspec.DecodeError, UnicodeError):
        raise BackupRefused(
            "manifest-altered", "A manifest is not one that this journal's key signed."
        ) from None
