"""What goes to people outside the screen, and the queue it waits in; implemented in storage/.

Whoever has something to say enqueues it, in the application as anywhere else; the process
`bootstrap/dispatches.py` sends it, and goes on trying for days. At least once: where an answer
was lost it is sent again, under the same Message-ID.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final, Literal, Protocol

import msgspec

from anamnesis.clinical.shapes import MAIL_ADDRESS_FORM

KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,199}\Z")
"""It becomes the left side of a Message-ID (RFC 5322, section 3.6.4)."""
ADDRESS = re.compile(rf"{MAIL_ADDRESS_FORM}\Z")
SUBJECT_CHARACTERS_MAX: Final = 200
BODY_CHARACTERS_MAX: Final = 1_000_000
ATTACHED_BYTES_MAX: Final = 15 * 1024 * 1024
"""In all: Base64 makes a third more of it, and many servers take 20 MiB."""
WAITING_MAX: Final = 50_000
"""Dispatches that wait to be sent; beyond, none is taken in any more."""

Channel = Literal["mail", "webhook"]


class DispatchRefused(Exception):
    """It was not enqueued; `code` is stable, the message is for the reader."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with an e-mail."""

    name: str
    media_type: str
    data: bytes


class Dispatch(msgspec.Struct, frozen=True):
    """One e-mail to one address, or one call of the webhook (then `to` is empty).

    `key` says what it is about: the same key to the same address is enqueued once, for ever.
    `kind` is what it is (`incident-opened`, `paper`). A webhook's body is its JSON.
    """

    key: str
    kind: str
    channel: Channel
    to: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


class Standing(msgspec.Struct, frozen=True):
    """What became of a dispatch: waiting while it is neither sent nor given up."""

    channel: Channel
    to: str
    created_at: str
    attempts: int
    failure: str | None
    sent_at: str | None
    given_up_at: str | None


class Waiting(msgspec.Struct, frozen=True):
    """A dispatch that waits, without its content. `attempted_at` is the newest attempt."""

    number: int
    channel: Channel
    created_at: str
    attempts: int
    attempted_at: str | None


class QueueState(msgspec.Struct, frozen=True):
    """What operators see of the queue: counts, codes and instants."""

    waiting: int = 0
    oldest_at: str | None = None
    failure: str | None = None
    failing_since: str | None = None
    sent: int = 0
    sent_at: str | None = None
    given_up: int = 0
    given_up_at: str | None = None


def mails(
    key: str,
    kind: str,
    to: Sequence[str],
    subject: str,
    body: str,
    attachments: Sequence[Attachment] = (),
) -> list[Dispatch]:
    """The same e-mail to each of these addresses: who refuses it does not keep it from others."""
    return [
        Dispatch(key, kind, "mail", address, subject, body, tuple(attachments)) for address in to
    ]


def check(dispatch: Dispatch) -> None:
    """Raises DispatchRefused for one that could never be sent."""
    if not KEY.match(dispatch.key):
        raise DispatchRefused("dispatch-malformed", "The key is not one of a dispatch.")
    if dispatch.channel == "mail" and not ADDRESS.match(dispatch.to):
        raise DispatchRefused("mail-address-invalid", "This is not one e-mail address.")
    is_one_line = dispatch.subject.isprintable() and bool(dispatch.subject.strip())
    if not is_one_line or len(dispatch.subject) > SUBJECT_CHARACTERS_MAX:
        raise DispatchRefused("dispatch-malformed", "The subject is not one short line.")
    if len(dispatch.body) > BODY_CHARACTERS_MAX:
        raise DispatchRefused("dispatch-too-large", "The text is too long for an e-mail.")
    if sum(len(one.data) for one in dispatch.attachments) > ATTACHED_BYTES_MAX:
        raise DispatchRefused("dispatch-too-large", "The files are too large for an e-mail.")


class DispatchQueue(Protocol):
    """Takes in what is to be sent. Several processes may at once. One thread."""

    def enqueue(self, dispatches: Sequence[Dispatch], at: str) -> int:
        """How many are new; all of them wait on the disk, over a crash, when this returns.

        Raises DispatchRefused, and then none of them does.
        """
        ...

    def standings(self, key: str) -> list[Standing]:
        """What became of everything enqueued under this key, in order of its enqueuing."""
        ...

    def close(self) -> None:
        """Lets go of the queue."""
        ...


OpenDispatches = Callable[[], AbstractContextManager[DispatchQueue]]
"""How a page comes by the queue, for as long as it enqueues something."""


class DispatchStore(DispatchQueue, Protocol):
    """What the one process that sends has of it. Each call is one commit."""

    def told(self, topic: str) -> int | None:
        """How much of this topic was enqueued already: None if it was never looked at."""
        ...

    def tell(self, dispatches: Sequence[Dispatch], told: Mapping[str, int], at: str) -> int:
        """Enqueues and remembers how much is told with it, all or nothing."""
        ...

    def waiting(self, limit: int) -> list[Waiting]:
        """What waits, in order of its enqueuing."""
        ...

    def dispatch(self, number: int) -> Dispatch:
        """The content of one; raises KeyError."""
        ...

    def attempted(self, number: int, at: str) -> None:
        """It is about to be tried."""
        ...

    def sent(self, number: int, at: str) -> None:
        """It was accepted: it is kept as it was sent."""
        ...

    def failed(self, number: int, at: str, code: str) -> None:
        """It was not accepted, or nobody knows."""
        ...

    def given_up(self, number: int, at: str) -> None:
        """It is not tried any more."""
        ...

    def state(self) -> QueueState:
        """What operators see."""
        ...
