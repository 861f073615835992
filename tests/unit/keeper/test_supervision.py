from anamnesis.keeper.exits import FINAL
from anamnesis.keeper.supervise import (
    APPLICATION_RESTART_SECONDS_MAX,
    KEEPER_RESTART_SECONDS_MAX,
    RESTART_SECONDS_MIN,
    STEADY_AFTER_SECONDS,
    Pauses,
)


def test_a_process_that_was_steady_is_started_again_at_once() -> None:
    pauses = Pauses(APPLICATION_RESTART_SECONDS_MAX)
    assert pauses.after(STEADY_AFTER_SECONDS) == 0.0
    assert pauses.after(STEADY_AFTER_SECONDS) == 0.0


def test_a_process_that_keeps_ending_waits_longer_each_time_up_to_a_limit() -> None:
    pauses = Pauses(APPLICATION_RESTART_SECONDS_MAX)
    waits = [pauses.after(0.1) for _ in range(12)]
    assert waits[:3] == [0.0, RESTART_SECONDS_MIN, RESTART_SECONDS_MIN * 2]
    assert waits == sorted(waits)
    assert waits[-1] == APPLICATION_RESTART_SECONDS_MAX
    keeper = Pauses(KEEPER_RESTART_SECONDS_MAX)
    assert max(keeper.after(0.1) for _ in range(12)) == KEEPER_RESTART_SECONDS_MAX


def test_living_long_enough_forgives_earlier_ends() -> None:
    pauses = Pauses(APPLICATION_RESTART_SECONDS_MAX)
    for _ in range(5):
        pauses.after(0.1)
    assert pauses.after(STEADY_AFTER_SECONDS + 1) == 0.0


def test_a_poisoned_journal_is_no_reason_to_stop_for_good() -> None:
    from anamnesis.keeper.exits import EXIT_JOURNAL_DAMAGED, EXIT_JOURNAL_POISONED

    assert EXIT_JOURNAL_POISONED not in FINAL
    assert EXIT_JOURNAL_DAMAGED in FINAL


def test_a_process_that_is_ended_on_purpose_is_started_again_at_once() -> None:
    pauses = Pauses(APPLICATION_RESTART_SECONDS_MAX)
    for _ in range(5):
        pauses.after(1.0)
    pauses.forget()
    assert pauses.after(1.0) == 0.0
