"""Sealing with a public key (age, https://age-encryption.org/v1): the server cannot open copies.

Whoever takes backups needs the recipient only. The identity that opens them is kept apart, and is
on this machine only if copies are to be compared here.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pyrage

from anamnesis.backup.refusal import BackupRefused

Seal: TypeAlias = Callable[[bytes], bytes]
Unseal: TypeAlias = Callable[[bytes], bytes]
_IDENTITY = re.compile(r"^AGE-SECRET-KEY-1[0-9A-Z]+$", re.MULTILINE)


def new_identity() -> tuple[str, str]:
    """A new identity, to be kept apart, and its recipient, to be given to the server."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def sealing(recipient: str) -> Seal:
    """What seals for this recipient; raises BackupRefused if it is none."""
    try:
        to = pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError:
        raise BackupRefused(
            "recipient-invalid", "The backup's recipient is not an age public key (age1…)."
        ) from None
    return lambda data: bytes(pyrage.encrypt(data, [to]))


def unsealing(path: Path) -> Unseal:
    """What opens with the identity in this file; raises BackupRefused if there is none in it."""
    try:
        found = _IDENTITY.search(path.read_text(encoding="ascii"))
    except (OSError, UnicodeError):
        found = None
    if found is None:
        raise BackupRefused(
            "identity-missing", f"There is no age identity (AGE-SECRET-KEY-1…) in {path}."
        )
    identity = pyrage.x25519.Identity.from_str(found[0])

    def unseal(data: bytes) -> bytes:
        try:
            return bytes(pyrage.decrypt(data, [identity]))
        except pyrage.DecryptError:
            raise BackupRefused(
                "piece-unopened", "A piece cannot be opened with this identity, or was altered."
            ) from None

    return unseal
