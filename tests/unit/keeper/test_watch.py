from anamnesis.keeper.watch import STUCK_AFTER_SECONDS, Progress


def test_a_record_that_keeps_up_is_never_stuck() -> None:
    progress = Progress()
    for second in range(0, 600, 10):
        assert not progress.stuck(5, 5, float(second))


def test_a_record_that_moves_is_not_stuck_however_far_behind() -> None:
    progress = Progress()
    for second in range(0, 600, 10):
        assert not progress.stuck(1_000_000, second, float(second))


def test_a_record_that_stands_still_behind_the_journal_is_stuck_after_the_limit() -> None:
    progress = Progress()
    assert not progress.stuck(6, 5, 100.0)
    assert not progress.stuck(9, 5, 100.0 + STUCK_AFTER_SECONDS - 0.1)
    assert progress.stuck(9, 5, 100.0 + STUCK_AFTER_SECONDS)


def test_a_new_application_gets_the_whole_time_again() -> None:
    progress = Progress()
    progress.stuck(6, 5, 0.0)
    progress.forgive(50.0)
    assert not progress.stuck(6, 5, 50.0 + STUCK_AFTER_SECONDS - 0.1)
