import os
import threading

import pytest

from anamnesis.keeper.exits import EXIT_ORPHANED, FINAL
from anamnesis.keeper.gate import Gate, wait_at
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


def test_whoever_waits_at_the_gate_passes_once_it_is_open_and_so_does_everybody_after() -> None:
    gate = Gate()
    passed = threading.Event()

    def go() -> None:
        wait_at(gate.descriptor)
        passed.set()

    waiting = threading.Thread(target=go)
    waiting.start()
    assert not passed.wait(0.1)
    gate.open()
    gate.open()
    waiting.join(5)
    assert passed.is_set()
    wait_at(gate.descriptor)


def test_a_gate_that_nobody_can_open_any_more_ends_whoever_waits() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with pytest.raises(SystemExit) as ended:
        wait_at(reading)
    assert ended.value.code == EXIT_ORPHANED
    os.close(reading)
