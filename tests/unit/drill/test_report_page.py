"""The drill's report as a page that needs nothing else."""

import xml.etree.ElementTree as ET
from typing import get_args

import msgspec
import pytest

from anamnesis.drill.catalogue import NEVER, Hole
from anamnesis.drill.figures import Result, row_of
from anamnesis.drill.page import written
from anamnesis.drill.plan import Plan
from anamnesis.drill.report import Registered, Report, Sample, Watch, verdict
from anamnesis.drill.words import Words
from anamnesis.reconcile.discrepancy import Happened, Step
from anamnesis.settings import Language

GOOD = Report(
    plan=Plan(concerned=10),
    build="0.1.0",
    texts=1_000,
    shares=90,
    notes=400,
    endangered=100,
    lost=0,
    never_sent=0,
    wrong_at_worst=1,
    detected_after=0.44,
    suspended_after=0.45,
    back_after=2.4,
    false_alarms=0,
    greens=390,
    greens_while_wrong=0,
    refused=0,
    discrepancies=1,
    made_anew=1,
    steps=[Step("+11.8 s", "found", "<read-back-differs>"), Step("+11.9 s", "suspended", "x")],
    samples=[
        Sample(at / 10, 100 + at, 100 + at, int(at == 5), "up", screens={"recorded": 3, "held": 1})
        for at in range(-50, 200)
    ],
    done=["+1 s  <something> was done"],
)
BARE = msgspec.structs.replace(
    GOOD,
    lost=12,
    detected_after=None,
    suspended_after=None,
    back_after=None,
    watched=Watch(12, 0, 0.8, 0.9, 3.2),
)
LOST = msgspec.structs.replace(GOOD, lost=7)


def page_of(
    *results: Result, language: Language = "en", holes: tuple[Hole, ...] = ()
) -> tuple[str, ET.Element]:
    """The page, and its body as XML; fails if that is not well-formed."""
    groups: dict[str, list[Result]] = {}
    for one in results:
        name = one[0].fault if isinstance(one[0], Hole) else one[0].plan.fault
        groups.setdefault(name, []).append(one)
    rows = [row_of(group) for group in groups.values()]
    page = written(results, rows, holes, Words(language))
    main = page[page.index("<main>") : page.index("</main>") + 7]
    return page, ET.fromstring(main)  # noqa: S314


def said(body: ET.Element) -> str:
    return " ".join(" ".join(body.itertext()).split())


def test_the_page_says_what_came_of_it_first() -> None:
    _, body = page_of((GOOD, BARE))
    verdict = body.find(".//p[@class='verdict good']")
    assert verdict is not None
    assert "Nothing was lost" in str(verdict.text)
    assert "12" in str(verdict.text)
    assert "440 ms" in said(body)


def test_a_loss_is_said_first() -> None:
    _, body = page_of((LOST, None))
    verdict = body.find(".//p[@class='verdict bad']")
    assert verdict is not None
    assert str(verdict.text).startswith("7 ")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_needs_nothing_from_elsewhere(language: Language) -> None:
    page, _ = page_of((GOOD, BARE), language=language)
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    assert "<link" not in page
    assert "<something>" not in page


def test_several_runs_are_told_by_their_median() -> None:
    slower = msgspec.structs.replace(GOOD, detected_after=0.9)
    _, body = page_of((GOOD, None), (slower, None), (GOOD, None))
    assert "440 ms (440 ms – 900 ms)" in said(body)


def test_a_suite_is_a_matrix_with_its_holes() -> None:
    other = msgspec.structs.replace(GOOD, plan=Plan("drops-section"))
    _, body = page_of((GOOD, BARE), (other, None), (Hole("disk-full", "needs-root"), None),
                      holes=NEVER)  # fmt: skip
    lines = body.findall(".//table[@class='matrix']/tbody/tr")
    assert len(lines) == 3 + len(NEVER)
    assert sum(one.find("td[@class='hole']") is not None for one in lines) == 1 + len(NEVER)


def test_what_is_lost_although_admitted_is_not_called_good() -> None:
    silent = msgspec.structs.replace(GOOD, plan=Plan("silent-cohort"), lost=3, never_sent=3)
    _, body = page_of((silent, None))
    assert body.find(".//p[@class='verdict admitted']") is not None


def test_a_register_that_does_not_say_what_was_lost_is_bad_whatever_was_admitted() -> None:
    destroyed = msgspec.structs.replace(GOOD, plan=Plan("device-destroyed"), lost=3)
    for registered, good in (
        (Registered(3, 3, listed=True), True),
        (Registered(3, 2, listed=True), False),
        (Registered(3, 3, listed=False), False),
        (Registered(0, 0, listed=True), False),
    ):
        one = msgspec.structs.replace(destroyed, registered=registered)
        assert (verdict(one) == "admitted") == good
        _, body = page_of((one, None))
        assert (body.find(".//p[@class='verdict admitted']") is not None) == good


def test_both_languages_have_the_same_words() -> None:
    french, english = Words("fr"), Words("en")
    assert set(french.messages) == set(english.messages)
    assert all(french.messages.values())
    assert all(english.messages.values())


def test_whatever_happens_in_an_incident_can_be_told() -> None:
    steps = [Step("+1.0 s", what) for what in get_args(Happened)]
    _, body = page_of((msgspec.structs.replace(GOOD, steps=steps), None))
    told = {"".join(one.itertext()) for one in body.findall(".//ol[@class='steps']/li")}
    assert len(told) == len(steps)
