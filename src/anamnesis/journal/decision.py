"""Which entries of a group are new, which are repeated, and which must be refused (pure)."""

from collections.abc import Mapping, Sequence

import msgspec

from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.journal.refusal import Refusal
from anamnesis.receipt.canonical import digest_bytes


class Submission(msgspec.Struct, frozen=True):
    """An entry, and the id of the session it came in by."""

    entry: Entry
    session: str


class Placed(msgspec.Struct, frozen=True):
    """An entry with a position; `duplicate` when it had it already."""

    journaled: JournaledEntry
    duplicate: bool


class Devices:
    """The last sequence and the author of each device, moving on as a group is decided."""

    def __init__(self, journaled: Mapping[str, tuple[int, str]]) -> None:
        self._last = dict(journaled)

    def take(self, entry: Entry) -> None:
        """Takes the entry's number as used; raises Refusal if it is not the next one."""
        if digest_bytes(entry.content) != entry.digest:
            raise Refusal("digest-mismatch")
        last, author = self._last.get(entry.device, (0, entry.author))
        if author != entry.author:
            raise Refusal("device-taken")
        if entry.sequence <= last:
            raise Refusal("sequence-reused", {"last": last})
        if entry.sequence != last + 1:
            raise Refusal("sequence-gap", {"expected": last + 1})
        self._last[entry.device] = (entry.sequence, author)


def decide(
    group: Sequence[Submission],
    known: Mapping[str, JournaledEntry],
    devices: Devices,
    position: int,
    received_at: str,
) -> list[Placed | Refusal]:
    """One decision for each submission, in order; the first new entry gets `position`.

    Later submissions see the earlier ones as if they were journaled already. `known` are the
    journaled entries with the group's ids.
    """
    seen = dict(known)
    decisions: list[Placed | Refusal] = []
    for submission in group:
        entry = submission.entry
        earlier = seen.get(entry.id)
        try:
            if earlier is not None:
                decisions.append(_repeated(earlier, entry))
                continue
            devices.take(entry)
        except Refusal as refusal:
            decisions.append(refusal)
            continue
        journaled = JournaledEntry(position, received_at, submission.session, entry)
        seen[entry.id] = journaled
        decisions.append(Placed(journaled, duplicate=False))
        position += 1
    return decisions


def _repeated(earlier: JournaledEntry, entry: Entry) -> Placed:
    if not earlier.entry.same_act(entry):
        raise Refusal("id-reused")
    return Placed(earlier, duplicate=True)
