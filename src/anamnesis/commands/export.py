"""`anamnesis export`: the data in one's own hands, with proofs, readable without Anamnesis."""

import os
import sys
from pathlib import Path

from anamnesis.bootstrap.exporting import exported
from anamnesis.commands.progress import bars
from anamnesis.settings import chosen


def export(*, out: Path, patient: str | None = None, data: Path | None = None) -> int:
    """Write every entry as a line of JSON with its receipt; the last line has the counts.

    The file appears under its name only when it is complete. Works beside a running server.
    docs/guide/operator.md explains the lines.

    Parameters
    ----------
    out
        The file to write.
    patient
        Export this patient only (an id); everything otherwise.
    data
        The data directory.
    """
    settings = chosen(os.environ, data=data)
    unfinished = out.with_name(out.name + ".part")
    lines = 0
    try:
        with bars({"export": "Exporting"}) as stage, unfinished.open("wb") as file:
            unfinished.chmod(0o600)
            for line in exported(settings, patient, lambda d, n: stage("export", d, n)):
                file.write(line)
                lines += 1
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(out)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sys.stdout.write(f"{lines - 1:,} entries with their receipts are in {out}.\n")
    return 0
