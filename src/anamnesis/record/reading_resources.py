"""Reading resources: their current versions and all others, and the files of documents."""

from collections.abc import Callable

from anamnesis.receipt.canonical import digest
from anamnesis.record.documents import file_of
from anamnesis.record.naming import names_of
from anamnesis.record.reading_entries import made_by
from anamnesis.record.resource_model import Issue, Resource
from anamnesis.record.resource_rows import (
    KeptFilePart,
    KeptIssue,
    KeptResource,
    KeptResourceVersion,
)
from anamnesis.record.source import Open, Source
from anamnesis.record.store import RecordDamaged

_Names = Callable[[str], str]


class ResourceReading:
    """Questions about resources and files."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def resources(self, practice: str, patient: str, type: str | None = None) -> list[Resource]:
        """A patient's resources as they are now, withdrawn ones too, oldest first."""
        with self._open() as source:
            kept = source.find(KeptResource, practice=practice, patient=patient)
            return _current(source, practice, [one for one in kept if type in (None, one.type)])

    def practice_resources(self, practice: str, type: str) -> list[Resource]:
        """A practice's own resources of one type that stand, oldest first."""
        with self._open() as source:
            kept = source.find(KeptResource, practice=practice, type=type)
            standing = [one for one in kept if one.withdrawn is None and one.patient is None]
            return _current(source, practice, standing)

    def registers(self) -> list[str]:
        """Practices whose breach register has an entry, in order of their ids."""
        with self._open() as source:
            return sorted({one.practice for one in source.find(KeptResource, type="breach")})

    def resource(self, practice: str, resource: str) -> Resource | None:
        """One resource as it is now."""
        with self._open() as source:
            kept = source.get(KeptResource, practice, resource)
            return None if kept is None else _current(source, practice, [kept])[0]

    def resource_versions(self, practice: str, resource: str) -> list[Resource]:
        """Every version of a resource, oldest first."""
        with self._open() as source:
            kept = source.get(KeptResource, practice, resource)
            if kept is None:
                return []
            names = names_of(source, practice)
            rows = source.find(KeptResourceVersion, practice=practice, resource=resource)
            issued = _issued(source, kept, names)
            return [_resource(source, row, kept, names, issued) for row in rows]

    def issues(self, practice: str, document: str) -> list[Issue]:
        """Every version of a document that somebody stands for, in order of issuing."""
        with self._open() as source:
            return _issues(source, practice, document, names_of(source, practice))

    def file(self, practice: str, file: str) -> bytes | None:
        """The bytes of an uploaded file; None while parts of it are missing."""
        with self._open() as source:
            return file_of(source.find(KeptFilePart, practice=practice, file=file))


def _current(source: Source, practice: str, kept: list[KeptResource]) -> list[Resource]:
    names = names_of(source, practice)
    found: list[Resource] = []
    for one in sorted(kept, key=lambda kept: kept.first):
        row = source.get(KeptResourceVersion, one.position)
        if row is None:
            raise RecordDamaged("A resource has no version.")
        found.append(_resource(source, row, one, names, _issued(source, one, names)))
    return found


def _resource(
    source: Source,
    row: KeptResourceVersion,
    kept: KeptResource,
    names: _Names,
    issued: Issue | None,
) -> Resource:
    entry, content = made_by(source, row.position), row.content()
    return Resource(
        resource=row.resource,
        type=row.type,
        practice=row.practice,
        patient=row.patient,
        encounter=row.encounter,
        version=row.version,
        content=content,
        digest=digest(content),
        entry=entry.entry,
        author=entry.author,
        author_name=names(entry.author),
        typed_at=entry.typed_at,
        recorded_at=entry.received_at,
        withdrawn=kept.withdrawn,
        issued=issued,
    )


def _issued(source: Source, kept: KeptResource, names: _Names) -> Issue | None:
    if kept.type != "document":
        return None
    found = _issues(source, kept.practice, kept.resource, names)
    return found[-1] if found else None


def _issues(source: Source, practice: str, document: str, names: _Names) -> list[Issue]:
    found: list[Issue] = []
    for row in source.find(KeptIssue, practice=practice, document=document):
        entry = made_by(source, row.position)
        by = (entry.author, names(entry.author))
        found.append(Issue(row.version, row.digest, entry.received_at, *by))
    return found
