"""What was shared: with patients by link and code, with a cardiologist nearby, and back again."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from anamnesis.demonstration.device import About, Device
from anamnesis.demonstration.draws import Draws
from anamnesis.demonstration.shelf import Head
from anamnesis.demonstration.written import Content
from anamnesis.journal.entry import Entry
from anamnesis.seams import instant

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
TO_PATIENTS, TO_COLLEAGUE = 3, 4
KNOWN_LINK_DAYS = 365
LINK_DAYS = 7
COLLEAGUE_DAYS = 60
SETTLED_DAYS = 14

Wanted = Callable[[Content], bool]


@dataclass(frozen=True)
class Neighbour:
    """A colleague of another practice, with the head of his letters."""

    practice: str
    practitioner: str
    head: Head


class Link(NamedTuple):
    """The link and the code of a share with a patient (docs/protocol.md, section 8)."""

    token: str
    code: str

    @property
    def shown(self) -> str:
        """The code as it is read to somebody."""
        return f"{self.code[:4]}-{self.code[4:]}"


def link_of(draws: Draws) -> Link:
    """A link and a code that follow from a name alone: for nobody's real document."""
    raw = hashlib.sha256(draws.of("token").seed.encode()).digest()
    letters = draws.of("code")
    code = "".join(letters.pick(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return Link(base64.urlsafe_b64encode(raw).decode().rstrip("="), code)


class _Issued(NamedTuple):
    """An issued document, and when that was."""

    entry: Entry
    content: Content
    at: datetime


class Lending:
    """Shares some of the documents that were issued before `first_day`."""

    def __init__(self, devices: Sequence[Device], first_day: date, draws: Draws) -> None:
        self._devices = {device.id: device for device in devices}
        self._settled = _midnight(first_day - timedelta(days=SETTLED_DAYS))
        self._first_day = first_day
        self._draws = draws

    def known_link(self) -> Link:
        """The link and the code of the newest share with a patient."""
        return link_of(self._draws.of("patient", 0))

    def to_patients(self, past: Sequence[Entry]) -> Iterator[Entry]:
        """The newest prescriptions, by link: one open for long, the others as usual."""
        found = self._issued(past, lambda content: content["lines"] != [])
        for number, one in enumerate(found[:TO_PATIENTS]):
            link = link_of(self._draws.of("patient", number))
            days = KNOWN_LINK_DAYS if number == 0 else LINK_DAYS
            opened = f"{link.token}:{link.code}".encode()
            yield self._share(
                one,
                self._draws.of("patient", number).fixed_id(),
                days,
                {
                    "audience": "patient",
                    "to_practice": None,
                    "to_practitioner": None,
                    "link": hashlib.sha256(link.token.encode()).hexdigest(),
                    "secret": hashlib.sha256(opened).hexdigest(),
                    "message": "",
                },
            )

    def to_colleague(
        self, past: Sequence[Entry], neighbour: Neighbour
    ) -> Iterator[tuple[Entry, Entry]]:
        """The newest letters to him, each with the entry that wrote it."""
        name = neighbour.head.name
        found = self._issued(past, lambda content: name in str(content["recipient"]))
        for number, one in enumerate(found[:TO_COLLEAGUE]):
            share = self._share(
                one,
                self._draws.of("colleague", number).fixed_id(),
                COLLEAGUE_DAYS,
                {
                    "audience": "colleague",
                    "to_practice": neighbour.practice,
                    "to_practitioner": neighbour.practitioner,
                    "link": None,
                    "secret": None,
                    "message": "Merci de ton avis, dossier complet sur demande.",
                },
            )
            yield one.entry, share

    def revoked(self, share: Entry) -> Entry:
        """The share's end, the day after."""
        content: Content = {
            "share": json.loads(share.content)["id"],
            "reason": "Envoyé au mauvais destinataire.",
        }
        at = datetime.fromisoformat(share.typed_at) + timedelta(days=1, minutes=12)
        return self._devices[share.device].entry("share.revoke", at, content, About(share.patient))

    def _share(self, one: _Issued, id_: str, days: int, to: Content) -> Entry:
        at = one.at + timedelta(minutes=3)
        last_day = self._first_day if days == KNOWN_LINK_DAYS else at.date()
        content: Content = {
            "id": id_,
            "document": one.content["id"],
            "version": 1,
            "expires_at": instant(_midnight(last_day) + timedelta(days=days)),
            **to,
        }
        device = self._devices[one.entry.device]
        return device.entry("document.share", at, content, About(one.entry.patient))

    def _issued(self, past: Sequence[Entry], wanted: Wanted) -> list[_Issued]:
        """The documents whose first version was issued and that are wanted, newest first."""
        withdrawn = {
            json.loads(entry.content)["resource"]
            for entry in past
            if entry.kind == "resource.enter-in-error"
        }
        first = {
            json.loads(entry.content)["document"]: entry
            for entry in reversed(past)
            if entry.kind == "document.issue"
        }
        found: dict[str, _Issued] = {}
        for entry in past:
            if entry.kind != "document.write":
                continue
            content = json.loads(entry.content)
            issue = first.get(content["id"])
            if issue is None or content["id"] in withdrawn | set(found) or not wanted(content):
                continue
            at = datetime.fromisoformat(issue.typed_at)
            if at < self._settled:
                found[content["id"]] = _Issued(entry, content, at)
        return sorted(found.values(), key=lambda one: one.at, reverse=True)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
