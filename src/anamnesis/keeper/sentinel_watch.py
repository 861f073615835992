"""What the sentinels say, and what it means when they say nothing."""

from collections.abc import Sequence
from typing import Any, Literal

import structlog

from anamnesis.access.store import AccessStore
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.incident_book import IncidentBook
from anamnesis.keeper.judgement import Disagreement
from anamnesis.keeper.received import Expected
from anamnesis.keeper.trial import Trial
from anamnesis.reconcile.discrepancy import Happened
from anamnesis.rollout.rollout import SENTINEL_PATHS
from anamnesis.rollout.sentinels import (
    DEVICES,
    SENTINEL_PRACTICE,
    device_of,
    is_sentinel,
    sentinel_of,
)
from anamnesis.rollout.walked import Finding, Walked, watched
from anamnesis.seams import Clock

SILENT_PERIODS_MAX = 3.0
"""A path of which nothing was heard for so many periods is silent: absence raises the alarm."""
SILENT_SECONDS_MIN = 90.0
"""But never sooner than this: a round takes its time on a busy machine, and after a start."""

State = Literal["off", "up", "silent"]

_log = structlog.get_logger()


class SentinelWatch:
    """Hears every report, and listens for those that do not come. On the keeper's loop.

    `synthetic` counts their entries in the journal, so that figures can be made without them.
    """

    def __init__(self, guarding: Guarding, book: IncidentBook, clock: Clock, period: float) -> None:
        self._guarding = guarding
        self._book = book
        self._clock = clock
        self._period = period
        self._silent_after = max(period * SILENT_PERIODS_MAX, SILENT_SECONDS_MIN)
        self._last: dict[tuple[str, str], Walked] = {}
        self._heard: dict[tuple[str, str], float] = {}
        self._trial = Trial(guarding, book, clock)
        self._silent: set[tuple[str, str]] = set()
        self.synthetic = 0

    @property
    def state(self) -> State:
        """`silent` while any path of any feature that runs is not being walked."""
        if not self._period:
            return "off"
        return "silent" if self._silent else "up"

    def journaled(self, entries: Sequence[Expected]) -> None:
        """Counts theirs among what was journaled. On the journal's thread."""
        self.synthetic += sum(is_sentinel(one.practice) for one in entries)

    def heard(self, walked: Walked) -> None:
        """One report. What is wrong goes into the incident book, and to the guard."""
        key = walked.feature, walked.path
        self._last[key] = walked
        if walked.result != "interrupted":
            self._heard[key] = self._clock.monotonic()
        self._trial.heard(walked)
        author = sentinel_of(walked.feature)
        if walked.wrong:
            _log.error("sentinel-found", feature=walked.feature, path=walked.path)
            self._guarding.wrong([_disagreement(one, author) for one in walked.wrong])
        if walked.righted:
            self._guarding.right([_expected(one, author) for one in walked.righted])
        if walked.result == "unwalked":
            _log.error("sentinel-unwalked", feature=walked.feature, why=walked.why)
            self._guarding.unwalked(author, walked.path, walked.why)

    def look(self) -> None:
        """Notices silence, and its end; called every moment."""
        if not self._period:
            return
        self._trial.look()
        now = self._clock.monotonic()
        features = watched(self._guarding.rollout)
        wanted = {(feature, path) for feature in features for path in SENTINEL_PATHS}
        self._heard = {key: self._heard.get(key, now) for key in wanted}
        self._last = {key: one for key, one in self._last.items() if key[0] in features}
        silent = {key for key in wanted if now - self._heard[key] > self._silent_after}
        self._say("sentinels-silent", silent - self._silent)
        self._say("sentinels-heard", self._silent - silent)
        self._silent = silent
        self._book.lasts("sentinels-silent", bool(silent))

    def shown(self) -> dict[str, Any]:
        """For the operator: each path of each feature, when it was last walked, and how."""
        rows = []
        for (feature, path), one in sorted(self._last.items()):
            rows.append(
                {
                    "feature": feature,
                    "path": path,
                    "section": one.section,
                    "writing": one.writing,
                    "at": one.at,
                    "milliseconds": one.milliseconds,
                    "result": one.result,
                    "why": one.why,
                    "codes": sorted({found.code for found in one.wrong}),
                    "routes": sorted({found.route for found in one.wrong}),
                    "silent": (feature, path) in self._silent,
                }
            )
        return {"state": self.state, "period_seconds": self._period, "paths": rows}

    def _say(self, what: Happened, paths: set[tuple[str, str]]) -> None:
        if paths:
            features = sorted({feature for feature, _ in paths})
            _log.error(what, features=features, paths=sorted({path for _, path in paths}))
            self._book.step(what, ", ".join(features))


def synthetic(access: AccessStore, journal: JournalReader) -> int:
    """How many of the journal's entries are the sentinels', and those that made them."""
    everybody = [one.practitioner for one in access.accounts(SENTINEL_PRACTICE)]
    devices = [device_of(one, which) for one in everybody for which in DEVICES]
    numbers = journal.last_sequences(devices).values()
    return sum(last for last, _ in numbers) + len(everybody) + bool(everybody)


def _disagreement(found: Finding, author: str) -> Disagreement:
    return Disagreement(_expected(found, author), found.code)


def _expected(found: Finding, author: str) -> Expected:
    return Expected(
        position=found.position,
        id=found.entry,
        kind=found.kind,
        practice=SENTINEL_PRACTICE,
        author=author,
        device=found.device,
        encounter=found.encounter,
        digest=found.digest,
        base=None,
        received_at=found.received_at,
    )
