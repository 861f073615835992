"""Faults that need real pages: a handful of them, typed in beside the simulated crowd."""

import asyncio
import math
import random
import shutil
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing
from datetime import datetime
from typing import Final

from anamnesis.bootstrap.drill_happening import Deployed, Unpaged
from anamnesis.bootstrap.drill_looking import Looking
from anamnesis.bootstrap.drill_scene import Scene
from anamnesis.drill.browser import OTHER_AGENT, Browser, Sheet, browser
from anamnesis.drill.report import PageSeen

PAGES: Final = 3
TYPED_BEFORE: Final = 4
"""Words in each page before the fault: there is something to hide, empty or overwrite."""
TYPED_AFTER: Final = 6
"""Words in each page once everything seems right again."""
DEATHS: Final = 3
"""Times that each tab, or browser, is killed."""
TYPED_BETWEEN: Final = 4
CLOCKS_APART_SECONDS: Final = 0.5
"""A browser's clock and the server's may differ by so much, on one machine."""


class Pages:
    """The pages of one run; `begin` opens them, each practitioner at their own."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._stack = AsyncExitStack()
        self._browser: Browser | None = None
        self._chance = random.Random(scene.plan.seed)  # noqa: S311 -- what is typed

    async def open(self) -> None:
        """One page for each of the first practitioners of the cohort, with a note in it."""
        scene = self._scene
        folder = scene.settings.data.parent / "profiles"
        self._browser = await self._stack.enter_async_context(
            browser(scene.server.address, folder, killed=scene.plan.fault == "browser-killed")
        )
        for number, person in enumerate(scene.people[:PAGES]):
            agent = OTHER_AGENT if number % 2 and scene.plan.fault == "one-browser" else None
            await self._browser.sheet(person, agent)
        await asyncio.gather(*(sheet.begin() for sheet in self.sheets))
        await self.each(TYPED_BEFORE)
        await asyncio.gather(*(sheet.until_green() for sheet in self.sheets))

    @property
    def sheets(self) -> list[Sheet]:
        """The pages."""
        return [] if self._browser is None else self._browser.sheets

    async def each(self, words: int) -> None:
        """So many more words in each page, all at once."""

        async def typed(sheet: Sheet) -> None:
            for _ in range(words):
                await sheet.word(self._chance)

        await asyncio.gather(*(typed(sheet) for sheet in self.sheets))

    async def die(self, *, whole_browser: bool) -> None:
        """Every page is killed in the middle of typing, and opened again."""
        await self.each(TYPED_BETWEEN)
        if self._browser is None:
            return
        kill = self._browser.kill if whole_browser else self._browser.kill_tab

        async def killed(sheet: Sheet) -> None:
            sheet.forgive(await kill(sheet))
            await sheet.open()

        await asyncio.gather(*(killed(sheet) for sheet in self.sheets))

    async def seen(self) -> list[PageSeen]:
        """What became of what was typed in each, once all are green again; closes them."""
        await asyncio.gather(*(sheet.until_green() for sheet in self.sheets))
        with closing(Looking(self._scene.settings, 0)) as looking:
            found = [self._of(sheet, looking) for sheet in self.sheets]
        await self._stack.aclose()
        shutil.rmtree(self._scene.settings.data.parent / "profiles", ignore_errors=True)
        return found

    def _of(self, sheet: Sheet, looking: Looking) -> PageSeen:
        practice = sheet.person.device.practice
        versions = looking.versions(practice, sheet.encounter)
        texts = "\n".join(text for _, _, text in versions)
        received = _first(versions)
        greens = sheet.greens()
        began = self._scene.began
        return PageSeen(
            page=sheet.name,
            states=_changes([(one["at"] / 1000 - began, one["state"]) for one in sheet.samples]),
            texts=len(sheet.words),
            lost=sum(word not in texts for _, word in sheet.words),
            greens=len(greens),
            wrong_at=[
                at / 1000 - began
                for at, shown in greens
                if received.get(shown, math.inf) > at / 1000 + CLOCKS_APART_SECONDS
            ],
        )


class Paged(Deployed):
    """A feature's fault in the page: deployed, the pages are loaded with it, and typed in."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.pages = Pages(scene)
        self._typing: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Opens the pages while nothing is wrong."""
        await self.pages.open()

    async def begin(self) -> None:
        """Deploys it; every page is opened again and typed in, until it is well once more."""
        await super().begin()
        self._typing = asyncio.create_task(self._type())

    async def _type(self) -> None:
        self._scene.seen.danger()
        await asyncio.gather(*(sheet.open() for sheet in self.pages.sheets))
        self._scene.say(f"{PAGES} pages are open with the feature, and typed in")
        until = time.monotonic() + self._scene.plan.faulty_seconds
        while time.monotonic() < until and not super().over():
            await self.pages.each(1)
        await self.pages.each(TYPED_AFTER)

    def over(self) -> bool:
        """Suspended, and typing went on for a while after that."""
        return self._typing is not None and self._typing.done()

    async def shown(self) -> list[PageSeen]:
        """What each page showed; whoever still types puts the pen down."""
        if self._typing is not None:
            self._typing.cancel()
        return await self.pages.seen()


class Killed(Unpaged):
    """Tabs or browsers killed in the middle of typing."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.pages = Pages(scene)
        self._typing: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Opens the pages."""
        await self.pages.open()

    async def begin(self) -> None:
        """Begins to kill."""
        self._scene.began = time.time()
        self._scene.seen.danger()
        self._typing = asyncio.create_task(self._kill())

    async def _kill(self) -> None:
        whole = self._scene.plan.fault == "browser-killed"
        for number in range(DEATHS):
            self._scene.say(f"{PAGES} {'browsers' if whole else 'tabs'} killed, time {number + 1}")
            await self.pages.die(whole_browser=whole)

    def over(self) -> bool:
        """All deaths were died."""
        if self._typing is None or not self._typing.done():
            return False
        self._typing.result()
        return True

    async def shown(self) -> list[PageSeen]:
        """What each page showed."""
        return await self.pages.seen()


def _first(versions: Sequence[tuple[str, str, str]]) -> dict[str, float]:
    """When each text (digest) first came: typed, undone and typed again, it came twice."""
    first: dict[str, float] = {}
    for digest, at, _ in versions:
        came = datetime.fromisoformat(at).timestamp()
        first[digest] = min(came, first.get(digest, came))
    return first


def _changes(states: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Without those that only say again what the one before said."""
    before = ["", *(state for _, state in states)]
    return [one for one, said in zip(states, before, strict=False) if one[1] != said]
