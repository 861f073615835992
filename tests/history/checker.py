"""Decides from the files alone whether what clients were told is true; knows no product code.

Every *ok* is in the journal once, equal, where its receipt says; no *refused* is; an *unknown* may
be. What was answered before something else was sent stands before it. Once everything has come to
rest, the record has every entry too, and every text a note's entry had.
"""

import base64
import hashlib
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.history.journal_file import JournalFile, Kept, Unsound, canonical, read_journal
from tests.history.recorder import read_history

SENT = (
    *("author", "base", "build", "device", "digest", "encounter", "features", "id", "kind"),
    *("patient", "practice", "sequence", "typed_at"),
)
TEXTS = ("note_version", "note_typed_text")
SECTIONS = ("motif", "interrogatoire", "examen", "conclusion")
NOTE_TEXT = frozenset({"note.write", "note.rescue", "note.restore", "note.amend"})


@dataclass
class Verdict:
    """What was found wrong (a code and an id or position each), and how much was looked at."""

    found: list[tuple[str, object]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def wrong(self, code: str, where: object) -> None:
        self.found.append((code, where))

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self.found}

    def __str__(self) -> str:
        counted = ", ".join(f"{number} {what}" for what, number in sorted(self.counted.items()))
        return f"{counted}; {len(self.found)} wrong {self.found[:10]}"


def check_folder(history: Path, folder: Path, vkey: str, *, settled: bool = False) -> Verdict:
    """Checks a data directory that nobody writes in. It is copied first, and stays as it is.

    `settled` says that nothing is on its way any more: the record is compared as well.
    """
    with tempfile.TemporaryDirectory(prefix="anm-check-") as scratch:
        for path in folder.glob("*.db*"):
            if path.name.startswith(("journal.db", "record.db")) and "-shm" not in path.name:
                shutil.copy(path, scratch)
        verdict = Verdict()
        try:
            journal = read_journal(Path(scratch, "journal.db"), vkey)
        except Unsound as unsound:
            verdict.wrong("journal-unsound", str(unsound))
            return verdict
        check_history(read_history(history), journal, verdict)
        if settled:
            with closing(sqlite3.connect(Path(scratch, "record.db"))) as record:
                check_record(record, journal, verdict)
        return verdict


def check_history(
    history: Iterable[Mapping[str, Any]], journal: JournalFile, verdict: Verdict
) -> None:
    """Compares what clients sent and were told with what is in the journal."""
    kept: dict[str, Kept] = {}
    for one in journal.entries:
        if one.header["id"] in kept:
            verdict.wrong("twice", one.header["id"])
        kept[one.header["id"]] = one
    sent: dict[str, list[dict[str, Any]]] = {}
    latest_answered = -1
    for line in history:
        verdict.counted[line["did"]] += 1
        entry_id = line["id"]
        there = kept.get(entry_id)
        if line["did"] == "invoke":
            if entry_id not in sent and there and there.header["position"] < latest_answered:
                verdict.wrong("out-of-order", entry_id)
            sent.setdefault(entry_id, []).append(line["entry"])
        elif line["did"] == "ok":
            latest_answered = max(latest_answered, line["receipt"]["header"]["position"])
            if there is None:
                verdict.wrong("lost", entry_id)
            else:
                check_receipt(line["receipt"], there, journal, verdict)
        elif line["did"] == "refused" and there and there.header["digest"] == line["digest"]:
            verdict.wrong("refused-and-kept", entry_id)
    check_as_sent(sent, kept, verdict)
    verdict.counted["journaled"] = len(journal.entries)


def check_as_sent(
    sent: Mapping[str, list[dict[str, Any]]], kept: Mapping[str, Kept], verdict: Verdict
) -> None:
    """Everything a client's device has in the journal was sent by it, and is as it was sent."""
    devices = {entry["device"] for several in sent.values() for entry in several}
    for entry_id, one in kept.items():
        if entry_id not in sent:
            if one.header["device"] in devices:
                verdict.wrong("never-sent", entry_id)
            continue
        if not any(
            canonical(entry["content"]) == one.content_bytes
            and all(entry[name] == one.header[name] for name in SENT)
            for entry in sent[entry_id]
        ):
            verdict.wrong("differs", entry_id)


def check_receipt(
    receipt: Mapping[str, Any], there: Kept, journal: JournalFile, verdict: Verdict
) -> None:
    """The receipt speaks of this entry at this place, in a tree that this journal has."""
    entry_id = there.header["id"]
    if receipt["header"] != there.header:
        verdict.wrong("receipt-differs", entry_id)
        return
    _, size, root = receipt["proof"].partition("\n\n")[2].split("\n")[:3]
    if journal.roots.get(int(size)) != base64.b64decode(root):
        verdict.wrong("receipt-of-another-journal", entry_id)


def check_record(record: sqlite3.Connection, journal: JournalFile, verdict: Verdict) -> None:
    """The record has exactly the journal's entries, and every text that a note's entry had."""
    ((applied,),) = record.execute("SELECT applied FROM progress")
    if applied != len(journal.entries):
        verdict.wrong("record-at", applied)
    rows = {
        position: (entry, digest, code)
        for position, entry, digest, code in record.execute(
            "SELECT position, entry, digest, code FROM entry"
        )
    }
    texts = dict(typed(record))
    for one in journal.entries:
        header = one.header
        position = header["position"]
        entry, digest, code = rows.pop(position, (None, None, None))
        if entry is None:
            verdict.wrong("not-in-the-record", position)
        elif (entry, digest) != (header["id"], header["digest"]):
            verdict.wrong("record-differs", position)
        elif (
            header["kind"] in NOTE_TEXT
            and code is None
            and header["digest"] not in texts.get(position, set())
        ):
            verdict.wrong("text-not-in-the-record", position)
        if code is not None:
            verdict.counted["outstanding"] += 1
    for position in rows:
        verdict.wrong("only-in-the-record", position)


def typed(record: sqlite3.Connection) -> Iterator[tuple[int, set[str]]]:
    """For each position with a note's text, the digests of what is kept of it, recomputed."""
    found: dict[int, set[str]] = {}
    for table in TEXTS:
        for position, *sections in record.execute(
            f"SELECT position, {', '.join(SECTIONS)} FROM {table}"
        ):
            content = canonical({"sections": dict(zip(SECTIONS, sections, strict=True))})
            found.setdefault(position, set()).add(hashlib.sha256(content).hexdigest())
    yield from found.items()


if __name__ == "__main__":
    outcome = check_folder(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], settled=True)
    print(outcome)
    sys.exit(bool(outcome.found))
