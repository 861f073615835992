"""Says of a text that it was written later than the care it is about (FHIR Provenance).

When the care was is `occurred_at` (FHIR `occurred`), when the writing was is in the note's versions
(`recorded`), from what it was written is `sources` (`entity`).
"""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.shapes import Digest, Instant, Uuid

WrittenFrom: TypeAlias = Literal[
    "memory",
    "appointment",
    "documents",
    "prescriptions",
    "measurements",
    "notes",
    "device",
    "patient",
    "colleague",
    "other",
]
WRITTEN_FROM: Final[tuple[WrittenFrom, ...]] = get_args(WrittenFrom)


class WrittenLater(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`provenance.write`: the note's text with this digest was written again after a breach."""

    id: Uuid
    breach: Uuid
    digest: Digest
    occurred_at: Instant
    sources: Annotated[tuple[WrittenFrom, ...], msgspec.Meta(min_length=1)]
    remark: str
