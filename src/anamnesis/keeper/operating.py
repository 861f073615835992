"""What the keeper's own parts tell an operator, section by section, and check by check."""

import os
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from anamnesis.journal.store import JournalReader
from anamnesis.keeper.audit import AuditTrail
from anamnesis.keeper.backups_seen import backups_shown, backups_wrong
from anamnesis.keeper.checks import Looked
from anamnesis.keeper.comparing import Comparing
from anamnesis.keeper.dispatches_seen import (
    SILENT_SECONDS_MAX,
    dispatches_shown,
    dispatches_wrong,
)
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.operator_view import OperatorView
from anamnesis.keeper.push import Push
from anamnesis.keeper.readback import ReadBackLoop
from anamnesis.keeper.screens import Screens
from anamnesis.keeper.vigilance import Vigilance
from anamnesis.keeper.watch import Watch
from anamnesis.seams import Clock, instant
from anamnesis.settings import Settings

FREE_BYTES_MIN = 1_073_741_824
"""Less space than this on the disk counts as wrong: it may be gone within a day."""
READ_BACK_SECONDS_MAX = 5.0
"""Read-back looks several times a second; silent for so long, it is late."""
AUDIT_SECONDS_MAX = 10.0
LISTED_MAX = 100
"""Findings named to the operator; those beyond are counted."""
BEHIND_SECONDS_MAX = 60.0
"""An entry that is not recorded for so long is counted as wrong."""


@dataclass(frozen=True)
class Operating:
    """The parts that tell."""

    settings: Settings
    clock: Clock
    journaled: Callable[[], int]
    reader: JournalReader
    intake: Intake
    read_back: ReadBackLoop
    vigilance: Vigilance
    watch: Watch
    audit: AuditTrail
    push: Push
    screens: Screens
    comparing: Comparing
    started_at: str

    def register(self, view: OperatorView) -> None:
        """Registers everything that this process knows by itself."""
        view.register("reconciliation", self._reconciliation)
        view.register("sweep", self.vigilance.sweep.shown)
        view.register("disagreements", self._disagreements)
        view.register("rollout", self._rollout)
        view.register("outboxes", self.comparing.devices.shown)
        view.register("screens", self.comparing.glances.shown)
        view.register("consultations", self.comparing.consultations.shown)
        view.register("findings", self._findings)
        view.register("guard", self.vigilance.guard.shown)
        view.register("sentinels", self.vigilance.sentinels.shown)
        view.register("processes", self._processes)
        view.register("disk", self._disk)
        view.register("backups", lambda: backups_shown(self.settings))
        view.register("dispatches", lambda: dispatches_shown(self.settings))
        add = view.checks.add
        add("commit", ("I1",), self._commit)
        add("journal-opened", ("I1", "I6", "I8"), lambda: Looked(self.started_at))
        add("read-back", ("I2", "I3", "I4", "I5"), self._read_back, READ_BACK_SECONDS_MAX)
        add("behind", ("I2",), self._behind)
        add("sweep", ("I2", "I3", "I5", "I6", "I7"), self._swept)
        add("screens", ("I4",), lambda: Looked(self.screens.seen_at, self.screens.wrong()))
        add("device-sequences", ("I6",), self._devices)
        add("consultations", ("I2", "I4"), self._consultations)
        add("silence", ("I2", "I3"), self._silence, READ_BACK_SECONDS_MAX)
        add("sentinels", ("I2", "I3", "I4", "I5"), self._walked)
        add("guard", ("I2", "I3", "I4"), self._guarded)
        add("audit-trail", ("I9",), self._audited, AUDIT_SECONDS_MAX)
        add("incident-book", ("I2", "I3"), self._book)
        add("disk-space", ("I1",), self._space)
        if self.settings.backup_to:
            add("backups", ("I1", "I8"), lambda: backups_wrong(self.settings, self.clock))
        if self.settings.sends:
            add("dispatches", (), self._dispatches, SILENT_SECONDS_MAX)

    def _now(self) -> str:
        return instant(self.clock.now())

    def _commit(self) -> Looked:
        return Looked(self._now(), int(self.intake.state != "up"))

    def _read_back(self) -> Looked:
        wrong = len(self.read_back.disagreements)
        return Looked(self.read_back.looked_at, wrong, self.read_back.applied)

    def _behind(self) -> Looked:
        oldest = self._oldest()
        late = oldest is not None and self._seconds_since(oldest) > BEHIND_SECONDS_MAX
        return Looked(self._now(), int(late))

    def _swept(self) -> Looked:
        sweep = self.vigilance.sweep
        return Looked(sweep.mark.completed_at, int(sweep.is_overdue), sweep.mark.judged)

    def _audited(self) -> Looked:
        return Looked(self.audit.written_at, int(self.audit.failing))

    def _walked(self) -> Looked:
        shown = self.vigilance.sentinels.shown()
        wrong = sum(bool(one["codes"] or one["silent"]) for one in shown["paths"])
        at = max((one["at"] for one in shown["paths"]), default=None)
        return Looked(at, wrong or int(shown["state"] == "silent"))

    def _guarded(self) -> Looked:
        return Looked(self._now(), int(self.vigilance.guard.state == "silent"))

    def _book(self) -> Looked:
        return Looked(self._now(), int(self.vigilance.book.failing))

    def _space(self) -> Looked:
        return Looked(self._now(), int(shutil.disk_usage(self.settings.data).free < FREE_BYTES_MIN))

    def _oldest(self) -> str | None:
        """When the oldest entry that is not recorded was received."""
        applied, journaled = self.read_back.applied, self.journaled()
        if applied >= journaled:
            return None
        return self.reader.at([applied])[0].received_at

    def _seconds_since(self, at: str) -> float:
        return (self.clock.now() - datetime.fromisoformat(at)).total_seconds()

    def _reconciliation(self) -> dict[str, object]:
        oldest = self._oldest()
        return {
            "journaled": self.journaled(),
            "recorded": self.read_back.applied,
            "record": "up" if self.read_back.available else "unavailable",
            "oldest_at": oldest,
            "oldest_seconds": 0.0 if oldest is None else round(self._seconds_since(oldest), 3),
            "ordered_anew": self.vigilance.repair.orders,
        }

    def _findings(self) -> dict[str, object]:
        findings = self.vigilance.findings
        return {"open": findings.open()[:LISTED_MAX], "counts": dict(findings.counts)}

    def _devices(self) -> Looked:
        devices = self.comparing.devices
        return Looked(devices.judged_at, self.vigilance.findings.wrong("device/"), devices.judged)

    def _consultations(self) -> Looked:
        consultations = self.comparing.consultations
        wrong = self.vigilance.findings.wrong("consultation/")
        return Looked(consultations.judged_at, wrong, consultations.outcomes.total())

    def _silence(self) -> Looked:
        silences = self.vigilance.silences
        return Looked(silences.looked_at, self.vigilance.findings.wrong("silence/"))

    def _disagreements(self) -> dict[str, object]:
        listed = self.read_back.disagreements.all()
        return {
            "count": len(self.read_back.disagreements),
            "codes": Counter(one.code for one in listed),
        }

    def _rollout(self) -> object:
        return self.vigilance.guarding.rollout

    def _processes(self) -> dict[str, object]:
        return {
            "keeper": "up",
            "started_at": self.started_at,
            "keeper_bytes": _resident_bytes(),
            "application": self.watch.state,
            "journal": self.intake.state,
            "streams": len(self.push),
            "build": self.settings.build,
            "protected": self.settings.protected,
        }

    def _dispatches(self) -> Looked:
        return dispatches_wrong(self.settings, self.clock, self.started_at)

    def _disk(self) -> dict[str, object]:
        usage = shutil.disk_usage(self.settings.data)
        return {
            "free_bytes": usage.free,
            "total_bytes": usage.total,
            "journal_bytes": _size(self.settings.journal),
            "record_bytes": _size(self.settings.record),
        }


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _resident_bytes() -> int | None:
    """What the process takes of the machine's memory; None where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
