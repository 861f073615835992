"""What the keeper's process is joined from; made by `bootstrap`."""

from dataclasses import dataclass

from anamnesis.access.store import AccessStore
from anamnesis.journal.journal import Journal
from anamnesis.journal.store import JournalReader
from anamnesis.keeper.away import Away
from anamnesis.keeper.record_door import RecordDoor
from anamnesis.reconcile.store import IncidentStore, IncidentSurvey, MarkStore
from anamnesis.seams import Clock, Ids, Signer
from anamnesis.settings import Settings


@dataclass(frozen=True)
class Parts:
    """Made and closed by `bootstrap`. Each thread has a way of its own into journal and record."""

    settings: Settings
    journal: Journal
    reader: JournalReader
    read_back_reader: JournalReader
    access: AccessStore
    read_back_door: RecordDoor
    reading_door: RecordDoor
    sweep_reader: JournalReader
    sweep_door: RecordDoor
    operator_reader: JournalReader
    appraisal_reader: JournalReader
    appraisal_door: RecordDoor
    incidents: IncidentStore
    incident_survey: IncidentSurvey
    marks: MarkStore
    comparing_reader: JournalReader
    comparing_door: RecordDoor
    signer: Signer
    verification_key: str
    clock: Clock
    ids: Ids
    away: Away
