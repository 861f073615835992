"""A silent loss put in on purpose: a campaign that does not find it cannot be believed."""

from tests.mutants.campaign import SOURCE
from tests.mutants.mutator import Mutant

PATH = "web/api/notes.py"
BEFORE = "return shown(known(request, encounter), Note)"
AFTER = (
    "found = shown(known(request, encounter), Note); "
    "return msgspec.structs.replace("
    "found, sections=msgspec.structs.replace(found.sections, conclusion=''))"
)
"""The interface reads every note without its conclusion; no screen has anything to say of it."""


def planted() -> Mutant:
    """The mutant; a ValueError if the place is no longer there."""
    source = (SOURCE / PATH).read_bytes()
    start = source.index(BEFORE.encode())
    line = source.count(b"\n", 0, start) + 1
    return Mutant(PATH, line, "planted", start, start + len(BEFORE), BEFORE, AFTER, 0)
