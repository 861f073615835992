"""A history is believed by nobody: whatever is untrue about it, the checker finds."""

import ast
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
import pytest

from anamnesis.journal.entry import JournaledEntry
from anamnesis.storage.sqlite.journal import SqliteJournal
from tests.history.checker import Verdict, check_folder
from tests.history.recorder import Recorder, read_history
from tests.history.small_server import VKEY, SmallClient, SmallServer

Lines = list[dict[str, Any]]


class Scene:
    """Two devices that have written to a server; it is closed, and the files lie there."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.history = folder / "history.jsonl"
        self.ended = False
        self.recorder = Recorder(self.history)
        self.server = SmallServer(self.data)
        self.clients = [SmallClient(number, self.recorder) for number in (1, 2)]
        for client in self.clients:
            client.send(self.server, *client.opening())
            base = None
            for number in range(6):
                entry = client.note(f"Toux « {number} »\n≥ 38 °C", base)
                base = entry["digest"]
                client.send(self.server, entry)
        self.server.follow()

    def end(self) -> None:
        if not self.ended:
            self.ended = True
            self.server.close()
            self.recorder.close()

    def verdict(self) -> Verdict:
        return check_folder(self.history, self.data, VKEY, settled=True)

    def retell(self, change: Callable[[Lines], None]) -> None:
        """Changes what the clients say they did and were told."""
        lines = read_history(self.history)
        change(lines)
        self.history.write_text("".join(json.dumps(line) + "\n" for line in lines))

    def tamper(self, file: str, *statements: str) -> None:
        connection = apsw.Connection(str(self.data / file))
        names = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").get
        for trigger in names:
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
        connection.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    scene = Scene(tmp_path)
    yield scene
    scene.end()


def test_a_true_history_has_nothing_wrong(scene: Scene) -> None:
    client = scene.clients[0]
    client.sequence += 1
    client.send(scene.server, client.note("a gap in the numbers"))  # refused
    scene.end()
    verdict = scene.verdict()
    assert verdict.found == []
    assert verdict.counted["ok"] == verdict.counted["journaled"] == 20
    assert verdict.counted["refused"] == 1


def test_what_is_unknown_may_be_there_or_not(scene: Scene) -> None:
    client = scene.clients[0]
    kept, lost = client.note("kept, and nobody was told"), client.note("lost on the way")
    scene.recorder.invoke(client.name, kept)
    scene.recorder.unknown(client.name, kept, "time-out")
    scene.server.receive([kept])
    scene.recorder.invoke(client.name, lost)
    scene.recorder.unknown(client.name, lost, "refused connection")
    scene.server.follow()
    scene.end()
    assert scene.verdict().found == []


def test_an_acknowledgement_before_the_commit_is_found(scene: Scene, tmp_path: Path) -> None:
    class AcknowledgesFirst(SqliteJournal):
        def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
            """Leaves it for later, and there is no later."""

    scene.server.close()
    store = AcknowledgesFirst(scene.data / "journal.db", free_bytes_min=0)
    scene.server = SmallServer(scene.data, store)
    scene.clients[0].send(scene.server, scene.clients[0].note("told, and not kept"))
    scene.end()
    assert scene.verdict().codes == {"lost"}


def test_a_commit_that_is_answered_although_the_disk_did_not_confirm_is_found(
    scene: Scene,
) -> None:
    class HopesForTheBest(SqliteJournal):
        def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
            self._connection.execute("BEGIN IMMEDIATE")
            self._write(entries, checkpoint, size)
            self._connection.execute("ROLLBACK")  # what a failed flush can come to

    scene.server.close()
    store = HopesForTheBest(scene.data / "journal.db", free_bytes_min=0)
    scene.server = SmallServer(scene.data, store)
    scene.clients[1].send(scene.server, scene.clients[1].note("told, and rolled back"))
    scene.end()
    assert scene.verdict().codes == {"lost"}


def test_an_entry_that_the_record_skipped_is_found(scene: Scene) -> None:
    client = scene.clients[0]
    client.send(scene.server, client.note("never folded"))
    with scene.server.record.transaction() as transaction:
        transaction.advance(scene.server.store.size())  # as if it had been
    scene.end()
    assert scene.verdict().codes == {"not-in-the-record"}


def test_a_number_applied_that_was_saved_apart_from_the_rows_is_found(scene: Scene) -> None:
    # etcd 3.5, 2022: the index was in one transaction and the rows in another, and a crash between.
    last = scene.server.store.size() - 1
    scene.end()
    scene.tamper(
        "record.db",
        *(f"DELETE FROM {table} WHERE position = {last}" for table in ("entry", "note_version")),
    )
    assert scene.verdict().codes == {"not-in-the-record"}


def test_a_record_that_stays_behind_is_found(scene: Scene) -> None:
    client = scene.clients[0]
    client.send(scene.server, client.note("waits"))
    scene.end()
    assert scene.verdict().codes == {"record-at", "not-in-the-record"}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE note_version SET motif = '' WHERE position = 5", "text-not-in-the-record"),
        ("DELETE FROM note_version WHERE position = 5", "text-not-in-the-record"),
        ("UPDATE entry SET digest = 'x' WHERE position = 5", "record-differs"),
        ("UPDATE entry SET position = 99 WHERE position = 5", "only-in-the-record"),
    ],
)
def test_what_is_wrong_in_the_record_is_found(scene: Scene, statement: str, code: str) -> None:
    scene.end()
    scene.tamper("record.db", statement)
    assert code in scene.verdict().codes


def ok_of(lines: Lines, number: int) -> dict[str, Any]:
    return [line for line in lines if line["did"] == "ok"][number]


def test_a_receipt_for_another_place_is_found(scene: Scene) -> None:
    scene.end()
    scene.retell(lambda lines: ok_of(lines, 5)["receipt"]["header"].update(position=4))
    assert scene.verdict().codes == {"receipt-differs"}


def test_a_receipt_from_a_journal_that_was_replaced_is_found(scene: Scene) -> None:
    scene.end()

    def elsewhere(lines: Lines) -> None:
        receipt, other = ok_of(lines, 5)["receipt"], ok_of(lines, 6)["receipt"]
        root = other["proof"].partition("\n\n")[2].split("\n")[2]
        mine = receipt["proof"].partition("\n\n")[2].split("\n")[2]
        receipt["proof"] = receipt["proof"].replace(mine, root)

    scene.retell(elsewhere)
    assert scene.verdict().codes == {"receipt-of-another-journal"}


def test_an_entry_that_was_refused_and_kept_is_found(scene: Scene) -> None:
    scene.end()

    def refuse(lines: Lines) -> None:
        line = ok_of(lines, 7)
        digest = line.pop("receipt")["header"]["digest"]
        line.update(did="refused", digest=digest, code="malformed")

    scene.retell(refuse)
    assert scene.verdict().codes == {"refused-and-kept"}


def test_an_entry_that_nobody_sent_is_found(scene: Scene) -> None:
    scene.end()

    def forget(lines: Lines) -> None:
        gone = ok_of(lines, 7)["id"]
        lines[:] = [line for line in lines if line["id"] != gone]

    scene.retell(forget)
    assert scene.verdict().codes == {"never-sent"}


def test_a_text_that_is_not_the_one_that_was_sent_is_found(scene: Scene) -> None:
    scene.end()

    def other(lines: Lines) -> None:
        sent = [line for line in lines if line["did"] == "invoke"][7]["entry"]
        sent["content"]["sections"]["motif"] += "!"

    scene.retell(other)
    assert scene.verdict().codes == {"differs"}


def test_an_order_that_is_not_that_of_what_happened_is_found(scene: Scene) -> None:
    scene.end()

    def late(lines: Lines) -> None:
        moved = [line for line in lines if line["id"] == ok_of(lines, 6)["id"]]
        lines[:] = [line for line in lines if line not in moved] + moved

    scene.retell(late)
    assert scene.verdict().codes == {"out-of-order"}


def test_a_journal_that_was_changed_is_found(scene: Scene) -> None:
    scene.end()
    scene.tamper("journal.db", "UPDATE entry SET content = x'7b7d' WHERE position = 3")
    assert scene.verdict().codes == {"journal-unsound"}


def test_an_answer_that_came_through_while_the_power_was_off_is_none(scene: Scene) -> None:
    client = scene.clients[0]
    entry = client.note("never arrived")
    scene.recorder.invoke(client.name, entry)
    with scene.recorder.power_off():
        assert not scene.recorder.ok(client.name, entry, {})
    scene.end()
    assert scene.verdict().found == []


def test_the_checker_imports_nothing_of_the_product() -> None:
    seen: set[str] = set()
    waiting = ["checker"]
    while waiting:
        name = waiting.pop()
        seen.add(name)
        tree = ast.parse(Path(__file__).with_name(f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            modules = [node.module] if isinstance(node, ast.ImportFrom) else []
            modules += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for module in filter(None, modules):
                assert not module.startswith("anamnesis"), (name, module)
                if module.startswith("tests."):
                    assert module.startswith("tests.history."), (name, module)
                    waiting += {module.rpartition(".")[2]} - seen
    assert seen == {"checker", "journal_file", "recorder"}
