"""What stands in a record beside notes and measurements, as FHIR R4 resources."""

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

from anamnesis.record.model import Patient
from anamnesis.record.resource_model import Resource as Kept
from anamnesis.web.archive.fhir_parts import Resource, coded, present, reference, worded
from anamnesis.web.archive.gathering import WholeResource

_TERMINOLOGY: Final = "http://terminology.hl7.org/CodeSystem"
_ICD10: Final = "http://hl7.org/fhir/sid/icd-10"


def resources_of(whole: WholeResource, patient: Patient, known: set[str]) -> Iterator[Resource]:
    """A document's every version, of other types the current one; nothing of what FHIR has not."""
    if whole.current.type == "document":
        before: str | None = None
        for version in whole.versions:
            made = _document(version, patient, known, version.version == whole.current.version)
            if before is not None:
                made["relatesTo"] = [{"code": "replaces", "target": reference(before)}]
            yield made
            before = version.entry
    elif whole.current.type in _MADE:
        yield _MADE[whole.current.type](whole.current, patient)


def file_name(version: Kept) -> str | None:
    """Where in the archive an uploaded file is; None of a document that was written here."""
    file: dict[str, Any] | None = version.content["file"]
    if file is None:
        return None
    return f"documents/{file['id']}.{file['media_type'].rpartition('/')[2]}"


def _document(version: Kept, patient: Patient, known: set[str], newest: bool) -> Resource:
    content = version.content
    name, file = file_name(version), content["file"]
    written = present({"contentType": "text/plain;charset=utf-8", "title": content["title"]})
    if file is None:
        lines = [_line(one) for one in content["lines"]]
        text = "\n".join([content["body"], *lines]).encode()
        written["data"] = base64.b64encode(text).decode()
    else:
        written |= {"contentType": file["media_type"], "url": name, "size": file["bytes"]}
    status = "current" if newest else "superseded"
    issued = version.issued is not None and version.issued.version == version.version
    return present(
        {
            "resourceType": "DocumentReference",
            "id": version.entry,
            "meta": {"versionId": str(version.version)},
            "status": status if version.withdrawn is None else "entered-in-error",
            "docStatus": "final" if issued else "preliminary",
            "type": worded(content["type"]),
            "subject": reference(patient.patient),
            "date": version.recorded_at,
            "author": [reference(version.author)] if version.author in known else [],
            "custodian": reference(patient.practice),
            "content": [{"attachment": written}],
        }
    )


def _line(line: dict[str, Any]) -> str:
    said = (line["drug"], line["dose"], line["frequency"], line["duration"], line["note"])
    return " · ".join(one for one in said if one)


def _begun(type: str, version: Kept, patient: Patient, whose: str) -> Resource:
    return {
        "resourceType": type,
        "id": version.resource,
        "meta": {"versionId": str(version.version)},
        whose: reference(patient.patient),
    }


def _noted(text: str) -> list[dict[str, str]]:
    return [{"text": text}] if text else []


def _allergy(version: Kept, patient: Patient) -> Resource:
    content = version.content
    wrong = version.withdrawn is not None or content["status"] == "refuted"
    state = "entered-in-error" if version.withdrawn is not None else "refuted"
    clinical = coded(f"{_TERMINOLOGY}/allergyintolerance-clinical", content["status"])
    reaction = {
        "manifestation": [worded(content["reaction"])],
        "severity": "" if content["severity"] == "unknown" else content["severity"],
    }
    verified = f"{_TERMINOLOGY}/allergyintolerance-verification"
    return _begun("AllergyIntolerance", version, patient, "patient") | present(
        {
            "clinicalStatus": None if wrong else clinical,
            "verificationStatus": coded(verified, state) if wrong else None,
            "type": content["category"],
            "code": worded(content["substance"]),
            "onsetDateTime": content["onset"],
            "reaction": [present(reaction)] if content["reaction"] else [],
            "note": _noted(content["note"]),
        }
    )


def _condition(version: Kept, patient: Patient) -> Resource:
    content = version.content
    if content["category"] == "family":
        return _relative(version, patient)
    code = coded(_ICD10, content["code"]) if content["code"] else {}
    wrong = version.withdrawn is not None
    clinical = coded(f"{_TERMINOLOGY}/condition-clinical", content["status"])
    verified = coded(f"{_TERMINOLOGY}/condition-ver-status", "entered-in-error")
    return _begun("Condition", version, patient, "subject") | present(
        {
            "clinicalStatus": None if wrong else clinical,
            "verificationStatus": verified if wrong else None,
            "category": [worded(content["category"])],
            "code": code | worded(content["text"]),
            "onsetDateTime": content["onset"],
            "note": _noted(content["note"]),
        }
    )


def _relative(version: Kept, patient: Patient) -> Resource:
    content = version.content
    return _begun("FamilyMemberHistory", version, patient, "patient") | present(
        {
            "status": "completed" if version.withdrawn is None else "entered-in-error",
            "relationship": worded(content["relative"] or "?"),
            "condition": [{"code": worded(content["text"])}],
            "note": _noted(content["note"]),
        }
    )


def _medication(version: Kept, patient: Patient) -> Resource:
    content = version.content
    status = content["status"] if version.withdrawn is None else "entered-in-error"
    period = {"start": content["started"], "end": content["stopped"]}
    return _begun("MedicationStatement", version, patient, "subject") | present(
        {
            "status": status,
            "medicationCodeableConcept": worded(content["name"]),
            "effectivePeriod": present(period),
            "reasonCode": [worded(content["reason"])] if content["reason"] else [],
            "dosage": _noted(content["dosage"]),
            "note": _noted(content["note"]),
        }
    )


def _immunization(version: Kept, patient: Patient) -> Resource:
    content = version.content
    day = content["date"]
    when = {"occurrenceDateTime": day} if day else {"occurrenceString": "unknown"}
    dose = {"doseNumberString": content["dose"]}
    return _begun("Immunization", version, patient, "patient") | present(
        {
            "status": "completed" if version.withdrawn is None else "entered-in-error",
            "vaccineCode": worded(content["vaccine"]),
            **when,
            "lotNumber": content["lot"],
            "site": worded(content["site"]) if content["site"] else None,
            "protocolApplied": [dose] if content["dose"] else [],
            "note": _noted(content["note"]),
        }
    )


_MADE: Final[dict[str, Callable[[Kept, Patient], Resource]]] = {
    "allergy": _allergy,
    "condition": _condition,
    "medication": _medication,
    "immunization": _immunization,
}
