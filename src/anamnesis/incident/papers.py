"""The papers that follow from a breach: who is told what, field by field, in the law's own order.

A field is filled, or it is marked as missing: nothing is made up, and nothing is left out because
nobody knows it. Words come from whoever asks, in the language of the paper.
"""

from collections.abc import Callable
from typing import Final

from anamnesis.clinical.breach import Breach, PaperType
from anamnesis.incident.composing import Composer
from anamnesis.incident.paper import Around, Item, Language, Paper, Part, Say


def _to_authority(composer: Composer, type_: PaperType) -> tuple[Part, ...]:
    """The fields of the CNIL's online form, in its order (GDPR art. 33(3))."""
    c, breach = composer, composer.breach
    again = type_ == "authority-complement"
    return (
        c.part(
            "declaration",
            c.item("notification", c.say(f"paper-{'complement' if again else 'initial'}")),
            c.item("organisation", c.around.sender),
            c.item("address", c.around.address),
            c.item("siren", ""),
            c.item("sector", c.say("paper-sector")),
            c.field("contact"),
        ),
        c.part(
            "nature",
            c.item(
                "established", c.say(f"paper-{'established' if breach.established else 'supposed'}")
            ),
            c.field("aware_at"),
            c.field("discovered_by"),
            c.field("aware_reason"),
            c.field("started_at"),
            Item("ended_at", c.say("paper-item-ended"), c.ongoing()),
            c.delay(),
        ),
        c.part(
            "origin",
            c.field("origin"),
            c.field("cause"),
            c.field("losses"),
            c.field("permanence"),
            c.field("facts"),
            c.field("processors"),
        ),
        c.part(
            "persons",
            c.field("subjects"),
            c.field("vulnerable"),
            c.item("patients", c.number("patients")),
            c.item("identifiable", c.say("paper-identifiable")),
        ),
        c.part(
            "data",
            c.field("data"),
            c.item("encounters", c.number("encounters")),
            c.item("texts", c.number("texts")),
            c.item("lost", c.number("lost")),
            c.item("support", c.say("paper-server")),
        ),
        c.part("before", c.field("measures_before")),
        c.part(
            "consequences",
            c.field("consequences"),
            c.field("effect"),
            c.field("harms"),
            c.item("severity", c.severity()),
        ),
        c.part("measures", c.field("measures_taken"), c.field("measures_planned")),
        c.part("information", c.item("informed", c.informed())),
        c.part("others", c.item("cross-border", ""), c.field("other_authorities")),
    )


def _to_controller(c: Composer, _: PaperType) -> tuple[Part, ...]:
    """What a processor tells each controller, with that controller's own numbers (art. 33(2))."""
    return (
        c.sentences(
            "opening",
            c.say("paper-controller-opening", receiver=c.around.receiver),
            c.say("paper-controller-duty"),
        ),
        c.part(
            "nature",
            c.field("aware_at"),
            c.field("aware_reason"),
            c.field("started_at"),
            Item("ended_at", c.say("paper-item-ended"), c.ongoing()),
            c.field("losses"),
            c.field("permanence"),
            c.field("facts"),
            c.field("origin"),
        ),
        c.part(
            "yours",
            c.item("practitioners", c.number("practitioners")),
            c.item("patients", c.number("patients")),
            c.item("encounters", c.number("encounters")),
            c.item("texts", c.number("texts")),
            c.item("brought-back", c.number("brought_back")),
            c.item("lost", c.number("lost")),
        ),
        c.part("consequences", c.field("consequences"), c.field("harms")),
        c.part("measures", c.field("measures_taken"), c.field("measures_planned")),
        c.part("contact", c.item("organisation", c.around.sender), c.field("contact")),
    )


def _to_patients(c: Composer, _: PaperType) -> tuple[Part, ...]:
    """To the persons, in clear and plain language (art. 34(2))."""
    breach = c.breach
    came_back = "back" if breach.permanence == "recoverable" else "away"
    if breach.permanence == "permanent":
        came_back = "lost"
    return (
        c.sentences(
            "opening",
            c.say("paper-patient-opening", sender=c.around.sender),
            c.say(
                "paper-patient-what",
                started=c.at(breach.started_at) or "…",
                ended=c.ongoing(),
            ),
            c.say(f"paper-patient-{came_back}"),
            c.say("paper-patient-nobody-saw") if "confidentiality" not in breach.losses else "",
        ),
        c.part("consequences", c.field("consequences")),
        c.part("measures", c.field("measures_taken"), c.field("measures_planned")),
        c.sentences("you", c.say("paper-patient-you"), c.say("paper-patient-rights")),
        c.part("contact", c.item("organisation", c.around.sender), c.field("contact")),
    )


def _to_health_authority(c: Composer, _: PaperType) -> tuple[Part, ...]:
    """A serious security incident of information systems (CSP L.1111-8-2; arrêté 30 Oct. 2017)."""
    return (
        c.part(
            "declaration",
            c.item("organisation", c.around.sender),
            c.item("address", c.around.address),
            c.field("contact"),
        ),
        c.part(
            "incident",
            c.field("aware_at"),
            c.item("perimeter", c.number("practitioners")),
            c.item("systems", c.say("paper-system")),
            c.field("data"),
            c.item("care", c.say(f"paper-care-{c.breach.effect}")),
            c.field("facts"),
        ),
        c.part(
            "impact",
            c.item("on-data", c.chosen("losses", c.breach.losses)),
            c.item("texts", c.number("texts")),
            c.item("lost", c.number("lost")),
            c.item("patients", c.number("patients")),
            c.field("vulnerable"),
            c.field("consequences"),
        ),
        c.part("origin", c.field("origin"), c.field("cause")),
        c.part("measures", c.field("measures_taken"), c.field("measures_planned")),
        c.part("others", c.field("other_authorities")),
    )


def _to_practitioner(c: Composer, _: PaperType) -> tuple[Part, ...]:
    """To one practitioner, with the exact list of their consultations."""
    lasting = c.breach.permanence != "recoverable"
    return (
        c.sentences(
            "opening",
            c.say("paper-practitioner-opening", receiver=c.around.receiver),
            c.say(
                "paper-practitioner-what",
                count=len(c.around.lines),
                started=c.at(c.breach.started_at) or "…",
            ),
            c.say("paper-practitioner-rewrite" if lasting else "paper-practitioner-back"),
        ),
        c.part("measures", c.field("measures_taken")),
        c.part("contact", c.item("organisation", c.around.sender), c.field("contact")),
    )


_COMPOSED: Final[dict[PaperType, Callable[[Composer, PaperType], tuple[Part, ...]]]] = {
    "authority-initial": _to_authority,
    "authority-complement": _to_authority,
    "processor-to-controller": _to_controller,
    "patients": _to_patients,
    "health-report": _to_health_authority,
    "practitioner": _to_practitioner,
}
WITH_LINES: Final[frozenset[PaperType]] = frozenset({"processor-to-controller", "practitioner"})
"""Papers that carry the list of consultations."""


def compose(
    type_: PaperType,
    language: Language,
    breach: Breach,
    around: Around,
    say: Say,
    moment: Callable[[str], str],
) -> Paper:
    """The paper of this type; `moment` tells an instant in words."""
    composer = Composer(breach, around, say, moment)
    return Paper(
        type=type_,
        language=language,
        title=say(f"paper-{type_}"),
        to=around.receiver or say(f"paper-to-{type_}"),
        parts=_COMPOSED[type_](composer, type_),
        lines=around.lines if type_ in WITH_LINES else (),
        list_title=say("paper-list"),
    )
