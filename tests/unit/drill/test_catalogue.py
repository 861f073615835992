"""What the drill tries, and how large it is."""

import re

import pytest

from anamnesis.drill.catalogue import NEVER, SHIPPED, Fault, code_of, fault_of
from anamnesis.drill.plan import Plan
from anamnesis.drill.words import Words
from anamnesis.features.loading import find


@pytest.mark.parametrize("fault", [one for one in SHIPPED if one.code], ids=lambda one: one.name)
def test_a_fault_of_the_catalogue_is_a_feature_of_that_name(fault: Fault) -> None:
    feature, source = find(code_of(fault))
    assert feature.name == fault.name
    assert source.endswith(fault.code)


def test_any_feature_can_be_tried_as_well() -> None:
    assert code_of(fault_of("somewhere/else.py:Theirs")) == "somewhere/else.py:Theirs"


def test_every_fault_has_words() -> None:
    words = Words("fr").messages
    assert {f"fault-{one.name}" for one in SHIPPED} <= set(words)
    assert {f"fault-{one.fault}" for one in NEVER} <= set(words)
    assert {f"why-{one.why}" for one in NEVER} <= set(words)


def test_names_are_said_once() -> None:
    names = [one.name for one in SHIPPED] + [one.fault for one in NEVER]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)


def test_a_drill_is_as_large_as_its_scale() -> None:
    assert Plan(scale=1.0).practitioners == 177_000
    assert Plan(scale=1.0).cohort == 2_300
    assert Plan(scale=0.00001).cohort == 1
