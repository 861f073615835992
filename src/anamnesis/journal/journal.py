"""The promise: what has been appended here is in the journal, at its place, for ever."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias

import msgspec

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.decision import Devices, Placed, Submission, decide
from anamnesis.journal.entry import JournaledEntry
from anamnesis.journal.recovery import covering_checkpoint, recover
from anamnesis.journal.refusal import Refusal
from anamnesis.journal.store import JournalStore, StoreFull, StorePoisoned
from anamnesis.receipt.checkpoint import Checkpoint, VerificationKey, sign_checkpoint
from anamnesis.receipt.receipt import Receipt, journaled_receipt
from anamnesis.seams import Clock, Signer, instant

__all__ = ["GROUP_ENTRIES_MAX", "Accepted", "Journal", "Outcome", "Refused", "Submission"]

GROUP_ENTRIES_MAX = 1024  # entries that may share one commit
_SESSION = re.compile(r"[!-~]{1,64}")


class Accepted(msgspec.Struct, frozen=True):
    """The entry is durable; `duplicate` when it was so before this group."""

    journaled: JournaledEntry
    receipt: Receipt
    duplicate: bool


class Refused(msgspec.Struct, frozen=True):
    """The entry is definitely not journaled."""

    refusal: Refusal


Outcome: TypeAlias = Accepted | Refused


class Journal:
    """Appends to one store and proves what is in it. All of it runs on one thread.

    Opening it is recovery: the tree is rebuilt from what the store has and must have the root
    that the newest checkpoint signed. Raises JournalDamaged.
    """

    def __init__(self, store: JournalStore, signer: Signer, clock: Clock) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock
        self._key = VerificationKey.of(signer)
        self._stopped = False
        recovered = recover(store, self._key)
        self._tree = recovered.tree
        self._received_at = recovered.received_at

    @property
    def size(self) -> int:
        """The number of entries in the journal."""
        return self._tree.size

    def append(self, group: Sequence[Submission]) -> list[Outcome]:
        """Makes the group's new entries durable together; one outcome for each, in order.

        Raises StoreFull: none of the new ones is stored. Raises anything else: unknown, to be
        sent again; after StorePoisoned or JournalDamaged nothing more is done. ValueError for a
        group over GROUP_ENTRIES_MAX or a session id that is not 1 to 64 visible ASCII characters.
        """
        self._still_sound()
        _check_group(group)
        with self._sound_reading():
            decisions = self._decide(group)
            new = [
                decision.journaled
                for decision in decisions
                if isinstance(decision, Placed) and not decision.duplicate
            ]
            if not new:
                return self._outcomes(decisions)
        return self._commit(decisions, new)

    def receipt(self, entry_id: str) -> Receipt | None:
        """The receipt of a journaled entry, the same each time; None if there is none."""
        self._still_sound()
        with self._sound_reading():
            found = self._store.find([entry_id]).get(entry_id)
            return None if found is None else self._receipt(found, *self._covering(found.position))

    def checkpoint(self) -> str:
        """The newest signed checkpoint; of an empty journal, one made on the spot."""
        self._still_sound()
        with self._sound_reading():
            note = self._store.checkpoint(None)
        return self._sign() if note is None else note

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the first `old` entries begin the first `new` (RFC 9162, 2.1.4.1).

        Raises ValueError unless 0 <= old <= new <= size.
        """
        self._still_sound()
        return self._tree.consistency(old, new)

    def _decide(self, group: Sequence[Submission]) -> list[Placed | Refusal]:
        known = self._store.find([submission.entry.id for submission in group])
        devices = Devices(
            self._store.last_sequences([submission.entry.device for submission in group])
        )
        return decide(group, known, devices, self.size, self._next_instant())

    def _commit(
        self, decisions: Sequence[Placed | Refusal], new: Sequence[JournaledEntry]
    ) -> list[Outcome]:
        before = self.size
        try:
            self._tree.extend(journaled.leaf() for journaled in new)
            note = self._sign()
            # Everything that is answered is made before the commit: after it, nothing can fail.
            with self._sound_reading():
                outcomes = self._outcomes(decisions, before, note)
            self._commit_point(new, note)
        except BaseException:
            # The note just signed is never shown to anyone, so signing another of the same size
            # later does not make two journals of one.
            self._tree.truncate(before)
            raise
        self._received_at = new[-1].received_at
        return outcomes

    def _commit_point(self, new: Sequence[JournaledEntry], note: str) -> None:
        try:
            # THE COMMIT POINT. Before this line returns, nothing of the group may be acknowledged;
            # once it has returned, nothing can undo it, and a crash from here on is no more than
            # a lost answer: the device asks again and gets the same receipt.
            self._store.commit(new, note, self.size)
        except StoreFull:
            raise
        except BaseException:
            # Unknown: the entries may or may not be there when the journal is next opened.
            self._stopped = True
            raise

    def _outcomes(
        self, decisions: Sequence[Placed | Refusal], before: int = 0, note: str | None = None
    ) -> list[Outcome]:
        """What is answered; entries from position `before` on are covered by `note`."""
        outcomes: list[Outcome] = []
        for decision in decisions:
            if isinstance(decision, Refusal):
                outcomes.append(Refused(decision))
                continue
            journaled = decision.journaled
            if note is not None and journaled.position >= before:
                receipt = self._receipt(journaled, note, self.size)
            else:
                receipt = self._receipt(journaled, *self._covering(journaled.position))
            outcomes.append(Accepted(journaled, receipt, decision.duplicate))
        return outcomes

    def _receipt(self, journaled: JournaledEntry, note: str, size: int) -> Receipt:
        hashes = self._tree.inclusion(journaled.position, size)
        return journaled_receipt(journaled.members(), hashes, note)

    def _covering(self, position: int) -> tuple[str, int]:
        """The first checkpoint that covers `position`: an entry's receipt never changes."""
        note, checkpoint = covering_checkpoint(self._store, self._key, position)
        return note, checkpoint.size

    def _sign(self) -> str:
        root = self._tree.root()
        return sign_checkpoint(Checkpoint(self._signer.name, self.size, root), self._signer)

    def _next_instant(self) -> str:
        """The present, but never before an entry that is journaled already.

        Positions say the order. A clock set back by its time server must not make an entry look
        older than those it follows, or lists by time and by position would disagree.
        """
        return max(self._received_at, instant(self._clock.now()))

    @contextmanager
    def _sound_reading(self) -> Iterator[None]:
        """A journal that is found damaged acknowledges nothing more."""
        try:
            yield
        except JournalDamaged:
            self._stopped = True
            raise

    def _still_sound(self) -> None:
        if self._stopped:
            raise StorePoisoned(
                "The journal has stopped after an error that leaves its state unknown."
            )


def _check_group(group: Sequence[Submission]) -> None:
    if len(group) > GROUP_ENTRIES_MAX:
        raise ValueError(f"A group has at most {GROUP_ENTRIES_MAX} entries, not {len(group)}.")
    if not all(_SESSION.fullmatch(submission.session) for submission in group):
        raise ValueError("A session id is 1 to 64 visible ASCII characters.")
