import asyncio
from collections.abc import Awaitable, Callable

import pytest

from anamnesis.access.account import Account
from anamnesis.access.limits import TRIES_PER_LOGIN_MAX
from anamnesis.access.session import IDLE_MAX, Session
from anamnesis.keeper.http import Refused
from anamnesis.keeper.passwords import Passwords
from anamnesis.keeper.sessions import (
    RECHECKED_AFTER_SECONDS,
    AccessThread,
    Sessions,
    SignedIn,
    csrf_of,
)
from anamnesis.storage.memory.access import MemoryAccessStore
from tests.unit.keeper.fakes import FakeClock, FakeIds

PASSWORD = "un mot de passe"


class QuickPasswords(Passwords):
    """Hashing that costs nothing and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    async def check(self, password_hash: str | None, password: str) -> bool:
        self.asked.append(password_hash)
        return password_hash == password


class World:
    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = MemoryAccessStore()
        self.store.add_account(
            Account("claire", "p-claire", "lilas", "Dr Claire Aubry", PASSWORD, "2026")
        )
        self.passwords = QuickPasswords()
        self.sessions = Sessions(AccessThread(self.store), self.passwords, self.clock, FakeIds())

    async def signed_in(self) -> SignedIn:
        return await self.sessions.sign_in(" Claire ", PASSWORD, "192.0.2.1")


def play(story: Callable[[World], Awaitable[None]]) -> None:
    async def playing() -> None:
        await story(World())

    asyncio.run(playing())


def test_a_session_is_opened_by_its_token_and_by_nothing_else() -> None:
    async def story(world: World) -> None:
        signed_in = await world.signed_in()
        found = await world.sessions.current(signed_in.token)
        assert found == signed_in.session
        assert await world.sessions.current(signed_in.session.id) is None
        assert await world.sessions.current(None) is None

    play(story)


def test_the_store_never_sees_a_token() -> None:
    async def story(world: World) -> None:
        signed_in = await world.signed_in()
        assert signed_in.token.encode() not in world.store._sessions

    play(story)


@pytest.mark.parametrize(("login", "password"), [("claire", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_login_and_a_wrong_password_are_refused_alike(login: str, password: str) -> None:
    async def story(world: World) -> None:
        with pytest.raises(Refused) as refused:
            await world.sessions.sign_in(login, password, "192.0.2.1")
        assert (refused.value.status, refused.value.code) == (401, "sign-in-refused")
        # The time of an answer must not tell whether a login exists: both cost one hash.
        assert len(world.passwords.asked) == 1

    play(story)


def test_too_many_tries_wait_and_even_the_right_password_waits_with_them() -> None:
    async def story(world: World) -> None:
        for _ in range(TRIES_PER_LOGIN_MAX):
            with pytest.raises(Refused):
                await world.sessions.sign_in("claire", "wrong", "192.0.2.1")
        with pytest.raises(Refused) as refused:
            await world.signed_in()
        assert (refused.value.status, refused.value.code) == (429, "sign-in-limited")
        assert len(world.passwords.asked) == TRIES_PER_LOGIN_MAX

    play(story)


def test_many_tries_at_once_are_as_many_tries() -> None:
    async def story(world: World) -> None:
        tries = [world.sessions.sign_in("claire", "wrong", "192.0.2.1") for _ in range(30)]
        refused = await asyncio.gather(*tries, return_exceptions=True)
        codes = [one.code for one in refused if isinstance(one, Refused)]
        assert codes.count("sign-in-refused") == TRIES_PER_LOGIN_MAX

    play(story)


def test_a_session_ended_elsewhere_is_honoured_within_the_limit() -> None:
    async def story(world: World) -> None:
        signed_in = await world.signed_in()
        assert await world.sessions.current(signed_in.token) is not None
        world.store.disable_account("claire")
        world.clock.move(RECHECKED_AFTER_SECONDS)
        assert await world.sessions.current(signed_in.token) is None

    play(story)


def test_signing_out_is_honoured_at_once() -> None:
    async def story(world: World) -> None:
        signed_in = await world.signed_in()
        await world.sessions.current(signed_in.token)
        await world.sessions.sign_out(signed_in.token)
        assert await world.sessions.current(signed_in.token) is None

    play(story)


def test_polling_does_not_keep_a_session_alive_and_working_does() -> None:
    async def story(world: World) -> None:
        half = IDLE_MAX.total_seconds() / 2 + 1
        polling, working = await world.signed_in(), await world.signed_in()
        world.clock.move(half)
        assert await world.sessions.current(polling.token, active=False) is not None
        assert await world.sessions.current(working.token, active=True) is not None
        world.clock.move(half)
        assert await world.sessions.current(polling.token, active=False) is None
        assert await world.sessions.current(working.token, active=False) is not None

    play(story)


def test_a_disabled_account_cannot_sign_in() -> None:
    async def story(world: World) -> None:
        world.store.disable_account("claire")
        with pytest.raises(Refused):
            await world.signed_in()

    play(story)


def test_a_csrf_token_is_good_for_its_own_session_only() -> None:
    async def story(world: World) -> None:
        mine, other = await world.signed_in(), await world.signed_in()
        await world.sessions.current(mine.token)
        matches = world.sessions.csrf_matches
        assert matches(mine.token, mine.csrf, mine.csrf)
        assert not matches(mine.token, other.csrf, other.csrf)
        assert not matches(mine.token, mine.csrf, other.csrf)
        assert not matches(mine.token, "", "")
        assert csrf_of(mine.token) == mine.csrf

    play(story)


def test_a_store_that_cannot_be_read_lets_nobody_go_on() -> None:
    class Failing(MemoryAccessStore):
        failing = False

        def session(self, token_digest: bytes) -> Session | None:
            if self.failing:
                raise OSError
            return super().session(token_digest)

    async def story(world: World) -> None:
        failing = Failing()
        failing.__dict__.update(world.store.__dict__)
        sessions = Sessions(AccessThread(failing), world.passwords, world.clock, FakeIds())
        signed_in = await sessions.sign_in("claire", PASSWORD, "192.0.2.1")
        assert await sessions.current(signed_in.token) is not None
        failing.failing = True
        world.clock.move(RECHECKED_AFTER_SECONDS)
        for _ in range(2):
            with pytest.raises(OSError):  # noqa: PT011 -- whatever the store raises
                await sessions.current(signed_in.token)

    play(story)
