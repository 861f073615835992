"""A practice that writes: entries in a journal in memory, for tests of what they add up to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from anamnesis.clinical.sections import Sections
from anamnesis.journal.entry import Entry, JournaledEntry
from anamnesis.receipt.canonical import canonical, digest_bytes
from anamnesis.record.follow import Follower
from anamnesis.record.store import RecordWriter
from anamnesis.storage.memory.journal import MemoryJournal


def uuid(number: int) -> str:
    """The version 7 identifier that stands for a number."""
    return str(UUID(int=0x0193_0000_0000_7000_8000_0000_0000_0000 + number))


PRACTICE, OTHER_PRACTICE = uuid(0xB0000), uuid(0xB0001)
DOCTOR, LOCUM = uuid(0xB0010), uuid(0xB0011)
PATIENT, OTHER_PATIENT = uuid(0xB0020), uuid(0xB0021)
ENCOUNTER, OTHER_ENCOUNTER = uuid(0xB0030), uuid(0xB0031)
DESK, TABLET = uuid(0xB0040), uuid(0xB0041)

TRAITS: dict[str, Any] = {
    "birth_name": "Lefèvre",
    "used_name": "",
    "first_names": "Zoé Anne",
    "birth_date": "1984-02-29",
    "sex": "female",
    "birth_place": "2A004",
    "telephone": "",
    "address": "",
}


def text(
    motif: str = "", interrogatoire: str = "", examen: str = "", conclusion: str = ""
) -> Sections:
    return Sections(motif, interrogatoire, examen, conclusion)


class Writing:
    """Sends entries into a journal, as admitted ones, one at a time."""

    def __init__(self) -> None:
        self.journal = MemoryJournal()
        self._sequences: dict[str, int] = {}

    def send(
        self,
        kind: str,
        content: object,
        *,
        patient: str | None = None,
        encounter: str | None = None,
        base: str | None = None,
        device: str = DESK,
        author: str = DOCTOR,
        practice: str = PRACTICE,
    ) -> JournaledEntry:
        position = self.journal.size()
        self._sequences[device] = self._sequences.get(device, 0) + 1
        data = canonical(content)  # type: ignore[arg-type]
        entry = Entry(
            id=uuid(position),
            kind=kind,
            practice=practice,
            author=author,
            patient=patient,
            encounter=encounter,
            device=device,
            sequence=self._sequences[device],
            base=base,
            build="0.1.0",
            features=("share", "template"),
            typed_at=f"2026-11-23T14:{position // 60 % 60:02}:{position % 60:02}.000Z",
            digest=digest_bytes(data),
            content=data,
        )
        received_at = f"2026-11-23T15:{position // 60 % 60:02}:{position % 60:02}.000Z"
        journaled = JournaledEntry(position, received_at, "a-session", entry)
        self.journal.commit([journaled], f"to {position + 1}", position + 1)
        return journaled

    def practice(self, practice: str = PRACTICE, doctors: Iterable[str] = (DOCTOR, LOCUM)) -> None:
        self.send(
            "practice.create",
            {"id": practice, "name": "Cabinet des Tilleuls", "address": "1 rue X", "telephone": ""},
            practice=practice,
        )
        for number, doctor in enumerate(doctors):
            self.doctor(doctor, f"Martin{number}", practice)

    def doctor(self, doctor: str, family: str, practice: str = PRACTICE) -> JournaledEntry:
        names = {"given": "Claire", "title": "Dr", "specialty": "", "rpps": "10001234567"}
        return self.send(
            "practitioner.create", {"id": doctor, "family": family, **names}, practice=practice
        )

    def patient(
        self, patient: str = PATIENT, *, practice: str = PRACTICE, **traits: str
    ) -> JournaledEntry:
        return self.send("patient.create", TRAITS | traits, patient=patient, practice=practice)

    def encounter(
        self,
        encounter: str = ENCOUNTER,
        patient: str = PATIENT,
        *,
        started_at: str = "2026-11-23T14:00:00.000Z",
        appointment: str | None = None,
        practice: str = PRACTICE,
        author: str = DOCTOR,
    ) -> JournaledEntry:
        return self.send(
            "encounter.start",
            {"started_at": started_at, "appointment": appointment},
            patient=patient,
            encounter=encounter,
            practice=practice,
            author=author,
        )

    def note(
        self,
        kind: str,
        content: object,
        *,
        base: Sections | None = None,
        encounter: str = ENCOUNTER,
        patient: str = PATIENT,
        device: str = DESK,
        author: str = DOCTOR,
        practice: str = PRACTICE,
    ) -> JournaledEntry:
        """A `note.*` entry; `base` is the text the author had on the screen."""
        return self.send(
            f"note.{kind}",
            content.as_content() if isinstance(content, Sections) else content,
            patient=patient,
            encounter=encounter,
            base=None if base is None else base.digest(),
            device=device,
            author=author,
            practice=practice,
        )

    def begun(self) -> "Writing":
        """A practice with one patient, whose encounter has begun."""
        self.practice()
        self.patient()
        self.encounter()
        return self

    def fold(self, record: RecordWriter, batch: int = 256) -> None:
        follower = Follower(self.journal, record)
        while follower.step(batch):
            pass
