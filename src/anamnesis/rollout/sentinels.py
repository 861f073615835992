"""Who the sentinels are: synthetic practitioners, one for each feature and one for none.

Their ids follow from names alone, the same everywhere, so that whoever meets one of their entries
knows it for what it is without asking anybody: everything of theirs is in the one practice.
"""

from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

SENTINEL_PRACTICE: Final = str(uuid5(NAMESPACE_URL, "anamnesis:sentinels"))
"""The practice of all sentinels, and of nobody else."""
BASELINE: Final = ""
"""Stands for no feature: the sentinel that is in nobody's cohort."""
LOGIN_PREFIX: Final = "sentinel:"
"""No account that people make has a colon in its login (access/account.py)."""
DEVICES: Final = ("first", "second")


def is_sentinel(practice: str) -> bool:
    """Whether something of this practice is synthetic: left out of exports and figures."""
    return practice == SENTINEL_PRACTICE


def sentinel_of(feature: str) -> str:
    """The practitioner id of this feature's sentinel, or of the baseline's."""
    return str(uuid5(UUID(SENTINEL_PRACTICE), feature))


def device_of(practitioner: str, which: str) -> str:
    """The id of one of a sentinel's two devices, the same after each start."""
    return str(uuid5(UUID(practitioner), which))
