"""What each screen showed last, as its witness said, and which witness has fallen silent.

A text that nothing has is remembered over a restart: a consultation is held against it.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime

import msgspec

from anamnesis.clinical.sections import BLANK_DIGEST
from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.findings import Findings
from anamnesis.keeper.screens import Screen
from anamnesis.reconcile.finding import Finding
from anamnesis.reconcile.screen import (
    SILENT_SECONDS_MAX,
    Astray,
    Glance,
    is_fresh,
    is_silent,
    judge_screen,
)
from anamnesis.reconcile.store import MarkStore
from anamnesis.seams import Clock, instant

SCREENS_MAX = 20_000
"""Screens remembered; of those beyond, the one heard of longest ago is forgotten."""
UNKNOWN_MAX = 2_000
"""Texts that nothing has, kept over a restart."""
MARKS = "screen/"
SPOKE_SECONDS_MAX = 4.0
"""A report no older than this speaks for its page: witnesses tell every 3 s."""


class Shown(msgspec.Struct):
    """A screen's last report. `leaving`: it is hidden or closed, and may say nothing any more.

    `sending_since` is when the first entry came that was typed after it. Times on the clock.
    """

    screen: Screen
    digest: str
    known: bool
    unsaved: bool
    leaving: bool
    reported_at: float
    astray: Astray = Astray()
    sending_since: float | None = None


class Glances:
    """Hears every report. Safe between threads."""

    def __init__(self, marks: MarkStore, clock: Clock, findings: Findings) -> None:
        self._lock = threading.Lock()
        self._clock = clock
        self._findings = findings
        self._shown: OrderedDict[tuple[str, str], Shown] = OrderedDict()
        self._unknown: OrderedDict[tuple[str, str], Shown] = OrderedDict()
        self._changed: dict[str, bytes | None] = {}
        for mark in marks.read_all(MARKS).values():
            shown = _shown(mark)
            if shown is not None:
                self._unknown[shown.screen.device, shown.screen.encounter] = shown
        self.judged = 0
        self.judged_at: str | None = None

    def speaks(self, screen: Screen) -> None:
        """The screen's witness says something, whatever comes of it: it is not silent."""
        shown = self._shown.get((screen.device, screen.encounter))
        if shown is not None:
            shown.reported_at, shown.sending_since = self._clock.monotonic(), None
        self._findings.cleared([f"{_subject(screen)}/silent"])

    def heard(self, screen: Screen, digest: str, glance: Glance, *, leaving: bool) -> None:
        """One report of a screen that shows the text with this digest."""
        with self._lock:
            now = self._clock.monotonic()
            self.judged += 1
            self.judged_at = instant(self._clock.now())
            key = screen.device, screen.encounter
            before = self._shown.pop(key, None)
            astray = Astray() if before is None else before.astray
            if before is not None and before.digest != digest:
                astray = Astray(unkept_since=astray.unkept_since)
            astray, code = judge_screen(glance, astray, now)
            unsaved = glance.unsaved is not None
            shown = Shown(screen, digest, glance.known, unsaved, leaving, now, astray)
            self._shown[key] = shown
            if len(self._shown) > SCREENS_MAX:
                self._shown.popitem(last=False)
            self._remember(key, shown)
        subject = f"{_subject(screen)}/text"
        if code is not None:
            found = Finding(subject, code, screen.practice, screen.author, screen.encounter)
            self._findings.found(found, of_page=True)
        elif astray == Astray():
            self._findings.cleared([subject])

    def sent(self, entries: Iterable[JournaledEntry]) -> None:
        """These were journaled. On the journal's thread: next to nothing, nearly always."""
        now = self._clock.monotonic()
        for journaled in entries:
            entry = journaled.entry
            shown = self._shown.get((entry.device, entry.encounter or ""))
            if shown is None or shown.leaving or now - shown.reported_at < SPOKE_SECONDS_MAX:
                continue
            if entry.kind == "note.write" and is_fresh(_held_seconds(journaled)):
                self._heard_of(shown, now, entry.typed_at)

    def _heard_of(self, shown: Shown, now: float, typed_at: str) -> None:
        if shown.sending_since is None:
            shown.sending_since = now
        if is_silent(now - shown.reported_at, now - shown.sending_since):
            screen = shown.screen
            found = Finding(
                f"{_subject(screen)}/silent",
                "witness-silent",
                screen.practice,
                screen.author,
                screen.encounter,
                typed_at,
            )
            self._findings.found(found, of_page=True)

    def unknown(self, practice: str, encounter: str) -> list[Shown]:
        """The texts that screens of this encounter showed last and that nothing had."""
        with self._lock:
            return [
                one
                for one in self._unknown.values()
                if (one.screen.practice, one.screen.encounter) == (practice, encounter)
            ]

    def arrived(self, shown: Shown) -> None:
        """What that screen showed is known by now."""
        with self._lock:
            self._drop((shown.screen.device, shown.screen.encounter))

    def changes(self) -> dict[str, bytes | None]:
        """What has to be kept since this was last asked."""
        with self._lock:
            changed, self._changed = self._changed, {}
        return changed

    def shown(self) -> dict[str, object]:
        """For the operator: counts and instants."""
        with self._lock:
            now = self._clock.monotonic()
            ages = [now - one.reported_at for one in self._shown.values() if not one.leaving]
            silent = sum(age >= SILENT_SECONDS_MAX for age in ages)
            return {
                "judged": self.judged,
                "judged_at": self.judged_at,
                "open": len(ages) - silent,
                "fell_silent": silent,
                "unknown_texts": len(self._unknown),
            }

    def _remember(self, key: tuple[str, str], shown: Shown) -> None:
        if shown.known or shown.digest == BLANK_DIGEST:
            self._drop(key)
            return
        before = self._unknown.pop(key, None)
        self._unknown[key] = shown
        if before is None or (before.digest, before.unsaved) != (shown.digest, shown.unsaved):
            self._changed[_name(key)] = msgspec.json.encode(shown)
        if len(self._unknown) > UNKNOWN_MAX:
            oldest, _ = self._unknown.popitem(last=False)
            self._changed[_name(oldest)] = None

    def _drop(self, key: tuple[str, str]) -> None:
        if self._unknown.pop(key, None) is not None:
            self._changed[_name(key)] = None


def _held_seconds(journaled: JournaledEntry) -> float:
    received = datetime.fromisoformat(journaled.received_at)
    return (received - datetime.fromisoformat(journaled.entry.typed_at)).total_seconds()


def _subject(screen: Screen) -> str:
    return f"screen/{screen.device}/{screen.encounter}"


def _name(key: tuple[str, str]) -> str:
    return f"{MARKS}{key[0]}/{key[1]}"


def _shown(mark: bytes) -> Shown | None:
    try:
        return msgspec.json.decode(mark, type=Shown)
    except msgspec.DecodeError:
        return None
