"""What the keeper's own routes take and answer, as the interface's document describes it.

The keeper does not use these: it answers as docs/protocol.md says. The tests hold its answers
against them.
"""

from typing import Annotated, Any, Literal, TypeAlias

import msgspec

from anamnesis.clinical.composition import Status
from anamnesis.clinical.sections import SectionName, Sections
from anamnesis.receipt.receipt import Receipt
from anamnesis.web.api.encounters import NoteVersionNumber
from anamnesis.web.api.notes import Divergence
from anamnesis.web.api.questions import Digest, Id, Instant

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0)]
Named: TypeAlias = Annotated[str, msgspec.Meta(max_length=64)]
Text256: TypeAlias = Annotated[str, msgspec.Meta(max_length=256)]


class SignIn(msgspec.Struct, frozen=True):
    """Login and password of an account."""

    login: Text256
    password: Annotated[str, msgspec.Meta(max_length=1_024)]


class Session(msgspec.Struct, frozen=True):
    """Who is signed in, and until when at the latest."""

    practitioner: Id
    practice: Id
    name: str
    role: Literal["practitioner", "operator"]
    expires_at: Instant


class EntryReceived(msgspec.Struct, frozen=True, tag_field="outcome", tag="receipt"):
    """The entry is durable in the journal, and this is the proof.

    `version` and `digest` were read back from the record; null while the receipt's state is
    `journaled`.
    """

    id: Id
    receipt: Receipt
    version: int | None
    digest: Digest | None


class EntryRefused(
    msgspec.Struct, frozen=True, omit_defaults=True, tag_field="outcome", tag="refused"
):
    """A definite no: nothing was journaled. `expected` comes with `sequence-gap`."""

    id: str | None
    code: str
    message: str
    expected: int | None = None


class Results(msgspec.Struct, frozen=True):
    """One result for each entry that was sent, in order."""

    results: list[EntryReceived | EntryRefused]


class NoteReadBack(msgspec.Struct, frozen=True):
    """The note, read from the record now; `stale` while the journal is ahead of the record."""

    encounter: Id
    patient: Id
    status: Status
    version: NoteVersionNumber
    digest: Digest
    sections: Sections
    divergences: list[Divergence]
    recorded_at: Instant | None
    applied: Count
    stale: bool


class ReceiptRow(msgspec.Struct, frozen=True):
    """An entry of the session's own practitioner, and the state it has now."""

    entry: Id
    kind: str
    patient: Id | None
    encounter: Id | None
    position: Count
    received_at: Instant
    state: Literal["journaled", "recorded"]
    version: int | None
    digest: Digest


class ReceiptRows(msgspec.Struct, frozen=True):
    """A page of receipts; `next` is the `before` of the page that follows, null at the end."""

    receipts: list[ReceiptRow]
    next: int | None


class DeviceKnown(msgspec.Struct, frozen=True):
    """How far the journal has this device's entries; 0 if it has none."""

    device: Id
    last_sequence: Count


class NumberHeld(msgspec.Struct, frozen=True):
    """An entry that has not arrived: null or empty where its device never told.

    `person` is the patient's name, `started_at` when the encounter began, where these are known.
    """

    sequence: Count
    kind: str
    patient: Id | None
    encounter: Id | None
    typed_at: Instant | None
    sections: list[SectionName]
    person: str
    started_at: str


class DeviceHolding(msgspec.Struct, frozen=True):
    """A device, whose it is, and what it held when it was last heard of; 1,000 numbers at most."""

    device: Id
    practitioner: Id
    name: str
    heard_at: Instant
    last_sequence: Count
    numbers: list[NumberHeld]


class DevicesHolding(msgspec.Struct, frozen=True):
    """Those of this practice that hold something, heard of last first; 50 at most."""

    devices: list[DeviceHolding]


class OutstandingRow(msgspec.Struct, frozen=True):
    """An entry that is safe in the journal, and that the record could not take or shows wrongly."""

    entry: Id
    kind: str
    position: Count
    code: str
    message: str


class OutstandingRows(msgspec.Struct, frozen=True):
    """Everything outstanding in this practice."""

    outstanding: list[OutstandingRow]


class HeldTold(msgspec.Struct, frozen=True):
    """An entry that waits on the device: where it belongs, which sections say something."""

    sequence: Count
    kind: Named
    patient: Id | None
    encounter: Id | None
    typed_at: Instant
    sections: list[SectionName] = []


class WitnessReport(msgspec.Struct, frozen=True):
    """What a program that shows a note says of its screen."""

    device: Named
    encounter: Named
    shown: Digest
    sequence: Count
    waiting: Count
    oldest_ms: Count | None
    unsaved_ms: Count | None = None
    leaving: bool = False
    faithful: bool = True
    held: Annotated[list[HeldTold], msgspec.Meta(max_length=20)] = []


class Witnessed(msgspec.Struct, frozen=True):
    """Whether the text on the screen is what a reader would get now."""

    state: Literal["recorded", "journaled", "differs", "unknown-text"]
    version: int | None
    digest: Digest | None
    application: Literal["up", "starting", "down", "hung"]
    features: list[str]


class Health(msgspec.Struct, frozen=True):
    """The state of every part, and counts: nothing that tells whose record this is."""

    keeper: Literal["up"]
    application: Literal["up", "starting", "down", "hung"]
    journal: Literal["up", "unavailable", "stalled"]
    record: Literal["up", "unavailable"]
    audit: Literal["up", "unavailable"]
    journaled: Count
    recorded: Count
    disagreements: Count
    made_anew: Count
    swept: Count
    swept_at: Instant | None
    features: Count
    mode: Literal["features", "safe", "journal-only"]
    guard: Literal["up", "silent"]
    sentinels: Literal["off", "up", "silent"]
    synthetic: Count
    streams: Count
    build: str


class Consistency(msgspec.Struct, frozen=True, rename={"start": "from"}):
    """The proof that the journal of size `from` is the beginning of that of size `to`."""

    start: Count
    to: Count
    proof: list[str]


class OpeningsRow(msgspec.Struct, frozen=True):
    """Somebody opened a share, or tried to."""

    at: Instant
    kind: Literal["share-opened", "share-refused"]
    name: str
    address: str


class Openings(msgspec.Struct, frozen=True):
    """Every opening and every refused try of one share, newest first."""

    openings: list[OpeningsRow]


class ShareOpened(msgspec.Struct, frozen=True):
    """The link's token and the code that travelled apart."""

    link: Text256
    code: Text256


SHAPES: tuple[Any, ...] = (
    SignIn,
    Session,
    Results,
    NoteReadBack,
    Receipt,
    ReceiptRows,
    DeviceKnown,
    DevicesHolding,
    OutstandingRows,
    WitnessReport,
    Witnessed,
    Health,
    Consistency,
    Openings,
    ShareOpened,
)
