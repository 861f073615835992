"""The record's tables of appointments: what was asked, and where each one is now."""

from anamnesis.record.row import Content, Kept, Made


class KeptAppointment(Made, frozen=True):
    """`appointment.book`; `appointment` is the entry's id."""

    TABLE = "appointment"
    LOOKUPS = (("practice", "appointment"),)

    practice: str
    appointment: str
    patient: str
    practitioner: str
    starts_at: str
    minutes: int
    reason: str
    type: str | None
    overlap: int

    def content(self) -> Content:
        """The content of the entry."""
        names = ("practitioner", "starts_at", "minutes", "reason", "type")
        return {name: getattr(self, name) for name in names} | {"overlap": bool(self.overlap)}


class KeptMove(Made, frozen=True):
    """`appointment.move`; `version` is the one that was on the author's screen."""

    TABLE = "appointment_move"
    LOOKUPS = (("practice", "appointment"),)

    practice: str
    appointment: str
    version: int
    practitioner: str
    starts_at: str
    minutes: int
    overlap: int

    def content(self) -> Content:
        """The content of the entry."""
        names = ("appointment", "version", "practitioner", "starts_at", "minutes")
        return {name: getattr(self, name) for name in names} | {"overlap": bool(self.overlap)}


class KeptStatus(Made, frozen=True):
    """`appointment.set-status`; the last one of an appointment stands."""

    TABLE = "appointment_status"
    LOOKUPS = (("practice", "appointment"),)
    COLUMNS = ("appointment", "status")

    practice: str
    appointment: str
    status: str


class KeptSlot(Kept, frozen=True):
    """Where an appointment is now; `position` is that of its booking, `day` in UTC.

    `version` counts its booking and its moves.
    """

    TABLE = "appointment_slot"
    KEY = ("practice", "appointment")
    LOOKUPS = (("practice", "practitioner", "day"), ("practice", "patient"))

    practice: str
    appointment: str
    patient: str
    practitioner: str
    day: str
    starts_at: str
    ends_at: str
    minutes: int
    status: str
    version: int
    overlap: int
    position: int


APPOINTMENT_TABLES: tuple[type[Kept], ...] = (KeptAppointment, KeptMove, KeptStatus, KeptSlot)
