"""Puts what the register says of a breach into the words of a paper."""

from collections.abc import Callable, Sequence
from datetime import datetime

from anamnesis.clinical.breach import Breach
from anamnesis.incident.clock import Clock72
from anamnesis.incident.paper import Around, Item, Part, Say
from anamnesis.incident.severity import band, in_force, score


class Composer:
    """Composes papers about one breach, in one language."""

    def __init__(
        self, breach: Breach, around: Around, say: Say, moment: Callable[[str], str]
    ) -> None:
        self.breach = breach
        self.around = around
        self.say = say
        self._moment = moment

    def part(self, key: str, *items: Item) -> Part:
        """Fields under their heading."""
        return Part(key, self.say(f"paper-part-{key}"), items)

    def sentences(self, key: str, *sentences: str) -> Part:
        """Sentences under their heading; empty ones are left out."""
        said = tuple(one for one in sentences if one.strip())
        return Part(key, self.say(f"paper-part-{key}"), paragraphs=said)

    def item(self, key: str, text: str) -> Item:
        """A field that only papers have."""
        return Item(key, self.say(f"paper-item-{key}"), text)

    def field(self, name: str) -> Item:
        """A field of the register's entry, in words."""
        value: object = self.breach
        for part in name.split("."):
            value = getattr(value, part)
        return Item(name, self.say(f"breach-field-{name}"), self._shown(name, value))

    def yes_no(self, value: bool) -> str:
        """Yes, or no."""
        return self.say("paper-yes" if value else "paper-no")

    def at(self, instant: str) -> str:
        """An instant in words; nothing for one that is not known."""
        return self._moment(instant) if instant else ""

    def number(self, name: str) -> str:
        """A count of the extent, said to be approximate where it is; nothing if not known."""
        count = getattr(self.breach.extent, name)
        if count is None:
            return ""
        about = "about" if self.breach.extent.approximate else "exactly"
        return self.say(f"paper-{about}", count=count)

    def chosen(self, name: str, values: Sequence[str]) -> str:
        """Some choices in words."""
        return ", ".join(self.say(f"breach-choice-{name}-{value}") for value in values)

    def ongoing(self) -> str:
        """When it ended, or that it goes on."""
        return self.at(self.breach.ended_at) or self.say("paper-ongoing")

    def delay(self) -> Item:
        """Why it is late; nothing to be said where it is not (GDPR art. 33(1))."""
        clock = Clock72(datetime.fromisoformat(self.breach.aware_at))
        if not self.breach.delay_reason and not clock.needs_reason(self.around.now):
            return Item(
                "delay_reason", self.say("breach-field-delay_reason"), self.say("paper-in-time")
            )
        return self.field("delay_reason")

    def severity(self) -> str:
        """The severity on the scale of the authority's form, and how it was computed."""
        factors = in_force(self.breach)
        shown = f"{score(factors) / 100:.2f}".replace(".", self.say("decimal-sign"))
        return self.say(f"paper-severity-{band(factors)}", score=shown)

    def informed(self) -> str:
        """Whether patients were, will be or will not be told; nothing while nobody decided."""
        if self.around.informed:
            return self.say("paper-informed", at=self.at(min(self.around.informed)))
        decision = self.breach.decision
        if decision is None:
            return ""
        if decision.inform:
            return self.say("paper-to-be-informed")
        return self.say("paper-not-informed", reason=decision.inform_reason)

    def _shown(self, name: str, value: object) -> str:
        if isinstance(value, bool):
            return self.yes_no(value)
        if name.endswith("_at"):
            return self.at(str(value))
        if isinstance(value, tuple):
            return self.chosen(name, value)
        if name in ("discovered_by", "permanence", "cause", "effect"):
            return self.say(f"breach-choice-{name}-{value}")
        return str(value)
