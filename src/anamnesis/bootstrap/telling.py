"""Enqueues what operators are to be told of incidents: each turn of each incident once."""

from collections.abc import Sequence
from typing import Final

import msgspec

from anamnesis.incident.dispatch import Dispatch, DispatchStore, mails
from anamnesis.incident.telling import Turn, told_as_data, turn_key, turns
from anamnesis.reconcile.discrepancy import Incident
from anamnesis.reconcile.store import IncidentReader
from anamnesis.seams import Clock, instant
from anamnesis.web.dispatch_words import DispatchWords
from anamnesis.web.no_incidents import OpenIncidents

LOOKED_AT_MIN: Final = 50
"""Incidents at once; as many more as it takes to reach one that was told already."""
BEGUN: Final = "incidents"
"""The topic that is there once incidents were looked at: older ones are history, and not told."""


class IncidentTelling:
    """Remembers, with the queue, how many turns of each incident were told. One thread."""

    def __init__(
        self,
        store: DispatchStore,
        incidents: OpenIncidents,
        words: DispatchWords,
        server: str,
        clock: Clock,
        to: Sequence[str],
        *,
        webhook: bool,
    ) -> None:
        self._store = store
        self._incidents = incidents
        self._words = words
        self._server = server
        self._clock = clock
        self._to = to
        self._webhook = webhook
        self._seen: dict[int, Incident] = {}

    def step(self) -> None:
        """Looks at the newest incidents, oldest of them first."""
        with self._incidents() as reader:
            found = self._newest(reader)
            begins = self._store.told(BEGUN) is None
            if begins:
                closed = [one for one in found if one.closed_at is not None]
                history = {_topic(one): len(turns(one, reader.steps(one.number))) for one in closed}
                self._store.tell([], history | {BEGUN: 1}, self._at())
            for incident in reversed(found):
                if self._seen.get(incident.number) != incident:
                    self._tell(reader, incident)
                    self._seen[incident.number] = incident

    def _newest(self, reader: IncidentReader) -> list[Incident]:
        limit = LOOKED_AT_MIN
        while True:
            found = reader.incidents(limit)
            if len(found) < limit or self._store.told(_topic(found[-1])) is not None:
                return found
            limit *= 2

    def _tell(self, reader: IncidentReader, incident: Incident) -> None:
        happened = turns(incident, reader.steps(incident.number))
        told = self._store.told(_topic(incident)) or 0
        if len(happened) > told:
            dispatches = [
                each for turn in happened[told:] for each in self._about(reader, incident, turn)
            ]
            self._store.tell(dispatches, {_topic(incident): len(happened)}, self._at())

    def _about(self, reader: IncidentReader, incident: Incident, turn: Turn) -> list[Dispatch]:
        counts = reader.counts(incident.number, None, None)
        key, kind = turn_key(incident, turn), f"incident-{turn.event}"
        subject, text = self._words.incident(incident, turn, counts)
        found = mails(key, kind, self._to, subject, text)
        if self._webhook:
            data = msgspec.json.encode(told_as_data(self._server, incident, turn, counts)).decode()
            found.append(Dispatch(key, kind, "webhook", "", subject, data))
        return found

    def _at(self) -> str:
        return instant(self._clock.now())


def _topic(incident: Incident) -> str:
    """Numbers begin anew when a history is lost; instants do not."""
    return f"incident {incident.number} {incident.opened_at}"
