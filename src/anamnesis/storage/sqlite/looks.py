"""Who looked at a patient, read from the audit trail while the keeper writes it."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from anamnesis.access.audit import AuditEvent
from anamnesis.storage.sqlite.connection import open_reader

_COLUMNS = AuditEvent.__struct_fields__
_LOOKS = f"""
SELECT {", ".join(_COLUMNS)} FROM audit
WHERE practice = ?1 AND (patient = ?2 OR encounter IN (SELECT value FROM json_each(?3)))
ORDER BY number DESC LIMIT ?4
"""


class SqliteLookReader:
    """Reads the file at `path`. Raises FileNotFoundError. One thread."""

    def __init__(self, path: Path) -> None:
        self._connection = open_reader(path)

    def looks(
        self, practice: str, patient: str, encounters: Sequence[str], limit: int
    ) -> list[AuditEvent]:
        """The newest events about a patient or one of these encounters, newest first."""
        named = msgspec.json.encode(list(encounters)).decode()
        rows = self._connection.execute(_LOOKS, (practice, patient, named, limit))
        return [msgspec.convert(dict(zip(_COLUMNS, row, strict=True)), AuditEvent) for row in rows]

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()
