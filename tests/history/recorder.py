"""What clients write down while they work: one line of JSON for everything done and answered.

    {"did": "invoke",  "client": …, "id": …, "entry": {…}}     before the first byte is sent
    {"did": "ok",      "client": …, "id": …, "receipt": {…}}
    {"did": "refused", "client": …, "id": …, "digest": …, "code": …}
    {"did": "unknown", "client": …, "id": …, "why": …}

The order of the lines is the order in which it happened, over all clients.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Recorder:
    """Appends to one history; may be shared between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._power = True

    @property
    def powered(self) -> bool:
        """Whether answers count at present."""
        return self._power

    def invoke(self, client: str, entry: dict[str, Any]) -> None:
        """The entry is about to be sent, for the first time or again."""
        with self._lock:
            self._write({"did": "invoke", "client": client, "id": entry["id"], "entry": entry})

    def ok(self, client: str, entry: dict[str, Any], receipt: dict[str, Any]) -> bool:
        """A receipt came. False, and unknown, if the power was off by then.

        A machine without power answers nobody: what the tool lets through after its cut began
        is not an acknowledgement.
        """
        with self._lock:
            if self._power:
                line = {"did": "ok", "client": client, "id": entry["id"], "receipt": receipt}
            else:
                line = {"did": "unknown", "client": client, "id": entry["id"], "why": "power off"}
            self._write(line)
            return self._power

    def refused(self, client: str, entry: dict[str, Any], code: str) -> None:
        """The answer was a definite no."""
        with self._lock:
            self._write(
                {
                    "did": "refused",
                    "client": client,
                    "id": entry["id"],
                    "digest": entry["digest"],
                    "code": code,
                }
            )

    def unknown(self, client: str, entry: dict[str, Any], why: str) -> None:
        """No answer, or one that says nothing."""
        with self._lock:
            self._write({"did": "unknown", "client": client, "id": entry["id"], "why": why})

    @contextmanager
    def power_off(self) -> Iterator[None]:
        """No answer counts as one from here on until the end of the block."""
        with self._lock:
            self._power = False
        try:
            yield
        finally:
            with self._lock:
                self._power = True

    def close(self) -> None:
        """Ends the history after a whole line, whoever is writing one."""
        with self._lock:
            self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._file.flush()


def read_history(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
