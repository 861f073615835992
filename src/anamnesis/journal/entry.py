"""An entry as a device sent it, and the same entry once it has its place in the journal."""

import json
import re
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from anamnesis.journal.damage import JournalDamaged
from anamnesis.journal.erasure import decision_of
from anamnesis.journal.refusal import Refusal
from anamnesis.receipt.canonical import INTEGER_MAX, NotCanonical, canonical, digest_bytes
from anamnesis.receipt.merkle import leaf_hash

ENTRY_BYTES_MAX = 1_048_576  # of one entry as sent
FEATURES_MAX = 64  # names in one entry

_Uuid = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
]
_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
_Kind = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z-]{0,31}\.[a-z][a-z-]{0,31}\Z")]
_Label = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,64}\Z")]
_Instant = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z\Z"),
]
_Sequence = Annotated[int, msgspec.Meta(ge=1, le=INTEGER_MAX)]


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a practitioner did, as the device sent it.

    `content` is canonical JSON (RFC 8785) in UTF-8, and `digest` the SHA-256 of those bytes. Of an
    entry that was erased, `content` is the mark that names who decided it (journal/erasure.py).
    """

    id: str
    kind: str
    practice: str
    author: str
    patient: str | None
    encounter: str | None
    device: str
    sequence: int
    base: str | None
    build: str
    features: tuple[str, ...]
    typed_at: str
    digest: str
    content: bytes

    @property
    def erased_by(self) -> str | None:
        """The id of the entry that decided its erasure; None while the content is there."""
        return decision_of(self.content)

    def same_act(self, other: "Entry") -> bool:
        """Whether `other` is this entry sent again.

        The device and its sequence may differ: an outbox that starts anew under another device
        id sends what it still holds under the ids that the entries already have.
        """
        return _act(self) == _act(other)


class _Envelope(msgspec.Struct, forbid_unknown_fields=True):
    """An entry on the wire. Unknown members are refused: nothing would keep them."""

    id: _Uuid
    kind: _Kind
    practice: _Uuid
    author: _Uuid
    patient: _Uuid | None
    encounter: _Uuid | None
    device: _Uuid
    sequence: _Sequence
    base: _Digest | None
    build: _Label
    features: Annotated[tuple[_Label, ...], msgspec.Meta(max_length=FEATURES_MAX)]
    typed_at: _Instant
    content: msgspec.Raw
    digest: _Digest


class Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A receipt's header. In alphabetical order and ASCII, so that its encoding is canonical."""

    author: str
    base: str | None
    build: str
    device: str
    digest: str
    encounter: str | None
    features: tuple[str, ...]
    id: str
    kind: str
    patient: str | None
    position: int
    practice: str
    received_at: str
    sequence: int
    session: str
    typed_at: str


class JournaledEntry(msgspec.Struct, frozen=True, dict=True):
    """An entry at its place: `position` from 0 without gaps, `received_at` never going back."""

    position: int
    received_at: str
    session: str
    entry: Entry

    def header(self) -> bytes:
        """The receipt's header as canonical JSON: what the leaf is the hash of."""
        return self._encoded

    def members(self) -> dict[str, Any]:
        """The receipt's header as an object, ready for JSON."""
        members: dict[str, Any] = msgspec.to_builtins(self._header())
        members["features"] = list(members["features"])
        return members

    def leaf(self) -> bytes:
        """The leaf hash in the journal's tree (RFC 9162): of the header."""
        return leaf_hash(self.header())

    def decoded(self) -> dict[str, Any]:
        """The header's members, and `content` as objects; None if it was erased."""
        erased = self.entry.erased_by is not None
        content = None if erased else msgspec.json.decode(self.entry.content)
        return {**self.members(), "content": content}

    @cached_property
    def _encoded(self) -> bytes:
        return _encoder.encode(self._header())

    def _header(self) -> Header:
        entry = self.entry
        return Header(
            author=entry.author,
            base=entry.base,
            build=entry.build,
            device=entry.device,
            digest=entry.digest,
            encounter=entry.encounter,
            features=entry.features,
            id=entry.id,
            kind=entry.kind,
            patient=entry.patient,
            position=self.position,
            practice=entry.practice,
            received_at=self.received_at,
            sequence=entry.sequence,
            session=self.session,
            typed_at=entry.typed_at,
        )


_act = attrgetter("id", "kind", "practice", "author", "patient", "encounter", "base", "digest")
_encoder = msgspec.json.Encoder()
_envelopes = msgspec.json.Decoder(_Envelope)
_contents = msgspec.json.Decoder()
_headers = msgspec.json.Decoder(Header)
_FIELD = re.compile(r"(?:at `\$\.|required field `)(\w+)")


def parse_entry(raw: bytes | msgspec.Raw) -> Entry:
    """The entry in `raw` (JSON, as sent), whole and unaltered.

    Checks structure, limits, canonical form and digest; what a kind means is not its affair.
    Raises Refusal: `entry-too-large`, `malformed`, `lone-surrogate`, `nul-character`,
    `number-not-exact`, `too-deep`, `digest-mismatch`.
    """
    data = bytes(raw)
    if len(data) > ENTRY_BYTES_MAX:
        raise Refusal("entry-too-large", {"bytes": len(data), "bytes_max": ENTRY_BYTES_MAX})
    envelope = _read_envelope(data)
    content = _canonical_content(data, envelope.content)
    if digest_bytes(content) != envelope.digest:
        raise Refusal("digest-mismatch")
    return Entry(
        id=envelope.id,
        kind=envelope.kind,
        practice=envelope.practice,
        author=envelope.author,
        patient=envelope.patient,
        encounter=envelope.encounter,
        device=envelope.device,
        sequence=envelope.sequence,
        base=envelope.base,
        build=envelope.build,
        features=envelope.features,
        typed_at=envelope.typed_at,
        digest=envelope.digest,
        content=content,
    )


def restore_header(position: int, header: bytes) -> Header:
    """The header that a store keeps as these bytes; raises JournalDamaged unless it is of there.

    It must be the one writing of itself: whether the content agrees is not looked at.
    """
    try:
        read = _headers.decode(header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _altered("header-unreadable", "A header cannot be read.", position) from None
    if read.position != position or _encoder.encode(read) != header:
        raise _altered("header-altered", "A header is not the one that was written.", position)
    return read


def restore_entry(position: int, header: bytes, content: bytes) -> JournaledEntry:
    """The journaled entry that a store keeps as these bytes.

    Nothing altered gets through: the header must be the one writing of itself and be of this
    position, and the content must be what it digests, or the mark of an erasure; whether that was
    decided is `check_erasure`'s affair (journal/recovery.py). Raises JournalDamaged.
    """
    read = restore_header(position, header)
    if digest_bytes(content) != read.digest and decision_of(content) is None:
        raise _altered("content-altered", "A content is not what its header digests.", position)
    entry = Entry(
        id=read.id,
        kind=read.kind,
        practice=read.practice,
        author=read.author,
        patient=read.patient,
        encounter=read.encounter,
        device=read.device,
        sequence=read.sequence,
        base=read.base,
        build=read.build,
        features=read.features,
        typed_at=read.typed_at,
        digest=read.digest,
        content=content,
    )
    return JournaledEntry(position, read.received_at, read.session, entry)


def _altered(code: str, message: str, position: int) -> JournalDamaged:
    return JournalDamaged(code, message, {"position": position})


def _read_envelope(data: bytes) -> _Envelope:
    try:
        envelope = _envelopes.decode(data)
    except msgspec.ValidationError as refused:
        named = _FIELD.search(str(refused))
        raise Refusal("malformed", {"field": named[1]} if named else {}) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(_why_unreadable(data)) from None
    except RecursionError:
        raise Refusal("too-deep") from None
    if list(envelope.features) != sorted(set(envelope.features)):
        raise Refusal("malformed", {"field": "features"})
    try:
        datetime.fromisoformat(envelope.typed_at)
    except ValueError:
        raise Refusal("malformed", {"field": "typed_at"}) from None
    return envelope


def _canonical_content(data: bytes, raw: msgspec.Raw) -> bytes:
    try:
        content = _contents.decode(raw)
    except msgspec.ValidationError:  # without a type to validate, only a number can be at fault
        raise Refusal("number-not-exact") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refusal(_why_unreadable(data)) from None
    except RecursionError:
        raise Refusal("too-deep") from None
    if not isinstance(content, dict):
        raise Refusal("malformed", {"field": "content"})
    try:
        return canonical(content)
    except NotCanonical as refused:
        raise Refusal(refused.code) from None


def _why_unreadable(data: bytes) -> str:
    """`lone-surrogate` when half a character is all that is wrong, so that the page can say so."""
    try:
        value = json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return "malformed"
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "lone-surrogate"
    return "malformed"
