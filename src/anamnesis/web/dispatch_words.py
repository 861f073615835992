"""What e-mails say to operators, in the language of the setting. Never a text or a name."""

from zoneinfo import ZoneInfo

from anamnesis.incident.telling import Turn
from anamnesis.reconcile.discrepancy import Incident, IncidentCounts
from anamnesis.record.store import ZONE
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

    def _put_together(self, subject: str, beginning: str, facts: list[str]) -> tuple[str, str]:
        where = self._address and self._words("mail-where", address=f"{self._address}/operator")
        foot = self._words("mail-foot", server=self._server)
        parts = [beginning, "\n".join(facts), where, foot]
        return f"[{self._server}] {subject}", "\n\n".join(part for part in parts if part) + "\n"
