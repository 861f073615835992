"""Everything a reader can ask, the same whatever keeps the record."""

from anamnesis.record.reading_appointments import AppointmentReading
from anamnesis.record.reading_entries import EntryReading
from anamnesis.record.reading_lists import ListReading
from anamnesis.record.reading_notes import NoteReading
from anamnesis.record.reading_people import PeopleReading
from anamnesis.record.reading_resources import ResourceReading
from anamnesis.record.reading_rows import RowReading
from anamnesis.record.reading_shares import ShareReading


class Reading(
    EntryReading,
    NoteReading,
    PeopleReading,
    ListReading,
    AppointmentReading,
    ResourceReading,
    ShareReading,
    RowReading,
):
    """The questions of a `RecordReader`, each answered from one moment of the record."""
