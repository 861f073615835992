"""An Ed25519 key (RFC 8032) that signs under a name; where its seed is kept is the rim's matter."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anamnesis.receipt.checkpoint import VerificationKey

SEED_BYTES = 32


class Ed25519Signer:
    """Signs with the private key that 32 secret bytes stand for (a `seams.Signer`).

    Raises ValueError unless there are 32; ReceiptRefused `key-malformed` for an unfit name.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError("An Ed25519 seed has 32 bytes.")
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._key = VerificationKey(name, self._private.public_key().public_bytes_raw())

    @property
    def name(self) -> str:
        """The name it signs under."""
        return self._key.name

    @property
    def public_key(self) -> bytes:
        """The 32 raw bytes of the public key."""
        return self._key.public_key

    @property
    def verification_key(self) -> VerificationKey:
        """What others need to check its signatures."""
        return self._key

    def sign(self, message: bytes) -> bytes:
        """The 64-byte signature of `message`, the same each time."""
        return self._private.sign(message)
