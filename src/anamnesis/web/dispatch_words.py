"""What e-mails say, in one language. Of incidents and time that runs, never a text or a name."""

from zoneinfo import ZoneInfo

from anamnesis.clinical.breach import BreachPaper
from anamnesis.incident.clock import NOTIFIED_WITHIN, Clock72
from anamnesis.incident.dispatch import SUBJECT_CHARACTERS_MAX
from anamnesis.incident.telling import Turn
from anamnesis.reconcile.discrepancy import Incident, IncidentCounts
from anamnesis.record.store import ZONE
from anamnesis.seams import instant
from anamnesis.web.catalogue import Language, read_catalogues
from anamnesis.web.dates import Dates


class DispatchWords:
    """Sentences about the server called `server`, reached at `address` if that is known."""

    def __init__(self, language: Language, server: str, address: str, zone: str = ZONE) -> None:
        self._words = read_catalogues()[language]
        self._dates = Dates(language, ZoneInfo(zone))
        self._server = server
        self._address = address

    def incident(self, incident: Incident, turn: Turn, counts: IncidentCounts) -> tuple[str, str]:
        """Subject and text of what an incident came to."""
        says, moment = self._words, self._dates.moment
        subject = says(f"mail-subject-{turn.event}", number=incident.number)
        facts = [
            says("mail-incident-opened-at", at=moment(incident.opened_at)),
            says("mail-incident-endangered-at", at=moment(incident.endangered_at)),
            says("mail-incident-closed-at", at=moment(incident.closed_at))
            if incident.closed_at
            else says("mail-incident-open"),
            says("mail-incident-features", names=", ".join(incident.features) or "–"),
            says("mail-incident-codes", codes=", ".join(incident.codes) or "–"),
            says("mail-incident-entries", count=counts.entries, righted=counts.righted),
            says("mail-incident-texts", count=counts.texts, righted=counts.texts_righted),
            says(
                "mail-incident-people",
                practices=counts.practices,
                practitioners=counts.practitioners,
                encounters=counts.encounters,
            ),
        ]
        return self._put_together(
            subject, says(f"mail-beginning-{turn.event}", at=moment(turn.at)), facts
        )

    def reminder(self, clock: Clock72, hours: int, *, of_platform: bool) -> tuple[str, str]:
        """Subject and text of a reminder that the 72 hours run."""
        says, moment = self._words, self._dates.moment
        left = int(NOTIFIED_WITHIN.total_seconds() // 3600) - hours
        facts = [
            says("mail-reminder-aware-at", at=moment(instant(clock.aware_at))),
            says("mail-reminder-deadline", at=moment(instant(clock.deadline))),
        ]
        subject = says("mail-subject-reminder", hours=left)
        beginning = says("mail-beginning-reminder", hours=hours)
        path = "/operator/register" if of_platform else "/register"
        return self._put_together(subject, beginning, facts, path)

    def paper(self, practice: str, name: str, paper: BreachPaper) -> tuple[str, str]:
        """Subject and text of a paper that `name` has sent for a practice."""
        subject = " ".join(paper.subject.split())[:SUBJECT_CHARACTERS_MAX]
        foot = self._words("mail-paper-foot", practice=practice, name=name, server=self._server)
        return subject, f"{paper.text.strip()}\n\n--\n{foot}\n"

    def _put_together(
        self, subject: str, beginning: str, facts: list[str], path: str = "/operator"
    ) -> tuple[str, str]:
        where = self._address and self._words("mail-where", address=self._address + path)
        foot = self._words("mail-foot", server=self._server)
        parts = [beginning, "\n".join(facts), where, foot]
        return f"[{self._server}] {subject}", "\n\n".join(part for part in parts if part) + "\n"
