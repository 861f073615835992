"""A text that is truly lost, to its end: declared, counted, decided, written again."""

import io
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, Page, Request, expect
from pypdf import PdfReader

from tests.e2e.desk import Desk, desk
from tests.mailbox import OPERATOR, Mailbox, mail_settings
from tests.running import Running, wait_until

pytestmark = pytest.mark.e2e

REGISTERED_LOOKS_MAX = 60
MAILED_SECONDS_MAX = 60.0
DOCTOR = "claire.aubry@here.fr"
WHY = "Un texte de santé est perdu pour de bon."


@pytest.fixture(scope="module")
def anamnesis(box: tuple[Mailbox, int]) -> Iterator[Running]:
    with Running.started(environment=mail_settings(box[1])) as running:
        yield running


def tells_of_what_waits(request: Request) -> bool:
    if not request.url.endswith("/keep/witness"):
        return False
    return bool((request.post_data_json or {})["held"])


def destroyed(running: Running, browser: Browser, encounter: tuple[str, str]) -> None:
    """A tablet whose page cannot send, and that is never heard of again."""
    with desk(running, browser) as tablet:
        tablet.open(*encounter)
        tablet.context.route("**/keep/entries", lambda route: route.abort())
        with tablet.page.expect_request(tells_of_what_waits):
            tablet.type("examen", "Souffle systolique 2/6")
        tablet.wait("held")


def declare(page: Page, url: str) -> None:
    page.goto(f"{url}/devices")
    page.get_by_role("button", name="Déclarer perdu…").click()
    page.get_by_label("Cassé ou détruit").check()
    page.get_by_role("button", name="Déclarer ces saisies perdues").click()
    page.wait_for_selector("[data-declared]")


def opened_by_itself(page: Page, url: str) -> str:
    """The entry of the register that follows from the incident; its address."""
    link = page.get_by_role("link", name="Saisies absentes du dossier")
    for _ in range(REGISTERED_LOOKS_MAX):
        page.goto(f"{url}/register")
        if link.count():
            link.first.click()
            page.wait_for_selector("#decision")
            return page.url
        page.wait_for_timeout(1_000)
    raise AssertionError("the register has no entry of it")


def decide(page: Page) -> None:
    """Severity with its factors, the decision by default, signed with a reason."""
    text = page.locator("main")
    expect(text).to_contain_text("perte définitive")
    expect(page.locator("svg.register-clock")).to_have_attribute("data-state", "running")
    expect(page.locator("#factors select")).to_have_count(6)
    expect(page.locator("[name='factors.availability']")).to_have_value("50")
    expect(text).to_contain_text("Proposé : notifier la CNIL et informer les patients.")
    expect(page.locator("[name='extent.lost']")).to_have_value("1")
    page.locator("[name=notify_reason]").fill(WHY)
    page.get_by_role("button", name="Décider et signer").click()
    expect(page.locator("[data-decided]")).to_contain_text(WHY)


def received(box: Mailbox, address: str) -> list[EmailMessage]:
    return [mail for mail in box.mails if mail["To"] == address]


def send_list(page: Page, box: Mailbox) -> None:
    """From the practitioner's list to the e-mail that arrives, with the file that is kept."""
    page.locator("[name=mail]").fill("nobody")
    page.get_by_role("button", name="Envoyer par e-mail").click()
    expect(page.locator("[data-problem-of=mail]")).to_contain_text("pas une adresse")
    page.locator("[name=mail]").fill(DOCTOR)
    page.get_by_role("button", name="Envoyer par e-mail").click()
    kept = page.locator("[data-sent-paper]")
    expect(kept.locator("[data-mailed]")).to_contain_text(DOCTOR)
    wait_until(lambda: received(box, DOCTOR), "the list", MAILED_SECONDS_MAX)
    [mail] = received(box, DOCTOR)
    said = mail.get_body(("plain",))
    assert said is not None
    assert "Examen · perdu" in said.get_content()
    [file] = [part.get_content() for part in mail.iter_attachments()]
    address = kept.locator("a").get_attribute("href")
    assert (
        page.context.request.get(page.url.partition("/register")[0] + str(address)).body() == file
    )
    assert "Examen" in PdfReader(io.BytesIO(file)).pages[0].extract_text()

    def told() -> int:
        page.reload()
        return kept.locator("[data-mailed=green]").count()

    wait_until(told, "that it was handed over", MAILED_SECONDS_MAX)


def rewrite(at_desk: Desk, entry: str, encounter: tuple[str, str]) -> None:
    """From the list of what is to be written again to the mark that it was written later."""
    page = at_desk.page
    page.goto(f"{entry}/rewriting")
    page.locator(f"main a[href$='{encounter[1]}']").click()
    expect(page.locator("[data-progress]")).to_have_attribute("data-progress", "missing")
    page.get_by_role("link", name="Écrire dans la consultation").click()
    page.wait_for_selector("[data-badge='note']:not([data-state='checking'])")
    at_desk.type("examen", "Souffle systolique, de mémoire")
    at_desk.wait("recorded")
    page.goto(f"{entry}/rewriting/{encounter[1]}")
    page.get_by_label("la mémoire").check()
    page.get_by_role("button", name="Marquer comme écrit plus tard").click()
    expect(page.locator("[data-progress]")).to_have_attribute("data-progress", "rewritten")
    expect(page.locator("[data-written-later]")).to_contain_text("la mémoire")


def test_a_text_that_is_lost_for_good_is_declared_counted_decided_and_written_again(
    anamnesis: Running,
    browser: Browser,
    encounter: tuple[str, str],
    at_desk: Desk,
    box: tuple[Mailbox, int],
) -> None:
    page, url = at_desk.page, anamnesis.url
    destroyed(anamnesis, browser, encounter)
    page.goto(f"{url}/devices")
    expect(page.locator("[data-numbers] li")).to_contain_text("Examen")
    declare(page, url)
    entry = opened_by_itself(page, url)
    decide(page)
    page.goto(f"{url}/incidents")
    expect(page.locator("main tbody tr")).to_contain_text("perdu définitivement")

    # The papers have the exact numbers, and the practitioner's the exact list.
    page.goto(f"{entry}/papers/authority-initial")
    for name in ("texts", "lost", "encounters", "patients"):
        expect(page.locator(f"[data-item={name}] dd")).to_have_text("1")
    page.goto(entry)
    page.get_by_role("link", name="Liste pour le praticien").click()
    line = page.locator(".register-paper tbody tr")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("Examen")
    expect(line.locator("td").last).to_have_text("perdu")
    send_list(page, box[0])
    wait_until(lambda: received(box[0], OPERATOR), "the incident's e-mail", MAILED_SECONDS_MAX)

    rewrite(at_desk, entry, encounter)
    assert at_desk.errors == []
