"""What became of what was typed, told by code that was not changed: from the files, and from what
readers of the changed server got.

The truth is the journal's own file, held against the receipts and texts that the devices have, and
folded anew in memory. Whoever finds another text than that has found a loss. A loss is silent
unless something that a person sees speaks of it: a screen that is not green, a list of outstanding
entries, an incident, a server that is not well.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import apsw

from anamnesis.clinical.sections import SECTIONS
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.canonical import canonical
from anamnesis.record.comparison import compare
from anamnesis.record.rebuild import rebuild
from anamnesis.record.rows import TABLES
from anamnesis.record.store import RecordReader
from anamnesis.settings import Settings
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.mutants.device import Content, Device, Kept

Verdict = Literal[
    "lost-silently",
    "green-while-wrong",
    "lost-loudly",
    "brought-back",
    "refused",
    "killed-at-start",
    "timed-out",
    "trial-failed",
    "harmless",
]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_COLUMNS = {table.TABLE: table.KEY for table in TABLES}


@dataclass(frozen=True)
class Loss:
    """A text that a reader does not get as it was typed: which, and where it was looked for."""

    where: str
    entry: str = ""
    encounter: str = ""


@dataclass
class Notices:
    """What people were told. `everything` is about all texts at once, `apart` about none."""

    entries: set[str] = field(default_factory=set)
    encounters: set[str] = field(default_factory=set)
    everything: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    untaken: bool = False
    """Whether a device still has a text that the server has not recorded."""

    def speak_of(self, loss: Loss) -> bool:
        """Whether somebody who has lost this was told."""
        return (
            bool(self.everything) or loss.entry in self.entries or loss.encounter in self.encounters
        )

    def any(self) -> list[str]:
        """All of it in words."""
        told = [*self.everything, *self.apart]
        told += ["a text is not green"] if self.entries or self.encounters else []
        return told


@dataclass(frozen=True)
class Finding:
    """The verdict on one mutant, and why."""

    verdict: Verdict
    why: list[str]


def judge(losses: Sequence[Loss], greens: Sequence[Loss], notices: Notices) -> Finding:
    """Silent is worse than green for a moment, and that is worse than what was told."""
    silent = [loss for loss in losses if not notices.speak_of(loss)]
    if silent:
        return Finding("lost-silently", _words(silent))
    if greens:
        return Finding("green-while-wrong", _words(greens))
    told = notices.any()
    if losses:
        return Finding("lost-loudly", told[:4] + _words(losses))
    if notices.untaken or notices.everything:
        return Finding("refused", told[:4])
    if told:
        return Finding("brought-back", told[:4])
    return Finding("harmless", [])


def _words(losses: Iterable[Loss]) -> list[str]:
    return sorted({loss.where for loss in losses})[:6]


def folded(journal: JournalReader) -> MemoryRecord:
    """The record as it has to be."""
    record = MemoryRecord()
    rebuild(journal, record, lambda _done, _total: None)
    return record


def journal_losses(rows: Iterable[Kept], journal: JournalReader) -> list[Loss]:
    """Entries that have a receipt, or are said to be recorded, and are not journaled as sent."""
    told = [row for row in rows if row.receipt is not None or row.state == "recorded"]
    found = journal.find([row.entry["id"] for row in told])
    losses = []
    for row in told:
        journaled = found.get(row.entry["id"])
        if journaled is None:
            losses.append(_loss("journal: missing", row))
        elif journaled.entry.content != canonical(row.entry["content"]):
            losses.append(_loss("journal: another text", row))
        elif any(journaled.members()[name] != row.entry[name] for name in _SENT):
            losses.append(_loss("journal: another entry", row))
        elif row.receipt is not None and journaled.members() != row.receipt["header"]:
            losses.append(_loss("journal: another header", row))
    return losses


_SENT = ("kind", "patient", "encounter", "base", "author", "practice", "device", "sequence")


def record_losses(truth: RecordReader, record: RecordReader, rows: Iterable[Kept]) -> list[Loss]:
    """Rows of the record that are not what folding the journal gives."""
    if record.applied() != truth.applied():
        behind = f"record: {record.applied()} of {truth.applied()} entries"
        return [Loss(behind, row.entry["id"], row.entry["encounter"] or "") for row in rows]
    by_position = {
        row.receipt["header"]["position"]: row for row in rows if row.receipt is not None
    }
    losses = []
    for one in compare(record, truth).differences:
        key = dict(zip(_COLUMNS.get(one.table, ()), one.key, strict=False))
        row = by_position.get(key.get("position"))
        encounter = str(key.get("encounter") or (row and row.entry["encounter"]) or "")
        losses.append(Loss(f"record: {one.table}", row.entry["id"] if row else "", encounter))
    return losses


def shown_losses(
    truth: RecordReader, practice: str, encounter: str, shown: Mapping[str, Content | None]
) -> list[Loss]:
    """What readers got of one note, by the name of the way: sections, or None if nothing."""
    note = truth.note(practice, encounter)
    if note is None:
        return []
    right = {name: note.sections.section(name) for name in SECTIONS}
    return [Loss(f"reader: {way}", "", encounter) for way, got in shown.items() if got != right]


class Witnessed:
    """Looks, each time that a device is told `recorded`, whether it is: in the files, at once."""

    def __init__(self, settings: Settings, journal: JournalReader) -> None:
        self._settings = settings
        self._journal = journal
        self.wrong: list[Loss] = []

    def __call__(self, row: Kept) -> None:
        """The record must show the entry now, and the journal must have it."""
        entry = row.entry
        try:
            with closing(SqliteRecordReader(self._settings.record)) as record:
                read = record.read_back(entry["practice"], [entry["id"]]).get(entry["id"])
        except (OSError, apsw.Error):
            return  # it is being made anew, and readers are told that it cannot be read
        if entry["id"] not in self._journal.find([entry["id"]]):
            self.wrong.append(_loss("green: not journaled", row))
        elif read is None:
            self.wrong.append(_loss("green: not in the record", row))
        elif read.typed_digest != entry["digest"]:
            self.wrong.append(_loss("green: another text in the record", row))


def notices_of(devices: Sequence[Device], settings: Settings) -> Notices:
    """What screens and the incident book say."""
    told = Notices()
    for device in devices:
        for row in device.rows.values():
            if row.state != "recorded":
                told.untaken = True
                told.entries.add(row.entry["id"])
                told.encounters |= {row.entry["encounter"]} - {None}
                told.apart.append(f"{row.state} {row.code}".strip())
        for trouble in device.troubles:
            told.apart.append(trouble.code)
            told.entries |= {trouble.entry} - {""}
            if not trouble.entry:
                told.everything.append(trouble.code)
    for entry, encounter, code in incident_entries(settings.incidents):
        told.entries.add(entry)
        told.encounters |= {encounter} - {""}
        told.apart.append(code)
    told.apart = sorted(set(told.apart))
    return told


def incident_entries(path: Path) -> list[tuple[str, str, str]]:
    """Entry, encounter and code of everything in the incident book."""
    try:
        with closing(SqliteIncidentReader(path)) as reader:
            return [
                (one.entry, one.encounter or "", one.code)
                for incident in reader.incidents(10)
                for one in reader.discrepancies(incident.number, None, None, -1, 1_000)
            ]
    except (OSError, apsw.Error):
        return []


def _loss(where: str, row: Kept) -> Loss:
    return Loss(where, row.entry["id"], row.entry["encounter"] or "")
