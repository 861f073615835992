"""Holds everything that was said against everything that is there, after each step.

It trusts no part of the server: it compares bytes that were acknowledged with bytes on the disk,
folds the journal a second time, and computes digests from the sections that readers get.
"""

import functools
from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec

from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.canonical import canonical, digest
from anamnesis.receipt.receipt import receipt_of, verify_receipt
from anamnesis.record.follow import Follower
from anamnesis.record.note_rows import KeptTypedText, KeptVersion
from anamnesis.storage.memory.journal import MemoryJournal
from anamnesis.storage.memory.record import MemoryRecord
from tests.simulation.disk import JournalDisk, SimulatedRecord
from tests.unit.journal.making import KEY

Entry = dict[str, Any]


class Wrong(AssertionError):
    """Something is not as it was said to be: a code, and what it is about."""

    def __init__(self, code: str, about: object = "") -> None:
        super().__init__(f"{code} {about}".strip())
        self.code = code


class Oracle:
    """What devices kept, sent and were told; raises `Wrong`."""

    def __init__(self, disk: JournalDisk, record: SimulatedRecord) -> None:
        self._disk = disk
        self._record = record
        self._kept: dict[str, Entry] = {}
        self._sent_after: dict[str, int] = {}
        self._acknowledged: dict[int, tuple[str, tuple[bytes, bytes]]] = {}
        self._latest = -1
        self._shadow = MemoryRecord()
        self._following = Follower(MemoryJournal(disk), self._shadow)
        self._compared: tuple[int, int] | None = None
        self.counted: Counter[str] = Counter()

    # What devices say.

    def kept(self, entry: Entry) -> None:
        """A device has it on its disk: it must come to the journal."""
        self._kept[entry["id"]] = entry

    def gone(self, ids: list[str]) -> None:
        """A device lost its disk: what had no receipt may be there, or not."""
        acknowledged = {name for name, _ in self._acknowledged.values()}
        for name in ids:
            if name not in acknowledged:
                self.counted["evicted"] += self._kept.pop(name, None) is not None

    def sent(self, entry: Entry) -> None:
        """It is on its way, perhaps not for the first time."""
        self._sent_after.setdefault(entry["id"], self._latest)
        self.counted["sent"] += 1

    def answered(self, entry: Entry, result: Mapping[str, Any]) -> None:
        """A device was told this of its entry."""
        if result["outcome"] != "receipt":
            raise Wrong("refused", result["code"])
        receipt = result["receipt"]
        content = canonical(entry["content"])
        verified = verify_receipt(receipt_of(receipt), KEY, content)
        if (verified.entry, verified.digest) != (entry["id"], entry["digest"]):
            raise Wrong("receipt-of-another", entry["id"])
        position = verified.position
        if position >= len(self._disk.rows):
            raise Wrong("acknowledged-and-not-there", position)
        header, there = self._disk.rows[position]
        if there != content or msgspec.json.decode(header) != receipt["header"]:
            raise Wrong("acknowledged-and-other", position)
        if position <= self._sent_after[entry["id"]]:
            raise Wrong("out-of-order", position)
        self._acknowledged[position] = (entry["id"], self._disk.rows[position])
        self._latest = max(self._latest, position)
        self.counted[receipt["state"]] += 1
        if receipt["state"] == "recorded":
            self.recorded(entry)

    def recorded(self, entry: Entry) -> None:
        """A device was told that a reader gets it: so a reader gets it, word for word."""
        is_text = "sections" in entry["content"]
        if is_text and entry["digest"] not in self._texts(entry["encounter"]):
            raise Wrong("recorded-and-not-there", entry["id"])

    # What there is.

    def look(self) -> None:
        """Everything acknowledged is in the journal; the record is what the journal makes of it."""
        rows = self._disk.rows
        for position, (name, row) in self._acknowledged.items():
            if position >= len(rows):
                raise Wrong("lost", name)
            if rows[position] != row:
                raise Wrong("changed", name)
        if self._record.stamp != self._compared:
            self._compare_record()
            self._compared = self._record.stamp

    def finally_right(self) -> None:
        """Nothing is on its way any more: all of it is in journal and record, once."""
        self.look()
        journal = MemoryJournal(self._disk)
        verify_journal(journal, KEY)
        entries = journal.read(0, journal.size())
        ids = Counter(one.entry.id for one in entries)
        for name, times in ids.items():
            if times != 1:
                raise Wrong("twice", name)
        there = {one.entry.id: one.entry for one in entries}
        for name, entry in self._kept.items():
            if name not in there:
                raise Wrong("never-arrived", name)
            if there[name].content != canonical(entry["content"]):
                raise Wrong("arrived-otherwise", name)
        if self._record.applied() != journal.size():
            raise Wrong("not-recorded", self._record.applied())
        for entry in self._kept.values():
            self.recorded(entry)
        self.counted["journaled"] += journal.size()

    def _compare_record(self) -> None:
        applied = self._record.applied()
        behind = applied - self._shadow.applied()
        if behind < 0 or applied > len(self._disk.rows):
            raise Wrong("record-at", applied)
        while behind:
            behind -= self._following.step(behind)
        if list(self._record.dump()) != list(self._shadow.dump()):
            raise Wrong("record-differs", applied)
        self.counted["compared"] += 1

    def _texts(self, encounter: str) -> set[str]:
        """Digests, computed here, of every text that a reader can get of this note."""
        source = self._record._source.tables
        rows: list[KeptVersion | KeptTypedText] = [
            *(row for row in source.all(KeptVersion) if row.encounter == encounter),
            *(row for row in source.all(KeptTypedText) if row.encounter == encounter),
        ]
        return {
            _digest_of(row.motif, row.interrogatoire, row.examen, row.conclusion) for row in rows
        }


@functools.lru_cache(maxsize=4_096)
def _digest_of(motif: str, interrogatoire: str, examen: str, conclusion: str) -> str:
    sections = {
        "motif": motif,
        "interrogatoire": interrogatoire,
        "examen": examen,
        "conclusion": conclusion,
    }
    return digest({"sections": sections})
