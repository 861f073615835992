"""Sharing in a real browser: practitioner, patient and colleague, each at their own."""

import base64
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from anamnesis.access.sharing import (
    CODE_ALPHABET,
    CODE_CHARACTERS,
    TOKEN_BYTES,
    link_of,
    secret_of,
)
from tests.e2e.desk import Desk, desk, never_green_while_wrong
from tests.e2e.test_pages_are_for_everybody import RULES, TARGET_PIXELS_MIN, TOO_SMALL, WIDTHS
from tests.running import Practitioner, Running, wait_until
from tests.sharing import Link, document_of, share_by_link, share_with

pytestmark = pytest.mark.e2e

TITLE = "Ordonnance de sirop"
TEXTS = {
    "motif": "Toux sèche depuis trois jours",
    "interrogatoire": "Pas de fièvre",
    "examen": "Gorge rouge",
    "conclusion": "Rhinopharyngite",
}
STORED = """async () => {
  const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of db.objectStoreNames) {
      found.push(JSON.stringify(await new Promise((done) => {
        const asked = db.transaction(store).objectStore(store).getAll();
        asked.onsuccess = () => done(asked.result);
      })));
    }
    db.close();
  }
  return found.join("");
}"""
"""Everything that the page has put on the device."""
QR_TEXT = "https://anamnesis.example/share/q0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lZ0Yk3lQ"
QR_OUTLINE = "a2ef9f58912fc0b654f6daf23706e802fa600ccc24bd7c06262b34771160f62a"
REFUSED = "Ce lien et ce code n’ouvrent aucun document."


class Office:
    """Claire at the page of an issued document."""

    def __init__(self, room: Desk, patient: str, document: str) -> None:
        self.room = room
        self.patient = patient
        self.document = document
        self.page = room.page

    @property
    def url(self) -> str:
        return self.room.running.url

    def go(self, page: Page | None = None) -> "Office":
        self.page = page or self.page
        self.page.goto(f"{self.url}/patients/{self.patient}/documents/{self.document}")
        self.page.wait_for_selector("[data-share-with='patient']:enabled")
        return self

    def share_with_patient(self, message: str = "") -> Link:
        """Makes a link; what the page shows of it."""
        self.page.locator("[data-share-with='patient']").click()
        dialog = self.page.locator("[data-share-dialog='patient']")
        dialog.locator("[name='message']").fill(message)
        dialog.get_by_role("button", name="Créer le lien").click()
        expect(dialog.locator("[data-link-parts]")).to_be_visible()
        address = dialog.locator("[data-link-address]").input_value()
        assert address.startswith(f"{self.url}/share/")
        code = dialog.locator("[data-link-code]").input_value()
        return Link("", address.rsplit("/", 1)[1], code)

    def done(self) -> None:
        self.page.get_by_role("button", name="Terminé").click()

    @property
    def link_state(self) -> str:
        return self.page.locator("[data-link-state]").inner_text()

    def rows(self) -> Any:
        return self.page.locator("[data-sharing-shares] .share-row")


@pytest.fixture
def patient(claire: Practitioner) -> str:
    return claire.create_patient("Lefèvre")


@pytest.fixture
def document(claire: Practitioner, patient: str, anamnesis: Running) -> str:
    made = document_of(claire, patient, TITLE)
    anamnesis.wait_recorded()
    return made


@pytest.fixture
def office(anamnesis: Running, browser: Browser, patient: str, document: str) -> Iterator[Office]:
    with desk(anamnesis, browser) as room:
        yield Office(room, patient, document).go()


@contextmanager
def a_patient(browser: Browser, **context: Any) -> Iterator[Page]:
    """Somebody else's browser, with nobody signed in."""
    opened = browser.new_context(locale="fr-FR", **context)
    try:
        yield opened.new_page()
    finally:
        opened.close()


def try_code(page: Page, url: str, link: Link, code: str | None = None) -> None:
    page.goto(f"{url}/share/{link.token}")
    page.get_by_label("Code").fill(link.code if code is None else code)
    page.get_by_role("button", name="Ouvrir le document").click()


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without a script"])
def test_a_patient_opens_the_link_with_its_code_once_and_the_practitioner_sees_it(
    office: Office, browser: Browser, script: bool
) -> None:
    link = office.share_with_patient("À prendre <b>au repas</b>.")
    wait_until(lambda: "le lien s’ouvre" in office.link_state, "the share recorded")
    office.done()
    with a_patient(browser, java_script_enabled=script) as page:
        try_code(page, office.url, link, "2222-2222")
        expect(page.get_by_text(REFUSED)).to_be_visible()
        try_code(page, office.url, link, link.code.lower().replace("-", " "))
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
        assert page.url == f"{office.url}/shared"
        expect(page.get_by_text("À prendre <b>au repas</b>.")).to_be_visible()
        expect(page.locator("img.shared-page")).to_have_count(1)
        with page.expect_download() as kept:
            page.get_by_role("link", name="Télécharger le PDF").click()
        assert kept.value.suggested_filename.endswith(".pdf")
        try_code(page, office.url, link)
        expect(page.get_by_text(REFUSED)).to_be_visible()
    office.page.reload()
    row = office.rows().first
    expect(row.get_by_text("Ouvert 1 fois · 2 essais refusés")).to_be_visible()
    row.locator("summary").click()
    expect(row.get_by_text("127.0.0.1").first).to_be_visible()


def test_a_revoked_link_closes_under_the_patients_eyes(office: Office, browser: Browser) -> None:
    link = office.share_with_patient()
    wait_until(lambda: "le lien s’ouvre" in office.link_state, "the share recorded")
    office.done()
    with a_patient(browser) as page:
        try_code(page, office.url, link)
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
        office.rows().first.get_by_role("button", name="Ne plus partager").click()
        office.page.locator("#share-revoke-reason").fill("Mauvaise adresse")
        office.page.locator("[data-share-dialog='revoke'] button").first.click()
        expect(office.rows().first).to_have_attribute("data-state", "revoked", timeout=15_000)
        expect(office.rows().first.get_by_text("Mauvaise adresse")).to_be_visible()
        page.reload()
        expect(page.get_by_role("heading", name="Aucun document ouvert ici")).to_be_visible()
        page.go_back()
        assert TITLE not in page.content()
        try_code(page, office.url, link)
        expect(page.get_by_text(REFUSED)).to_be_visible()


def test_the_page_that_draws_a_link_sends_neither_the_link_nor_the_code(office: Office) -> None:
    sent: list[str] = []
    office.room.context.on(
        "request", lambda one: sent.append(f"{one.url} {one.headers} {one.post_data or ''}")
    )
    office.room.context.set_offline(True)
    link = office.share_with_patient()
    kept = office.page.evaluate(STORED)
    assert '"document.share"' in kept
    office.room.context.set_offline(False)
    wait_until(lambda: "le lien s’ouvre" in office.link_state, "the share recorded", 30)
    office.done()
    assert any('"document.share"' in one for one in sent)
    everything = [*sent, kept, office.page.evaluate(STORED), office.page.content()]
    for secret in (link.token, link.code, link.code.replace("-", "")):
        assert not [one for one in everything if secret in one]


def test_what_is_shared_offline_says_so_and_opens_once_it_is_sent(
    office: Office, browser: Browser
) -> None:
    office.room.context.set_offline(True)
    link = office.share_with_patient()
    wait_until(lambda: "Conservé sur cet appareil" in office.link_state, "held on the device")
    with a_patient(browser) as page:
        try_code(page, office.url, link)
        expect(page.get_by_text(REFUSED)).to_be_visible()
        office.room.context.set_offline(False)
        wait_until(lambda: "le lien s’ouvre" in office.link_state, "the share recorded", 30)
        try_code(page, office.url, link)
        expect(page.get_by_role("heading", name=TITLE)).to_be_visible()


def test_a_colleague_of_another_practice_finds_and_reads_it(
    office: Office, anamnesis: Running, browser: Browser
) -> None:
    office.page.locator("[data-share-with='colleague']").click()
    dialog = office.page.locator("[data-share-dialog='colleague']")
    dialog.get_by_label("Chercher un confrère").fill("colin roses")
    expect(dialog.locator(".colleague")).to_have_count(1)
    dialog.get_by_label("Dr Rose Colin").check()
    dialog.locator("[name='message']").fill("Ton avis ?")
    dialog.get_by_role("button", name="Partager", exact=True).click()
    expect(office.rows().first.get_by_text("Dr Rose Colin").first).to_be_visible(timeout=15_000)
    with desk(anamnesis, browser, "rose") as room:
        room.page.goto(f"{office.url}/received")
        expect(room.page.get_by_text("Ton avis ?")).to_be_visible()
        room.page.get_by_role("link", name=TITLE).click()
        expect(room.page.locator("img.shared-page")).to_be_visible()
        place = room.page.url
        office.page.reload()
        expect(office.rows().first.get_by_text("Ouvert 1 fois")).to_be_visible()
        office.rows().first.get_by_role("button", name="Ne plus partager").click()
        office.page.locator("[data-share-dialog='revoke'] button").first.click()
        expect(office.rows().first).to_have_attribute("data-state", "revoked", timeout=15_000)
        answer = room.page.goto(place)
        assert answer is not None
        assert answer.status == 404
        room.page.goto(f"{office.url}/received")
        expect(room.page.get_by_text("Document qui n’est plus partagé")).to_be_visible()


@pytest.mark.parametrize("moment", ["offline", "application-away", "typing", "recorded"])
def test_sharing_never_touches_the_note_at_any_moment_of_its_save(
    office: Office, anamnesis: Running, claire: Practitioner, moment: str
) -> None:
    """The incident's own path: a document is shared while a note is being typed."""
    encounter = claire.start_encounter(office.patient)
    anamnesis.wait_recorded()
    room, note = office.room, office.page
    sharing = room.watch(room.context.new_page())
    office.go(sharing)
    room.open(office.patient, encounter, note)
    note.bring_to_front()
    for section, text in TEXTS.items():
        room.type(section, text, delay=2, page=note)
    if moment == "recorded":
        room.wait("recorded", page=note)
    elif moment == "offline":
        room.context.set_offline(True)
        room.type("motif", " et nuits", delay=2, page=note)
    elif moment == "application-away":
        anamnesis.signal("application", signal.SIGSTOP)
        room.type("motif", " et nuits", delay=2, page=note)
    more = "" if moment in ("recorded", "typing") else " et nuits"
    expected = TEXTS | {"motif": TEXTS["motif"] + more}
    try:
        sharing.bring_to_front()
        office.share_with_patient()
        assert room.texts(note) == expected
        office.done()
    finally:
        if moment == "application-away":
            anamnesis.signal("application", signal.SIGCONT)
        room.context.set_offline(False)
    note.bring_to_front()
    room.type("conclusion", ".", page=note)
    expected["conclusion"] += "."
    room.wait("recorded", seconds=40, page=note)
    assert room.texts(note) == expected
    anamnesis.wait_recorded()
    assert claire.note(encounter)["sections"] == expected
    assert claire.note(encounter)["divergences"] == []
    room.collect(note)
    room.page = note
    assert never_green_while_wrong(room, claire.practice, encounter) > 0
    expect(office.rows()).to_have_count(1, timeout=20_000)


CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const one of await (await caches.open(name)).keys()) found.push(new URL(one.url).pathname);
  return found;
}"""


def test_what_is_shared_is_kept_on_no_device_by_the_service_worker(
    office: Office, anamnesis: Running, claire: Practitioner
) -> None:
    paul = anamnesis.sign_in("paul")
    share = share_with(paul, office.patient, office.document, claire)
    link = share_by_link(claire, office.patient, office.document)
    anamnesis.wait_recorded()
    page = office.page
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    for path in ("/received", f"/received/{share}", f"/share/{link.token}", "/patients"):
        page.goto(office.url + path)
    try_code(page, office.url, link)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.goto(f"{office.url}/patients")
    wait_until(lambda: "/patients" in page.evaluate(CACHED), "a page kept by the worker")
    cached = page.evaluate(CACHED)
    assert [one for one in cached if one.startswith(("/share", "/received", "/keep"))] == []


DRAWN = """async (times) => {
  const { drawSecrets, digestsOf, addressOf } = await import("/static/share-secrets.js");
  const drawn = Array.from({ length: times }, drawSecrets);
  const [first] = drawn;
  return { drawn, ...(await digestsOf(first)), address: addressOf(first.token) };
}"""
QR = """async (text) => {
  const { qrCode } = await import("/static/qr-code.js");
  const svg = qrCode(text, "QR");
  return [svg.getAttribute("viewBox"), svg.querySelector("path").getAttribute("d")];
}"""


def test_links_and_codes_are_drawn_fairly_and_digested_as_the_record_expects(
    anamnesis: Running, browser: Browser
) -> None:
    times = 4_000
    with a_patient(browser) as page:
        page.goto(f"{anamnesis.url}/sign-in")
        found = page.evaluate(DRAWN, times)
    tokens = [one["token"] for one in found["drawn"]]
    codes = [one["code"] for one in found["drawn"]]
    assert {len(token) for token in tokens} == {43}
    assert len(set(tokens)) == len(set(codes)) == times
    assert all(len(base64.urlsafe_b64decode(token + "=")) == TOKEN_BYTES for token in tokens)
    drawn = Counter("".join(codes))
    assert set(drawn) == set(CODE_ALPHABET)
    expected = times * CODE_CHARACTERS / len(CODE_ALPHABET)
    assert all(abs(count - expected) < 6 * expected**0.5 for count in drawn.values())
    assert found["link"] == link_of(tokens[0])
    assert found["secret"] == secret_of(tokens[0], codes[0])
    assert found["address"] == f"{anamnesis.url}/share/{tokens[0]}"


def test_the_qr_code_is_the_one_that_a_reader_has_read(
    anamnesis: Running, browser: Browser
) -> None:
    with a_patient(browser) as page:
        page.goto(f"{anamnesis.url}/sign-in")
        size, outline = page.evaluate(QR, QR_TEXT)
    assert size == "0 0 45 45"
    # zxing-cpp 3.1 read QR_TEXT from a picture of this very outline.
    assert sha256(outline.encode()).hexdigest() == QR_OUTLINE


PLACES = ["share", "refused", "closed", "shared", "received", "received-document"]


@pytest.fixture(scope="module")
def shared_pages(anamnesis: Running, browser: Browser) -> Iterator[dict[str, Page]]:
    """Each page of sharing, open in the browser of whoever sees it."""
    claire, rose = anamnesis.sign_in("claire"), anamnesis.sign_in("rose")
    patient = claire.create_patient("Lefèvre")
    document = document_of(claire, patient, TITLE)
    link = share_by_link(claire, patient, document, message="Bonjour,\nvotre ordonnance.")
    share = share_with(claire, patient, document, rose, message="Ton avis ?")
    anamnesis.wait_recorded()
    with a_patient(browser) as page, desk(anamnesis, browser, "rose") as room:
        pages = {name: page.context.new_page() for name in ("share", "refused", "closed")}
        pages["share"].goto(f"{anamnesis.url}/share/{link.token}")
        pages["refused"].goto(f"{anamnesis.url}/share/{link.token}?refused=share-refused")
        pages["closed"].goto(f"{anamnesis.url}/shared")
        try_code(page, anamnesis.url, link)
        page.wait_for_url("**/shared", wait_until="networkidle")
        pages["shared"] = page
        room.page.goto(f"{anamnesis.url}/received")
        pages["received"] = room.page
        pages["received-document"] = room.context.new_page()
        pages["received-document"].goto(f"{anamnesis.url}/received/{share}")
        yield pages


def found_by_axe(page: Page) -> list[Any]:
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert len(results.response["passes"]) > 10, "axe looked at nothing"
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]])
        for one in results.response["violations"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PLACES)
def test_a_page_of_sharing_is_for_everybody(
    shared_pages: dict[str, Page], name: str, theme: Any
) -> None:
    page = shared_pages[name]
    page.bring_to_front()
    page.emulate_media(color_scheme=theme)
    page.wait_for_timeout(200)  # the colours of a button move for 120 ms
    assert found_by_axe(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{over} px too wide at {width}"
        assert page.evaluate(TOO_SMALL, TARGET_PIXELS_MIN) == [], f"at {width}"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_dialogs_of_sharing_are_for_everybody_and_by_keyboard(
    office: Office, width: int
) -> None:
    page = office.page
    page.set_viewport_size({"width": width, "height": 740})
    page.locator("[data-share-with='patient']").focus()
    page.keyboard.press("Enter")
    assert found_by_axe(page) == []
    page.get_by_role("button", name="Créer le lien").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-link-parts]")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "Lien et code"
    assert found_by_axe(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-link-address]")).to_have_value("")
    page.locator("[data-share-with='colleague']").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".colleague").first).to_be_visible()
    assert found_by_axe(page) == []
    page.keyboard.type("berger")
    expect(page.locator(".colleague")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-share-dialog='colleague']")).to_be_visible()
    page.keyboard.press("Escape")
    expect(office.rows()).to_have_count(1, timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
