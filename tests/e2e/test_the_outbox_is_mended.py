"""What the keeper refuses, what a disk or a backup does to an outbox: no text is lost or stuck."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, Route

from tests.e2e.desk import Desk, desk, never_green_while_wrong, profile, versions
from tests.running import Practitioner, Running, wait_until

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
MENDED_SECONDS_MAX = 20.0

TAMPER = """async ([practitioner, store]) => {
  const opened = indexedDB.open(`anamnesis-${practitioner}`);
  await new Promise((resolve) => { opened.onsuccess = resolve; });
  const transaction = opened.result.transaction([store], "readwrite");
  const change = (value) => { CHANGE };
  transaction.objectStore(store).openCursor().onsuccess = (event) => {
    const cursor = event.target.result;
    if (!cursor) return;
    const changed = change(cursor.value);
    if (changed) cursor.update(changed);
    cursor.continue();
  };
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  opened.result.close();
}"""


@pytest.fixture
def lone_desk(anamnesis: Running, browser: Browser, encounter: Encounter) -> Iterator[Desk]:
    with desk(anamnesis, browser, service_workers="block") as one:
        one.open(*encounter)
        yield one


def tamper(one: Desk, practitioner: str, store: str, script: str) -> None:
    """Changes what lies on the device's disk, as a fault there would."""
    one.page.evaluate(TAMPER.replace("CHANGE", script), [practitioner, store])


def test_numbers_that_went_missing_are_told_and_the_text_goes_on(
    lone_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    lone_desk.type("motif", "un")
    lone_desk.wait("recorded")
    before = lone_desk.page.evaluate(
        """async (practitioner) => { const { openOutbox } = await import("/static/outbox.js");
          return (await openOutbox({ practitioner })).device; }""",
        claire.id,
    )
    tamper(
        lone_desk, claire.id, "meta", "if (value.device) return {...value, last: value.last + 3}"
    )
    lone_desk.type("motif", ", deux")
    lone_desk.wait("recorded", seconds=MENDED_SECONDS_MAX)
    assert claire.note(encounter[1])["sections"]["motif"] == "un, deux"
    kinds = claire.client.get("/keep/receipts?limit=5").json()["receipts"]
    assert "device.retire" in [receipt["kind"] for receipt in kinds]
    last = versions(lone_desk.running, claire.practice, encounter[1])[-1]
    assert last.device != before


def test_a_device_brought_back_from_a_backup_overwrites_nothing(
    anamnesis: Running,
    playwright: Playwright,
    claire: Practitioner,
    encounter: Encounter,
    tmp_path: Path,
) -> None:
    device, backup = tmp_path / "device", tmp_path / "backup"
    with profile(anamnesis, playwright, device) as one:
        one.open(*encounter)
        one.type("motif", "avant la sauvegarde")
        one.wait("recorded")
    shutil.copytree(device, backup, symlinks=True)
    with profile(anamnesis, playwright, device) as one:
        one.open(*encounter)
        one.type("examen", "après la sauvegarde")
        one.wait("recorded")
    with profile(anamnesis, playwright, backup) as one:
        one.open(*encounter)
        one.type("conclusion", "de la copie")
        one.wait("recorded", seconds=MENDED_SECONDS_MAX)
        assert never_green_while_wrong(one, claire.practice, encounter[1]) >= 1
    sections = claire.note(encounter[1])["sections"]
    assert sections["examen"] == "après la sauvegarde"
    assert sections["conclusion"] == "de la copie"


def test_a_digest_damaged_on_the_disk_is_made_again(
    lone_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    lone_desk.context.set_offline(True)
    lone_desk.type("motif", "entier")
    lone_desk.wait("held")
    tamper(
        lone_desk,
        claire.id,
        "entries",
        "return {...value, entry: {...value.entry, digest: '0'.repeat(64)}}",
    )
    lone_desk.context.set_offline(False)
    wait_until(lambda: claire.note(encounter[1])["sections"]["motif"] == "entier", "the text")
    lone_desk.wait("recorded", seconds=MENDED_SECONDS_MAX)


def test_an_entry_that_can_never_be_taken_lets_those_behind_it_pass(
    lone_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    lone_desk.type("motif", "un")
    lone_desk.wait("recorded")
    lone_desk.context.set_offline(True)
    lone_desk.type("motif", " deux")
    lone_desk.wait("held")
    tamper(
        lone_desk, claire.id, "entries", "return {...value, entry: {...value.entry, kind: 'x.y'}}"
    )
    lone_desk.type("motif", " trois")
    lone_desk.wait("held")
    lone_desk.context.set_offline(False)
    lone_desk.wait("recorded", seconds=MENDED_SECONDS_MAX)
    # The refused text was the base of the next: the record cannot know it, and keeps both.
    note = claire.note(encounter[1])
    assert note["sections"]["motif"] == "un deux trois"
    kept = lone_desk.page.evaluate(
        """async (practitioner) => { const { openOutbox } = await import("/static/outbox.js");
          return [...(await openOutbox({ practitioner })).rows.values()].map((row) =>
            [row.state, row.code, row.entry.content.sections.motif]); }""",
        claire.id,
    )
    assert kept == [["refused", "unknown-kind", "un deux"]]


def test_a_receipt_for_another_text_is_not_believed(
    lone_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    def lie(route: Route) -> None:
        response = route.fetch()
        answer: dict[str, Any] = response.json()
        for result in answer["results"]:
            if result["outcome"] == "receipt":
                result["receipt"]["header"]["digest"] = "0" * 64
        route.fulfill(response=response, json=answer)

    lone_desk.context.route("**/keep/entries", lie)
    lone_desk.type("motif", "pas confirmé")
    lone_desk.wait("held", "recorded")
    rows = "async (p) => (await (await import('/static/outbox.js')).openOutbox({practitioner: p}))"
    lone_desk.page.wait_for_timeout(1000)
    lone_desk.context.unroute("**/keep/entries")
    lone_desk.wait("recorded", seconds=MENDED_SECONDS_MAX)
    wait_until(
        lambda: lone_desk.page.evaluate(f"{rows}.rows.size", claire.id) == 0, "an empty outbox"
    )
    acts = [v.act for v in versions(lone_desk.running, claire.practice, encounter[1])]
    assert acts == ["note.write"]


def test_a_lost_answer_is_no_second_version(
    lone_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    lost = []

    def lose(route: Route) -> None:
        route.fetch()
        lost.append(route.request.url)
        route.abort()

    lone_desk.context.route("**/keep/entries", lose, times=2)
    lone_desk.type("motif", "une fois", delay=0)
    lone_desk.wait("recorded", seconds=MENDED_SECONDS_MAX)
    assert lost != []
    assert len(versions(lone_desk.running, claire.practice, encounter[1])) == 1


def test_a_sending_tab_that_hangs_is_replaced(
    lone_desk: Desk, claire: Practitioner, encounter: Encounter
) -> None:
    second = lone_desk.watch(lone_desk.context.new_page())
    lone_desk.open(*encounter, page=second)
    lone_desk.page.evaluate(
        "setTimeout(() => { const end = Date.now() + 12000; while (Date.now() < end); }, 50)"
    )
    second.bring_to_front()
    lone_desk.type("motif", "malgré l'autre", page=second)
    assert lone_desk.wait("recorded", seconds=10, page=second) < 10
    assert claire.note(encounter[1])["sections"]["motif"] == "malgré l'autre"
