"""What is lost with a device, number by number: as it says itself, or as a person declares.

A declaration is believed as far as the journal has nothing better, and taken back as soon as it
has: nothing that a device sends is refused because somebody gave it up.
"""

from collections import OrderedDict
from typing import Final

import msgspec

from anamnesis.clinical.device_loss import NUMBERS_MAX, DeviceLoss
from anamnesis.clinical.kinds import Retired
from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.devices import Devices, retired, told_of
from anamnesis.keeper.findings import Findings
from anamnesis.reconcile.finding import Finding
from anamnesis.reconcile.store import MarkStore

GIVING_UP: Final = frozenset({"device.retire", "device-loss.write"})
"""The kinds of entries that say that a device has something no more."""
DECLARED_MAX: Final = 5_000
"""Devices remembered as declared lost; of those beyond, the one declared first goes."""
MARKS: Final = "declared/"


class Declared(msgspec.Struct, frozen=True):
    """A device that a person declared lost, and the numbers that have not come all the same."""

    device: str
    numbers: tuple[int, ...]


class LostDevices:
    """Follows entries that give up what a device held, and what comes of them. One thread."""

    def __init__(self, marks: MarkStore, devices: Devices, findings: Findings) -> None:
        self._devices = devices
        self._findings = findings
        self._changed: dict[str, bytes | None] = {}
        declared = (_remembered(mark) for mark in marks.read_all(MARKS).values())
        self._awaited = OrderedDict((one.device, one) for one in declared if one is not None)

    def declared(self) -> list[str]:
        """Devices that were declared lost and may send all the same, latest last."""
        return list(self._awaited)

    def arrived(self, last: dict[str, int]) -> None:
        """The last numbers that the journal has: what was declared lost and is there came back."""
        for device, journaled in last.items():
            numbers = self._awaited[device].numbers if device in self._awaited else ()
            back = [one for one in numbers if one <= journaled]
            if back:
                self._findings.came_back([f"device/{device}/declared/{one}" for one in back])
                self._remember(Declared(device, tuple(one for one in numbers if one > journaled)))

    def changes(self) -> dict[str, bytes | None]:
        """What has to be kept since this was last asked."""
        changed, self._changed = self._changed, {}
        return changed

    def take(self, journaled: JournaledEntry, journal: JournalReader) -> None:
        """One such entry, which is in the record."""
        if journaled.entry.kind == "device.retire":
            self._retired(journaled, journal)
        else:
            self._declared(journaled, journal)

    def _retired(self, journaled: JournaledEntry, journal: JournalReader) -> None:
        entry = journaled.entry
        said = retired(entry)
        if said is None:
            return
        found = [
            Finding(
                f"device/{said.device}/retired/{name}",
                "device-retired-missing",
                entry.practice,
                entry.author,
                encounter,
                journaled.received_at,
            )
            for name, encounter in _missing(said, journal)
        ]
        if not found:
            self._devices.gave_up(said.device)
            return
        self._devices.lost(said.device)
        self._findings.lost(found, told_of(said.device), of_page=True)

    def _declared(self, journaled: JournaledEntry, journal: JournalReader) -> None:
        entry = journaled.entry
        loss = _declared(entry)
        if loss is None:
            return
        last, author = journal.last_sequences([loss.id]).get(loss.id, (0, ""))
        if not self._is_theirs(loss.id, last, entry, journal):
            return  # nobody gives up another practice's device
        held = self._devices.held_by(loss.id)
        owner = author or (held.author if held else loss.practitioner)
        found = [
            Finding(
                f"device/{loss.id}/declared/{one.sequence}",
                "device-declared-lost",
                entry.practice,
                owner,
                one.encounter or _typed_in(loss.id, (one.sequence - 1,), journal),
                one.typed_at or loss.heard_at,
                one.sections,
            )
            for one in loss.numbers
            if one.sequence > last
        ]
        self._devices.lost(loss.id)
        numbers = tuple(one.sequence for one in loss.numbers if one.sequence > last)
        self._remember(Declared(loss.id, numbers))
        # A person does it, and no feature is accused: whatever took the device, no page did.
        self._findings.lost(found, told_of(loss.id))

    def _remember(self, declared: Declared) -> None:
        self._awaited.pop(declared.device, None)
        kept = msgspec.json.encode(declared) if declared.numbers else None
        self._changed[MARKS + declared.device] = kept
        if declared.numbers:
            self._awaited[declared.device] = declared
        if len(self._awaited) > DECLARED_MAX:
            first, _ = self._awaited.popitem(last=False)
            self._changed[MARKS + first] = None

    def _is_theirs(self, device: str, last: int, entry: Entry, journal: JournalReader) -> bool:
        """Whether the device is of the practice that gives it up, or nobody knows whose it is."""
        newest = journal.at_sequence(device, last) if last else None
        if newest is not None:
            return journal.find([newest])[newest].entry.practice == entry.practice
        held = self._devices.held_by(device)
        return held is None or held.practice == entry.practice


def _declared(entry: Entry) -> DeviceLoss | None:
    """What an entry `device-loss.write` says, if this build understands it."""
    try:
        return msgspec.json.decode(entry.content, type=DeviceLoss)
    except msgspec.DecodeError:
        return None


def _remembered(mark: bytes) -> Declared | None:
    try:
        return msgspec.json.decode(mark, type=Declared)
    except msgspec.DecodeError:
        return None


def _missing(said: Retired, journal: JournalReader) -> list[tuple[str, str | None]]:
    """Each number that the device lost, and the encounter it was typed in, as far as is known."""
    lost: list[tuple[str, str | None]] = []
    for first, last in said.missing:
        encounter = _typed_in(said.device, (first - 1, last + 1), journal)
        for sequence in range(first, last + 1):
            if len(lost) == NUMBERS_MAX:
                return [*lost, ("beyond", None)]
            lost.append((str(sequence), encounter))
    return lost


def _typed_in(device: str, around: tuple[int, ...], journal: JournalReader) -> str | None:
    """Whoever types goes on in one encounter for a while: that of the numbers around."""
    for sequence in around:
        found = journal.at_sequence(device, sequence)
        encounter = journal.find([found])[found].entry.encounter if found is not None else None
        if encounter is not None:
            return encounter
    return None
