import asyncio
from collections.abc import Awaitable, Callable

import pytest

from anamnesis.access.session import Session
from anamnesis.keeper.push import (
    STREAMS_PER_SESSION_MAX,
    WAITING_EVENTS_MAX,
    Event,
    Push,
    Stream,
    TooManyStreams,
)
from tests.unit.keeper.fakes import NOON, Client


def session(practitioner: str = "claire", practice: str = "lilas") -> Session:
    return Session(f"s-{practitioner}", practitioner, practitioner, practice, "", NOON, NOON)


async def always() -> bool:
    return True


async def served(
    push: Push, stream: Stream, client: Client, living: Callable[[], Awaitable[bool]] = always
) -> None:
    await push.serve(stream, living, client.receive, client.send, https=False)


def waiting(stream: Stream) -> bytes:
    return b"".join(stream.waiting)


def test_an_event_goes_to_those_it_concerns() -> None:
    async def story() -> None:
        push = Push()
        claire, paul, rose = (
            push.open(session(*who)) for who in [("claire",), ("paul",), ("rose", "roses")]
        )
        push.publish([Event("recorded", {"entry": "e"}, "lilas", "claire")])
        push.publish([Event("note", {"version": 2}, "lilas")])
        push.publish([Event("application", {"state": "up"})])
        assert waiting(claire).count(b"event:") == 3
        assert waiting(paul).count(b"event:") == 2
        assert waiting(rose) == b'event: application\ndata: {"state":"up"}\n\n'

    asyncio.run(story())


def test_a_page_gets_its_events_in_order_on_an_event_stream() -> None:
    async def story() -> None:
        push, client = Push(), Client()
        stream = push.open(session())
        push.publish([Event("note", {"version": n}, "lilas") for n in (1, 2)])
        serving = asyncio.ensure_future(served(push, stream, client))
        while len(client.got) < 3:
            await asyncio.sleep(0)
        push.close()
        await serving
        assert client.headers["content-type"] == "text/event-stream"
        assert client.headers["cache-control"] == "no-store"
        assert client.body.index(b'"version":1') < client.body.index(b'"version":2')
        assert len(push) == 0

    asyncio.run(story())


def test_a_page_that_reads_too_slowly_loses_its_stream_and_nobody_elses() -> None:
    async def story() -> None:
        push = Push()
        slow, quick = push.open(session()), push.open(session("paul"))
        for n in range(WAITING_EVENTS_MAX + 1):
            push.publish([Event("note", {"version": n}, "lilas")])
            quick.waiting.clear()
        assert slow.closed
        assert len(slow.waiting) == WAITING_EVENTS_MAX
        assert not quick.closed

    asyncio.run(story())


def test_an_ended_session_is_told_so_and_the_stream_closes() -> None:
    async def story() -> None:
        push, client = Push(), Client()
        stream = push.open(session())

        async def ended() -> bool:
            return False

        stream.woken.set()
        await served(push, stream, client, ended)
        assert client.body.endswith(b'event: session\ndata: {"state":"ended"}\n\n')

    asyncio.run(story())


def test_a_page_that_goes_away_leaves_nothing_behind() -> None:
    async def story() -> None:
        push, client = Push(), Client()
        stream = push.open(session())
        serving = asyncio.ensure_future(served(push, stream, client))
        while not client.got:
            await asyncio.sleep(0)
        client.gone.set()
        await serving
        assert len(push) == 0

    asyncio.run(story())


def test_streams_are_limited_for_each_session() -> None:
    async def story() -> None:
        push = Push()
        for _ in range(STREAMS_PER_SESSION_MAX):
            push.open(session())
        with pytest.raises(TooManyStreams):
            push.open(session())
        push.open(session("paul"))

    asyncio.run(story())


def test_no_stream_is_opened_while_closing() -> None:
    async def story() -> None:
        push = Push()
        push.close()
        with pytest.raises(TooManyStreams):
            push.open(session())

    asyncio.run(story())
