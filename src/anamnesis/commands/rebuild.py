"""`anamnesis rebuild`: the record, made again from the journal and proved to be the same."""

import json as jsons
import os
import sys
from pathlib import Path

from anamnesis.bootstrap.rebuilding import Rebuilt, rebuild_record
from anamnesis.commands.progress import bars
from anamnesis.settings import chosen

EXIT_DIFFERED = 2
TITLES = {"journal": "Verifying the journal", "record": "Folding it into a record"}


def rebuild(*, data: Path | None = None, json: bool = False) -> int:
    """Make the record again from the journal, compare it with the one in use, and replace that.

    The server must not run. Exit code 0: identical, or there was none to compare with; 2: they
    differed, the new one is in place and the old one is kept as `record.db.differed`.

    Parameters
    ----------
    data
        The data directory.
    json
        Answer in JSON.
    """
    settings = chosen(os.environ, data=data)
    with bars(TITLES) as stage:
        rebuilt = rebuild_record(settings, stage)
    sys.stdout.write((_as_json(rebuilt) if json else _in_words(rebuilt)) + "\n")
    return EXIT_DIFFERED if rebuilt.set_aside is not None else 0


def _as_json(rebuilt: Rebuilt) -> str:
    compared = rebuilt.compared
    return jsons.dumps(
        {
            "applied": rebuilt.applied,
            "fingerprint": rebuilt.fingerprint,
            "identical": None if compared is None else compared.identical,
            "compared_at": rebuilt.compared_at,
            "differing": None if compared is None else compared.differing,
            "set_aside": None if rebuilt.set_aside is None else str(rebuilt.set_aside),
        }
    )


def _in_words(rebuilt: Rebuilt) -> str:
    done = f"{rebuilt.applied:,} entries folded; the record's fingerprint is {rebuilt.fingerprint}."
    if rebuilt.compared is None:
        return f"{done}\nThere was no record that could be read: the new one is in place."
    if rebuilt.compared.identical:
        at = f"after {rebuilt.compared_at:,} entries"
        return f"{done}\nIdentical, byte for byte, to the record it replaces ({at})."
    tables = sorted({difference.table for difference in rebuilt.compared.differences})
    return (
        f"{done}\nTHEY DIFFER in {rebuilt.compared.differing:,} rows of {', '.join(tables)}. "
        "The new one, which follows from the journal alone, is in place; the old one is kept as "
        f"{rebuilt.set_aside} for whoever finds out why."
    )
