"""Everything of one patient, or of all, as it was received, each line with its proof."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import msgspec

from anamnesis.bootstrap.keys import load_signer
from anamnesis.bootstrap.refusal import StartRefused, explained
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.recovery import covering_checkpoint, rebuild_tree
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.exits import EXIT_COMMAND_REFUSED
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.merkle import Tree
from anamnesis.receipt.receipt import journaled_receipt
from anamnesis.record.model import NoteVersion
from anamnesis.record.store import RecordReader
from anamnesis.rollout.sentinels import is_sentinel
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader

STEP_ENTRIES = 256
FORMAT = "anamnesis-export/1"
LINES = {
    "patient.create": "patient",
    "patient.amend": "patient",
    "encounter.start": "encounter",
    "note.write": "note-version",
    "note.rescue": "note-version",
    "note.restore": "note-version",
    "note.amend": "note-version",
    "observation.record": "observation",
}
"""What a line is about, by kind of entry; of any other kind it is an `entry`."""

Progress = Callable[[int, int], None]


def exported(settings: Settings, patient: str | None, progress: Progress) -> Iterator[bytes]:
    """Lines of JSON: one for each entry, in order, then one with the checkpoint and the counts.

    What sentinels wrote is left out, and counted.

    May run beside a running keeper. Raises `StartRefused`: `patient-unknown` among others.
    """
    with ExitStack() as stack:
        with explained():
            key = VerificationKey.of(load_signer(settings))
            journal = stack.enter_context(closing(SqliteJournalReader(settings.journal)))
            record = stack.enter_context(closing(SqliteRecordReader(settings.record)))
        yield from _Export(journal, record, key, patient).lines(progress)


class _Export:
    def __init__(
        self,
        journal: JournalReader,
        record: RecordReader,
        key: VerificationKey,
        patient: str | None,
    ) -> None:
        self._journal = journal
        self._record = record
        self._key = key
        self._patient = patient
        self._size = journal.size()
        self._tree: Tree = rebuild_tree(journal, self._size)
        self._versions: dict[str, NoteVersion] = {}
        self._counts: dict[str, int] = {}
        self._sentinels = 0

    def lines(self, progress: Progress) -> Iterator[bytes]:
        for start in range(0, self._size, STEP_ENTRIES):
            step = self._journal.read(start, min(STEP_ENTRIES, self._size - start))
            for journaled in step:
                if is_sentinel(journaled.entry.practice):
                    self._sentinels += 1
                elif self._patient is None or journaled.entry.patient == self._patient:
                    yield self._line(journaled)
            progress(start + len(step), self._size)
        if self._patient is not None and not self._counts:
            raise StartRefused(
                "patient-unknown",
                f"No entry is about a patient {self._patient}. Nothing was exported.",
                EXIT_COMMAND_REFUSED,
            )
        yield self._last()

    def _line(self, journaled: JournaledEntry) -> bytes:
        about = LINES.get(journaled.entry.kind, "entry")
        self._counts[about] = self._counts.get(about, 0) + 1
        line: dict[str, Any] = {"line": about, "content": journaled.decoded()["content"]}
        if journaled.entry.erased_by is not None:
            line["erased_by"] = journaled.entry.erased_by
        if about == "note-version":
            line["version"] = self._version(journaled)
        line["receipt"] = msgspec.to_builtins(self._receipt(journaled))
        return msgspec.json.encode(line) + b"\n"

    def _receipt(self, journaled: JournaledEntry) -> object:
        note, checkpoint = covering_checkpoint(self._journal, self._key, journaled.position)
        hashes = self._tree.inclusion(journaled.position, checkpoint.size)
        return journaled_receipt(journaled.members(), hashes, note)

    def _version(self, journaled: JournaledEntry) -> dict[str, Any] | None:
        """What became of the text: its version in the record, None while it is in none."""
        entry = journaled.entry
        if entry.id not in self._versions and entry.encounter is not None:
            versions = self._record.versions(entry.practice, entry.encounter)
            self._versions = {version.entry: version for version in versions}
        version = self._versions.get(entry.id)
        if version is None:
            return None
        read: dict[str, Any] = {
            "number": version.version,
            "digest": version.digest,
            "author_name": version.author_name,
            "signed": version.signed,
            "merged": version.merged,
        }
        if version.merged:
            read["sections"] = msgspec.to_builtins(version.sections)
        return read

    def _last(self) -> bytes:
        last = {
            "line": "end",
            "format": FORMAT,
            "patient": self._patient,
            "counts": dict(sorted(self._counts.items())),
            "sentinels": self._sentinels,
            "journaled": self._size,
            "recorded": self._record.applied(),
            "checkpoint": self._journal.checkpoint(None),
            "verification_key": str(self._key),
        }
        return msgspec.json.encode(last) + b"\n"
