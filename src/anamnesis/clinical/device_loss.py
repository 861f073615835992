"""A device that will never send again, as a person declares it, and what it held at last."""

from typing import Annotated, Final, Literal, TypeAlias, get_args

import msgspec

from anamnesis.clinical.sections import SectionName
from anamnesis.clinical.shapes import Instant, Uuid

NUMBERS_MAX: Final = 1_000
"""Numbers of one device that are declared, and told, one by one."""

Happened: TypeAlias = Literal["stolen", "broken", "wiped", "other"]
"""What became of it: lost or stolen, broken, emptied (its browser, its profile), anything else."""
HAPPENED: Final[tuple[Happened, ...]] = get_args(Happened)

_Number: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]


class HeldNumber(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number that a device gave out and that has not arrived, as far as its pages told of it.

    Null or empty where they did not; `sections` are those in which something was written.
    """

    sequence: _Number
    kind: Annotated[str, msgspec.Meta(max_length=64)] = ""
    patient: Uuid | None = None
    encounter: Uuid | None = None
    typed_at: Instant | None = None
    sections: tuple[SectionName, ...] = ()


class DeviceLoss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`device-loss.write`: `id` is the device's; `numbers` is what is given up with it.

    What was typed there after `heard_at` nobody knows of. Numbers beyond those named, up to
    `last_sequence`, are given up as well.
    """

    id: Uuid
    practitioner: Uuid
    happened: Happened
    heard_at: Instant
    last_sequence: _Number
    numbers: Annotated[tuple[HeldNumber, ...], msgspec.Meta(max_length=NUMBERS_MAX)]
