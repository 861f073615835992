"""A disk that fills up, and system calls that fail under the real program.

The full disk is tried with every test where it may be; `make campaign-disk FAULTS=300` lets strace
fail the k-th flush, write, truncation or opening of a writer, once or for good (EIO, ENOSPC).
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import apsw
import pytest

from anamnesis.journal.store import StoreFull
from anamnesis.record.store import RecordUnwritable
from tests.campaigns.cut_writer import Life
from tests.campaigns.loop_disk import NEEDS, has_rights, loop_disk
from tests.conftest import ROOT
from tests.history.checker import check_folder
from tests.history.recorder import Recorder
from tests.history.small_server import VKEY, SmallClient, SmallServer

FAULTS = int(os.environ.get("ANAMNESIS_FAULTS", "300"))
SEED = int(os.environ.get("ANAMNESIS_SEED", str(random.randrange(2**32))))
CALLS = {"fdatasync": 40, "fsync": 6, "pwrite64": 500, "ftruncate": 4, "openat": 4}
"""System calls, and up to which of them one is chosen to fail."""
NAMES = ("journal.db", "journal.db-wal", "record.db", "record.db-wal")
LIFE_SECONDS_MAX = 60.0


def let_go(folder: Path) -> None:
    """What the end of a process does to its files."""
    for connection in apsw.connections():
        if connection.filename.startswith(str(folder)):
            connection.close(force=True)


def write_until_full(server: SmallServer, client: SmallClient) -> type[Exception]:
    base = None
    while True:
        entry = client.note("é" * 15_000, base)
        try:
            client.send(server, entry)
            server.follow()
        except (StoreFull, RecordUnwritable) as full:
            return type(full)
        base = entry["digest"]


@pytest.mark.skipif(not has_rights(), reason=NEEDS)
def test_a_disk_that_fills_up_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "history.jsonl")
    with loop_disk(16) as disk:
        data = disk.mount / "data"
        ballast = disk.mount / "ballast"
        ballast.write_bytes(bytes(6 * 1_048_576))
        client = SmallClient(1, recorder)
        server = SmallServer(data)
        client.send(server, *client.opening())
        met = {write_until_full(server, client)}
        ballast.unlink()
        server.follow()  # the same process goes on
        let_go(data)
        verdict = check_folder(recorder.path, data, VKEY, settled=True)
        assert verdict.found == [], verdict
        server = SmallServer(data)
        other = SmallClient(2, recorder)
        other.send(server, *other.opening()[2:3])
        server.follow()
        let_go(data)
        verdict = check_folder(recorder.path, data, VKEY, settled=True)
    recorder.close()
    assert verdict.found == [], verdict
    assert met <= {StoreFull, RecordUnwritable}


def live(life: Life, *inject: str) -> tuple[int, bool]:
    """The writer's exit code, under strace if anything is injected, and whether it was."""
    trace = Path(life.history).with_name("trace")
    strace = ["strace", "-f", "-o", str(trace), *inject] if inject else []
    done = subprocess.run(
        [*strace, sys.executable, "-m", "tests.campaigns.cut_writer"],
        cwd=ROOT,
        input=json.dumps(asdict(life)) + "\n",
        capture_output=True,
        text=True,
        timeout=LIFE_SECONDS_MAX,
        check=False,
    )
    struck = bool(inject) and "(INJECTED)" in trace.read_text(encoding="utf-8", errors="replace")
    return int(done.stdout or "-1"), struck


@pytest.mark.campaign
@pytest.mark.timeout(120 + FAULTS * 30)
def test_whatever_system_call_fails_the_next_life_has_everything_acknowledged(
    tmp_path: Path,
) -> None:
    assert shutil.which("strace"), "apt-get install strace"
    print(f"\nseed {SEED}, {FAULTS} faults")
    draw = random.Random(SEED)
    seen: Counter[str] = Counter()
    for number in range(FAULTS):
        call = draw.choice(list(CALLS))
        error = draw.choice(["EIO", "ENOSPC"])
        when = f"{draw.randint(1, CALLS[call])}{draw.choice(['', '+'])}"
        folder = tmp_path / str(number)
        folder.mkdir()
        files = (str(folder / "data"), str(folder / "history.jsonl"), "")
        inject = f"inject={call}:error={error}:when={when}"
        opened = [folder / "data" / name for name in ("", *NAMES)] if call == "openat" else []
        path = [part for one in opened for part in ("-P", str(one))]
        code, struck = live(Life(*files, 1, number, 0), "-e", f"trace={call}", "-e", inject, *path)
        told = '"did": "ok"' in (folder / "history.jsonl").read_text(encoding="utf-8")
        if told:
            verdict = check_folder(folder / "history.jsonl", folder / "data", VKEY)
            assert verdict.found == [], f"fault {number}, {inject}, seed {SEED}: {verdict}"
        assert live(Life(*files, 2, number, 0)) == (0, False), f"fault {number}, {inject}"
        verdict = check_folder(folder / "history.jsonl", folder / "data", VKEY, settled=True)
        assert verdict.found == [], f"fault {number}, {inject}, seed {SEED}: {verdict}"
        fate = "ended the writer" if code else "stopped nobody" if struck else "was not reached"
        seen[f"{call} {fate}"] += 1
        shutil.rmtree(folder)
    print("\n".join(f"{times} {what}" for what, times in sorted(seen.items())))
