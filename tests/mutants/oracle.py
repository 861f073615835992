"""What became of what was typed, told by code that was not changed: from the files, and from what
readers of the changed server got.

The truth is the journal's own file, held against the receipts and texts that the devices have, and
folded anew in memory. Whoever finds another text than that has found a loss. A loss is silent
unless something that a person sees speaks of it: a screen that is not green, a list of outstanding
entries, an incident, a server that is not well.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

import apsw

from anamnesis.clinical.sections import SECTIONS
from anamnesis.journal.store import JournalReader
from anamnesis.receipt.canonical import canonical
from anamnesis.record.comparison import PROGRESS_TABLE, Difference, compare
from anamnesis.record.rebuild import rebuild
from anamnesis.record.row import Kept as Row
from anamnesis.record.row import Made, Value
from anamnesis.record.rows import TABLES
from anamnesis.record.store import RecordOutdated, RecordReader
from anamnesis.settings import Settings
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from anamnesis.storage.sqlite.record_tables import FORMAT
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
_TABLES = {table.TABLE: table for table in TABLES}


@dataclass(frozen=True)
class Loss:
    """A text that a reader does not get as it was typed: which, and where it was looked for."""

    where: str
    entry: str = ""
    encounter: str = ""
    row: str = ""
    """What an incident calls the row, where a row of the record is meant."""
    adds_up: frozenset[str] = frozenset()
    """The entries that the row adds up: where one of them is told not to be in it, it cannot."""


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
        named = {loss.entry, loss.row, *loss.adds_up} & self.entries or {
            loss.encounter
        } & self.encounters
        return bool(self.everything or named)

    def listed(self, outstanding: Iterable[Content], journal: JournalReader) -> None:
        """Takes notice of what a practice's list of outstanding entries says."""
        codes = {str(one["entry"]): str(one["code"]) for one in outstanding}
        self.entries |= set(codes)
        for journaled in journal.find(list(codes)).values():
            self.encounters |= {journaled.entry.encounter or ""} - {""}
        self.apart = sorted({*self.apart, *(f"outstanding {code}" for code in codes.values())})

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


def record_losses(
    truth: RecordReader, record: RecordReader, rows: Iterable[Kept], journal: JournalReader
) -> list[Loss]:
    """Rows of the record that are not what folding the journal gives."""
    if record.applied() != truth.applied():
        behind = f"record: {record.applied()} of {truth.applied()} entries"
        return [Loss(behind, row.entry["id"], row.entry["encounter"] or "") for row in rows]
    found = _rows(record) | _rows(truth)
    return [
        _row_loss(one, found[one.table, one.key], journal, truth)
        for one in _differing(record, truth)
    ]


def _differing(record: RecordReader, truth: RecordReader) -> list[Difference]:
    return [one for one in compare(record, truth).differences if one.table != PROGRESS_TABLE]


def _rows(record: RecordReader) -> dict[tuple[str, tuple[Value, ...]], tuple[Value, ...]]:
    return {
        (name, row[: len(_TABLES[name].KEY)]): row
        for name, rows in record.dump()
        if name != PROGRESS_TABLE
        for row in rows
    }


def _row_loss(
    one: Difference, row: tuple[Value, ...], journal: JournalReader, truth: RecordReader
) -> Loss:
    """The loss of a row, with the entry that made it, its encounter, and its name in incidents."""
    table = _TABLES[one.table]
    columns = dict(zip(table.__struct_fields__, row, strict=True))
    position = columns.get("position")
    entry = None
    if isinstance(position, int) and 0 <= position < journal.size():
        entry = journal.at([position])[0].entry
    encounter = str(columns.get("encounter") or (entry and entry.encounter) or "")
    subject = str(position) if issubclass(table, Made) else "/".join(map(str, one.key[1:]))
    practice = columns.get("practice", "")
    called = hashlib.sha256(f"{practice}/{subject}".encode()).hexdigest()[:32]
    where = f"record: {one.table}"
    return Loss(
        where,
        "" if entry is None else entry.id,
        encounter,
        f"row/{one.table}/{called}",
        frozenset() if issubclass(table, Made) else _added_up(table, one.key, journal, truth),
    )


def _added_up(
    table: type[Row], key: tuple[Value, ...], journal: JournalReader, truth: RecordReader
) -> frozenset[str]:
    """The entries whose rows are found by this derived row's key: what it is told from.

    What is told from a patient's identity has words in its key: all the patient's own entries.
    """
    sources = {
        made.TABLE: [made.__struct_fields__.index(name) for name in table.KEY]
        for made in TABLES
        if issubclass(made, Made) and table.KEY in made.LOOKUPS
    }
    if not sources and "patient" in table.KEY:
        patient = key[table.KEY.index("patient")]
        return frozenset(
            one.entry.id
            for one in journal.read(0, journal.size())
            if one.entry.patient == patient and one.entry.kind.startswith("patient.")
        )
    positions = [
        row[_TABLES[name].__struct_fields__.index("position")]
        for name, rows in truth.dump()
        if name in sources
        for row in rows
        if tuple(row[at] for at in sources[name]) == key
    ]
    return frozenset(one.entry.id for one in journal.at([int(at or 0) for at in positions]))


@contextmanager
def read_as_ours(path: Path) -> Iterator[RecordReader]:
    """The record at `path`; one in another program's form is copied and read as if it were ours.

    Whether the form is ours says nothing of the texts in it. Where even a copy cannot be read so,
    the record is not one that anybody compares: raises what reading it raises.
    """
    try:
        reader = SqliteRecordReader(path)
    except RecordOutdated:
        copy = path.with_name("record-as-ours")
        with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as theirs:
            copy.unlink(missing_ok=True)
            theirs.execute("VACUUM INTO ?", (str(copy),))
        with closing(apsw.Connection(str(copy))) as ours:
            ours.pragma("user_version", FORMAT)
            ours.pragma("journal_mode", "wal")
        reader = SqliteRecordReader(copy)
    with closing(reader):
        yield reader


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
            with read_as_ours(self._settings.record) as record:
                read = record.read_back(entry["practice"], [entry["id"]]).get(entry["id"])
        except (OSError, apsw.Error, RecordOutdated):
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
