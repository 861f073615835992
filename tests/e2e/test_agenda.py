"""The agenda in a real browser: booking, moving, doubling, and two people at one appointment."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from anamnesis.record.store import ZONE
from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

DAY = (datetime.now(UTC).astimezone(ZoneInfo(ZONE)) + timedelta(days=1)).date()
"""Tomorrow: nothing of it is in the past."""
SEEN_MS_MAX = 10_000


def at(time: str) -> str:
    """The instant of tomorrow at this time, where the practice is."""
    local = datetime.fromisoformat(f"{DAY}T{time}:00").replace(tzinfo=ZoneInfo(ZONE))
    return local.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Agenda:
    """Tomorrow's agenda on one screen."""

    def __init__(self, room: Desk, view: str = "day") -> None:
        self.page: Page = room.page
        self.page.goto(f"{room.running.url}/agenda?day={DAY}&view={view}")
        expect(self.page.locator("[data-agenda-book]")).to_be_enabled()

    def block(self, reason: str) -> Locator:
        return self.page.locator(".block", has_text=reason).first

    def starts(self, reason: str) -> str:
        return self.block(reason).get_attribute("data-starts") or ""

    def moved_to(self, reason: str, time: str) -> None:
        wait_until(lambda: self.starts(reason) == at(time), f"{reason} at {time}")

    def book(self, time: str, reason: str, name: str = "Éluard") -> None:
        self.page.keyboard.press("n")
        expect(self.page.locator("#agenda-booking")).to_be_visible()
        self.page.fill("#agenda-patient", name[:4])
        expect(self.page.locator("#agenda-found [role=option]").first).to_be_visible()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        self.page.fill("#agenda-reason", reason)
        self.page.fill("#agenda-date", str(DAY))
        self.page.fill("#agenda-time", time)
        self.page.keyboard.press("Enter")

    def act(self, reason: str, name: str) -> None:
        self.block(reason).locator("[data-block]").click()
        self.page.locator("[data-agenda-card]").get_by_text(name, exact=True).click()


@pytest.fixture
def patient(claire: Practitioner, anamnesis: Running) -> str:
    patient = claire.create_patient("Éluard")
    anamnesis.wait_recorded()
    return patient


@pytest.fixture
def room(anamnesis: Running, browser: Browser, patient: str) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        yield one


def booked(claire: Practitioner, patient: str, anamnesis: Running, time: str, reason: str) -> str:
    entry = claire.entry("appointment.book", claire.booking(at(time), reason=reason), patient)
    claire.keep(entry)
    anamnesis.wait_recorded()
    return str(entry["id"])


def test_an_appointment_is_booked_by_keyboard_and_recorded(
    room: Desk, claire: Practitioner, anamnesis: Running
) -> None:
    agenda = Agenda(room)
    agenda.book("08:15", "Vaccin de rappel")
    expect(agenda.block("Vaccin de rappel")).to_be_visible()
    agenda.moved_to("Vaccin de rappel", "08:15")
    anamnesis.wait_recorded()
    assert "Vaccin de rappel" in claire.client.get(f"/agenda?day={DAY}").text


def test_an_appointment_is_moved_by_keyboard_from_where_it_is(
    room: Desk, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    booked(claire, patient, anamnesis, "09:15", "Contrôle tensionnel")
    agenda = Agenda(room)
    agenda.block("Contrôle tensionnel").locator("[data-block]").focus()
    agenda.page.keyboard.press("m")
    agenda.page.keyboard.press("ArrowDown")
    expect(agenda.page.locator("[data-agenda-said]")).to_contain_text("09:")
    agenda.page.keyboard.press("Enter")
    wait_until(
        lambda: at("09:15") < agenda.starts("Contrôle tensionnel") <= at("09:30"), "moved a step"
    )
    anamnesis.wait_recorded()


def test_an_appointment_is_dragged_to_another_time(
    room: Desk, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    booked(claire, patient, anamnesis, "10:15", "Plaie à revoir")
    agenda = Agenda(room)
    block = agenda.block("Plaie à revoir")
    block.scroll_into_view_if_needed()
    box = block.bounding_box()
    assert box is not None
    mouse = agenda.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 6)
    mouse.down()
    mouse.move(box["x"] + 40, box["y"] + 30, steps=4)
    mouse.move(box["x"] + 40, box["y"] + 6 + box["height"] * 2, steps=8)
    mouse.up()
    wait_until(lambda: agenda.starts("Plaie à revoir") > at("10:15"), "dragged")
    anamnesis.wait_recorded()
    wait_until(
        lambda: agenda.block("Plaie à revoir").get_attribute("data-version") == "2", "recorded"
    )


def test_a_double_booking_is_asked_first(
    room: Desk, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    booked(claire, patient, anamnesis, "11:15", "Suivi diabète")
    agenda = Agenda(room)
    agenda.book("11:15", "Urgence")
    warning = agenda.page.locator("[data-form-taken]")
    expect(warning).to_contain_text("Suivi diabète")
    expect(agenda.page.locator(".block", has_text="Urgence")).to_have_count(0)
    agenda.page.locator("[data-form-go]").click()
    expect(agenda.block("Urgence")).to_be_visible()
    anamnesis.wait_recorded()
    listed = claire.client.get("/keep/outstanding").json()["outstanding"]
    assert [one for one in listed if one["code"] == "appointment-overlaps"] == []


def test_an_appointment_opened_starts_its_encounter(
    room: Desk, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    appointment = booked(claire, patient, anamnesis, "14:15", "Certificat")
    agenda = Agenda(room)
    agenda.act("Certificat", "Arrivé")
    expect(agenda.block("Certificat")).to_have_attribute("data-status", "arrived")
    agenda.block("Certificat").locator("[data-block]").click()
    agenda.page.locator("[data-act='start']").click()
    agenda.page.wait_for_url(re.compile(rf"/encounters/.*appointment={appointment}"))
    room.type("motif", "Certificat de sport")
    room.wait("recorded")
    agenda = Agenda(room)
    expect(agenda.block("Certificat")).to_have_attribute(
        "data-status", "in-consultation", timeout=SEEN_MS_MAX
    )
    expect(agenda.block("Certificat")).to_have_attribute("data-encounter", re.compile(".+"))


def test_what_is_cancelled_leaves_its_time_free(
    room: Desk, claire: Practitioner, patient: str, anamnesis: Running
) -> None:
    booked(claire, patient, anamnesis, "15:15", "Annulable")
    agenda = Agenda(room)
    agenda.block("Annulable").locator("[data-block]").click()
    agenda.page.locator("[data-act='status'][data-set='cancelled']").click()
    expect(agenda.page.locator(".agenda-cancelled .block", has_text="Annulable")).to_have_count(1)
    expect(agenda.page.locator(".agenda-body .block", has_text="Annulable")).to_have_count(0)


def test_of_two_who_move_one_appointment_one_moves_it_and_the_other_is_told(
    room: Desk, claire: Practitioner, patient: str, anamnesis: Running, browser: Browser
) -> None:
    appointment = booked(claire, patient, anamnesis, "16:15", "Deux secrétaires")
    agenda = Agenda(room)
    room.context.set_offline(True)
    agenda.block("Deux secrétaires").locator("[data-block]").focus()
    agenda.page.keyboard.press("m")
    agenda.page.keyboard.press("ArrowDown")
    agenda.page.keyboard.press("Enter")
    paul = anamnesis.sign_in("paul")
    elsewhere = {
        "appointment": appointment,
        "version": 1,
        "practitioner": claire.id,
        "starts_at": at("17:45"),
        "minutes": 15,
        "overlap": True,
    }
    paul.keep(paul.entry("appointment.move", elsewhere, patient))
    anamnesis.wait_recorded()
    room.context.set_offline(False)
    told = agenda.page.locator("[data-agenda-told]")
    expect(told).to_be_visible(timeout=20_000)
    expect(told).to_contain_text("17:45")
    agenda.moved_to("Deux secrétaires", "17:45")


@pytest.mark.parametrize("view", ["day", "week"])
def test_on_a_narrow_screen_nothing_sticks_out(
    anamnesis: Running, browser: Browser, patient: str, view: str
) -> None:
    with desk(anamnesis, browser, viewport={"width": 360, "height": 780}) as narrow:
        agenda = Agenda(narrow, view)
        assert agenda.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_appointment_type_made_in_the_settings_gives_a_booking_its_length(room: Desk) -> None:
    page = room.page
    page.goto(f"{room.running.url}/settings")
    page.get_by_role("link", name="Ajouter Types de rendez-vous").click()
    page.fill("#f-name", "Pose de DIU")
    page.fill("#f-minutes", "beaucoup")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.locator("#f-minutes-problem")).to_contain_text("de 1 à 1440")
    page.fill("#f-minutes", "45")
    page.select_option("#f-colour", "plum")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("link", name="Pose de DIU")).to_be_visible()
    Agenda(room)
    page.keyboard.press("n")
    page.select_option("#agenda-kind", label="Pose de DIU · 45 min")
    expect(page.locator("#agenda-minutes")).to_have_value("45")
