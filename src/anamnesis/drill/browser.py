"""Real pages in a real Chromium, typed in as a person types, and a record of what they showed.

Needs Playwright, which only the tests' requirements bring, and Chromium.
"""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser as Launched
from playwright.async_api import BrowserContext, BrowserType, Error, Page, async_playwright

from anamnesis.drill.entries import SECTIONS, digest, new_id, started
from anamnesis.drill.practitioners import Practitioner

CHROMIUM: Final = Path(os.environ.get("ANAMNESIS_CHROMIUM", "/usr/bin/chromium"))
FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEY_MS: Final = 60
"""Between two keys: some two hundred characters a minute, as somebody types who looks up."""
WORD_PAUSE_SECONDS: Final = (0.1, 0.8)
OPEN_SECONDS_MAX: Final = 20.0
CLOSE_SECONDS_MAX: Final = 5.0
GREEN_SECONDS_MAX: Final = 25.0
SEEN_MS: Final = 150
"""A colour that lasts no longer is not seen."""
KEPT_AFTER_SECONDS: Final = 1.0
"""What was typed so long before a tab or a browser dies has to be there again."""
WORDS: Final = ("toux", "fièvre", "dyspnée", "céphalée", "38,5", "crépitants", "revoir", "angor")
OTHER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

RECORDER: Final = """(() => {
  let last = "";
  const say = (seen) => window.__said?.({ at: Date.now(), ...seen });
  const sample = () => {
    const badge = document.querySelector("[data-badge='note']");
    if (badge) {
      const sections = {};
      for (const field of document.querySelectorAll("textarea[data-section]")) {
        sections[field.dataset.section] = field.value;
      }
      const seen = { state: badge.dataset.state, sections };
      const now = JSON.stringify(seen);
      if (now !== last) say(seen);
      last = now;
    }
    requestAnimationFrame(() => setTimeout(sample));
  };
  window.addEventListener("pagehide", () => say({ state: "gone", sections: {} }));
  sample();
})()"""
"""Tells each change of the badge, or of a text, at once: a page that is left answers nothing."""


@dataclass
class Sheet:
    """One practitioner's page: what was typed into it, and what it showed."""

    name: str
    person: Practitioner
    context: BrowserContext
    page: Page
    folder: Path
    agent: str | None = None
    encounter: str = ""
    words: list[tuple[float, str]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    _typed: int = 0

    @property
    def address(self) -> str:
        """Of the encounter's page."""
        return f"/encounters/{self.encounter}?patient={self.person.device.patient}"

    async def begin(self) -> None:
        """A new encounter, and its page."""
        self.encounter = new_id()
        await self.person.keep(started(self.encounter))
        await self.open()

    async def open(self) -> None:
        """Goes to the encounter's page, however often that takes."""
        until = time.monotonic() + OPEN_SECONDS_MAX
        while time.monotonic() < until:
            with suppress(Error):
                await self.page.goto(self.address, timeout=5_000)
                await self.page.wait_for_selector(
                    "[data-badge='note']:not([data-state='checking'])", timeout=5_000
                )
                return
            await asyncio.sleep(0.3)

    async def word(self, chance: random.Random) -> None:
        """Types one more word, key by key, where the person left off; opens the page if it went."""
        self._typed += 1
        word = f"{chance.choice(WORDS)}{self._typed}"
        field = self.page.locator("textarea[data-section='examen']")
        try:
            await field.focus(timeout=3_000)
            await field.press("Control+End", timeout=3_000)
            await field.press_sequentially(f"{word} ", delay=KEY_MS, timeout=10_000)
            shown = word in await field.input_value(timeout=1_000)
        except Error:
            # Was the word typed whole before the page went? Only what the person saw counts.
            await self.open()
            return
        if shown:
            self.words.append((time.time(), word))
        await asyncio.sleep(chance.uniform(*WORD_PAUSE_SECONDS))

    async def until_green(self) -> bool:
        """Until the page vouches for its text."""
        until = time.monotonic() + GREEN_SECONDS_MAX
        while time.monotonic() < until:
            with suppress(Error):
                badge = self.page.locator("[data-badge='note']").first
                if await badge.get_attribute("data-state", timeout=1_000) == "recorded":
                    await asyncio.sleep(2 * SEEN_MS / 1_000)
                    return True
            await asyncio.sleep(0.2)
        return False

    def forgive(self, died_at: float) -> None:
        """What was typed in the last second before the page died is not promised."""
        self.words = [one for one in self.words if one[0] < died_at - KEPT_AFTER_SECONDS]

    def greens(self) -> list[tuple[int, str]]:
        """When the page vouched for which text (digest), longer than a flicker."""
        ends = [*(one["at"] for one in self.samples[1:]), float("inf")]
        return [
            (one["at"], digest({"sections": {name: one["sections"][name] for name in SECTIONS}}))
            for one, end in zip(self.samples, ends, strict=False)
            if one["state"] == "recorded" and end - one["at"] > SEEN_MS and one["sections"]
        ]


class Browser:
    """Chromium: one for all pages, or, without `shared`, one for each, with a profile on disk."""

    def __init__(
        self, chromium: BrowserType, shared: Launched | None, address: str, folder: Path
    ) -> None:
        self._chromium = chromium
        self._shared = shared
        self._address = address
        self._folder = folder
        self.sheets: list[Sheet] = []

    async def sheet(self, person: Practitioner, agent: str | None = None) -> Sheet:
        """A page of this practitioner's, signed in."""
        name = f"page {len(self.sheets) + 1}"
        folder = self._folder / new_id()
        samples: list[dict[str, Any]] = []
        context, page = await self._profile(person, folder, agent, samples)
        sheet = Sheet(name, person, context, page, folder, agent, samples=samples)
        self.sheets.append(sheet)
        return sheet

    async def kill_tab(self, sheet: Sheet) -> float:
        """The tab's process ends; when. Another tab takes its place."""
        before, at = sheet.page, time.time()
        sheet.samples.append({"at": at * 1_000, "state": "gone", "sections": {}})
        sheet.page = await sheet.context.new_page()
        session = await sheet.context.new_cdp_session(before)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(session.send("Page.crash"), 1.0)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(before.close(), 2.0)
        return at

    async def kill(self, sheet: Sheet) -> float:
        """The whole browser is killed (kill -9); when. It is started again on its profile."""
        at = time.time()
        sheet.samples.append({"at": at * 1_000, "state": "gone", "sections": {}})
        for pid in _processes(sheet.folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with suppress(Error, TimeoutError):
            await asyncio.wait_for(sheet.context.close(), CLOSE_SECONDS_MAX)
        sheet.context, sheet.page = await self._profile(
            sheet.person, sheet.folder, sheet.agent, sheet.samples
        )
        return at

    async def close(self) -> None:
        """Closes what is open."""
        for sheet in self.sheets:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(sheet.context.close(), CLOSE_SECONDS_MAX)
        if self._shared is not None:
            with suppress(Error, TimeoutError):
                await asyncio.wait_for(self._shared.close(), CLOSE_SECONDS_MAX)

    async def _profile(
        self,
        person: Practitioner,
        folder: Path,
        agent: str | None,
        samples: list[dict[str, Any]],
    ) -> tuple[BrowserContext, Page]:
        if self._shared is not None:
            context = await self._shared.new_context(base_url=self._address, user_agent=agent)
        else:
            context = await self._chromium.launch_persistent_context(
                folder,
                executable_path=CHROMIUM,
                args=FLAGS,
                base_url=self._address,
                user_agent=agent,
            )
        cookies = {"anamnesis_session": person.seat.token, "anamnesis_csrf": person.seat.csrf}
        await context.add_cookies(
            [
                {"name": name, "value": value, "url": self._address}
                for name, value in cookies.items()
            ]
        )
        # A function of Python's own: Playwright marks what it is given, and marks no built-in.
        await context.expose_function("__said", lambda sample: samples.append(sample))  # noqa: PLW0108
        await context.add_init_script(RECORDER)
        return context, context.pages[0] if context.pages else await context.new_page()


@asynccontextmanager
async def browser(address: str, folder: Path, *, killed: bool) -> AsyncIterator[Browser]:
    """One browser; several with profiles in `folder`, if they are to be `killed`."""
    async with async_playwright() as playwright:
        chromium = playwright.chromium
        shared = None if killed else await chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        one = Browser(chromium, shared, address, folder)
        try:
            yield one
        finally:
            await one.close()


def _processes(folder: Path) -> list[int]:
    """The browser processes that work on this profile."""
    found = []
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and f"--user-data-dir={folder}".encode() in (
                process / "cmdline"
            ).read_bytes().split(b"\0"):
                found.append(int(process.name))
    return found
