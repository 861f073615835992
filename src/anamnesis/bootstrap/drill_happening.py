"""What makes a fault happen: a feature deployed, a cohort gone silent, devices in trouble."""

import asyncio
import functools
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from anamnesis.bootstrap import deploying
from anamnesis.bootstrap.drill_scene import Scene
from anamnesis.drill.catalogue import code_of
from anamnesis.drill.entries import SECTIONS, new_id, started, words
from anamnesis.drill.practitioners import Practitioner, Seat
from anamnesis.drill.report import PageSeen, Registered
from anamnesis.features.feature import Feature
from anamnesis.features.loading import find
from anamnesis.keeper.control import Command
from anamnesis.rollout.cohort import Cohort

SHARES_PER_SECOND: Final = 150.0
SHARING_AT_ONCE: Final = 40
"""How the concerned share, one after another: eighteen hours in a quarter of a minute."""
NIGHT_AFTER_SECONDS: Final = 1.0
OFFLINE_HOURS: Final = 72
DEVICES: Final = 12
"""Practitioners whose devices are in trouble."""
DEVICE_SECONDS: Final = 8.0


class Happening(Protocol):
    """A fault that can be begun; `over` says whether there is nothing left of it to come."""

    async def prepare(self) -> None:
        """Before the drill's people begin to work."""
        ...

    def endangers(self, act: str) -> bool:
        """Whether an act (`text`, `share`) of the cohort is in danger now."""
        ...

    async def begin(self) -> None:
        """Begins it, and goes on in tasks of its own if it takes long."""
        ...

    def over(self) -> bool:
        """Whether it has been stopped, or has ended."""
        ...

    async def lost(self) -> int:
        """Texts beside the practitioners' notes that can no longer be read."""
        ...

    async def shown(self) -> list[PageSeen]:
        """What real pages showed, if there are any."""
        ...

    async def registered(self) -> Registered | None:
        """What the breach register says, where something had to be lost for good."""
        ...


class Unpaged:
    """A fault without real pages, that does not depend on what the cohort does."""

    def endangers(self, _act: str) -> bool:
        """It endangers everybody, or some devices, from its beginning."""
        return False

    async def prepare(self) -> None:
        """Nothing needs to be there before."""

    async def lost(self) -> int:
        """What is lost is in the practitioners' notes."""
        return 0

    async def shown(self) -> list[PageSeen]:
        """None."""
        return []

    async def registered(self) -> Registered | None:
        """Nothing has to be lost."""
        return None


class Deployed(Unpaged):
    """A feature, deployed to the cohort as an operator does."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._code = code_of(scene.plan.what)
        self._feature, _ = find(self._code)
        self._sharing: asyncio.Task[None] | None = None

    def endangers(self, act: str) -> bool:
        """A page's fault endangers what is typed in a page, and a job what it finds at night."""
        if not self._scene.began or self._at_night:
            return False
        if self._overrides("shared"):
            return act == "share"
        return act == "text" and (self._overrides("applying") or self._overrides("applied"))

    async def begin(self) -> None:
        """To everybody of the cohort; those who have written before begin to share."""
        scene = self._scene
        cohort = tuple(one.device.practitioner for one in [*scene.cohort, *scene.concerned])
        rollout = await asyncio.to_thread(
            functools.partial(deploying.deploy, at_once=True),
            scene.settings,
            self._code,
            Cohort(practitioners=cohort),
        )
        scene.began = datetime.fromisoformat(rollout.deployments[-1].deployed_at).timestamp()
        if self._at_night:
            await asyncio.sleep(NIGHT_AFTER_SECONDS)
            scene.seen.danger()
            nightly = Command(nightly=True)
            await asyncio.to_thread(deploying.ask, scene.settings, nightly)
        elif scene.concerned:
            self._sharing = asyncio.create_task(self._share())

    def over(self) -> bool:
        """Suspended; without protections, when all have shared."""
        scene = self._scene
        if scene.plan.protected:
            return not deploying.in_force(scene.settings).active()
        return self._sharing is not None and self._sharing.done()

    async def lost(self) -> int:
        """What is lost is in the practitioners' notes."""
        if self._sharing is not None:
            self._sharing.cancel()
        return 0

    @property
    def _at_night(self) -> bool:
        return self._overrides("nightly")

    def _overrides(self, hook: str) -> bool:
        return getattr(type(self._feature), hook) is not getattr(Feature, hook)

    async def _share(self) -> None:
        scene = self._scene
        waiting = iter(scene.concerned)

        async def one_after_another() -> None:
            for one in waiting:
                scene.shared += 1
                scene.seen.danger()
                await one.share()
                await asyncio.sleep(SHARING_AT_ONCE / SHARES_PER_SECOND)

        await asyncio.gather(*(one_after_another() for _ in range(SHARING_AT_ONCE)))


class Silent(Deployed):
    """The cohort's pages send nothing any more, and their witness is gone."""

    async def begin(self) -> None:
        """They look as they always did."""
        await super().begin()
        for one in self._scene.cohort:
            one.muted = one.silenced = True
        self._scene.seen.danger()
        self._waiting = asyncio.create_task(self._until_stopped())

    async def _until_stopped(self) -> None:
        """A page without the feature sends again."""
        while not self.over():  # noqa: ASYNC110 -- another process publishes it, in a file
            await asyncio.sleep(0.1)
        for one in self._scene.cohort:
            one.silenced = False


class Offline(Unpaged):
    """Some practitioners were without a network for 72 hours: their outboxes come back full."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._ended = False

    async def begin(self) -> None:
        """What they wrote since then is in their outboxes."""
        self._scene.began = time.time()
        self._scene.seen.danger()
        self._task = asyncio.create_task(self._away())

    async def _away(self) -> None:
        some = self._scene.people[-DEVICES:]
        for one in some:
            one.go_offline()
        self._scene.say(f"{len(some)} devices without network, outboxes of {OFFLINE_HOURS} hours")
        for one in some:
            for hours in range(OFFLINE_HOURS, 0, -6):
                encounter = new_id()
                await one.keep(started(encounter))
                await one.write(encounter, None, datetime.now(UTC) - timedelta(hours=hours))
        await asyncio.sleep(DEVICE_SECONDS)
        self._scene.say("the network is back")
        await asyncio.gather(*(one.come_online() for one in some))
        self._ended = True

    def over(self) -> bool:
        """Everything was sent."""
        return self._ended


class TwoDevices(Unpaged):
    """Some practitioners write in one note on two devices that do not know of each other."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._task: asyncio.Task[None] | None = None
        self._typed: list[tuple[Practitioner, str, str]] = []

    async def begin(self) -> None:
        """They begin to write."""
        self._scene.began = time.time()
        self._scene.seen.danger()
        self._task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        pairs = [(one, self._second(one)) for one in self._scene.people[-DEVICES:]]
        self._scene.say(f"{len(pairs)} practitioners write in one note on two devices at once")
        until = time.monotonic() + DEVICE_SECONDS
        while time.monotonic() < until:
            await asyncio.gather(*(self._collide(*pair) for pair in pairs))

    def _second(self, one: Practitioner) -> Practitioner:
        seat = Seat(one.seat.token, one.seat.csrf, one.seat.in_cohort, one.device.second())
        return Practitioner(seat, self._scene.client, one.chance, self._scene.seen)

    async def _collide(self, one: Practitioner, other: Practitioner) -> None:
        """Both from the same blank note: the motif by both, one further section by each."""
        encounter = new_id()
        await one.keep(started(encounter))
        writings = []
        for writer, own in ((one, "examen"), (other, "conclusion")):
            texts = {"motif": words(one.chance), own: words(one.chance)}
            self._typed += [(writer, encounter, text) for text in texts.values()]
            content = {"sections": dict.fromkeys(SECTIONS, "") | texts}
            writings.append(writer.keep(("note.write", content, encounter, None)))
        await asyncio.gather(*writings)

    def over(self) -> bool:
        """They have finished."""
        return self._task is not None and self._task.done()

    async def lost(self) -> int:
        """Texts that are neither in the note nor beside it, as a reader gets it."""
        missing = [
            text not in await writer.readable(encounter) for writer, encounter, text in self._typed
        ]
        self._scene.say(f"{len(missing)} texts typed on two devices read again")
        return sum(missing)


SIMULATED: Final[dict[str, Callable[[Scene], Happening]]] = {
    "offline-72h": Offline,
    "two-devices": TwoDevices,
}
