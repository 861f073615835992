"""What a processor's register has for each of its controllers (GDPR art. 33(2))."""

from collections.abc import Iterator
from dataclasses import dataclass

from anamnesis.clinical.breach import MAILED_TO_MAX, PLATFORM, Breach
from anamnesis.incident.dispatch import ADDRESS
from anamnesis.incident.extent import by_practice
from anamnesis.incident.opening import breach_id, of_one_practice
from anamnesis.incident.persons import persons_of
from anamnesis.reconcile.discrepancy import Discrepancy
from anamnesis.web.desk import Desk
from anamnesis.web.register_papers import PAGE, Papers
from anamnesis.web.register_view import Entry


@dataclass(frozen=True, slots=True)
class Controller:
    """One practice that an entry concerns, what the entry amounts to there, and where it reads."""

    practice: str
    name: str
    breach: Breach
    addresses: tuple[str, ...]


def controllers_of(desk: Desk, entry: Entry) -> list[Controller]:
    """The practices concerned, in the order of their names; none for an incident forgotten."""
    found = by_practice(_found(desk, entry))
    controllers = []
    for practice, affected in found.items():
        known = desk.reader.practice(practice)
        breach = of_one_practice(entry.breach, affected, persons_of(desk.reader, affected))
        controllers.append(
            Controller(
                practice,
                known.name if known else practice,
                breach,
                _addresses(desk, practice),
            )
        )
    return sorted(controllers, key=lambda one: (one.name, one.practice))


def _addresses(desk: Desk, practice: str) -> tuple[str, ...]:
    """Those on the letterheads of the practice, each once."""
    heads = desk.reader.practice_resources(practice, "letterhead")
    found = dict.fromkeys(one.content["email"].strip() for one in heads)
    return tuple(one for one in found if ADDRESS.match(one))[:MAILED_TO_MAX]


def _found(desk: Desk, entry: Entry) -> Iterator[Discrepancy]:
    number = entry.breach.incident
    if number is None:
        return
    with desk.incidents() as reader:
        incident = reader.incident(number)
        # Numbers of incidents begin anew when their history is lost.
        opened_at = "" if incident is None else incident.opened_at
        if breach_id(PLATFORM, opened_at) != entry.resource.resource:
            return
        after = -1
        while page := reader.discrepancies(number, None, None, after, PAGE):
            yield from page
            after = page[-1].position


class ControllerPapers(Papers):
    """The processor's papers: for one controller, its own numbers and list; for nobody else.

    Whoever runs the server has no patient's name to see: an encounter is named by its id, and by
    who wrote in it.
    """

    def __init__(self, desk: Desk, entry: Entry, controller: Controller | None) -> None:
        super().__init__(desk, controller.practice if controller else PLATFORM, entry)
        self._register = PLATFORM
        self._controller = controller

    def sender(self) -> tuple[str, str]:
        """The organisation that runs the server."""
        name, _, address = self._desk.settings.organisation.partition("; ")
        return name, address.replace("; ", "\n")

    def receiver(self, practitioner: str) -> str:
        """The controller."""
        return self._controller.name if self._controller and not practitioner else ""

    def breach(self) -> Breach:
        """With the controller's own numbers."""
        return self._controller.breach if self._controller else self._entry.breach

    def _whose(self, found: Discrepancy) -> str:
        names = {
            known.practitioner: known.name
            for known in self._desk.reader.practitioners(self._practice)
        }
        return f"{names.get(found.author, found.author)} · {found.encounter}"
