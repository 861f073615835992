"""A practitioner's desk: a real browser at a real page, and a record of what its screen said.

The recorder notes, after each frame that changed anything, the badge and the text in the fields:
what a person sees. Whatever was green is checked afterwards against the record's versions.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route

from anamnesis.record.model import NoteVersion
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.running import PASSWORD, SECTIONS, Running, digest, wait_until

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STATIC = Path(__file__).parents[2] / "src" / "anamnesis" / "web" / "static"
GREEN_SECONDS_MAX = 1.0
"""From the last keystroke to green, when nothing is wrong."""
UNSEEN_CHANGE_MS_MAX = 150
"""A script that changes a field without an event is seen within this time, and not at once."""

RECORDER = """(() => {
  const samples = [];
  let last = "";
  const sample = () => {
    const badge = document.querySelector("[data-badge='note']");
    if (badge) {
      const sections = {};
      for (const field of document.querySelectorAll("textarea[data-section]")) {
        sections[field.dataset.section] = field.value;
      }
      const seen = { state: badge.dataset.state, colour: badge.dataset.colour, sections,
        words: badge.textContent.trim().replace(/\\s+/g, " ") };
      const now = JSON.stringify(seen);
      if (now !== last) samples.push({ at: Date.now(), ...seen });
      last = now;
    }
    requestAnimationFrame(() => setTimeout(sample));
  };
  window.__samples = samples;
  sample();
})()"""

Blamed = Literal["keeper", "application"]


class Desk:
    """One browser context, signed in, with one page."""

    def __init__(self, running: Running, context: BrowserContext, login: str | None) -> None:
        self.running = running
        self.context = context
        self.samples: list[dict[str, Any]] = []
        self.errors: list[str] = []
        context.add_init_script(RECORDER)
        if login is not None:
            self.sign_in(login)
        self.page = context.pages[0] if context.pages else context.new_page()
        self.watch(self.page)

    def watch(self, page: Page) -> Page:
        """Keeps the page's errors: a script that throws is a finding."""
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def sign_in(self, login: str) -> None:
        """A session in this browser, as the sign-in page makes it."""
        answer = self.context.request.post(
            f"{self.running.url}/keep/session", data={"login": login, "password": PASSWORD}
        )
        assert answer.status == 200, answer.text()

    def sign_out_elsewhere(self) -> None:
        """The session ends under the open page."""
        self.context.clear_cookies()

    def open(self, patient: str, encounter: str, page: Page | None = None) -> None:
        """Goes to the encounter's page and waits until its scripts run."""
        page = page or self.page
        self.collect(page)
        page.goto(f"{self.running.url}/encounters/{encounter}?patient={patient}")
        page.wait_for_selector("[data-badge='note']:not([data-state='checking'])")

    def field(self, section: str, page: Page | None = None) -> Any:
        return (page or self.page).locator(f"textarea[data-section='{section}']")

    def type(self, section: str, text: str, delay: float = 20, page: Page | None = None) -> None:
        """Types at the end of a section, key by key."""
        field = self.field(section, page)
        field.focus()
        field.press("Control+End")
        field.press_sequentially(text, delay=delay)

    def paste(self, section: str, text: str) -> None:
        """Puts in a text that no keyboard has, as a paste does."""
        self.field(section).focus()
        self.page.keyboard.insert_text(text)

    def text(self, section: str, page: Page | None = None) -> str:
        value: str = self.field(section, page).input_value()
        return value

    def texts(self, page: Page | None = None) -> dict[str, str]:
        return {section: self.text(section, page) for section in SECTIONS}

    def state(self, page: Page | None = None) -> str:
        badge = (page or self.page).locator("[data-badge='note']").first
        return badge.get_attribute("data-state") or ""

    def words(self, page: Page | None = None) -> str:
        return " ".join((page or self.page).locator("[data-badge='note']").inner_text().split())

    def wait(self, *states: str, seconds: float = 10, page: Page | None = None) -> float:
        """Until the badge says one of `states`; the seconds it took."""
        started = time.monotonic()
        wait_until(
            lambda: self.state(page) in states,
            f"{' or '.join(states)} (the badge said {self.state(page)})",
            seconds,
        )
        took = time.monotonic() - started
        if "recorded" in states:
            # As long as a person needs to see it, and longer than a script can hide a change.
            (page or self.page).wait_for_timeout(2 * UNSEEN_CHANGE_MS_MAX)
        return took

    def wait_text(self, section: str, text: str, seconds: float = 10) -> None:
        wait_until(lambda: self.text(section) == text, f"{section} to be {text!r}", seconds)

    def break_script(self, name: str, *changes: tuple[str, str]) -> None:
        """Deploys a faulty build of one of the page's scripts."""
        source = (STATIC / name).read_text(encoding="utf-8")
        for before, after in changes:
            assert before in source, f"{name} has no {before!r} to break"
            source = source.replace(before, after)

        def answer(route: Route) -> None:
            route.fulfill(body=source, content_type="text/javascript")

        self.context.route(f"**/static/{name}", answer)

    def break_page(self, *changes: tuple[str, str]) -> None:
        """Deploys a page that shows the note wrongly."""

        def answer(route: Route) -> None:
            response = route.fetch()
            body = response.text()
            for before, after in changes:
                body = body.replace(before, after)
            route.fulfill(response=response, body=body)

        self.context.route("**/encounters/*", answer)

    def collect(self, page: Page | None = None) -> list[dict[str, Any]]:
        """What the screen said so far, over all pages opened at this desk."""
        page = page or self.page
        if page.url.startswith("http"):
            self.samples += page.evaluate("window.__samples?.splice(0) ?? []")
        return self.samples

    def states_seen(self) -> set[str]:
        return {sample["state"] for sample in self.collect()}


def versions(running: Running, practice: str, encounter: str) -> list[NoteVersion]:
    """Every version that the record has of a note, as a reader gets them."""
    with closing(SqliteRecordReader(running.data / "record.db")) as reader:
        return reader.versions(practice, encounter)


def shown_green(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The samples in which the screen vouched for its text, longer than a script can hide."""
    if not samples:
        return []
    ends = [*(sample["at"] for sample in samples[1:]), samples[-1]["at"] + 10_000]
    return [
        sample
        for sample, end in zip(samples, ends, strict=True)
        if sample["state"] == "recorded" and end - sample["at"] > UNSEEN_CHANGE_MS_MAX
    ]


def never_green_while_wrong(desk: Desk, practice: str, encounter: str) -> int:
    """Fails unless every text the screen was green for is a version of the record; how many."""
    recorded = {
        version.digest: version.received_at
        for version in reversed(versions(desk.running, practice, encounter))
    }
    green = shown_green(desk.collect())
    for sample in green:
        shown = digest({"sections": sample["sections"]})
        assert shown in recorded, f"green, and the record never had it: {sample['words']}"
        instant = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(sample["at"] / 1000))
        assert recorded[shown][:19] <= instant, "green before the keeper had received it"
    assert all(s["colour"] == "green" for s in green)
    assert all(s["state"] == "recorded" for s in desk.samples if s["colour"] == "green")
    return len(green)


@contextmanager
def desk(
    running: Running, browser: Browser, login: str | None = "claire", **context: Any
) -> Iterator[Desk]:
    """A desk that is cleared away afterwards, its scripts without an error."""
    opened = browser.new_context(locale="fr-FR", **context)
    try:
        one = Desk(running, opened, login)
        yield one
        assert one.errors == []
    finally:
        opened.close()


@contextmanager
def profile(
    running: Running, playwright: Playwright, folder: Path, login: str | None = "claire"
) -> Iterator[Desk]:
    """A desk whose browser keeps its data in `folder`, and can be killed."""
    context = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, args=FLAGS, locale="fr-FR"
    )
    try:
        yield Desk(running, context, login)
    finally:
        try:
            context.close()
        except Exception:  # noqa: BLE001 - a browser that was killed cannot be closed
            assert not processes_of(folder)


def processes_of(folder: Path) -> list[int]:
    """The processes of the browser that keeps its data in `folder`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if f"--user-data-dir={folder}".encode() in command.split(b"\0"):
            found.append(int(entry.name))
    return found


def kill_browser(folder: Path) -> None:
    """kill -9 for all processes of that browser."""
    for pid in processes_of(folder):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    wait_until(lambda: not processes_of(folder), "the browser to be gone")
