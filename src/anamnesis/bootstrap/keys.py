"""The signing key in the data directory: made once, never replaced silently."""

import os
import secrets
from contextlib import suppress

from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.keeper.exits import EXIT_WRONG_KEY
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.signer import SEED_BYTES, Ed25519Signer
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.connection import sync_directory

KEY_BYTES_MAX = 200


def load_signer(settings: Settings) -> Ed25519Signer:
    """The signer whose seed is in `signing.key`; raises `StartRefused` if there is none."""
    try:
        text = settings.signing_key.read_text(encoding="ascii")[:KEY_BYTES_MAX].strip()
        seed = bytes.fromhex(text)
    except FileNotFoundError:
        raise StartRefused(
            "key-missing",
            "signing.key is missing. Put it back from its backup: receipts already given out "
            "can only be continued with the key that signed them.",
            EXIT_WRONG_KEY,
        ) from None
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise StartRefused(
            "key-malformed",
            "signing.key is not 64 hexadecimal digits. Put it back from its backup.",
            EXIT_WRONG_KEY,
        )
    return Ed25519Signer(settings.origin, seed)


def make_signer(settings: Settings) -> Ed25519Signer:
    """As `load_signer`; makes a key, readable by its owner only, for a journal not begun yet."""
    if not settings.signing_key.exists() and not settings.journal.exists():
        _write_durably(settings, secrets.token_hex(SEED_BYTES))
    signer = load_signer(settings)
    _publish(settings, str(VerificationKey.of(signer)))
    return signer


def _write_durably(settings: Settings, seed: str) -> None:
    path = settings.signing_key.with_suffix(".new")
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(seed + "\n")
        file.flush()
        os.fsync(file.fileno())
    path.rename(settings.signing_key)
    sync_directory(settings.data)


def _publish(settings: Settings, key: str) -> None:
    text = key + "\n"
    path = settings.verification_key
    if not path.exists() or path.read_text(encoding="ascii") != text:
        path.write_text(text, encoding="ascii")
