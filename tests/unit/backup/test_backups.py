from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.backup.chain import chain
from anamnesis.backup.manifest import SEGMENTS_MAX, opened
from anamnesis.backup.refusal import BackupRefused
from anamnesis.backup.restoring import compare, restore
from anamnesis.backup.segment import decoded
from anamnesis.journal.erasure import ERASURE_KIND, mark_of
from anamnesis.journal.store import StorePoisoned
from anamnesis.storage.memory.journal import Fault, MemoryDisk, MemoryJournal
from tests.unit.backup.copying import Practice, unseal
from tests.unit.journal.making import KEY, submission, whole

groups = st.lists(st.integers(1, 4), min_size=1, max_size=5)


@given(st.lists(groups, min_size=1, max_size=4))
@settings(max_examples=30)
def test_what_is_restored_is_the_journal_entry_by_entry_and_checkpoint_by_checkpoint(
    days: list[list[int]],
) -> None:
    practice = Practice()
    for day in days:
        practice.write(*day)
        practice.back_up()
    scratch = MemoryJournal()
    found = restore(practice.place, KEY, unseal, scratch)
    assert (scratch.disk.rows, scratch.disk.leaves) == (
        practice.store.disk.rows,
        practice.store.disk.leaves,
    )
    assert scratch.disk.checkpoints == practice.store.disk.checkpoints
    assert (found.size, found.left_out) == (practice.entries, 0)
    whole(scratch)


def test_a_backup_adds_what_is_new_and_writes_nothing_again() -> None:
    practice = Practice()
    practice.write(3)
    practice.back_up()
    before = dict(practice.place.pieces)
    practice.write(2)
    second = practice.back_up()
    assert [(one.start, one.end) for one in second.segments] == [(3, 5)]
    assert {name: practice.place.pieces[name] for name in before} == before
    assert practice.back_up().segments == ()


def test_a_backup_that_was_broken_off_is_none_and_the_next_one_has_everything() -> None:
    practice = Practice()
    practice.write(3)
    practice.back_up()
    practice.write(2, 2)
    practice.place.takes = 1  # the segment, and not its manifest
    with pytest.raises(BackupRefused, match="Full"):
        practice.back_up()
    practice.place.takes = None
    assert chain(practice.place, KEY)[-1].size == 3
    practice.back_up()
    scratch = MemoryJournal()
    assert restore(practice.place, KEY, unseal, scratch).size == 7


def test_a_restore_up_to_an_instant_leaves_out_what_was_received_after_it() -> None:
    practice = Practice()
    practice.write(2, 3)
    at = practice.clock.moment + timedelta(seconds=30)
    practice.write(4)
    practice.back_up()
    scratch = MemoryJournal()
    found = restore(practice.place, KEY, unseal, scratch, at)
    assert (found.size, found.left_out) == (5, 4)
    assert found.received_at <= at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    whole(scratch)


def test_the_comparison_names_the_first_entry_that_differs_and_counts_what_came_since() -> None:
    practice = Practice()
    practice.write(3, 2)
    practice.back_up()
    practice.write(1)
    scratch = MemoryJournal()
    restore(practice.place, KEY, unseal, scratch)
    equal = compare(scratch, practice.store)
    assert (equal.size, equal.differs_at, equal.since) == (5, None, 1)
    other = Practice()
    other.clock.moment += timedelta(seconds=1)  # the same entries, received at another instant
    other.write(3, 2)
    assert compare(scratch, other.store).differs_at == 0


def test_a_content_that_was_erased_since_differs_in_nothing_that_is_still_said() -> None:
    practice = Practice()
    practice.write(3)
    practice.back_up()
    scratch = MemoryJournal()
    restore(practice.place, KEY, unseal, scratch)
    [about] = practice.store.at([1])
    decision = submission(4, kind=ERASURE_KIND, patient=about.entry.patient, content={})
    practice.journal.append([decision])
    practice.store.disk.rows[1] = (about.header(), mark_of(decision.entry.id))
    assert compare(scratch, practice.store).differs_at is None


@pytest.mark.parametrize("spoilt", ["cut", "flipped", "gone"])
def test_a_piece_that_was_altered_or_is_gone_is_found_and_nothing_is_made_of_it(
    spoilt: str,
) -> None:
    practice = Practice()
    practice.write(3)
    practice.back_up()
    name = next(one for one in practice.place.pieces if one.startswith("segments/"))
    data = practice.place.pieces.pop(name)
    if spoilt != "gone":
        changed = data[:-9] if spoilt == "cut" else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
        practice.place.pieces[name] = changed
    with pytest.raises(BackupRefused) as refused:
        restore(practice.place, KEY, unseal, MemoryJournal())
    assert refused.value.code == ("piece-missing" if spoilt == "gone" else "piece-altered")


def test_a_manifest_that_is_gone_breaks_the_chain() -> None:
    practice = Practice()
    for _ in range(3):
        practice.write(1)
        practice.back_up()
    del practice.place.pieces[practice.place.names("manifests/")[1]]
    with pytest.raises(BackupRefused) as refused:
        chain(practice.place, KEY)
    assert refused.value.code == "chain-broken"


def test_a_manifest_that_somebody_else_wrote_is_refused() -> None:
    practice = Practice()
    practice.write(1)
    name = practice.back_up().name
    note = practice.place.pieces[name].replace(b'"size":1', b'"size":0')
    with pytest.raises(BackupRefused) as refused:
        opened(note, KEY)
    assert refused.value.code == "manifest-altered"


def test_copies_of_a_journal_that_went_on_elsewhere_are_not_added_to() -> None:
    """A journal that was restored, and went on from an earlier point, is another one."""
    practice = Practice()
    practice.write(2)
    practice.back_up()
    restored = Practice()
    restored.place = practice.place
    restored.clock.moment += timedelta(days=1)
    restored.write(3)
    with pytest.raises(BackupRefused) as refused:
        restored.back_up()
    assert refused.value.code == "place-of-another"


def test_a_disk_that_fails_during_a_restore_is_not_taken_for_a_restore() -> None:
    practice = Practice()
    practice.write(2)
    practice.back_up()
    disk = MemoryDisk()
    disk.fault = Fault.KEPT
    with pytest.raises(StorePoisoned):
        restore(practice.place, KEY, unseal, MemoryJournal(disk))


def test_a_journal_is_restored_into_an_empty_one_only() -> None:
    practice = Practice()
    practice.write(1)
    practice.back_up()
    with pytest.raises(BackupRefused) as refused:
        restore(practice.place, KEY, unseal, practice.store)
    assert refused.value.code == "not-empty"


@given(st.binary(max_size=200))
def test_whatever_is_no_segment_is_refused(data: bytes) -> None:
    with pytest.raises(BackupRefused):
        list(decoded(data))


def test_the_newest_state_travels_with_the_backup() -> None:
    practice = Practice()
    practice.write(1)
    manifest = practice.back_up(b"accounts")
    assert manifest.state is not None
    assert unseal(practice.place.pieces[manifest.state.name]) == b"accounts"
    assert SEGMENTS_MAX * 220 < 131_072  # a manifest stays a note (receipt/note.py)
