import time
from typing import Any, cast

from anamnesis.bootstrap.indexing import BATCH_ENTRIES_MAX, Indexing
from tests.running import wait_until


class _Batches:
    """An indexer that finds so many entries at each step, and then three more each time."""

    def __init__(self, *found: int) -> None:
        self.found = list(found)
        self.steps = 0

    def step(self, limit: int) -> int:
        assert limit == BATCH_ENTRIES_MAX
        self.steps += 1
        return self.found.pop(0) if self.found else 3


def _indexing(batches: _Batches) -> Indexing:
    indexing = Indexing(cast(Any, None), cast(Any, None))
    cast(Any, indexing)._indexer = batches
    indexing.start()
    return indexing


def test_while_people_write_without_a_pause_a_note_is_indexed_once_a_look() -> None:
    batches = _Batches()
    indexing = _indexing(batches)
    wait_until(lambda: batches.steps, "a look", 5.0)
    time.sleep(0.2)
    indexing.close()
    assert batches.steps == 1


def test_what_fills_a_whole_batch_is_followed_by_the_next_at_once() -> None:
    batches = _Batches(BATCH_ENTRIES_MAX, BATCH_ENTRIES_MAX, 17)
    indexing = _indexing(batches)
    wait_until(lambda: batches.steps == 3, "all of it", 1.5)
    indexing.close()
    assert batches.steps == 3
