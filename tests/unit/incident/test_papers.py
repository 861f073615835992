"""Every paper that follows from a breach: its fields, in the law's order, filled or missing."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from anamnesis.clinical.breach import PAPERS, Breach, Decision, PaperType
from anamnesis.incident.paper import Around, Line, Paper
from anamnesis.incident.papers import WITH_LINES, compose
from anamnesis.web.catalogue import LANGUAGES, read_catalogues
from anamnesis.web.dates import Dates
from tests.unit.incident.making import breach

CATALOGUES = read_catalogues()
IN_TIME = datetime(2023, 4, 28, 8, 0, tzinfo=UTC)
LATE = datetime(2023, 5, 3, 8, 0, tzinfo=UTC)
LINE = Line("e", "26 avr. 2023, 17:45", "LEFÈVRE Zoé", "Motif, Examen", "perdu")
DECIDED = Decision(
    notify=True,
    inform=False,
    notify_reason="",
    inform_reason="Effort disproportionné : avis public.",
    by="01930000-0000-7000-8000-000000000001",
    by_name="Dr Claire Martin",
    at="2023-04-28T08:00:00.000Z",
)


def paper(
    type_: PaperType,
    one: Breach | None = None,
    language: Any = "fr",
    now: datetime = IN_TIME,
    **around: Any,
) -> Paper:
    moment: Callable[[str], str] = Dates(language, ZoneInfo("Europe/Paris")).minute
    about = Around("Cabinet des Tilleuls", "1 rue X", "", now, (LINE,))
    return compose(
        type_, language, one or breach(), replace(about, **around), CATALOGUES[language], moment
    )


def keys(one: Paper) -> list[str]:
    return [item.key for part in one.parts for item in part.items]


def text(one: Paper, key: str) -> str:
    [found] = [item.text for part in one.parts for item in part.items if item.key == key]
    return found


def test_the_authority_is_asked_in_the_order_of_its_own_form() -> None:
    # The CNIL's online form; GDPR art. 33(3)(a) to (d).
    draft = paper("authority-initial")
    assert [part.key for part in draft.parts] == [
        "declaration",
        "nature",
        "origin",
        "persons",
        "data",
        "before",
        "consequences",
        "measures",
        "information",
        "others",
    ]
    assert keys(draft)[:13] == [
        "notification",
        "organisation",
        "address",
        "siren",
        "sector",
        "contact",
        "established",
        "aware_at",
        "discovered_by",
        "aware_reason",
        "started_at",
        "ended_at",
        "delay_reason",
    ]


def test_each_field_of_the_april_draft_is_filled_or_marked_as_missing() -> None:
    draft = paper("authority-initial")
    assert [item.key for item in draft.missing] == [
        "siren",
        "contact",
        "facts",
        "processors",
        "patients",
        "measures_before",
        "consequences",
        "measures_taken",
        "measures_planned",
        "informed",
        "cross-border",
        "other_authorities",
    ]
    filled = {key: text(draft, key) for key in ("aware_at", "encounters", "origin", "severity")}
    assert filled == {
        "aware_at": "27 avr. 2023, 10:40",
        "encounters": "environ 23000",
        "origin": "Autre : régression logicielle",
        "severity": "maximale (ENISA : 4,50)",
    }


def test_a_notification_that_is_late_says_why_or_has_it_marked_as_missing() -> None:
    # GDPR art. 33(1): "accompanied by reasons for the delay".
    assert "sans objet" in text(paper("authority-initial"), "delay_reason")
    assert "delay_reason" in [item.key for item in paper("authority-initial", now=LATE).missing]
    said = breach(delay_reason="Ampleur inconnue jusqu'au 2 mai.")
    assert "2 mai" in text(paper("authority-initial", said, now=LATE), "delay_reason")


def test_the_complement_is_the_same_form_and_says_that_it_is_one() -> None:
    # GDPR art. 33(4): in phases.
    first, second = paper("authority-initial"), paper("authority-complement")
    assert keys(first) == keys(second)
    assert (text(first, "notification"), text(second, "notification")) == (
        "initiale",
        "complémentaire",
    )


def test_who_is_not_informed_is_told_why_to_the_authority() -> None:
    decided = breach(decision=DECIDED)
    assert "Effort disproportionné" in text(paper("authority-initial", decided), "informed")
    told = paper("authority-initial", decided, informed=("2023-05-02T08:00:00.000Z",))
    assert "2 mai 2023" in text(told, "informed")


def test_a_controller_gets_its_own_numbers_and_its_own_list() -> None:
    # GDPR art. 33(2).
    told = paper("processor-to-controller", receiver="Cabinet des Lilas")
    assert told.to == "Cabinet des Lilas"
    assert text(told, "practitioners") == "environ 2300"
    assert told.lines == (LINE,)
    assert "72 heures" in told.plain()


def test_patients_are_told_plainly_what_why_and_what_they_can_do() -> None:
    # GDPR art. 34(2): nature, contact, consequences, measures, in clear and plain language.
    letter = paper(
        "patients", breach(contact="dpo@example.org", consequences="Un suivi moins sûr.")
    )
    said = letter.plain()
    for needed in ("est perdue", "dpo@example.org", "Un suivi moins sûr", "Mesures", "cnil.fr"):
        assert needed in said
    for jargon in ("RGPD", "art.", "intégrité", "disponibilité", "ENISA"):
        assert jargon not in said


@pytest.mark.parametrize(
    ("permanence", "said"),
    [("permanent", "est perdue"), ("temporal", "manque en ce moment"), ("recoverable", "revenu")],
)
def test_patients_are_told_what_became_of_it(permanence: Any, said: str) -> None:
    assert said in paper("patients", breach(permanence=permanence)).plain()


def test_that_nobody_saw_it_is_said_only_where_nothing_was_exposed() -> None:
    assert "personne d'autre n'a vu" in paper("patients").plain()
    exposed = breach(losses=("confidentiality",))
    assert "personne d'autre n'a vu" not in paper("patients", exposed).plain()


def test_the_health_report_has_the_fields_of_its_decree() -> None:
    # Arrêté of 30 October 2017: declarant, description, impact, causes.
    parts = [part.key for part in paper("health-report").parts]
    assert parts == ["declaration", "incident", "impact", "origin", "measures", "others"]


def test_a_practitioner_gets_the_exact_list() -> None:
    said = paper("practitioner", receiver="Dr Claire Martin").plain()
    assert "Dr Claire Martin" in said
    assert "26 avr. 2023, 17:45 · LEFÈVRE Zoé · Motif, Examen · perdu" in said


@pytest.mark.parametrize("type_", PAPERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_paper_is_there_in_both_languages(type_: PaperType, language: Any) -> None:
    one = paper(type_, language=language)
    assert one.title
    assert one.to
    assert (one.lines == ()) == (type_ not in WITH_LINES)
    assert all(part.title and (part.items or part.paragraphs) for part in one.parts)


texts = st.sampled_from(["", "  ", "Un texte."])


@given(
    st.sampled_from(PAPERS),
    st.fixed_dictionaries(dict.fromkeys(("facts", "contact", "consequences"), texts)),
    st.sampled_from(["recoverable", "temporal", "permanent"]),
)
def test_nothing_is_made_up_and_nothing_is_left_out(
    type_: PaperType, written: dict[str, str], permanence: Any
) -> None:
    one = paper(type_, breach(permanence=permanence, **written))
    missing = {item.key for item in one.missing}
    for key in keys(one):
        if key in written:
            assert (key in missing) == (not written[key].strip())
    assert len(keys(one)) == len(set(keys(one)))
