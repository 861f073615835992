"""Saves that are recorded late."""

from anamnesis.rollout.lateness import LATE_SECONDS, Lateness
from anamnesis.rollout.race import Suspect


class Machine:
    """A journal and a record, some seconds behind it."""

    def __init__(self) -> None:
        self.lateness = Lateness()
        self.now = 0.0
        self.journaled = 0
        self.look(self.journaled)

    def look(self, applied: int, *, up: bool = True) -> list[Suspect]:
        return list(self.lateness.look(up, self.journaled, applied, self.now))

    def save(self, behind: float) -> list[Suspect]:
        self.lateness.journaled(self.journaled, self.now)
        self.journaled += 1
        found = []
        for _ in range(round(behind / 0.25)):
            self.now += 0.25
            found += self.look(self.journaled - 1)
        self.now += 0.25
        return found + self.look(self.journaled)


def test_three_late_saves_in_a_row_are_enough() -> None:
    machine = Machine()
    for _ in range(1_000):
        assert machine.save(0.25) == []
    late = [machine.save(LATE_SECONDS + 1) for _ in range(3)]
    assert [len(found) for found in late] == [0, 0, 1]
    assert late[2][0].code == "saves-late"


def test_one_standstill_is_one_late_save_however_many_wait_behind_it() -> None:
    machine = Machine()
    for _ in range(50):
        machine.lateness.journaled(machine.journaled, machine.now)
        machine.journaled += 1
    for _ in range(100):
        machine.now += 0.25
        assert machine.look(0) == []
    assert (machine.lateness.seen, machine.lateness.lapsed) == (1, 1)


def test_what_the_keeper_orders_excuses_everything_until_the_record_has_caught_up() -> None:
    machine = Machine()
    machine.lateness.excuse()
    machine.journaled += 5
    for _ in range(100):
        machine.now += 0.25
        machine.lateness.journaled(machine.journaled - 1, machine.now)
        machine.look(0, up=False)
    assert machine.lateness.seen == 0
    machine.look(machine.journaled)
    machine.save(0.25)
    assert machine.lateness.seen == 1
