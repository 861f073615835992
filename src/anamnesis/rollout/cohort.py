"""Who gets a feature: named practices and practitioners, and a share of everybody else."""

import hashlib

import msgspec

from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.sentinels import is_sentinel, sentinel_of


class Cohort(msgspec.Struct, frozen=True):
    """`share` lies between 0 (nobody but those named) and 1 (everybody).

    Who is in a share depends on the feature's and the practitioner's names alone: the same
    people for as long as the share stands, and those of a smaller share are in every larger one.
    """

    practices: tuple[str, ...] = ()
    practitioners: tuple[str, ...] = ()
    share: float = 0.0

    def has(self, feature: str, practice: str, practitioner: str) -> bool:
        """Whether this practitioner gets the feature; of the sentinels only its own does."""
        if is_sentinel(practice):
            return practitioner == sentinel_of(feature)
        return (
            practice in self.practices
            or practitioner in self.practitioners
            or place(feature, practitioner) < self.share
        )

    def checked(self) -> "Cohort":
        """This cohort; raises RolloutRefused if it is nobody, or its share is none."""
        if not 0.0 <= self.share <= 1.0:
            raise RolloutRefused("share-invalid", "A cohort's share lies between 0 and 1.")
        if not (self.practices or self.practitioners or self.share):
            raise RolloutRefused(
                "cohort-empty", "Say who gets the feature: practices, practitioners or a share."
            )
        return self


def place(feature: str, practitioner: str) -> float:
    """Where in [0, 1) this practitioner stands for this feature, always the same."""
    digest = hashlib.sha256(f"{feature}\n{practitioner}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56
