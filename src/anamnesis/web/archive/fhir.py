"""A patient's data as a FHIR R4 Bundle (hl7.org/fhir/R4/bundle.html), entry by entry.

Every version of a note is a Composition of its own, with a Provenance; `relatesTo` says which one
it replaces. A number is a quantity as it was typed, and a text where it is none.
"""

from collections.abc import Iterator
from typing import Final
from uuid import UUID, uuid5

import msgspec

from anamnesis.clinical.observation import MEASURES, number_typed
from anamnesis.clinical.sections import Sections
from anamnesis.record.appointment_model import AppointmentRow
from anamnesis.record.model import Observation, Patient, Practice, Practitioner
from anamnesis.web.archive.fhir_items import resources_of
from anamnesis.web.archive.fhir_parts import (
    LOINC,
    Resource,
    coded,
    present,
    reference,
    sections_of,
)
from anamnesis.web.archive.gathering import Gathering, WholeNote

_ACT: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
_AGENT: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_UCUM: Final = "http://unitsofmeasure.org"
_RPPS: Final = "urn:oid:1.2.250.1.71.4.2.1"
_BOOKED: Final = {"done": "fulfilled", "in-consultation": "arrived", "no-show": "noshow"}
"""FHIR's words for an appointment's status, where they are not the same."""
_encoder = msgspec.json.Encoder(decimal_format="number")


def bundle(gathering: Gathering, at: str) -> Iterator[bytes]:
    """The Bundle of type `collection` in JSON, a part for each resource."""
    yield b'{"resourceType":"Bundle","type":"collection","timestamp":"%s","entry":[' % at.encode()
    between = b"\n"
    for resource in _resources(gathering):
        entry = {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
        yield between + _encoder.encode(entry)
        between = b",\n"
    yield b"\n]}\n"


def _resources(gathering: Gathering) -> Iterator[Resource]:
    patient = gathering.patient
    if gathering.practice is not None:
        yield _organization(gathering.practice)
    known = {one.practitioner for one in gathering.practitioners}
    yield from (_practitioner(one) for one in gathering.practitioners)
    yield _patient(patient)
    booked = gathering.appointments()
    yield from (_appointment(one, known) for one in booked)
    for note in gathering.notes():
        yield _encounter(note, patient)
        yield from _versions(note, patient)
    for measured in gathering.observations():
        yield _observation(measured, known)
    for whole in gathering.resources():
        yield from resources_of(whole, patient, known)


def _organization(practice: Practice) -> Resource:
    return present(
        {
            "resourceType": "Organization",
            "id": practice.practice,
            "name": practice.name,
            "address": [{"text": practice.address}] if practice.address else [],
            "telecom": _telephone(practice.telephone),
        }
    )


def _practitioner(one: Practitioner) -> Resource:
    name = {"text": one.name, "family": one.family, "given": one.given.split()}
    return present(
        {
            "resourceType": "Practitioner",
            "id": one.practitioner,
            "identifier": [{"system": _RPPS, "value": one.rpps}] if one.rpps else [],
            "name": [present(name)],
        }
    )


def _patient(one: Patient) -> Resource:
    given = one.first_names.split()
    names = [present({"use": "official", "family": one.birth_name, "given": given})]
    if one.used_name:
        names.append(present({"use": "usual", "family": one.used_name, "given": given}))
    return present(
        {
            "resourceType": "Patient",
            "id": one.patient,
            "meta": {"versionId": str(one.version)},
            "name": names,
            "gender": one.sex,
            "birthDate": one.birth_date,
            "telecom": _telephone(one.telephone),
            "address": [{"text": one.address}] if one.address else [],
            "managingOrganization": reference(one.practice),
        }
    )


def _telephone(number: str) -> list[dict[str, str]]:
    return [{"system": "phone", "value": number}] if number else []


def _appointment(one: AppointmentRow, known: set[str]) -> Resource:
    who = [one.patient] + [one.practitioner] * (one.practitioner in known)
    return present(
        {
            "resourceType": "Appointment",
            "id": one.appointment,
            "status": _BOOKED.get(one.status, one.status),
            "description": one.reason,
            "start": one.starts_at,
            "minutesDuration": one.minutes,
            "participant": [{"actor": reference(name), "status": "accepted"} for name in who],
        }
    )


def _encounter(note: WholeNote, patient: Patient) -> Resource:
    row = note.encounter
    status = "finished" if row.closed_at else "in-progress"
    return {
        "resourceType": "Encounter",
        "id": row.encounter,
        "status": "entered-in-error" if row.status == "entered-in-error" else status,
        "class": {"system": _ACT, "code": "AMB"},
        "subject": reference(patient.patient),
        "participant": [{"individual": reference(row.author)}],
        "period": present({"start": row.started_at, "end": row.closed_at}),
        "serviceProvider": reference(patient.practice),
    }


def _versions(note: WholeNote, patient: Patient) -> Iterator[Resource]:
    signed = {one.version: one for one in note.signatures}
    first_signed = min(signed, default=None)
    before: str | None = None
    for one in note.versions:
        attested = signed.get(one.version)
        made = _composition(note, patient, one.entry, one.sections, one.author, one.typed_at)
        made["meta"] = {"versionId": str(one.version)}
        if note.encounter.status == "entered-in-error":
            made["status"] = "entered-in-error"
        elif attested is not None:
            made["status"] = "final" if one.version == first_signed else "amended"
        if attested is not None:
            party = reference(attested.author)
            made["attester"] = [{"mode": "professional", "time": attested.typed_at, "party": party}]
        if before is not None:
            made["relatesTo"] = [{"code": "replaces", "targetReference": reference(before)}]
        yield made
        yield _provenance(one.entry, one.author, one.typed_at, one.received_at)
        before = one.entry
    for aside in note.asides:
        kept = str(uuid5(UUID(aside.entry), "kept-beside"))
        yield _composition(note, patient, kept, aside.sections, aside.author, aside.typed_at) | {
            "title": "Kept beside the note"
        }


def _composition(
    note: WholeNote, patient: Patient, name: str, text: Sections, author: str, at: str
) -> Resource:
    return present(
        {
            "resourceType": "Composition",
            "id": name,
            "status": "preliminary",
            "type": coded(LOINC, "11488-4"),
            "title": "Consult note",
            "subject": reference(patient.patient),
            "encounter": reference(note.encounter.encounter),
            "date": at,
            "author": [reference(author)],
            "custodian": reference(patient.practice),
            "section": sections_of(text),
        }
    )


def _provenance(entry: str, author: str, typed_at: str, received_at: str) -> Resource:
    return {
        "resourceType": "Provenance",
        "id": str(uuid5(UUID(entry), "provenance")),
        "target": [reference(entry)],
        "occurredDateTime": typed_at,
        "recorded": received_at,
        "agent": [{"type": coded(_AGENT, "author"), "who": reference(author)}],
    }


def _observation(one: Observation, known: set[str]) -> Resource:
    number = number_typed(one.value)
    unit = {"unit": one.unit, "system": _UCUM, "code": one.unit}
    value = f"{one.value} {one.unit}"
    said = {"valueString": value} if number is None else {"valueQuantity": {"value": number} | unit}
    return present(
        {
            "resourceType": "Observation",
            "id": one.observation,
            "status": "final" if one.in_error is None else "entered-in-error",
            "category": [coded(_CATEGORY, "vital-signs")],
            "code": coded(LOINC, MEASURES[one.code].loinc),
            "subject": reference(one.patient),
            "encounter": reference(one.encounter) if one.encounter else None,
            "effectiveDateTime": one.effective_at,
            "performer": [reference(one.author)] if one.author in known else [],
            **said,
        }
    )
