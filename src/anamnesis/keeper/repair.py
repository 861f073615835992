"""Has a record that is wrong made anew: nobody has to notice it, and nobody has to ask."""

from collections.abc import Callable
from pathlib import Path

import structlog

from anamnesis.keeper.disagreements import REFUSED, Disagreements
from anamnesis.seams import Clock

PATIENCE_SECONDS = 1.0
"""How long an entry has to be shown wrongly: the record may be in the middle of coming right."""
AGAIN_AFTER_SECONDS = 10.0
"""Between two orders; a fault that comes back at once must not keep the application busy."""

_log = structlog.get_logger()


class Repair:
    """Asks the application for a new record, once for each entry that is shown wrongly.

    An entry that is still wrong in the new one is no damage of the file: making it once more
    would give the same, and the entry stays on the list. While one that was refused stays so,
    no other that is refused is a reason to make it once more either: each would be, one by one.
    """

    def __init__(
        self,
        order: Path,
        wrong: Disagreements,
        clock: Clock,
        wake: Callable[[], None],
        armed: bool = True,
    ) -> None:
        self._armed = armed
        self._order = order
        self._wrong = wrong
        self._clock = clock
        self._wake = wake
        self._since: float | None = None
        self._ordered_at = -AGAIN_AFTER_SECONDS
        self._ordered: set[str] = set()
        self.orders = 0
        self._looked_at_orders = 0
        self._was_lying = False

    def consider(self) -> None:
        """Orders if there is something new that has lasted; called often."""
        if not len(self._wrong) or not self._armed:
            self._since = None
            self._ordered.clear()
            return
        now = self._clock.monotonic()
        if not self._is_new():
            return
        self._since = now if self._since is None else self._since
        if now - self._since < PATIENCE_SECONDS or now - self._ordered_at < AGAIN_AFTER_SECONDS:
            return
        self.at_once()

    def _is_new(self) -> bool:
        wrong = self._wrong.all()
        new = {one.expected.id for one in wrong} - self._ordered
        refused = {one.expected.id for one in wrong if one.code == REFUSED}
        return bool(new - refused if refused & self._ordered else new)

    def made_anew(self) -> bool:
        """Whether an order was carried out since the last call, whoever gave it."""
        orders, is_lying = self.orders, self._order.exists()
        # A small record is made anew between two looks: its order was never seen lying there.
        carried_out = not is_lying and (self._was_lying or orders != self._looked_at_orders)
        if carried_out:
            self._looked_at_orders = orders
        self._was_lying = is_lying
        return carried_out

    def at_once(self) -> None:
        """Orders now, without patience: what did it was caught. Called from any thread."""
        wrong = {one.expected.id for one in self._wrong.all()}
        self._order.touch()
        self._wake()
        self._ordered |= wrong
        self._ordered_at, self._since = self._clock.monotonic(), None
        self.orders += 1
        _log.error("record-ordered-anew", entries=len(wrong))
