"""A share, and a record that has nothing else, for tests of who may see it."""

from typing import Any, cast

import msgspec

from anamnesis.access.sharing import link_of, secret_of
from anamnesis.record.resource_model import Resource, Share
from anamnesis.record.store import RecordReader

TOKEN = "q0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lQ"
CODE = "7K3MQ2WX"
SHARE = "01932f5e-0000-7000-8000-00000000000a"
DOCUMENT = "01932f5e-0000-7000-8000-00000000000d"
PATIENT = "01932f5e-0000-7000-8000-000000000001"


def share(**changed: Any) -> Share:
    """A share with a patient that stands for a week from 2026-11-23; `changed` overrides fields."""
    one = Share(
        share=SHARE,
        practice="lilas",
        patient=PATIENT,
        document=DOCUMENT,
        version=2,
        audience="patient",
        to_practice=None,
        to_practitioner=None,
        to_name="",
        to_practice_name="",
        link=link_of(TOKEN),
        secret=secret_of(TOKEN, CODE),
        expires_at="2026-11-30T12:00:00.000Z",
        message="",
        author="p-claire",
        author_name="Dr Claire Aubry",
        shared_at="2026-11-23T11:00:00.000Z",
        revoked_at=None,
        revoked_reason=None,
    )
    return msgspec.structs.replace(one, **changed)


def colleague_share(**changed: Any) -> Share:
    """The same with a colleague of another practice."""
    to = {
        "audience": "colleague",
        "to_practice": "roses",
        "to_practitioner": "p-rose",
        "to_name": "Dr Rose Colin",
        "to_practice_name": "Cabinet des Roses",
        "link": None,
        "secret": None,
    }
    return share(**(to | changed))


class _Reader:
    def __init__(
        self, shares: tuple[Share, ...], withdrawn: str | None, restricted: bool | None
    ) -> None:
        self.shares = list(shares)
        self.withdrawn = withdrawn
        self.restricted = restricted

    def share_of_link(self, link: str) -> Share | None:
        return next((one for one in self.shares if one.link == link), None)

    def share(self, practice: str, share: str) -> Share | None:
        found = (one for one in self.shares if (one.practice, one.share) == (practice, share))
        return next(found, None)

    def shares_with(self, to_practice: str, practitioner: str) -> list[Share]:
        to = (to_practice, practitioner)
        return [one for one in self.shares if (one.to_practice, one.to_practitioner) == to]

    def resources(self, practice: str, patient: str, type: str) -> list[Resource]:
        known = any((one.practice, one.patient) == (practice, patient) for one in self.shares)
        if self.restricted is None or type != "restriction" or not known:
            return []
        document = self.resource(practice, self.shares[0].document)
        assert document is not None
        decided = {"restricted": self.restricted}
        return [msgspec.structs.replace(document, type=type, content=decided)]

    def resource(self, practice: str, resource: str) -> Resource | None:
        for one in self.shares:
            if (one.practice, one.document) == (practice, resource):
                return Resource(
                    resource=resource,
                    type="document",
                    practice=practice,
                    patient=one.patient,
                    encounter=None,
                    version=one.version,
                    content={},
                    digest="",
                    entry="",
                    author=one.author,
                    author_name=one.author_name,
                    typed_at="",
                    recorded_at="",
                    withdrawn=self.withdrawn,
                    issued=None,
                )
        return None


def record_of(
    *shares: Share, withdrawn: str | None = None, restricted: bool | None = None
) -> RecordReader:
    """A record with these shares; each document is as `withdrawn` says, each patient's record
    as `restricted` does, of which None is that nobody ever decided."""
    return cast(RecordReader, _Reader(shares, withdrawn, restricted))
