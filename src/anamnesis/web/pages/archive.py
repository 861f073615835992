"""One archive per patient: access and portability (GDPR art. 15 and 20)."""

from collections.abc import Iterator
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Stream

from anamnesis.clinical.kinds import KINDS
from anamnesis.record.resource_model import Resource
from anamnesis.rollout.sentinels import is_sentinel
from anamnesis.seams import instant
from anamnesis.web.archive.fhir import bundle
from anamnesis.web.archive.fhir_items import file_name
from anamnesis.web.archive.gathering import LOOKS_MAX, Gathering, gathered
from anamnesis.web.archive.packing import Member, zipped
from anamnesis.web.desk import STATIC, Desk
from anamnesis.web.printing.press import PrintingRefused
from anamnesis.web.record_view import FORMS


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """`/patients/{id}/archive`; that it was fetched is on the audit trail like any look."""

    @get("/patients/{patient:str}/archive", sync_to_thread=True)
    def archive(request: Request[Any, Any, Any], patient: FromPath[str]) -> Stream:
        identity = desk.signed_in(request)
        found = desk.reader.patient(identity.practice, patient)
        if found is None or is_sentinel(identity.practice):
            raise NotFoundException
        gathering = gathered(desk.reader, found, desk.looks)
        headers = {
            "content-disposition": f'attachment; filename="anamnesis-{found.patient}.zip"',
            "x-content-type-options": "nosniff",
        }
        members = _members(desk, request, gathering)
        return Stream(zipped(members), media_type="application/zip", headers=headers)

    return [archive]


def _members(desk: Desk, request: Request[Any, Any, Any], gathering: Gathering) -> Iterator[Member]:
    at = instant(desk.settings.now())
    name = "dossier.html" if desk.words(request).language == "fr" else "record.html"
    yield name, _readable(desk, request, gathering, at)
    yield "fhir-r4.json", bundle(gathering, at)
    for whole in gathering.resources():
        if whole.current.type == "document":
            yield from _files(desk, whole.versions)


def _readable(
    desk: Desk, request: Request[Any, Any, Any], gathering: Gathering, at: str
) -> Iterator[bytes]:
    return desk.parts(
        request,
        "archive.html",
        style=(STATIC / "archive.css").read_text(encoding="utf-8"),
        gathering=gathering,
        patient=gathering.patient,
        at=at,
        forms=FORMS,
        kinds=KINDS,
        file_name=file_name,
        looks_max=LOOKS_MAX,
    )


def _files(desk: Desk, versions: list[Resource]) -> Iterator[Member]:
    """Uploaded files as they came, and on paper the version that somebody stands for."""
    put: set[str] = set()
    for one in versions:
        name = file_name(one)
        if name is not None and name not in put:
            put.add(name)
            data = desk.reader.file(one.practice, one.content["file"]["id"])
            if data is not None:
                yield name, [data]
        elif name is None and one.issued is not None and one.issued.version == one.version:
            try:
                yield f"documents/{one.entry}.pdf", [desk.printing.pdf(one)]
            except PrintingRefused:
                continue  # its words are in the readable part all the same
