"""The thread that follows the record into the search index. Nothing waits for it."""

import threading

import structlog

from anamnesis.record.search import IndexDamaged, Indexer, SearchIndex
from anamnesis.record.store import RecordDamaged, RecordReader

LOOKED_EVERY_SECONDS = 2.0
"""What was recorded is found within this time and that of its batch. A note that is being typed
is saved every few seconds: looked at less often, it is indexed once and not at every pause."""
BATCH_ENTRIES_MAX = 5_000
"""Taken in together; a note that is in a batch many times is indexed once."""
TRIED_AGAIN_AFTER_SECONDS = 5.0
CLOSE_SECONDS_MAX = 5.0

_log = structlog.get_logger()


class Indexing:
    """Steps the indexer; an index that cannot be used is begun anew, a fault is tried again."""

    def __init__(self, reader: RecordReader, index: SearchIndex) -> None:
        self._indexer = Indexer(reader, index)
        self._index = index
        self._closing = threading.Event()
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def close(self) -> None:
        """Ends the thread."""
        self._closing.set()
        self._thread.join(CLOSE_SECONDS_MAX)

    def _run(self) -> None:
        while not self._closing.is_set():
            wait = LOOKED_EVERY_SECONDS
            try:
                # A note that is written again and again is indexed once a look, so that it is only
                # while there is a whole batch that the next one does not wait.
                while self._indexer.step(BATCH_ENTRIES_MAX) == BATCH_ENTRIES_MAX:
                    if self._closing.is_set():
                        return
                self._failing = False
            except Exception as failure:  # noqa: BLE001 - a search that lags costs nobody a save
                self._report(failure)
                self._begin_anew(failure)
                wait = TRIED_AGAIN_AFTER_SECONDS
            self._closing.wait(wait)

    def _begin_anew(self, failure: Exception) -> None:
        if not isinstance(failure, IndexDamaged):
            return
        try:
            self._index.clear()
        except Exception as again:  # noqa: BLE001 - likewise
            self._report(again)

    def _report(self, failure: Exception) -> None:
        """Once, until it works again."""
        if not self._failing:
            self._failing = True
            expected = isinstance(failure, IndexDamaged | RecordDamaged)
            _log.warning("index-not-written", failure=type(failure).__name__, expected=expected)
