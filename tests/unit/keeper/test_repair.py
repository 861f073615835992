"""Whether a record was made anew is known however quickly it was done."""

from pathlib import Path

from anamnesis.keeper.disagreements import Disagreements
from anamnesis.keeper.judgement import Disagreement, Outside, RowVerdict
from anamnesis.keeper.received import Expected
from anamnesis.keeper.repair import AGAIN_AFTER_SECONDS, PATIENCE_SECONDS, Repair
from anamnesis.record.outstanding import FOLD_FAILED
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


def expected(entry: str) -> Expected:
    return Expected(7, entry, "note.write", "lilas", "claire", "d-1", "enc", "0" * 64, None)


def orders_for(verdicts: list[RowVerdict], order: Path) -> int:
    """How often the record is ordered anew while these are found, one after the other."""
    clock, wrong = FakeClock(), Disagreements(lambda _: True)
    repair = Repair(order, wrong, clock, lambda: None)
    for verdict in verdicts:
        wrong.take([verdict])
        repair.consider()
        clock.move(AGAIN_AFTER_SECONDS + PATIENCE_SECONDS)
        repair.consider()
    return repair.orders


def test_a_record_that_goes_on_refusing_what_it_should_not_is_made_anew_only_once(
    tmp_path: Path,
) -> None:
    names = ("one", "two", "three")
    refused: list[RowVerdict] = [Outside(expected(name), FOLD_FAILED) for name in names]
    assert orders_for(refused, tmp_path / "order") == 1


def test_other_damage_is_repaired_although_something_goes_on_being_refused(tmp_path: Path) -> None:
    refused = Outside(expected("one"), FOLD_FAILED)
    found: list[RowVerdict] = [refused, Disagreement(expected("two"), "read-back-differs")]
    assert orders_for(found, tmp_path / "order") == 2
