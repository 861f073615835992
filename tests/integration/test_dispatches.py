"""People outside the screen are told: a mail server and a web server of their own receive it."""

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from anamnesis.dispatch.sending import NotSent
from anamnesis.dispatch.smtp import Smtp
from anamnesis.dispatch.webhook import Webhook, signature
from anamnesis.incident.dispatch import mails
from anamnesis.reconcile.discrepancy import Discrepancy, Step
from anamnesis.storage.sqlite.incidents import SqliteIncidentStore
from tests.mailbox import Mailbox, mail_settings, mailbox
from tests.running import Running, now, wait_until

KEY = bytes(range(32))
[MAIL] = mails("k-1", "paper", ["odile@here.fr"], "Objet", "Texte")
AT = "2026-11-26T12:00:00.000Z"


class Listener(http.server.BaseHTTPRequestHandler):
    """Takes every call."""

    calls: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.calls.append(({name.lower(): v for name, v in self.headers.items()}, body))
        self.send_response(204 if self.path == "/hook" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the library's name
        pass


@pytest.fixture(name="mailbox")
def listening() -> Iterator[tuple[Mailbox, int]]:
    with mailbox() as found:
        yield found


@pytest.fixture
def hook() -> Iterator[tuple[list[tuple[dict[str, str], bytes]], str]]:
    calls: list[tuple[dict[str, str], bytes]] = []
    handler = type("Here", (Listener,), {"calls": calls})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield calls, f"http://127.0.0.1:{server.server_address[1]}/hook"
        finally:
            server.shutdown()
            thread.join()


def smtp(port: int) -> Smtp:
    return Smtp("127.0.0.1", port, "no", "anamnesis@here.fr", "anamnesis.local")


def test_an_incident_reaches_a_mailbox_and_a_webhook_by_itself(
    tmp_path: Path,
    mailbox: tuple[Mailbox, int],
    hook: tuple[list[tuple[dict[str, str], bytes]], str],
) -> None:
    (box, port), (calls, url) = mailbox, hook
    secret = tmp_path / "secret"
    secret.write_text(f"whsec_{base64.b64encode(KEY).decode()}\n", encoding="utf-8")
    told = mail_settings(port) | {
        "ANAMNESIS_OPERATOR_MAIL": "odile@here.fr, yann@here.fr",
        "ANAMNESIS_WEBHOOK_URL": url,
        "ANAMNESIS_WEBHOOK_SECRET_FILE": str(secret),
    }
    with Running.started(environment=told) as running:
        odile = running.sign_in("odile")

        def shown() -> dict[str, Any]:
            found: dict[str, Any] = odile.client.get("/keep/operator").json()["dispatches"]
            return found

        wait_until(lambda: shown()["at"], "the process that sends", 60)
        with closing(SqliteIncidentStore(running.data / "incidents.db")) as book:
            at = now()
            number = book.open(at, at)
            book.add(number, [discrepancy(at)])
            wait_until(lambda: len(box.mails) == 2 and calls, "that it opened", 60)
            book.close_incident(number, now())
            book.step(number, Step(now(), "closed"))
        wait_until(lambda: len(box.mails) == 4 and len(calls) == 2, "that it ended", 60)
        wait_until(lambda: shown()["sent"] == 6, "that all of it went", 60)
        assert (shown()["waiting"], shown()["failure"], shown()["mail"]) == (0, None, 2)
    assert {mail["To"] for mail in box.mails} == {"odile@here.fr", "yann@here.fr"}
    assert len({mail["Message-ID"] for mail in box.mails}) == 2
    assert f"Incident {number} ouvert" in box.mails[0]["Subject"]
    for headers, body in calls:
        stamp = int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == signature(KEY, headers["webhook-id"], stamp, body)
    assert [json.loads(body)["type"] for _, body in calls] == ["incident.opened", "incident.closed"]
    said = [*(mail.as_string() for mail in box.mails), *(body.decode() for _, body in calls)]
    assert not any(secret in text for text in said for secret in ("entry-id", "encounter-id"))


def discrepancy(at: str) -> Discrepancy:
    return Discrepancy(
        "entry-id", 7, "note.write", "practice", "author", "encounter-id", "read-back-differs",
        "emptied", ("motif",), ("letters",), at, at,
    )  # fmt: skip


def test_an_answer_that_is_lost_makes_a_duplicate_that_is_known_for_one(
    mailbox: tuple[Mailbox, int],
) -> None:
    box, port = mailbox
    box.drops = 1
    with pytest.raises(NotSent, match="smtp-broken-off"):
        smtp(port).send(MAIL, AT)
    smtp(port).send(MAIL, AT)
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"] == "<k-1@anamnesis.local>"


def test_each_way_of_not_being_sent_has_its_code(
    mailbox: tuple[Mailbox, int], hook: tuple[list[tuple[dict[str, str], bytes]], str]
) -> None:
    (_, port), (_, url) = mailbox, hook
    unencrypted = Smtp("127.0.0.1", port, "starttls", "a@here.fr", "anamnesis.local")
    for sender, code, is_anybodys in (
        (smtp(1), "smtp-unreachable", True),
        (unencrypted, "smtp-tls-refused", True),
        (Webhook("http://127.0.0.1:1/", KEY, lambda: 0.0), "webhook-unreachable", True),
        (Webhook(url + "/away", KEY, lambda: 0.0), "webhook-status-503", False),
    ):
        with pytest.raises(NotSent) as failure:
            sender.send(MAIL, AT)
        assert (failure.value.code, failure.value.is_anybodys) == (code, is_anybodys)
