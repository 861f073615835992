"""What an operator sees of incidents, also of one that goes on. Ids, counts, instants: no text."""

from dataclasses import dataclass

import msgspec

from anamnesis.keeper.guarding import Guarding
from anamnesis.reconcile.discrepancy import Incident
from anamnesis.reconcile.store import IncidentSurvey

INCIDENTS_MAX = 10
"""The newest that are shown."""
STEPS_MAX = 100
"""Steps of one incident that are shown, the first; those beyond are counted."""
CONCERNED_MAX = 50
"""Practitioners of one incident that are named; those beyond are counted."""


@dataclass(frozen=True)
class IncidentView:
    """Reads what the incident book wrote. One thread."""

    reader: IncidentSurvey
    guarding: Guarding

    def shown(self) -> list[dict[str, object]]:
        """The newest incidents, newest first."""
        return [self._shown(one) for one in self.reader.incidents(INCIDENTS_MAX)]

    def _shown(self, incident: Incident) -> dict[str, object]:
        steps = self.reader.steps(incident.number)
        return {
            **msgspec.to_builtins(incident),
            "counts": self.reader.counts(incident.number, None, None),
            "concerned": self.reader.concerned(incident.number, CONCERNED_MAX),
            "cohorts": [
                {"feature": one.feature, "cohort": one.cohort}
                for name in incident.features
                if (one := self.guarding.rollout.of(name)) is not None
            ],
            "steps": steps[:STEPS_MAX],
            "steps_left_out": max(0, len(steps) - STEPS_MAX),
        }
