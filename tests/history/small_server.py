"""Journal and record in a folder behind one function call, and a client that writes its history."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from anamnesis.journal.entry import parse_entry
from anamnesis.journal.journal import Accepted, Submission
from anamnesis.journal.store import JournalStore
from anamnesis.record.follow import Follower
from anamnesis.storage.sqlite.journal import SqliteJournal
from anamnesis.storage.sqlite.record import SqliteRecordWriter
from tests.history.journal_file import canonical
from tests.history.recorder import Recorder
from tests.unit.journal.making import AUTHOR, KEY, PRACTICE, SESSION, journal_over, uuid

VKEY = str(KEY)
BLANK = dict.fromkeys(("motif", "interrogatoire", "examen", "conclusion"), "")


class SmallServer:
    """What the keeper and the application do with entries, without their processes."""

    def __init__(
        self, folder: Path, store: JournalStore | None = None, vfs: str | None = None
    ) -> None:
        folder.mkdir(exist_ok=True)
        path = folder / "journal.db"
        self.store = SqliteJournal(path, vfs=vfs, free_bytes_min=0) if store is None else store
        self.journal = journal_over(self.store)
        self.record = SqliteRecordWriter(folder / "record.db", vfs=vfs)
        self.follower = Follower(self.store, self.record)

    def receive(self, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """One result for each entry, as on the wire."""
        group = [Submission(parse_entry(msgspec.json.encode(entry)), SESSION) for entry in entries]
        results: list[dict[str, Any]] = []
        for outcome in self.journal.append(group):
            if isinstance(outcome, Accepted):
                receipt = msgspec.to_builtins(outcome.receipt)
                results.append({"outcome": "receipt", "receipt": receipt})
            else:
                results.append({"outcome": "refused", "code": outcome.refusal.code})
        return results

    def follow(self) -> None:
        while self.follower.step():
            pass

    def close(self) -> None:
        self.record.close()
        self.store.close()


class SmallClient:
    """One device, numbered, that sends to a server and writes down what it is told."""

    def __init__(self, number: int, recorder: Recorder) -> None:
        self.name = f"device-{number}"
        self.recorder = recorder
        self.first = number * 100_000
        self.device = uuid(self.first)
        self.patient = uuid(self.first + 1)
        self.encounter = uuid(self.first + 2)
        self.sequence = 0

    def entry(
        self, kind: str, content: Mapping[str, Any], base: str | None = None, **changed: object
    ) -> dict[str, Any]:
        self.sequence += 1
        about = kind.startswith("note.") or kind == "encounter.start"
        of_patient = about or kind == "patient.create"
        return {
            "id": uuid(self.first + 100 + self.sequence),
            "kind": kind,
            "practice": PRACTICE,
            "author": AUTHOR,
            "patient": self.patient if of_patient else None,
            "encounter": self.encounter if about else None,
            "device": self.device,
            "sequence": self.sequence,
            "base": base,
            "build": "0.1.0",
            "features": [],
            "typed_at": "2026-11-23T14:02:11.123Z",
            "content": content,
            "digest": hashlib.sha256(canonical(content)).hexdigest(),
        } | changed

    def opening(self) -> list[dict[str, Any]]:
        """A patient and an encounter to write in; the first device founds the practice too."""
        founding = [
            self.entry(
                "practice.create",
                {"id": PRACTICE, "name": "Tilleuls", "address": "", "telephone": ""},
            ),
            self.entry(
                "practitioner.create",
                {"id": AUTHOR, "family": "Morvan"}
                | dict.fromkeys(("given", "title", "specialty", "rpps"), ""),
            ),
        ]
        names = dict.fromkeys(("used_name", "birth_place", "telephone", "address"), "")
        person = {"birth_name": "Essai", "first_names": "Zoé", "birth_date": "1980-05-17"}
        return [
            *founding,
            self.entry("patient.create", {**names, **person, "sex": "unknown"}),
            self.entry(
                "encounter.start",
                {"started_at": "2026-11-23T14:00:00.000Z", "appointment": None},
            ),
        ]

    def note(self, text: str, base: str | None = None, **changed: object) -> dict[str, Any]:
        return self.entry("note.write", {"sections": BLANK | {"motif": text}}, base, **changed)

    def send(self, server: SmallServer, *entries: dict[str, Any]) -> list[dict[str, Any]]:
        """Sends a request; an exception of the server is an unknown outcome, and raised on."""
        for entry in entries:
            self.recorder.invoke(self.name, entry)
        try:
            results = server.receive(list(entries))
        except BaseException as error:
            for entry in entries:
                self.recorder.unknown(self.name, entry, type(error).__name__)
            raise
        for entry, result in zip(entries, results, strict=True):
            if result["outcome"] == "receipt":
                self.recorder.ok(self.name, entry, result["receipt"])
            else:
                self.recorder.refused(self.name, entry, result["code"])
        return results
