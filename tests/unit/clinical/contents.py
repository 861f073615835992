"""One content of each kind of resource, document, file and share, as a page sends it."""

import base64
import hashlib
from typing import Any

ID = "01930000-0000-7000-8000-000000000001"
AT = "2026-11-23T14:02:11.123Z"
PDF = b"%PDF-1.7\nun fichier"
FILE: dict[str, Any] = {
    "id": ID,
    "name": "Radio du thorax.pdf",
    "media_type": "application/pdf",
    "bytes": len(PDF),
    "sha256": hashlib.sha256(PDF).hexdigest(),
    "parts": 1,
}
PART: dict[str, Any] = {
    "file": ID,
    "index": 0,
    "parts": 1,
    "media_type": "application/pdf",
    "data": base64.b64encode(PDF).decode(),
}
LINE: dict[str, Any] = {
    "drug": "Amoxicilline 1 g",
    "dose": "1 cp",
    "frequency": "3 fois par jour",
    "duration": "7 jours",
    "renewals": 0,
    "ald": False,
    "note": "",
}
DOCUMENT: dict[str, Any] = {
    "id": ID,
    "type": "prescription",
    "title": "Ordonnance",
    "date": "2026-11-23",
    "recipient": "",
    "body": "",
    "lines": [LINE],
    "file": None,
}
UPLOAD: dict[str, Any] = DOCUMENT | {"type": "upload", "lines": [], "file": FILE}
SHARE: dict[str, Any] = {
    "id": ID,
    "document": ID,
    "version": 1,
    "audience": "patient",
    "to_practice": None,
    "to_practitioner": None,
    "link": "a" * 64,
    "secret": "b" * 64,
    "expires_at": AT,
    "message": "",
}
FOR_A_COLLEAGUE: dict[str, Any] = SHARE | {
    "audience": "colleague",
    "to_practice": ID,
    "to_practitioner": ID,
    "link": None,
    "secret": None,
}
SECTIONS = {"motif": "Suivi", "interrogatoire": "", "examen": "T° [température]", "conclusion": ""}

BREACH: dict[str, Any] = {
    "id": ID,
    "incident": 1,
    "role": "controller",
    "title": "Régression du partage de documents",
    "established": True,
    "losses": ["availability"],
    "permanence": "permanent",
    "started_at": "2023-04-26T15:40:00.000Z",
    "ended_at": "2023-04-27T09:40:00.000Z",
    "aware_at": "2023-04-27T08:40:00.000Z",
    "aware_reason": "Appels de praticiens",
    "discovered_by": "practitioner",
    "unavailable_minutes": 0,
    "facts": "",
    "origin": "Autre : régression logicielle",
    "cause": "internal-accidental",
    "processors": "",
    "extent": {
        "patients": None,
        "encounters": 23_000,
        "texts": 92_000,
        "brought_back": 0,
        "lost": 92_000,
        "practitioners": 2_300,
        "practices": None,
        "approximate": True,
    },
    "subjects": ["patients", "minors"],
    "data": ["health"],
    "vulnerable": True,
    "effect": "unknown",
    "consequences": "",
    "harms": ["care-delayed"],
    "measures_before": "",
    "measures_taken": "",
    "measures_planned": "",
    "factors": {
        "context": 4,
        "identification": 100,
        "confidentiality": 0,
        "integrity": 0,
        "availability": 50,
        "malice": 0,
    },
    "factor_reasons": {},
    "decision": None,
    "delay_reason": "",
    "contact": "",
    "other_authorities": "",
}
PAPER: dict[str, Any] = {
    "id": ID,
    "breach": ID,
    "breach_version": 1,
    "type": "authority-initial",
    "language": "fr",
    "to": ["CNIL"],
    "subject": "Notification initiale",
    "text": "",
    "media_type": "application/pdf",
    "data": base64.b64encode(PDF).decode(),
    "sha256": hashlib.sha256(PDF).hexdigest(),
    "sent_at": AT,
    "sent_by": ID,
    "reference": "",
}
LATER: dict[str, Any] = {
    "id": ID,
    "breach": ID,
    "digest": "a" * 64,
    "occurred_at": AT,
    "sources": ["memory", "documents"],
    "remark": "",
}
DECIDED = {
    "id": ID,
    "reason": "Écrit dans le dossier d'une homonyme, jamais soignée ici.",
    "by": ID,
    "by_name": "Dr Claire Aubry",
    "at": AT,
}
ERASURE: dict[str, Any] = DECIDED | {"ground": "unlawful", "asked_by": "patient"}
RESTRICTION: dict[str, Any] = DECIDED | {"ground": "contested", "restricted": True}
DEVICE_LOSS: dict[str, Any] = {
    "id": ID,
    "practitioner": ID,
    "happened": "stolen",
    "heard_at": "2026-11-23T14:02:11.000Z",
    "last_sequence": 8,
    "numbers": [
        {
            "sequence": 7,
            "kind": "note.write",
            "patient": ID,
            "encounter": ID,
            "typed_at": "2026-11-23T14:01:58.000Z",
            "sections": ["motif", "examen"],
        },
        {
            "sequence": 8,
            "kind": "",
            "patient": None,
            "encounter": None,
            "typed_at": None,
            "sections": [],
        },
    ],
}
RESOURCES: dict[str, dict[str, Any]] = {
    "condition.write": {
        "id": ID,
        "category": "problem",
        "text": "Asthme",
        "code": "J45",
        "onset": "2015",
        "status": "active",
        "relative": "",
        "note": "",
    },
    "allergy.write": {
        "id": ID,
        "category": "allergy",
        "substance": "Pénicilline",
        "severity": "severe",
        "reaction": "Urticaire",
        "onset": "2003-05",
        "status": "active",
        "note": "",
    },
    "medication.write": {
        "id": ID,
        "name": "Ramipril 5 mg",
        "dosage": "1 le matin",
        "reason": "HTA",
        "started": "2020-01-15",
        "stopped": "",
        "status": "active",
        "note": "",
    },
    "immunization.write": {
        "id": ID,
        "vaccine": "DTP",
        "date": "2024-03-12",
        "dose": "rappel",
        "lot": "A1",
        "site": "deltoïde gauche",
        "note": "",
    },
    "document.write": DOCUMENT,
    "template.write": {"id": ID, "name": "Nourrisson", "shared": True, "sections": SECTIONS},
    "snippet.write": {"id": ID, "abbreviation": "rgo", "text": "reflux", "shared": False},
    "document-template.write": {
        "id": ID,
        "name": "Certificat",
        "shared": False,
        "type": "certificate",
        "title": "Certificat",
        "body": "Je soussigné…",
        "lines": [],
    },
    "appointment-type.write": {"id": ID, "name": "Suivi", "minutes": 20, "colour": "teal"},
    "letterhead.write": {
        "id": ID,
        "practitioner": ID,
        "name": "Dr Claire Aubry",
        "qualifications": "Médecine générale",
        "rpps": "10001234567",
        "am": "351012345",
        "practice": "Cabinet des Lilas",
        "address": "1 rue X",
        "telephone": "",
        "email": "",
    },
    "breach.write": BREACH,
    "breach-paper.write": PAPER,
    "provenance.write": LATER,
    "erasure.write": ERASURE,
    "erasure-act.write": {"id": ID, "erasure": ID, "entries": 12},
    "restriction.write": RESTRICTION,
    "device-loss.write": DEVICE_LOSS,
}
OTHERS: dict[str, dict[str, Any]] = {
    "document.issue": {"document": ID, "version": 1, "digest": "a" * 64},
    "document.share": SHARE,
    "share.revoke": {"share": ID, "reason": ""},
    "file.part": PART,
    "resource.enter-in-error": {"resource": ID, "reason": "doublon"},
    "resource.retire": {"resource": ID},
}
