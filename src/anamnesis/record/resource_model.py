"""What a reader gets of resources, and of the sharing of documents.

Instants are RFC 3339 texts in UTC with milliseconds.
"""

from typing import Any

import msgspec


class Issue(msgspec.Struct, frozen=True):
    """A version of a document that its author stands for."""

    version: int
    digest: str
    issued_at: str
    author: str
    author_name: str


class Resource(msgspec.Struct, frozen=True):
    """One version of what is written whole under an id of its own; clinical/resources.py.

    `content` is as it was written, `digest` its own, `entry` the one that wrote it. `withdrawn`
    is the reason it was entered in error, empty when it was retired, None while it stands; so is
    `issued` None while no version of it was issued.
    """

    resource: str
    type: str
    practice: str
    patient: str | None
    encounter: str | None
    version: int
    content: dict[str, Any]
    digest: str
    entry: str
    author: str
    author_name: str
    typed_at: str
    recorded_at: str
    withdrawn: str | None
    issued: Issue | None


class Share(msgspec.Struct, frozen=True):
    """A version of a document opened to somebody, until `expires_at` or `revoked_at`.

    `to_name` and `to_practice_name` are a colleague's, empty for a patient; `link` and `secret`
    are digests (docs/protocol.md, section 8).
    """

    share: str
    practice: str
    patient: str
    document: str
    version: int
    audience: str
    to_practice: str | None
    to_practitioner: str | None
    to_name: str
    to_practice_name: str
    link: str | None
    secret: str | None
    expires_at: str
    message: str
    author: str
    author_name: str
    shared_at: str
    revoked_at: str | None
    revoked_reason: str | None


class Colleague(msgspec.Struct, frozen=True):
    """A practitioner of any practice here, as the directory lists one."""

    practitioner: str
    practice: str
    practice_name: str
    name: str
    specialty: str
