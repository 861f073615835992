"""The thread that compares what pages say with journal and record, and keeps what it has to."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog

from anamnesis.journal.entry import JournaledEntry
from anamnesis.keeper.consultations import Consultations
from anamnesis.keeper.devices import Devices
from anamnesis.keeper.exits import EXIT_UNEXPECTED, exit_now
from anamnesis.keeper.findings import Findings
from anamnesis.keeper.glances import Glances
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.lost_devices import LostDevices
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.received import Received
from anamnesis.keeper.record_door import RecordUnavailable
from anamnesis.reconcile.finding import Finding
from anamnesis.reconcile.store import MarkNotKept

COMPARED_EVERY_SECONDS = 1.0
KEPT_EVERY_SECONDS = 5.0
"""What was heard since is heard again after a crash: pages go on telling."""
SILENT_SECONDS_MAX = 60.0
"""Agenda and shares that could not be held against notes for so long."""
ASKED_AT_ONCE = 500
"""Devices that hold something, and as many declared lost, asked about in one go."""
CLOSE_SECONDS_MAX = 5.0
FOLLOWED = "followed"
_SILENT = "silence/comparing-silent"

_log = structlog.get_logger()


class Comparing:
    """Devices, screens and consultations, joined. Has a way of its own into journal and record."""

    def __init__(
        self,
        parts: Parts,
        findings: Findings,
        received: Received,
        intake: Intake,
        stop: Callable[[int], None] = exit_now,
    ) -> None:
        marks, clock = parts.marks, parts.clock
        self._door = parts.comparing_door
        self._journal = parts.comparing_reader
        self._marks = marks
        self._clock = clock
        self._findings = findings
        self._stop = stop
        self._unkept: dict[str, bytes | None] = {}
        self._kept_at = clock.monotonic()
        self._compared_at = self._kept_at
        self._failing = False
        self._closing = threading.Event()
        kept = marks.read(FOLLOWED)
        followed = int(kept) if kept is not None and kept.isdigit() else None
        self.glances = Glances(marks, clock, findings)
        self.devices = Devices(marks, clock, findings, lambda: intake.state == "up")
        self._lost_devices = LostDevices(marks, self.devices, findings)
        self.consultations = Consultations(
            clock,
            findings,
            self.glances,
            self.devices,
            self._lost_devices,
            lambda *text: received.position_of_text(*text) is not None,
            followed,
        )
        self._thread = threading.Thread(target=self._run, name="comparing", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread, and keeps what it knows."""
        self._closing.set()
        self._thread.join(CLOSE_SECONDS_MAX)
        self._keep()

    def journaled(self, entries: Sequence[JournaledEntry]) -> None:
        """These were journaled. On the journal's thread."""
        self.glances.sent(entries)
        self.devices.sent(entries)

    def step(self) -> None:
        """One comparison. What the record cannot be asked now, it is asked the next time."""
        now = self._clock.monotonic()
        with suppress(RecordUnavailable):
            self._door.read(lambda reader: self.consultations.step(reader, self._journal))
            self._compared_at = now
        silent = now - self._compared_at >= SILENT_SECONDS_MAX
        if silent:
            self._findings.found(Finding(_SILENT, "comparing-silent"))
        elif _SILENT in self._findings:
            self._findings.cleared([_SILENT])
        held = [one.device for one in self.devices.in_the_field()[:ASKED_AT_ONCE]]
        watched = {*held, *self._lost_devices.declared()[-ASKED_AT_ONCE:]}
        if watched:
            known = self._journal.last_sequences(list(watched))
            last = {device: sequence for device, (sequence, _) in known.items()}
            self.devices.arrived(last)
            self._lost_devices.arrived(last)
        if self._clock.monotonic() - self._kept_at >= KEPT_EVERY_SECONDS:
            self._keep()

    def _keep(self) -> None:
        self._kept_at = self._clock.monotonic()
        self._findings.forget_old()
        for part in (self.devices, self._lost_devices, self.glances, self._findings):
            self._unkept |= part.changes()
        followed = str(self.consultations.settled()).encode()
        if self._marks.read(FOLLOWED) != followed:
            self._unkept[FOLLOWED] = followed
        if not self._unkept:
            return
        try:
            self._marks.write(self._unkept)
        except MarkNotKept:
            if not self._failing:
                _log.warning("marks-not-kept")
            self._failing = True
        else:
            self._unkept, self._failing = {}, False

    def _run(self) -> None:
        try:
            while not self._closing.wait(COMPARED_EVERY_SECONDS):
                self.step()
        except BaseException as failure:  # noqa: BLE001 - it ends the process
            # Devices and screens that nobody compares any more would look as if all were well.
            _log.critical("comparing-stopped", failure=type(failure).__name__, exc_info=failure)
            self._stop(EXIT_UNEXPECTED)
