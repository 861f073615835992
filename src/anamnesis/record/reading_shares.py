"""Reading who shares which document with whom, and who there is to share with."""

from collections.abc import Iterable

from anamnesis.clinical.patient import folded
from anamnesis.record.model import display_name
from anamnesis.record.naming import names_of
from anamnesis.record.reading_entries import made_by
from anamnesis.record.resource_model import Colleague, Share
from anamnesis.record.resource_rows import KeptRevocation, KeptShare
from anamnesis.record.rows import KeptPractice
from anamnesis.record.source import Open, Source


class ShareReading:
    """Questions about shares; a share with a colleague is found from both sides."""

    def __init__(self, opened: Open) -> None:
        self._open = opened

    def share(self, practice: str, share: str) -> Share | None:
        """One share of this practice's."""
        return self._first(practice=practice, share=share)

    def share_of_link(self, link: str) -> Share | None:
        """The share whose link has this digest, whatever practice made it."""
        return self._first(link=link)

    def shares(self, practice: str, document: str) -> list[Share]:
        """The shares of a document, oldest first, ended ones too."""
        return self._shares(practice=practice, document=document)

    def shares_by(self, practice: str, author: str) -> list[Share]:
        """What a practitioner shared, oldest first."""
        return self._shares(practice=practice, author=author)

    def shares_with(self, to_practice: str, practitioner: str) -> list[Share]:
        """What was shared with a practitioner, by any practice, oldest first."""
        return self._shares(to_practice=to_practice, to_practitioner=practitioner)

    def directory(self) -> list[Colleague]:
        """Every practitioner of every practice here, by family name."""
        with self._open() as source:
            practices = {row.practice: row.name for row in source.practices()}
            rows = source.practitioners()
        rows.sort(key=lambda row: (folded(row.family), folded(row.given)))
        return [
            Colleague(
                practitioner=row.practitioner,
                practice=row.practice,
                practice_name=practices.get(row.practice, ""),
                name=display_name(row.title, row.given, row.family),
                specialty=row.specialty,
            )
            for row in rows
        ]

    def _first(self, **equal: str) -> Share | None:
        return next(iter(self._shares(**equal)), None)

    def _shares(self, **equal: str) -> list[Share]:
        with self._open() as source:
            return list(_shown(source, source.find(KeptShare, **equal)))


def _shown(source: Source, rows: Iterable[KeptShare]) -> Iterable[Share]:
    for row in rows:
        entry = made_by(source, row.position)
        revoked = source.find(KeptRevocation, practice=row.practice, share=row.share)
        ended = made_by(source, revoked[0].position) if revoked else None
        to_practice = source.find(KeptPractice, practice=row.to_practice)
        yield Share(
            share=row.share,
            practice=row.practice,
            patient=row.patient,
            document=row.document,
            version=row.version,
            audience=row.audience,
            to_practice=row.to_practice,
            to_practitioner=row.to_practitioner,
            to_name=names_of(source, row.to_practice or "")(row.to_practitioner or ""),
            to_practice_name=to_practice[0].name if to_practice else "",
            link=row.link,
            secret=row.secret,
            expires_at=row.expires_at,
            message=row.message,
            author=row.author,
            author_name=names_of(source, row.practice)(row.author),
            shared_at=entry.received_at,
            revoked_at=None if ended is None else ended.received_at,
            revoked_reason=revoked[0].reason if revoked else None,
        )
