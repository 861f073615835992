"""Sharing against real processes: what opens, what does not, and what is written down about it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import apsw
import httpx
import pytest

from anamnesis.access.sharing import TRIES_PER_NETWORK_MAX, WRONG_CODES_MAX
from tests.running import ACCOUNTS, Practitioner, Running, new_id, wait_until
from tests.sharing import Link, Visitor, document_of, revoke, share_by_link, share_with

WRONG = "22222222"
LONG_AGO = "2026-01-01T00:00:00.000Z"


class Office:
    """Claire's practice with one issued document, and Rose of another practice."""

    def __init__(self, anamnesis: Running) -> None:
        self.anamnesis = anamnesis
        self.claire = anamnesis.sign_in("claire")
        self.rose = anamnesis.sign_in("rose")
        self.patient = self.claire.create_patient("Confidentielle")
        self.document = document_of(self.claire, self.patient, "Titre secret")
        self._visitors: list[Visitor] = []

    def shared(self, **changed: Any) -> Link:
        link = share_by_link(self.claire, self.patient, self.document, **changed)
        self.anamnesis.wait_recorded()
        return link

    def visitor(self) -> Visitor:
        self._visitors.append(Visitor(self.anamnesis))
        return self._visitors[-1]

    def openings(self, share: str, who: Practitioner | None = None) -> list[dict[str, str]]:
        answer = (who or self.claire).client.get(f"/keep/shares/{share}/openings")
        assert answer.status_code == 200, answer.text
        found: list[dict[str, str]] = answer.json()["openings"]
        return found

    def close(self) -> None:
        for visitor in self._visitors:
            visitor.close()


@pytest.fixture
def office() -> Iterator[Office]:
    """One server each: tries are limited by address, and here all come from one."""
    accounts = {name: ACCOUNTS[name] for name in ("claire", "rose")}
    with Running.started(accounts=accounts) as running:
        made = Office(running)
        yield made
        made.close()


def said(answer: httpx.Response) -> tuple[int, str, str]:
    """What whoever tried gets to see of an answer."""
    kept = {name: answer.headers.get(name) for name in ("set-cookie", "retry-after", "location")}
    return answer.status_code, answer.text, repr(kept)


def test_link_and_code_open_the_document_once(office: Office) -> None:
    link = office.shared()
    visitor = office.visitor()
    opened = visitor.open(link.token, link.code.lower())
    assert opened.status_code == 200
    cookie = opened.headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=Strict", "Path=/shared", "Max-Age=1800"):
        assert part in cookie
    page = visitor.get("/shared")
    assert page.status_code == 200
    assert "Titre secret" in page.text
    file = visitor.get("/shared/file")
    assert file.content.startswith(b"%PDF-")
    assert file.headers["content-disposition"].startswith("attachment")
    assert visitor.get("/shared/page?number=1").headers["content-type"].startswith("image/svg")
    for answer in (opened, page, file):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in answer.headers["x-robots-tag"]
    assert office.visitor().open(link.token, link.code).status_code == 401
    assert visitor.get("/shared").status_code == 200


def test_a_form_without_a_script_leads_to_the_document(office: Office) -> None:
    link = office.shared()
    visitor = office.visitor()
    # As a browser sends it from a page that names no referrer.
    sent = {"origin": "null", "sec-fetch-site": "same-origin"}
    form = {"link": link.token, "code": WRONG}
    refused = visitor.post("/keep/share", data=form, headers=sent)
    assert refused.status_code == 303
    assert refused.headers["location"] == f"/share/{link.token}?refused=share-refused"
    form["code"] = link.code
    opened = visitor.post("/keep/share", data=form, headers=sent)
    assert (opened.status_code, opened.headers["location"]) == (303, "/shared")
    assert "Titre secret" in visitor.get("/shared").text


@pytest.mark.parametrize(
    "sent",
    [
        {"origin": "https://evil.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_try_codes_through_a_patients_browser(
    anamnesis: Running, sent: dict[str, str]
) -> None:
    with Visitor(anamnesis) as visitor:
        answer = visitor.post("/keep/share", json={"link": "x", "code": "y"}, headers=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "origin-refused")


def test_whatever_is_wrong_the_answer_is_the_same(office: Office) -> None:
    ended: dict[str, tuple[str, str]] = {"guessed": ("x" * 43, WRONG)}

    def give(name: str, link: Link, code: str | None = None) -> Link:
        ended[name] = (link.token, link.code if code is None else code)
        return link

    used, revoked, locked = office.shared(), office.shared(), office.shared()
    good, other, closed = office.shared(), office.shared(), office.shared()
    assert office.visitor().open(used.token, used.code).status_code == 200
    opened = office.visitor().open(closed.token, closed.code)
    for link in (revoked, closed):
        revoke(office.claire, office.patient, link.share)
    give("used twice", used)
    give("revoked", revoked)
    give("wrong", good, WRONG)
    give("code of another link", good, other.code)
    give("expired", office.shared(expires_at=LONG_AGO))
    answers = {}
    for _ in range(WRONG_CODES_MAX):
        answers["wrong code"] = said(office.visitor().open(locked.token, WRONG))
    give("tried ten times", locked)
    for name, (token, code) in ended.items():
        answers[name] = said(office.visitor().open(token, code))
    visitor = office.visitor()
    cookies = {
        "no cookie": "",
        "made up": "anamnesis_share=made-up",
        "of a revoked share": opened.headers["set-cookie"].split(";")[0],
    }
    for name, cookie in cookies.items():
        answers[name] = said(visitor.get("/shared", headers={"cookie": cookie}))
    assert len(answers) == len(ended) + len(cookies) + 1 == 11
    assert len(set(answers.values())) == 1, answers
    [(status, text, _)] = set(answers.values())
    assert status == 401
    assert "share-refused" in text
    assert office.visitor().open(good.token, good.code).status_code == 200


@pytest.mark.parametrize("ending", ["revoked", "entered in error"])
def test_what_is_open_closes_at_once_when_the_share_ends(office: Office, ending: str) -> None:
    link = office.shared()
    visitor = office.visitor()
    visitor.open(link.token, link.code)
    assert visitor.get("/shared").status_code == 200
    if ending == "revoked":
        revoke(office.claire, office.patient, link.share)
    else:
        content = {"resource": office.document, "reason": "Mauvais patient"}
        office.claire.keep(office.claire.entry("resource.enter-in-error", content, office.patient))
    office.anamnesis.wait_recorded()
    for path in ("/shared", "/shared/file", "/shared/page"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.json()["code"]) == (401, "share-refused")
    away = visitor.get("/shared", headers={"accept": "text/html"})
    assert (away.status_code, away.headers["location"]) == (303, "/share?refused=share-refused")


def test_it_takes_as_long_to_refuse_a_link_that_exists_as_one_that_does_not(
    office: Office,
) -> None:
    link = office.shared()
    visitor = office.visitor()

    def took(token: str) -> float:
        began = time.perf_counter()
        assert visitor.open(token, WRONG).status_code == 401
        return time.perf_counter() - began

    took("warm")
    known = [took(link.token) for _ in range(5)]
    unknown = [took(f"{number}" * 43) for number in range(5)]
    # What is left is the network's and the machine's: a refusal leaves at a fixed time.
    assert abs(sorted(known)[2] - sorted(unknown)[2]) < 0.1
    assert min(known + unknown) > 0.2


def test_an_address_that_tries_too_often_waits(office: Office) -> None:
    link = office.shared()
    visitor = office.visitor()
    for number in range(TRIES_PER_NETWORK_MAX):
        assert visitor.open(f"{number:043d}", WRONG).status_code == 401
    answer = visitor.open(link.token, link.code)
    assert (answer.status_code, answer.json()["code"]) == (429, "share-limited")
    assert int(answer.headers["retry-after"]) > 60
    form = visitor.post("/keep/share", data={"link": link.token, "code": link.code})
    assert form.headers["location"] == f"/share/{link.token}?refused=share-limited"


def test_openings_and_refused_tries_are_shown_to_who_shared(office: Office) -> None:
    link = office.shared()
    visitor = office.visitor()
    visitor.open(link.token, WRONG)
    visitor.open(link.token, link.code)
    visitor.get("/shared")
    visitor.get("/shared/file")
    found = office.openings(link.share)
    assert [one["kind"] for one in found] == ["share-opened", "share-refused"]
    assert {(one["name"], one["address"]) for one in found} == {("", "127.0.0.1")}
    refused = office.rose.client.get(f"/keep/shares/{link.share}/openings")
    assert (refused.status_code, refused.json()["code"]) == (404, "share-unknown")
    assert office.visitor().get(f"/keep/shares/{link.share}/openings").status_code == 401


def test_a_colleague_of_another_practice_reads_it_and_is_seen_to(office: Office) -> None:
    share = share_with(office.claire, office.patient, office.document, office.rose)
    office.anamnesis.wait_recorded()
    assert f"/received/{share}" in office.rose.client.get("/received").text
    assert "Titre secret" in office.rose.client.get(f"/received/{share}").text
    answer = office.rose.client.get(f"/received/{share}/file")
    assert answer.content.startswith(b"%PDF-")
    assert office.claire.client.get(f"/received/{share}").status_code == 404
    [opened] = office.openings(share)
    assert (opened["kind"], opened["name"]) == ("share-opened", "Dr Rose Colin")
    # It opens this document, and nothing else of the patient's.
    elsewhere = f"/patients/{office.patient}/documents/{office.document}"
    assert office.rose.client.get(elsewhere).status_code == 404
    revoke(office.claire, office.patient, share)
    office.anamnesis.wait_recorded()
    for what in ("", "/file", "/page"):
        assert office.rose.client.get(f"/received/{share}{what}").status_code == 404
    assert office.openings(share)[0]["kind"] == "share-refused"


def test_the_interface_is_audited_as_the_pages_are(office: Office) -> None:
    share = share_with(office.claire, office.patient, office.document, office.rose)
    office.anamnesis.wait_recorded()
    assert office.rose.client.get(f"/api/v1/received/{share}").status_code == 200
    assert [one["name"] for one in office.openings(share)] == ["Dr Rose Colin"]


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_no_way_of_writing_the_address_is_seen_by_the_application_and_not_by_the_trail(
    office: Office, prefix: str
) -> None:
    share = share_with(office.claire, office.patient, office.document, office.rose)
    office.anamnesis.wait_recorded()
    for path in (
        f"/received//{share}",
        f"//received/{share}",
        f"/received/%2f{share}",
        f"/received%2f{share}",
        f"/received/%2e/{share}",
        f"/received/x/%2e%2e/{share}",
        f"/received/{share}/",
        f"/received/{share}//file",
        f"/received/{share}%2ffile",
        f"/received/%3{share}",
        f"/received/{share.upper()}",
        f"/received/{share};x",
        f"/received/{share}%00",
    ):
        raw = httpx.URL(office.anamnesis.url).copy_with(raw_path=(prefix + path).encode())
        before = trail(office.anamnesis)
        answer = office.rose.client.get(raw)
        is_shown = "Titre secret" in answer.text or answer.content.startswith(b"%PDF-")
        office.openings(share)
        assert is_shown == (trail(office.anamnesis) == before + 1), (path, answer.status_code)


def trail(anamnesis: Running) -> int:
    """How many openings are on the trail, whosever they are."""
    connection = apsw.Connection(str(anamnesis.data / "access.db"), flags=apsw.SQLITE_OPEN_READONLY)
    with connection:
        found: int = connection.execute(
            "SELECT count(*) FROM audit WHERE kind = 'share-opened'"
        ).get
    return found


def test_nobody_can_claim_that_a_share_is_open(office: Office) -> None:
    link = office.shared()
    forged = {"x-anamnesis-share": link.share, "x-anamnesis-share-practice": office.claire.practice}
    assert office.visitor().get("/shared", headers=forged).status_code == 401
    signed_in = office.claire.client.get("/shared", headers=forged)
    assert signed_in.status_code == 401
    for path in ("//shared", "/share/../shared", "/shared/../shared", "/%73hared"):
        raw = httpx.URL(office.anamnesis.url).copy_with(raw_path=path.encode())
        answer = httpx.get(raw, headers=forged, timeout=10)
        assert answer.status_code in (401, 404), path
        assert "Titre secret" not in answer.text


def test_an_opened_share_opens_nothing_else(office: Office) -> None:
    link = office.shared()
    visitor = office.visitor()
    opened = visitor.open(link.token, link.code)
    cookie = opened.headers["set-cookie"].split(";")[0]
    for path in (
        f"/patients/{office.patient}",
        f"/patients/{office.patient}/documents/{office.document}/pdf",
        "/received",
        "/keep/outstanding",
        f"/keep/shares/{link.share}/openings",
        "/api/v1/practice",
    ):
        answer = visitor.get(path, headers={"cookie": cookie})
        assert answer.status_code == 401, path
    posted = visitor.post("/shared", headers={"cookie": cookie})
    assert posted.status_code == 405


def test_the_token_the_code_and_the_cookie_are_nowhere_on_the_disk_or_in_a_log(
    office: Office,
) -> None:
    link = office.shared()
    visitor = office.visitor()
    visitor.get(f"/share/{link.token}")
    visitor.get(f"/share/{link.token}?refused=share-refused&language=en")
    visitor.open(link.token, WRONG)
    opened = visitor.open(link.token, link.code)
    cookie = opened.headers["set-cookie"].split(";")[0].split("=")[1]
    visitor.get("/shared")
    assert len(office.openings(link.share)) == 2
    kept = b"".join(
        path.read_bytes() for path in Path(office.anamnesis.data).iterdir() if path.is_file()
    )
    printed = office.anamnesis.printed()
    assert link.share.encode() in kept
    for secret in (link.token, link.code, cookie):
        assert secret.encode() not in kept
        assert secret not in printed
    assert "Titre secret" not in printed


def test_a_locked_link_stays_locked_and_a_used_one_used_when_the_keeper_is_killed(
    office: Office,
) -> None:
    locked, used = office.shared(), office.shared()
    for _ in range(WRONG_CODES_MAX):
        office.visitor().open(locked.token, WRONG)
    visitor = office.visitor()
    visitor.open(used.token, used.code)
    keeper = office.anamnesis.kill("keeper")
    wait_until(lambda: office.anamnesis.replaced("keeper", keeper), "another keeper")
    wait_until(lambda: office.anamnesis.health().get("application") == "up", "pages again")
    for link in (locked, used):
        assert office.visitor().open(link.token, link.code).status_code == 401
    assert visitor.get("/shared").status_code == 200
    assert [one["kind"] for one in office.openings(used.share)][-1] == "share-opened"


def test_nothing_opens_while_the_trail_cannot_be_written(office: Office) -> None:
    """The trail's file is held by somebody else for longer than the keeper waits for it."""
    link, later = office.shared(), office.shared()
    share = share_with(office.claire, office.patient, office.document, office.rose)
    office.anamnesis.wait_recorded()
    visitor = office.visitor()
    assert visitor.open(link.token, link.code).status_code == 200
    holder = apsw.Connection(str(office.anamnesis.data / "access.db"))
    holder.execute("BEGIN IMMEDIATE")
    try:
        assert visitor.get("/shared").status_code == 200  # its look waits to be written
        wait_until(lambda: office.anamnesis.health().get("audit") == "unavailable", "no trail")
        refused: list[Callable[[], httpx.Response]] = [
            lambda: visitor.get("/shared"),
            lambda: visitor.get("/shared/file"),
            lambda: office.visitor().open(later.token, later.code),
            lambda: office.rose.client.get(f"/received/{share}"),
        ]
        for ask in refused:
            answer = ask()
            assert (answer.status_code, answer.json()["code"]) == (503, "audit-unavailable")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    wait_until(lambda: office.anamnesis.health().get("audit") == "up", "the trail again")
    assert office.visitor().open(later.token, later.code).status_code == 200
    assert office.openings(link.share)[0]["kind"] == "share-opened"


def test_a_share_of_an_unknown_id_has_no_openings(office: Office) -> None:
    for name in (new_id(), "x", "%27"):
        answer = office.claire.client.get(f"/keep/shares/{name}/openings")
        assert (answer.status_code, answer.json()["code"]) == (404, "share-unknown")
