"""The record that the application writes, and making it anew while it is in use."""

import functools
from collections.abc import Callable
from contextlib import suppress

import structlog

from anamnesis.bootstrap.hosting import HookFailed, Host
from anamnesis.journal.store import JournalReader
from anamnesis.record.follow import Follower
from anamnesis.settings import Settings
from anamnesis.storage.sqlite.record import SqliteRecordWriter
from anamnesis.storage.sqlite.record_rebuild import fold_beside, put_in_place

_log = structlog.get_logger()


class Recording:
    """Follows the journal into the record at hand, which may be replaced by one made anew.

    Used by one thread. Takes over `writer`.
    """

    def __init__(
        self,
        settings: Settings,
        journal: JournalReader,
        writer: SqliteRecordWriter,
        host: Host,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._writer = writer
        self._host = host
        self._follower = self._following()

    def step(self) -> int:
        """Applies the next few entries; raises what `Follower.step` does."""
        return self._follower.step()

    def make_anew_if_asked(self, breathe: Callable[[], None]) -> bool:
        """Makes the record again from the journal, if the keeper found that it is wrong.

        The one in use goes on being followed and read meanwhile (`breathe` is called after each
        batch, and may `step`); the wrong one is kept beside the new one.
        """
        order = self._settings.record_order
        if not order.exists():
            return False
        _log.warning("record-made-anew", entries=self._journal.size())
        fold_beside(self._settings.record, self._journal, lambda _done, _total: breathe())
        self._writer.close()
        put_in_place(self._settings.record, self._settings.record_differed)
        self._writer = SqliteRecordWriter(self._settings.record)
        self._follower = self._following()
        with suppress(FileNotFoundError):
            order.unlink()
        _log.info("record-in-place", entries=self._writer.applied())
        return True

    def run_nightly_if_asked(self) -> bool:
        """Runs the features' nightly jobs, in one transaction, if the keeper says it is time."""
        order = self._settings.nightly_order
        if not order.exists():
            return False
        order.unlink(missing_ok=True)  # a job that fails is not tried again the same night
        with suppress(HookFailed), self._writer.transaction():
            self._host.nightly(self._writer.connection)
        return True

    def close(self) -> None:
        """Lets go of the record."""
        self._writer.close()

    def _following(self) -> Follower:
        fold = functools.partial(self._host.fold, self._writer.connection)
        return Follower(self._journal, self._writer, fold)
