"""Whoever runs the server for practices tells each of them of a breach, and the clock knows it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import Desk, desk
from tests.e2e.test_what_is_lost_for_good import declare, destroyed, received
from tests.mailbox import Mailbox, mail_settings
from tests.running import Practitioner, Running, new_id, wait_until

pytestmark = pytest.mark.e2e

REGISTERED_SECONDS_MAX = 60.0
HEAD = {
    "name": "Dr Claire Aubry", "qualifications": "", "rpps": "", "am": "", "practice": "",
    "address": "", "telephone": "", "email": "cabinet@here.fr",
}  # fmt: skip


@pytest.fixture(scope="module")
def anamnesis(box: tuple[Mailbox, int]) -> Iterator[Running]:
    told = mail_settings(box[1]) | {
        "ANAMNESIS_ROLE": "processor",
        "ANAMNESIS_ORGANISATION": "Dossier SA; 1 rue du Lac; 75001 Paris",
    }
    with Running.started(environment=told) as running:
        yield running


def entry_of(page: Page, url: str) -> str:
    """The entry of the platform's register that follows from the incident; its address."""
    link = page.locator("main a[href*='/operator/register/']")

    def is_there() -> int:
        page.goto(f"{url}/operator/register")
        return link.count()

    wait_until(is_there, "the entry", REGISTERED_SECONDS_MAX)
    return f"{url}{link.first.get_attribute('href')}"


def test_each_controller_gets_its_own_notice_and_the_register_says_when(
    anamnesis: Running,
    browser: Browser,
    claire: Practitioner,
    encounter: tuple[str, str],
    at_desk: Desk,
    box: tuple[Mailbox, int],
) -> None:
    head = HEAD | {"id": new_id(), "practitioner": claire.id}
    claire.keep(claire.entry("letterhead.write", head))
    destroyed(anamnesis, browser, encounter)
    declare(at_desk.page, anamnesis.url)
    with desk(anamnesis, browser, "odile") as operators:
        page = operators.page
        entry = entry_of(page, anamnesis.url)
        page.goto(entry)
        expect(page.locator("svg.register-clock")).to_have_attribute("data-state", "running")
        page.locator("summary", has_text="Pour notifier").click()
        page.locator("[name=contact]").fill("dpo@dossier.example")
        with page.expect_navigation():
            page.get_by_role("button", name="Inscrire au registre").click()
        expect(page.locator("[name=contact]")).to_have_value("dpo@dossier.example")
        page.locator("[data-tell-all]").click()
        expect(page.locator("[data-told]")).to_have_count(1)
        expect(page.locator("svg.register-clock")).to_have_attribute("data-state", "met")
        expect(page.locator("[data-sent-paper]")).to_contain_text("par Odile Garde")
        wait_until(lambda: received(box[0], HEAD["email"]), "the notice", REGISTERED_SECONDS_MAX)
        [mail] = received(box[0], HEAD["email"])
        [file] = [part.get_content() for part in mail.iter_attachments()]
        address = page.locator("[data-sent-paper] a").get_attribute("href")
        assert page.context.request.get(f"{anamnesis.url}{address}").body() == file
        said = mail.get_body(("plain",))
        assert said is not None
        assert "article 33(2)" in said.get_content()
        assert "dpo@dossier.example" in said.get_content()

        # Told again by hand, because somebody asked: the first time is what counts.
        page.get_by_role("link", name="Avis à ce cabinet").click()
        page.locator("[name=reference]").fill("par téléphone")
        page.get_by_role("button", name="Je l'ai envoyé").click()
        page.wait_for_url(entry)
        expect(page.locator("[data-sent-paper]")).to_have_count(2)
    assert len(received(box[0], HEAD["email"])) == 1
