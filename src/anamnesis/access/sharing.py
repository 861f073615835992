"""How a patient's link and code open a shared document, and how often somebody may try.

Pure; docs/protocol.md, section 8.
"""

import hashlib
import ipaddress
import re
from collections import OrderedDict, deque
from datetime import datetime, timedelta

import msgspec

from anamnesis.record.resource_model import Share
from anamnesis.record.restriction import restriction_of
from anamnesis.record.store import RecordReader
from anamnesis.seams import instant

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that is taken for something else when it is read aloud or copied by hand."""
CODE_CHARACTERS = 8
TOKEN_BYTES = 32
TOKEN_CHARACTERS_MAX = 128
"""A link's token has 43; a longer one is as unknown as any other, and costs no more."""
CODE_CHARACTERS_MAX = 64
"""As typed, with blanks and hyphens."""

WRONG_CODES_MAX = 10
"""Wrong codes for one link; then it is locked for good."""
SHARE_SESSION_AGE_MAX = timedelta(minutes=30)
"""How long a code keeps a document open."""
LINKS_UNKNOWN_MAX = 10_000
"""Links counted that no share has; beyond, the one that was first is forgotten."""

TRIES_PER_NETWORK_MAX = 30
"""Refused tries from one network within the window: patients often share an address."""
WINDOW_SECONDS = 900.0
NETWORKS_MAX = 10_000
"""Networks remembered; beyond, the one quiet for longest is forgotten."""
IPV6_PREFIX = 64
"""One subscriber has at least this much (RFC 6177): its addresses count as one."""

_APART = re.compile(r"[\s\u2010-\u2015\-]+")


class ShareSession(msgspec.Struct, frozen=True):
    """One opening of one share by its link and code, until `expires_at`."""

    share: str
    practice: str
    expires_at: datetime

    def expired(self, now: datetime) -> bool:
        """Whether this opening is over at `now`."""
        return now >= self.expires_at


def stands(reader: RecordReader, share: Share, now: datetime) -> bool:
    """Whether a share opens anything at `now`: not ended, nor of what is void or restricted."""
    if share.revoked_at is not None or instant(now) >= share.expires_at:
        return False
    if restriction_of(reader, share.practice, share.patient) is not None:
        return False
    document = reader.resource(share.practice, share.document)
    return document is not None and document.withdrawn is None


def share_session(share: Share, now: datetime) -> ShareSession:
    """A new opening of a share; it ends with the share at the latest."""
    ends = datetime.fromisoformat(share.expires_at)
    return ShareSession(share.share, share.practice, min(now + SHARE_SESSION_AGE_MAX, ends))


def typed_code(text: str) -> str:
    """The one form of a code: blanks, hyphens and small letters do not matter."""
    return _APART.sub("", text[:CODE_CHARACTERS_MAX]).upper()


def link_of(token: str) -> str:
    """The digest under which the record and the counting know a link."""
    return _digest(token[:TOKEN_CHARACTERS_MAX])


def secret_of(token: str, code: str) -> str:
    """The digest that the record has of a link's token and its code together."""
    return _digest(f"{token[:TOKEN_CHARACTERS_MAX]}:{typed_code(code)}")


def network_of(address: str) -> str:
    """What addresses are counted by: IPv4 by itself, IPv6 by its subscriber's prefix."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, IPV6_PREFIX), strict=False))


class ShareLimits:
    """Counts refused tries by network in a sliding window; an opening takes its own try back."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, address: str, now: float) -> float:
        """Seconds until another try is allowed, 0.0 if it is allowed at `now` (monotonic)."""
        network = network_of(address)
        tries = self._tries.get(network)
        if tries is None:
            return 0.0
        while tries and tries[0] <= now - WINDOW_SECONDS:
            tries.popleft()
        if not tries:
            del self._tries[network]
        if len(tries) < TRIES_PER_NETWORK_MAX:
            return 0.0
        return tries[-TRIES_PER_NETWORK_MAX] + WINDOW_SECONDS - now

    def tried(self, address: str, now: float) -> None:
        """Counts one try as refused, before it is known: tries at the same time all count."""
        network = network_of(address)
        self._tries.setdefault(network, deque(maxlen=TRIES_PER_NETWORK_MAX)).append(now)
        self._tries.move_to_end(network)
        while len(self._tries) > NETWORKS_MAX:
            self._tries.popitem(last=False)

    def opened(self, address: str) -> None:
        """The last try was right: it does not count, those before it do."""
        tries = self._tries.get(network_of(address))
        if tries:
            tries.pop()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
