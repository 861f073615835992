"""The keeper's marks in their file."""

from contextlib import closing
from pathlib import Path

from anamnesis.storage.sqlite.marks import SqliteMarkStore


def test_marks_are_there_after_a_restart_and_those_dropped_are_not(tmp_path: Path) -> None:
    path = tmp_path / "marks.db"
    with closing(SqliteMarkStore(path)) as marks:
        marks.write({"device/1": b"a", "device/2": b"b", "sweep": b"c"})
        marks.write({"device/1": None, "device/2": b"d"})
    with closing(SqliteMarkStore(path)) as marks:
        assert marks.read_all("device/") == {"device/2": b"d"}
        assert marks.read("sweep") == b"c"
