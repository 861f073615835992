"""The drill's report as a page that needs nothing else."""

import xml.etree.ElementTree as ET

import msgspec

from anamnesis.drill.page import written
from anamnesis.drill.plan import CATALOGUE, FOLDER, Plan
from anamnesis.drill.report import Report, Sample, verdict
from anamnesis.features.loading import find
from anamnesis.reconcile.discrepancy import Step

GOOD = Report(
    plan=Plan(),
    build="0.1.0",
    texts=1_000,
    shares=90,
    encounters=400,
    lost=0,
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
    samples=[Sample(at / 10, 100 + at, 100 + at, int(at == 5), "up") for at in range(-50, 200)],
)
BAD = msgspec.structs.replace(GOOD, lost=12, back_after=None, suspended_after=None)


def body(page: str) -> ET.Element:
    """The page as XML from `<main>` on; fails if it is not well-formed there."""
    return ET.fromstring(page[page.index("<main>") : page.index("</main>") + 7])  # noqa: S314


def test_the_page_says_what_came_of_it() -> None:
    text = " ".join(body(written([(GOOD, BAD)])).itertext())
    assert verdict(GOOD) in text
    assert "0.44 s" in text
    assert "12 of 400" in text


def test_the_page_needs_nothing_from_elsewhere() -> None:
    page = written([(GOOD, None)])
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page
    assert "<link" not in page
    assert "<read-back" not in page


def test_a_loss_is_said_first() -> None:
    page = body(written([(BAD, None)]))
    said = page.find(".//p[@class='verdict bad']")
    assert said is not None
    assert said.text == verdict(BAD)
    assert "–" in " ".join(page.itertext())


def test_several_faults_are_a_table() -> None:
    page = body(written([(GOOD, None), (BAD, None)]))
    assert len(page.findall(".//table/tr")) == 2


def test_a_drill_is_as_large_as_its_scale() -> None:
    assert Plan(scale=1.0).practitioners == 177_000
    assert Plan(scale=1.0).cohort == 2_300
    assert Plan(scale=0.00001).cohort == 1


def test_every_fault_of_the_catalogue_is_a_feature_of_that_name() -> None:
    for name, code in CATALOGUE.items():
        feature, source = find(f"{FOLDER}/{code}")
        assert feature.name == name
        assert source.endswith(code)
