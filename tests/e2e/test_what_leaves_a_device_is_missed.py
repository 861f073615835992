"""Entries that a browser's disk forgets before they arrived: somebody is told, within seconds."""

from contextlib import closing

import pytest
from playwright.sync_api import Request

from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from tests.e2e.desk import Desk
from tests.running import Running, wait_until

pytestmark = pytest.mark.e2e

FOUND_SECONDS_MAX = 60.0
EMPTIED = """async (practitioner) => {
  const opened = indexedDB.open(`anamnesis-${practitioner}`);
  await new Promise((resolve) => { opened.onsuccess = resolve; });
  const transaction = opened.result.transaction(["entries"], "readwrite");
  transaction.objectStore("entries").clear();
  await new Promise((resolve) => { transaction.oncomplete = resolve; });
  opened.result.close();
}"""
DELETED = """(practitioner) => new Promise((resolve) => {
  indexedDB.deleteDatabase(`anamnesis-${practitioner}`).onsuccess = resolve;
})"""


def codes(running: Running) -> set[str]:
    with closing(SqliteIncidentReader(running.data / "incidents.db")) as reader:
        return {code for one in reader.incidents(10) for code in one.codes}


def tells_of_what_waits(request: Request) -> bool:
    if not request.url.endswith("/keep/witness"):
        return False
    return bool((request.post_data_json or {})["waiting"])


def holds(at_desk: Desk) -> str:
    """An entry that is kept on the device and does not get away from it; whose device it is."""
    at_desk.context.route("**/keep/entries", lambda route: route.abort())
    with at_desk.page.expect_request(tells_of_what_waits):
        at_desk.type("motif", "jamais arrivé")
    at_desk.wait("held")
    whose = at_desk.page.locator("#note").get_attribute("data-practitioner")
    assert whose is not None
    assert "device-replaced" not in codes(at_desk.running)
    return whose


def test_entries_that_a_disk_forgets_are_missing(at_desk: Desk) -> None:
    at_desk.page.evaluate(EMPTIED, holds(at_desk))
    wait_until(
        lambda: "device-entries-missing" in codes(at_desk.running), "told", FOUND_SECONDS_MAX
    )


def test_a_browser_whose_storage_is_taken_away_is_found_when_it_comes_back(
    at_desk: Desk, encounter: tuple[str, str]
) -> None:
    at_desk.page.evaluate(DELETED, holds(at_desk))
    at_desk.open(*encounter)
    wait_until(lambda: "device-replaced" in codes(at_desk.running), "told", FOUND_SECONDS_MAX)
