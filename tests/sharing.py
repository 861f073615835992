"""Documents written, issued and shared over the wire, and the link and code of each share."""

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

import httpx

from anamnesis.access.sharing import CODE_ALPHABET, CODE_CHARACTERS
from tests.running import Practitioner, Running, digest, new_id


class Link(NamedTuple):
    """What a patient is given: the token in the link, and the code that travels apart."""

    share: str
    token: str
    code: str


def document_of(claire: Practitioner, patient: str, title: str = "Ordonnance") -> str:
    """A prescription that its author has issued; the id."""
    document = new_id()
    content: dict[str, Any] = {
        "id": document,
        "type": "prescription",
        "title": title,
        "date": "2026-11-23",
        "recipient": "",
        "body": "Repos.",
        "lines": [],
        "file": None,
    }
    claire.keep(claire.entry("document.write", content, patient))
    issue = {"document": document, "version": 1, "digest": digest(content)}
    claire.keep(claire.entry("document.issue", issue, patient))
    return document


def share_content(document: str, **changed: Any) -> dict[str, Any]:
    """The content of a share with nobody in particular; `changed` says with whom."""
    ends = datetime.now(UTC) + timedelta(days=7)
    return {
        "id": new_id(),
        "document": document,
        "version": 1,
        "audience": "patient",
        "to_practice": None,
        "to_practitioner": None,
        "link": None,
        "secret": None,
        "expires_at": ends.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "message": "",
    } | changed


def share_by_link(claire: Practitioner, patient: str, document: str, **changed: Any) -> Link:
    """A share with the patient; what the patient is given."""
    token = secrets.token_urlsafe(32)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARACTERS))
    digests = {
        "link": sha256(token.encode()).hexdigest(),
        "secret": sha256(f"{token}:{code}".encode()).hexdigest(),
    }
    content = share_content(document, **(digests | changed))
    claire.keep(claire.entry("document.share", content, patient))
    return Link(content["id"], token, code)


def share_with(
    claire: Practitioner, patient: str, document: str, colleague: Practitioner, **changed: Any
) -> str:
    """A share with a colleague; the id."""
    to = {
        "audience": "colleague",
        "to_practice": colleague.practice,
        "to_practitioner": colleague.id,
    }
    content = share_content(document, **(to | changed))
    claire.keep(claire.entry("document.share", content, patient))
    share: str = content["id"]
    return share


def revoke(claire: Practitioner, patient: str, share: str) -> None:
    """Ends a share."""
    content = {"share": share, "reason": "Erreur"}
    claire.keep(claire.entry("share.revoke", content, patient))


class Visitor(httpx.Client):
    """A patient's browser, as far as links and codes need one."""

    def __init__(self, running: Running) -> None:
        super().__init__(base_url=running.url, timeout=15)

    def open(self, token: str, code: str) -> httpx.Response:
        """Tries a link and its code."""
        return self.post("/keep/share", json={"link": token, "code": code})
