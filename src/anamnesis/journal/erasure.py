"""The mark that stands where an erased content was: it names the entry that decided the erasure.

Leaves are hashes of headers and a header holds the digest of its content, so that an entry without
its content proves all that it did before, except what it said.
"""

from typing import Final

ERASURE_KIND: Final = "erasure.write"
"""An entry of this kind decides that everything before it about its patient is erased."""
SURVIVING_KINDS: Final = frozenset({ERASURE_KIND, "erasure-act.write"})
"""Who erased what, when, why and on what ground stays."""
_MARK: Final = b"erased by "  # no content begins so: every content is an object
_ID_BYTES: Final = 36


def mark_of(decision: str) -> bytes:
    """What is kept instead of a content that the entry with this id erases."""
    return _MARK + decision.encode("ascii")


def decision_of(content: bytes) -> str | None:
    """The id of the entry that erased this content; None for a content that is there."""
    if not content.startswith(_MARK) or len(content) != len(_MARK) + _ID_BYTES:
        return None
    return content[len(_MARK) :].decode("ascii", "replace")
