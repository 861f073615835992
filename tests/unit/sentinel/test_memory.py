"""What sentinels remember: everything fresh, something of every hour, all that is wrong."""

import msgspec

from anamnesis.rollout.walked import Finding
from anamnesis.sentinel.memory import (
    FRESH_SECONDS,
    NOTES_MAX,
    OLD_SECONDS_MAX,
    READ_AGAIN,
    Kept,
    Memory,
)

NOW = 1_800_000_000.0


def kept(at: float, path: str = "typing", feature: str = "", read_at: float | None = None) -> Kept:
    one = Finding("", "", f"e{at}", 1, "note.write", "d", "enc", "0", "2026-11-23T12:00:00.000Z")
    return Kept(feature, path, one, "digest", at, at if read_at is None else read_at)


def test_whatever_is_fresh_is_kept_and_one_of_each_hour_and_path_before() -> None:
    memory = Memory()
    for minute in range(600, -1, -1):
        for path in ("typing", "sharing"):
            memory.keep(kept(NOW - minute * 60.0, path))
    memory.forget(NOW)
    ages = [NOW - one.written_at for one in memory.notes if one.path == "typing"]
    assert sum(age <= FRESH_SECONDS for age in ages) == 11
    assert 10 <= sum(age > FRESH_SECONDS for age in ages) <= 11
    assert [one.written_at for one in memory.notes] == sorted(
        one.written_at for one in memory.notes
    )


def test_what_is_wrong_is_never_forgotten_by_age() -> None:
    memory = Memory()
    old = kept(NOW - OLD_SECONDS_MAX - 1)
    wrong = kept(NOW - OLD_SECONDS_MAX - 2)
    wrong.wrong = (msgspec.structs.replace(wrong.entry, code="sentinel-altered"),)
    memory.keep(wrong)
    memory.keep(old)
    memory.forget(NOW)
    assert memory.notes == [wrong] == memory.wrong()


def test_those_not_read_for_longest_are_read_again_and_each_comes_in_turn() -> None:
    memory = Memory()
    for number in range(READ_AGAIN * 3):
        memory.keep(kept(NOW - number, feature="letters"))
        memory.keep(kept(NOW - number))
    seen: set[str] = set()
    for turn in range(3):
        due = memory.due("letters")
        assert {one.feature for one in due} == {"letters"}
        assert len(due) == READ_AGAIN
        for one in due:
            one.read_at = NOW + 1 + turn
            seen.add(one.entry.entry)
    assert len(seen) == READ_AGAIN * 3


def test_it_has_a_limit_and_keeps_the_newest() -> None:
    memory = Memory()
    for number in range(NOTES_MAX + 5):
        memory.keep(kept(NOW + number / 1e6))
    memory.forget(NOW)
    assert len(memory.notes) == NOTES_MAX
    assert memory.notes[-1].written_at == NOW + (NOTES_MAX + 4) / 1e6


def test_it_comes_back_from_its_file_as_it_was() -> None:
    memory = Memory([kept(NOW)])
    assert msgspec.json.decode(msgspec.json.encode(memory), type=Memory) == memory
