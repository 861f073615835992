"""What the program writes into the breach register, in the language of whoever keeps it."""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from anamnesis.incident.extent import Affected
from anamnesis.incident.opening import Words
from anamnesis.reconcile.discrepancy import Step
from anamnesis.record.store import ZONE
from anamnesis.web.catalogue import Language, read_catalogues
from anamnesis.web.dates import Dates

_MEASURES: Final = ("suspended", "safe-mode", "journal-only", "pages-back", "anew", "righted")
"""Steps of an incident that are measures taken against it."""
STEPS_NAMED_MAX = 40


class RegisterWords:
    """The sentences of one language."""

    def __init__(self, language: Language, zone: str = ZONE) -> None:
        self._words = read_catalogues()[language]
        self._dates = Dates(language, ZoneInfo(zone))

    def opening(self, affected: Affected, steps: Sequence[Step]) -> Words:
        """What is said of an incident by itself."""
        says, day = self._words, self._dates.day(affected.endangered_at)
        taken = [one for one in steps if one.what in _MEASURES][:STEPS_NAMED_MAX]
        return Words(
            title=says(f"register-opened-{'integrity' if _altered(affected) else 'lost'}", day=day),
            aware_reason=says("register-opened-reason", at=self._dates.moment(affected.found_at)),
            origin=self._origin(affected),
            measures_before=says("register-opened-before"),
            measures_taken="\n".join(
                says(
                    f"register-step-{one.what}",
                    at=self._dates.moment(one.at),
                    detail=one.detail,
                )
                for one in taken
            ),
        )

    def _origin(self, affected: Affected) -> str:
        if affected.declared == affected.entries:
            return self._words("register-opened-device")
        if affected.features:
            names = ", ".join(sorted(affected.features))
            return self._words("register-opened-feature", names=names)
        return self._words("register-opened-software")


def _altered(affected: Affected) -> bool:
    return affected.losses == {"integrity"}
