"""The breach register in a browser: the loss of April 2023 entered by hand, assessed, decided."""

import hashlib
import io
from contextlib import closing

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.e2e.desk import Desk
from tests.running import Practitioner

APRIL = {
    "aware_at": "2023-04-27T10:40",
    "aware_reason": "Appels de praticiens dont les comptes rendus étaient vides.",
    "started_at": "2023-04-26T17:40",
    "ended_at": "2023-04-27T11:40",
    "unavailable_minutes": "0",
    "title": "Observations médicales perdues",
    "origin": "Autre : régression logicielle, partage de documents",
    "extent.practitioners": "2300",
    "extent.encounters": "23000",
}
WHY = "Aucun autre moyen de prévenir chacun : avis publié."


def enter(page: Page, url: str) -> None:
    """Fills in the form of a new entry and sends it."""
    page.goto(f"{url}/register/new")
    for name, value in APRIL.items():
        page.locator(f"[name='{name}']").fill(value)
    page.select_option("[name=permanence]", "permanent")
    page.get_by_label("Des personnes vulnérables").check()
    page.get_by_role("button", name="Inscrire au registre").click()
    page.wait_for_url("**/register/0*")


def test_the_loss_of_april_2023_is_entered_assessed_and_decided(at_desk: Desk) -> None:
    page, url = at_desk.page, at_desk.running.url
    enter(page, url)
    text = page.locator("main")
    expect(text).to_contain_text("depuis le 30 avr. 2023, 10:40")
    expect(text).to_contain_text("Proposé : notifier la CNIL et informer les patients.")
    expect(page.locator("[name='extent.practitioners']")).to_have_value("2300")

    # A factor that is not the one by the facts needs its reason.
    page.select_option("[name='factors.context']", "3")
    page.get_by_role("button", name="Enregistrer l'évaluation").click()
    expect(text).to_contain_text("Dites pourquoi cette valeur")
    page.locator("[name='factor_reasons.context']").fill("Des motifs de consultation seulement.")
    page.get_by_role("button", name="Enregistrer l'évaluation").click()
    expect(text).to_contain_text("Facilité d'identification")
    page.wait_for_selector("[name='factor_reasons.context'][value*='motifs']")

    # Not to inform without a written reason is not taken by the page, nor by the server.
    page.locator("[name=inform][value=no]").check()
    page.get_by_role("button", name="Décider et signer").click()
    expect(text).to_contain_text("20 caractères au moins")
    page.locator("[name=inform_reason]").fill(WHY)
    page.get_by_role("button", name="Décider et signer").click()
    expect(page.locator("[data-decided]")).to_contain_text(WHY)
    expect(page.locator("[data-decided]")).to_contain_text("Signé par")
    assert at_desk.errors == []


def test_two_people_who_write_at_once_undo_nothing_of_each_other(at_desk: Desk) -> None:
    page, url = at_desk.page, at_desk.running.url
    enter(page, url)
    other = at_desk.watch(at_desk.context.new_page())
    other.goto(page.url)
    other.locator("[name=notify_reason]").fill("Perte définitive.")
    other.get_by_role("button", name="Décider et signer").click()
    other.wait_for_selector("[data-decided]")
    # This page was made before: it knows of no decision.
    page.locator("summary", has_text="Quoi").click()
    page.locator("[name=facts]").fill("La fonction de partage n'enregistrait plus les textes.")
    page.get_by_role("button", name="Inscrire au registre").click()
    page.wait_for_selector("[data-decided]")
    expect(page.locator("[data-decided]")).to_contain_text("Perte définitive.")


def test_a_paper_is_kept_as_it_was_sent_and_ends_the_clock(at_desk: Desk) -> None:
    page, url = at_desk.page, at_desk.running.url
    enter(page, url)
    entry = page.url
    text = page.locator("main")
    page.goto(f"{entry}/papers/authority-initial")
    expect(page.locator("[data-draft]")).to_contain_text("Projet à valider")
    # Later than 72 hours it asks for the reason first (GDPR art. 33(1)).
    expect(text).to_contain_text("écrivez d'abord le motif du retard")
    assert page.locator("#send").count() == 0
    page.goto(entry)
    page.locator("summary", has_text="Pour notifier").click()
    page.locator("[name=delay_reason]").fill("Ampleur inconnue jusqu'au 2 mai.")
    page.get_by_role("button", name="Inscrire au registre").click()
    expect(text).to_contain_text("Version 2")

    page.goto(f"{entry}/papers/authority-initial?language=en")
    page.locator("[name=reference]").fill("CNIL-2023-0427")
    page.get_by_role("button", name="Je l'ai envoyé").click()
    kept = page.locator("[data-sent-paper]")
    expect(kept).to_contain_text("CNIL-2023-0427")
    expect(text).to_contain_text("Notifiée le")
    address = kept.locator("a").get_attribute("href")
    file = at_desk.context.request.get(f"{url}{address}").body()
    with closing(SqliteRecordReader(at_desk.running.data / "record.db")) as record:
        [paper] = record.practice_resources(_practice(at_desk), "breach-paper")
    assert hashlib.sha256(file).hexdigest() == paper.content["sha256"]
    said = " ".join(PdfReader(io.BytesIO(file)).pages[0].extract_text().split())
    assert "Initial notification to the authority" in said
    assert "Draft" not in said
    assert at_desk.errors == []


def _practice(one: Desk) -> str:
    return str(one.page.locator("body").get_attribute("data-practice"))


def test_what_a_device_still_holds_is_brought_in_and_marked_as_written_later(
    at_desk: Desk, claire: Practitioner, encounter: tuple[str, str]
) -> None:
    page, url = at_desk.page, at_desk.running.url
    at_desk.type("motif", "Toux depuis trois jours")
    at_desk.wait("recorded")
    # Elsewhere the text is emptied: what the record has now is not what this device wrote.
    base = claire.note(encounter[1])["digest"]
    claire.write_note(*encounter, "", base=base)
    at_desk.running.wait_recorded()
    enter(page, url)
    page.goto(f"{page.url}/rewriting/{encounter[1]}")
    expect(page.locator("[data-progress]")).to_have_attribute("data-progress", "missing")
    held = page.locator("[data-device-text]")
    expect(held).to_contain_text("Toux depuis trois jours")
    held.get_by_role("button", name="Reprendre ce texte").click()
    expect(held).to_contain_text("est celui du dossier")
    assert claire.note(encounter[1])["sections"]["motif"] == "Toux depuis trois jours"

    page.get_by_role("button", name="Marquer comme écrit plus tard").click()
    expect(page.locator("#mark")).to_contain_text("Dites à partir de quoi")
    page.get_by_label("un texte gardé par un appareil").check()
    page.get_by_role("button", name="Marquer comme écrit plus tard").click()
    expect(page.locator("[data-progress]")).to_have_attribute("data-progress", "rewritten")
    expect(page.locator("[data-written-later]")).to_contain_text("un texte gardé par un appareil")
    assert at_desk.errors == []
