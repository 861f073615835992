"""Which features are deployed to whom, and which of them are suspended.

A value: every change makes the next revision. The keeper decides and publishes it, the
application obeys it; neither needs the other, or a feature's code, to read it.
"""

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.sentinels import is_sentinel

SENTINEL_PATHS: Final = ("typing", "sharing", "signing", "closing", "second-device")
"""The ways through the product on which a feature can be watched."""
DEPLOYMENTS_MAX: Final = 64
NAME_CHARACTERS_MAX: Final = 64

Mode = Literal["features", "safe", "journal-only"]
"""Those that are not suspended run; none runs (safe mode); the application is asked for nothing."""
OPERATOR: Final = "operator"
"""The reason of what somebody decided: nothing undoes it but another decision."""


class Suspension(msgspec.Struct, frozen=True):
    """Since when a feature does not run any more, and the code of the reason."""

    at: str
    why: str


class JournalOnly(msgspec.Struct, frozen=True):
    """Since when the application is asked for nothing, why, and the mode that comes back after."""

    at: str
    why: str
    before: Literal["features", "safe"]


class Deployment(msgspec.Struct, frozen=True):
    """One feature and who gets it.

    `source` says where its code is: `entry-point`, or `path/to/file.py:Name`. A canary is
    suspected before all others. `number` counts deployments: a higher one is newer. While it is
    `trying`, it runs for its own sentinel and for nobody else.
    """

    feature: str
    source: str
    paths: tuple[str, ...]
    cohort: Cohort
    deployed_at: str
    number: int
    canary: bool = False
    suspended: Suspension | None = None
    trying: bool = False

    @property
    def active(self) -> bool:
        """Whether it is not suspended."""
        return self.suspended is None

    def runs_for(self, practice: str, practitioner: str) -> bool:
        """Whether this practitioner gets it while it is active."""
        if self.trying and not is_sentinel(practice):
            return False
        return self.cohort.has(self.feature, practice, practitioner)


class Rollout(msgspec.Struct, frozen=True):
    """Everything the application has to know about features."""

    revision: int = 0
    mode: Mode = "features"
    deployments: tuple[Deployment, ...] = ()
    numbered: int = 0
    journal_only: JournalOnly | None = None

    def active(self) -> list[Deployment]:
        """What may run now, the first to be suspected first: canaries, then the newest."""
        if self.mode != "features":
            return []
        running = [one for one in self.deployments if one.active]
        return sorted(running, key=lambda one: (not one.canary, -one.number))

    def active_for(self, practice: str, practitioner: str) -> list[Deployment]:
        """What runs for this practitioner, in the same order."""
        return [one for one in self.active() if one.runs_for(practice, practitioner)]

    def of(self, feature: str) -> Deployment | None:
        """The deployment of this feature, suspended or not."""
        return next((one for one in self.deployments if one.feature == feature), None)

    def deployed(
        self,
        feature: str,
        source: str,
        paths: tuple[str, ...],
        cohort: Cohort,
        at: str,
        *,
        canary: bool = False,
        trying: bool = False,
    ) -> "Rollout":
        """With this feature, or with another cohort for it; raises RolloutRefused."""
        _check_name(feature)
        if not paths or not set(paths) <= set(SENTINEL_PATHS):
            raise RolloutRefused(
                "path-missing",
                f"A feature says on which paths it is watched: {', '.join(SENTINEL_PATHS)}.",
            )
        others = tuple(one for one in self.deployments if one.feature != feature)
        if len(others) >= DEPLOYMENTS_MAX:
            raise RolloutRefused(
                "too-many-features", f"At most {DEPLOYMENTS_MAX} features are deployed at once."
            )
        number = self.numbered + 1
        new = Deployment(
            feature, source, paths, cohort.checked(), at, number, canary, trying=trying
        )
        return self._next(deployments=(*others, new), numbered=number)

    def tried(self, number: int) -> "Rollout":
        """With the cohort of this deployment getting it, if it is still there and being tried."""
        if not any(one.number == number and one.trying for one in self.deployments):
            return self
        return self._next(
            deployments=tuple(
                msgspec.structs.replace(one, trying=False) if one.number == number else one
                for one in self.deployments
            )
        )

    def withdrawn(self, feature: str) -> "Rollout":
        """Without this feature; raises RolloutRefused if there is none of the name."""
        self._require(feature)
        return self._next(
            deployments=tuple(one for one in self.deployments if one.feature != feature)
        )

    def suspended(self, feature: str, at: str, why: str) -> "Rollout":
        """With this feature suspended; raises RolloutRefused if there is none of the name."""
        suspension = Suspension(at, why)
        return self._changed(
            feature, lambda one: msgspec.structs.replace(one, suspended=suspension)
        )

    def resumed(self, feature: str) -> "Rollout":
        """With this feature running again, by an operator's decision; raises RolloutRefused."""
        return self._changed(feature, lambda one: msgspec.structs.replace(one, suspended=None))

    def in_mode(self, mode: Literal["features", "safe"]) -> "Rollout":
        """In this mode, and no longer in journal-only mode."""
        return self._next(mode=mode, journal_only=None)

    def in_journal_only(self, at: str, why: str) -> "Rollout":
        """In journal-only mode; the mode it was in before comes back afterwards."""
        before: Literal["features", "safe"] = "features" if self.mode == "features" else "safe"
        if self.journal_only is not None:
            before = self.journal_only.before
        return self._next(mode="journal-only", journal_only=JournalOnly(at, why, before))

    def _changed(self, feature: str, change: Callable[[Deployment], Deployment]) -> "Rollout":
        self._require(feature)
        return self._next(
            deployments=tuple(
                change(one) if one.feature == feature else one for one in self.deployments
            )
        )

    def _next(self, **changes: object) -> "Rollout":
        return msgspec.structs.replace(self, revision=self.revision + 1, **changes)

    def _require(self, feature: str) -> None:
        if self.of(feature) is None:
            raise RolloutRefused("feature-unknown", f"No feature named {feature} is deployed.")


def encoded(rollout: Rollout) -> bytes:
    """As it is kept and published: JSON."""
    return msgspec.json.format(msgspec.json.encode(rollout), indent=2) + b"\n"


def decoded(published: bytes) -> Rollout:
    """What `encoded` made; raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(published, type=Rollout)


def _check_name(feature: str) -> None:
    words = feature.split("-")
    if len(feature) > NAME_CHARACTERS_MAX or not all(
        word.isalnum() and word.isascii() and word == word.lower() for word in words
    ):
        raise RolloutRefused(
            "name-invalid", "A feature's name is small letters and digits, joined by hyphens."
        )
