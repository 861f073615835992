"""Sharing: what one opened to others, what colleagues opened to one, and who there is."""

from typing import Annotated, TypeAlias

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import PathParameter

from anamnesis.access.sharing import stands
from anamnesis.clinical.files import MEDIA_TYPES
from anamnesis.record.resource_model import Resource as RecordResource
from anamnesis.record.resource_model import Share as RecordShare
from anamnesis.web.api.documents import (
    PDF,
    UNPRINTABLE,
    DocumentVersion,
    Share,
    file_of,
    printed,
)
from anamnesis.web.api.questions import UUID, Asking, Id, Instant, Page, every, question, shown
from anamnesis.web.api.refusals import ApiRefused
from anamnesis.web.desk import Desk

TAG = "Sharing"

ShareId: TypeAlias = Annotated[str, PathParameter(pattern=UUID, description="The share's id.")]


class Colleague(msgspec.Struct, frozen=True):
    """A practitioner of any practice here, whom a document may be shared with."""

    practitioner: Id
    practice: Id
    practice_name: str
    name: str
    specialty: str


class ReceivedRow(msgspec.Struct, frozen=True):
    """What a colleague shared: from whom, until when, and what they said about it.

    One that has ended has no title any more.
    """

    share: Id
    title: str
    author: Id
    author_name: str
    practice: Id
    practice_name: str
    message: str
    shared_at: Instant
    expires_at: Instant
    revoked_at: Instant | None


class Received(ReceivedRow, frozen=True):
    """What a colleague shared, with the document itself in the version that was shared."""

    document: DocumentVersion


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/colleagues`, `/shares`, `/received`, `/received/{id}` and its file."""

    @question("/colleagues", TAG, "Colleagues")
    def colleagues(request: Asking) -> Page[Colleague]:
        """Every practitioner of every practice here, by family name."""
        return every(desk.colleagues(desk.signed_in(request)), Colleague)

    @question("/shares", TAG, "What I shared")
    def shares(request: Asking) -> Page[Share]:
        """What the session's own practitioner shared, oldest first, ended ones too."""
        identity = desk.signed_in(request)
        return every(desk.reader.shares_by(identity.practice, identity.practitioner), Share)

    @question("/received", TAG, "What was shared with me")
    def received(request: Asking) -> Page[ReceivedRow]:
        """What colleagues opened to the session's practitioner, oldest first, ended ones too."""
        identity = desk.signed_in(request)
        found = desk.reader.shares_with(identity.practice, identity.practitioner)
        names = _practices(desk)
        now = desk.settings.now()
        rows = [
            _row(one, _shared(desk, one) if stands(desk.reader, one, now) else None, names)
            for one in found
        ]
        return Page(rows, None)

    @question("/received/{share:str}", TAG, "A document shared with me", ["share-unknown"])
    def received_document(request: Asking, share: ShareId) -> Received:
        """The document, while the share stands. Its author sees that it was opened."""
        found = _standing(desk, request, share)
        document = _shared(desk, found)
        row = _row(found, document, _practices(desk))
        return Received(**msgspec.structs.asdict(row), document=shown(document, DocumentVersion))

    @question(
        "/received/{share:str}/file",
        TAG,
        "A file shared with me",
        ["share-unknown", "file-unknown"],
        media_types=MEDIA_TYPES,
    )
    def received_file(request: Asking, share: ShareId) -> Response[bytes]:
        """The uploaded file, always as an attachment, while the share stands."""
        return file_of(desk, _shared(desk, _standing(desk, request, share)))

    @question(
        "/received/{share:str}/pdf",
        TAG,
        "A document shared with me, on paper",
        ["share-unknown", "print-unknown"],
        media_types=[PDF],
        also=UNPRINTABLE,
    )
    def received_pdf(request: Asking, share: ShareId) -> Response[bytes]:
        """PDF/A-2b of the version that was shared, while the share stands."""
        return printed(desk, _shared(desk, _standing(desk, request, share)))

    return [colleagues, shares, received, received_document, received_file, received_pdf]


def _standing(desk: Desk, request: Asking, share: str) -> RecordShare:
    """The share, if it is with who asks and has not ended; raises ApiRefused, always the same."""
    identity = desk.signed_in(request)
    now = desk.settings.now()
    for one in desk.reader.shares_with(identity.practice, identity.practitioner):
        if one.share == share and stands(desk.reader, one, now):
            return one
    raise ApiRefused("share-unknown")


def _shared(desk: Desk, share: RecordShare) -> RecordResource:
    for one in desk.reader.resource_versions(share.practice, share.document):
        if one.version == share.version:
            return one
    raise ApiRefused("share-unknown")


def _practices(desk: Desk) -> dict[str, str]:
    return {one.practice: one.practice_name for one in desk.reader.directory()}


def _row(
    share: RecordShare, document: RecordResource | None, practices: dict[str, str]
) -> ReceivedRow:
    return ReceivedRow(
        share=share.share,
        title="" if document is None else document.content["title"],
        author=share.author,
        author_name=share.author_name,
        practice=share.practice,
        practice_name=practices.get(share.practice, ""),
        message=share.message,
        shared_at=share.shared_at,
        expires_at=share.expires_at,
        revoked_at=share.revoked_at,
    )
