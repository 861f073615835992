"""The shapes that FHIR R4 resources are made of (hl7.org/fhir/R4)."""

from html import escape
from typing import Any, Final, TypeAlias

from anamnesis.clinical.sections import SECTIONS, Sections

Resource: TypeAlias = dict[str, Any]

LOINC: Final = "http://loinc.org"
SECTION_LOINC: Final = {
    "motif": "29299-5",
    "interrogatoire": "10164-2",
    "examen": "29545-1",
    "conclusion": "51848-0",
}
"""Reason for visit, history of present illness, physical findings, evaluation."""


def reference(identifier: str) -> dict[str, str]:
    """A resource of the same bundle."""
    return {"reference": f"urn:uuid:{identifier}"}


def coded(system: str, code: str) -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code}]}


def worded(text: str) -> dict[str, str]:
    """A CodeableConcept in words only: as it was typed."""
    return {"text": text}


def present(resource: Resource) -> Resource:
    """Without what is empty: FHIR has no empty texts, lists or nulls."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}


def narrated(text: str) -> dict[str, str]:
    """A Narrative that says the text as it was typed, line for line."""
    allowed = "".join(c for c in text if c in "\t\n\r" or c >= " ")
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><pre>{escape(allowed)}</pre></div>'
    return {"status": "additional", "div": div}


def sections_of(sections: Sections) -> list[dict[str, Any]]:
    """A Composition's sections: those in which something was written."""
    written = [(name, sections.section(name)) for name in SECTIONS]
    return [
        {"title": name, "code": coded(LOINC, SECTION_LOINC[name]), "text": narrated(text)}
        for name, text in written
        if text
    ]
