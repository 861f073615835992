"""Whether a record was made anew is known however quickly it was done."""

from pathlib import Path

from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.repair import Repair
from tests.unit.keeper.fakes import FakeClock


def repair_at(order: Path) -> Repair:
    wrong = Disagreements(lambda _: False, lambda _: None, lambda _: None)
    return Repair(order, wrong, FakeClock(), lambda: None)


def test_an_order_that_was_carried_out_between_two_looks_is_not_missed(tmp_path: Path) -> None:
    order = tmp_path / "record.order"
    repair = repair_at(order)
    assert not repair.made_anew()
    repair.at_once()
    order.unlink()
    assert repair.made_anew()
    assert not repair.made_anew()


def test_an_order_that_lies_there_for_a_while_is_told_once(tmp_path: Path) -> None:
    order = tmp_path / "record.order"
    repair = repair_at(order)
    repair.at_once()
    assert not repair.made_anew()
    repair.at_once()
    assert not repair.made_anew()
    order.unlink()
    assert [repair.made_anew(), repair.made_anew()] == [True, False]


def test_an_order_of_somebody_else_counts_as_well(tmp_path: Path) -> None:
    order = tmp_path / "record.order"
    repair = repair_at(order)
    order.touch()
    assert not repair.made_anew()
    order.unlink()
    assert repair.made_anew()
