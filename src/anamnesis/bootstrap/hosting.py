"""Runs features in the application: those that the published rollout has active, and no other."""

import functools
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec
import structlog

from anamnesis.features.feature import (
    SCRIPT_BYTES_MAX,
    Feature,
    FeatureEntry,
    FeatureRecord,
    PageParts,
    Proceed,
)
from anamnesis.features.flags import RolloutProvider
from anamnesis.features.loading import flag_service, load
from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.keeper.doing import Doing
from anamnesis.receipt.canonical import canonical, digest_bytes
from anamnesis.record.fold import apply_one
from anamnesis.record.store import RecordAhead, RecordTransaction
from anamnesis.rollout.rollout import Deployment, Rollout, decoded
from anamnesis.seams import Clock
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.record import OF_THE_DISK

Result = TypeVar("Result")
SCRIPTS_MAX = 256
"""Scripts of pages that are remembered."""

_log = structlog.get_logger()


class HookFailed(Exception):
    """A feature raised, whatever it raised: without it the work goes on."""

    def __init__(self, feature: str, hook: str, failure: BaseException) -> None:
        super().__init__(f"{feature} failed in {hook} ({type(failure).__name__}).")
        self.failure = failure


class Failure(msgspec.Struct, frozen=True):
    """Where a feature failed; the exception's name, never its message."""

    hook: str
    failure: str


class Host:
    """The features that may run now. Used by the thread that follows, and by the pages'."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._path = settings.rollout
        self._record_path = settings.record
        self._clock = clock
        self._doing = Doing(settings.doing)
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._scripts: dict[str, str] = {}
        self._loaded: dict[int, Feature] = {}
        plug = functools.partial(flag_service, settings.flags) if settings.flags else None
        self.flags = RolloutProvider(lambda: self.rollout, plug)
        self.rollout = Rollout()
        self.failures: dict[str, Failure] = {}

    def refresh(self) -> Rollout:
        """The rollout as published now, read again if it changed."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return self.rollout
        stamp = (found.st_mtime_ns, found.st_ino)
        with self._lock:
            if stamp != self._stamp:
                self.rollout = decoded(self._path.read_bytes())
                self._stamp = stamp
                self._load()
            return self.rollout

    def active_for(self, practice: str, practitioner: str) -> list[tuple[Deployment, Feature]]:
        """What runs for this practitioner, in the order in which it is called."""
        return [
            (one, self._loaded[one.number])
            for one in self.refresh().active_for(practice, practitioner)
            if one.number in self._loaded and self._gives(one.feature, practice, practitioner)
        ]

    def _gives(self, feature: str, practice: str, practitioner: str) -> bool:
        """As the flags say; a flag service that hangs is noticed as a feature that hangs."""
        call = functools.partial(self.flags.gives, feature, practice, practitioner)
        return self.called(feature, "flag", 0, call)

    def fold(
        self, connection: object, batch: Sequence[JournaledEntry], transaction: RecordTransaction
    ) -> None:
        """Folds the batch as `apply` does, each entry through its author's features.

        Raises HookFailed where a feature failed, so that the entry is applied without it.
        """
        record = FeatureRecord(self._record_path, connection)
        applied = transaction.applied()
        for journaled in batch:
            if journaled.position != applied:
                raise RecordAhead(f"Position {journaled.position} does not follow {applied}.")
            entry = journaled.entry
            active = self.active_for(entry.practice, entry.author)
            if active and entry.erased_by is None:
                self._through(active, journaled, transaction, record)
            else:
                apply_one(journaled, transaction)
            applied += 1
        transaction.advance(applied)

    def names(self, practice: str, practitioner: str) -> tuple[str, ...]:
        """The features that run for this practitioner, sorted."""
        return tuple(sorted(one.feature for one, _ in self.active_for(practice, practitioner)))

    def parts(
        self, practice: str, practitioner: str, encounter: str, patient: str
    ) -> list[tuple[str, PageParts]]:
        """What each adds to an encounter's page, with the name under which its script is got."""
        found = []
        for deployment, feature in self.active_for(practice, practitioner):
            with suppress(HookFailed):
                call = functools.partial(feature.page, encounter, patient)
                part = self.called(deployment.feature, "page", 0, call)
                found.append((self._kept(deployment.feature, part.script), part))
        return found

    def shown(self, practice: str, practitioner: str, sections: dict[str, str]) -> dict[str, str]:
        """A note's sections as its page is to show them."""
        for deployment, feature in self.active_for(practice, practitioner):
            with suppress(HookFailed):
                call = functools.partial(feature.showing, dict(sections))
                sections = self.called(deployment.feature, "showing", 0, call)
        return sections

    def script(self, name: str) -> str | None:
        """The script of this name, if some page has it."""
        return self._scripts.get(name)

    def _kept(self, feature: str, script: str) -> str:
        """The name of the script, which is another for another text."""
        if len(script.encode()) > SCRIPT_BYTES_MAX:
            script = ""
        name = f"{feature}-{digest_bytes(script.encode())[:16]}.js"
        with self._lock:
            if len(self._scripts) >= SCRIPTS_MAX:
                self._scripts.clear()
            self._scripts[name] = script
        return name

    def nightly(self, connection: object) -> None:
        """Runs the nightly job of every feature that runs for its cohort; raises HookFailed."""
        record = FeatureRecord(self._record_path, connection)
        for one in self.refresh().active():
            feature = self._loaded.get(one.number)
            if feature is not None and not one.trying:
                job = feature.nightly
                self.called(one.feature, "nightly", -1, lambda job=job: job(record))  # type: ignore[misc]

    def called(self, feature: str, hook: str, position: int, call: Callable[[], Result]) -> Result:
        """What the hook returns; raises HookFailed for whatever it raises, SystemExit too."""
        before = self._doing.begin(feature, self._clock.monotonic(), position)
        try:
            return call()
        except HookFailed:
            raise  # of a feature inside this one
        except BaseException as failure:
            if isinstance(failure, OF_THE_DISK):
                raise  # not of its making, and tried again as a whole
            if feature not in self.failures:
                failed = self.failures[feature] = Failure(hook, type(failure).__name__)
                _log.error("feature-failed", feature=feature, hook=hook, failure=failed.failure)
            raise HookFailed(feature, hook, failure) from failure
        finally:
            self._doing.end(before)

    def close(self) -> None:
        """Lets go of the file in which it says what it does."""
        self._doing.close()

    def _load(self) -> None:
        """Loads what is newly deployed, and forgets what is not active any more.

        The keeper has the process replaced then: a feature may have left anything behind in it.
        """
        active = {one.number: one for one in self.rollout.active()}
        self._loaded = {n: feature for n, feature in self._loaded.items() if n in active}
        for number, one in active.items():
            if number in self._loaded:
                continue
            try:
                self._loaded[number] = self.called(
                    one.feature,
                    "load",
                    -1,
                    lambda one=one: load(one.feature, one.source),  # type: ignore[misc]
                )
            except HookFailed:
                continue  # reported by `failures`, and the keeper suspends it

    def _through(
        self,
        active: list[tuple[Deployment, Feature]],
        journaled: JournaledEntry,
        transaction: RecordTransaction,
        record: FeatureRecord,
    ) -> None:
        position = journaled.position

        def fold(entry: FeatureEntry) -> None:
            apply_one(_changed(journaled, entry), transaction)

        proceed: Proceed = fold
        for deployment, feature in reversed(active):
            proceed = self._around(deployment.feature, feature, record, position, proceed)
        proceed(_copy(journaled.entry))
        for deployment, feature in active:
            hooks = {"applied": feature.applied}
            if journaled.entry.kind == "document.share":
                hooks["shared"] = feature.shared
            for name, hook in hooks.items():
                self.called(
                    deployment.feature,
                    name,
                    position,
                    lambda hook=hook: hook(_copy(journaled.entry), record),  # type: ignore[misc]
                )

    def _around(
        self, name: str, feature: Feature, record: FeatureRecord, position: int, inner: Proceed
    ) -> Proceed:
        return lambda entry: self.called(
            name, "applying", position, lambda: feature.applying(entry, record, inner)
        )


def _copy(entry: Entry) -> FeatureEntry:
    return FeatureEntry(
        entry.id,
        entry.kind,
        entry.practice,
        entry.author,
        entry.patient,
        entry.encounter,
        entry.typed_at,
        msgspec.json.decode(entry.content),
    )


def _changed(journaled: JournaledEntry, entry: FeatureEntry) -> JournaledEntry:
    """The journaled entry as the feature passed it on; the digest stays that of what was typed."""
    new = msgspec.structs.replace(
        journaled.entry,
        id=entry.id,
        kind=entry.kind,
        practice=entry.practice,
        author=entry.author,
        patient=entry.patient,
        encounter=entry.encounter,
        typed_at=entry.typed_at,
        content=canonical(entry.content),
    )
    return msgspec.structs.replace(journaled, entry=new)
