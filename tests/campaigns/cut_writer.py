"""Writes to journal and record as fast as it can, and cuts the power under itself.

A program of its own (`python -m tests.campaigns.cut_writer`), because everything that is open on a
disk dies with it; it imports everything once and has a child live each life.
"""

import json
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from anamnesis.journal.entry import JournaledEntry
from anamnesis.storage.sqlite import journal as sqlite_journal
from anamnesis.storage.sqlite.journal import SqliteJournal
from tests.campaigns.loop_disk import cut_power
from tests.history.recorder import Recorder
from tests.history.small_server import SmallClient, SmallServer

GROUP_MAX = 12
TEXT_MAX = 4_000
LIFE_ENTRIES = 20
"""Of a life that is not cut short."""
PLUG_SECONDS_MAX = 30.0
POWER_GONE = 9
"""Exit code of a writer that the cut ended."""
FAILED = 1


class WithoutFlush(SqliteJournal):
    """Planted fault: everything is written, and nobody waits for the disk to have it."""

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        self._connection.pragma("synchronous", 0)
        super().commit(entries, checkpoint, size)


class AckFirst(SqliteJournal):
    """Planted fault: says yes, and commits with the next group."""

    def __init__(self, path: Path, *, free_bytes_min: int) -> None:
        self._later: list[Callable[[], None]] = []
        super().__init__(path, free_bytes_min=free_bytes_min)

    def commit(self, entries: Sequence[JournaledEntry], checkpoint: str, size: int) -> None:
        for later in self._later:
            later()
        commit = super().commit
        self._later = [lambda: commit(entries, checkpoint, size)]


PLANTED: dict[str, type[SqliteJournal]] = {
    "": SqliteJournal,
    "without-flush": WithoutFlush,
    "ack-first": AckFirst,
}


def pull_the_plug(recorder: Recorder, seconds: float, mount: Path) -> None:
    time.sleep(seconds)
    with recorder.power_off():
        cut_power(mount)
        recorder.close()  # else the exit may leave half a line behind
        os._exit(POWER_GONE)


@dataclass(frozen=True)
class Life:
    """What one writer is to do; a line of JSON on the way to it."""

    data: str
    history: str
    mount: str
    number: int
    seed: int
    cut: float
    """Seconds; 0 writes a little, stops by itself, and leaves everything folded."""
    planted: str = ""

    def begin(self) -> None:
        """Lives in this process, and ends it."""
        draw = random.Random(self.seed)
        vars(sqlite_journal)["WAL_PAGES"] = draw.choice([8, 40, 200, 1_000])
        recorder = Recorder(Path(self.history))
        if self.cut:
            arguments = (recorder, self.cut, Path(self.mount))
            threading.Thread(target=pull_the_plug, args=arguments, daemon=True).start()
        try:
            live(self, recorder, draw)
        except BaseException:  # noqa: BLE001 - whatever a disk without power makes of it
            if recorder.powered:
                traceback.print_exc()
                os._exit(FAILED)
            time.sleep(PLUG_SECONDS_MAX)  # the disk went away; the plug ends it
        os._exit(FAILED if self.cut else 0)


def live(life: Life, recorder: Recorder, draw: random.Random) -> None:
    data = Path(life.data)
    data.mkdir(parents=True, exist_ok=True)
    store = PLANTED[life.planted](data / "journal.db", free_bytes_min=0)
    server = SmallServer(data, store)
    server.follow()
    client = SmallClient(life.number, recorder)
    client.send(server, *client.opening())
    base = None
    while life.cut or client.sequence < LIFE_ENTRIES:
        group = []
        for _ in range(draw.randint(1, GROUP_MAX)):
            text = "".join(draw.choices("abcdefghij é\n≥", k=draw.randint(1, TEXT_MAX)))
            group.append(client.note(text, base))
            base = group[-1]["digest"]
        client.send(server, *group)
        if draw.random() < 0.5:
            server.follow()
    server.follow()
    server.close()


def main() -> None:
    """Lives whatever is asked for on standard input, one after another; answers exit codes."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            Life(**json.loads(line)).begin()
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
