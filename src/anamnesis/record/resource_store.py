"""What a reader asks about appointments, resources, files and shares; a part of `RecordReader`."""

from typing import Protocol

from anamnesis.record.appointment_model import Appointment, AppointmentRow
from anamnesis.record.resource_model import Colleague, Issue, Resource, Share

ZONE = "Europe/Paris"  # whose days a day's list shows, unless it is asked for another's


class AppointmentReader(Protocol):
    """Questions about appointments."""

    def day(
        self, practice: str, practitioner: str | None, date: str, zone: str = ZONE
    ) -> list[AppointmentRow]:
        """The appointments of one day (`YYYY-MM-DD` in `zone`), in order of time."""
        ...

    def agenda(
        self,
        practice: str,
        practitioner: str | None,
        first_day: str,
        days: int,
        zone: str = ZONE,
    ) -> list[AppointmentRow]:
        """The appointments of `days` days from `first_day` on, in order of time."""
        ...

    def appointments_of(self, practice: str, patient: str) -> list[AppointmentRow]:
        """A patient's appointments, in order of time, cancelled ones too."""
        ...

    def encounter_for(self, practice: str, appointment: str) -> str | None:
        """The first encounter that was started for an appointment."""
        ...

    def appointment(self, practice: str, appointment: str) -> Appointment | None:
        """One appointment."""
        ...


class ResourceReader(Protocol):
    """Questions about resources, files and shares."""

    def resources(self, practice: str, patient: str, type: str | None = None) -> list[Resource]:
        """A patient's resources as they are now, withdrawn ones too, oldest first."""
        ...

    def practice_resources(self, practice: str, type: str) -> list[Resource]:
        """A practice's own resources of one type that stand, oldest first."""
        ...

    def registers(self) -> list[str]:
        """Practices whose breach register has an entry, in order of their ids."""
        ...

    def resource(self, practice: str, resource: str) -> Resource | None:
        """One resource as it is now."""
        ...

    def resource_versions(self, practice: str, resource: str) -> list[Resource]:
        """Every version of a resource, oldest first."""
        ...

    def issues(self, practice: str, document: str) -> list[Issue]:
        """Every version of a document that somebody stands for, in order of issuing."""
        ...

    def file(self, practice: str, file: str) -> bytes | None:
        """The bytes of an uploaded file; None while parts of it are missing."""
        ...

    def share(self, practice: str, share: str) -> Share | None:
        """One share of this practice's."""
        ...

    def share_of_link(self, link: str) -> Share | None:
        """The share whose link has this digest, whatever practice made it."""
        ...

    def shares(self, practice: str, document: str) -> list[Share]:
        """The shares of a document, oldest first, ended ones too."""
        ...

    def shares_by(self, practice: str, author: str) -> list[Share]:
        """What a practitioner shared, oldest first."""
        ...

    def shares_with(self, to_practice: str, practitioner: str) -> list[Share]:
        """What was shared with a practitioner, by any practice, oldest first."""
        ...

    def directory(self) -> list[Colleague]:
        """Every practitioner of every practice here, by family name."""
        ...
