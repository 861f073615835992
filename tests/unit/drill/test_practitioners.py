"""When a simulated practitioner takes a green for a wrong one."""

import asyncio
import random

import httpx
import pytest

from anamnesis.drill import practitioners
from anamnesis.drill.entries import Device
from anamnesis.drill.practitioners import Practitioner, Seat, Seen


def greens_while_wrong(note: httpx.Response | None, typed_meanwhile: str = "typed") -> int:
    """Of a page that is told that its text is recorded, where a reader gets this answer."""
    seat = Seat("t", "t", False, Device("p", "claire"), {"e": "typed"})
    people: list[Practitioner] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/keep/witness":
            people[0].notes["e"] = typed_meanwhile
            return httpx.Response(200, json={"state": "recorded"})
        if note is None:
            raise httpx.ConnectError("nobody")
        return note

    async def looked() -> int:
        seen = Seen()
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://drill") as client:
            person = Practitioner(seat, client, random.Random(0), seen)
            people.append(person)
            person.current, person.state = "e", "recorded"
            await person.look()
        return seen.greens_while_wrong

    return asyncio.run(looked())


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practitioners, "SENT_AGAIN_AFTER_SECONDS", 0.0)


@pytest.mark.parametrize(
    "note",
    [httpx.Response(200, json={"digest": "another"}), httpx.Response(404)],
    ids=["another-text", "no-text"],
)
def test_green_over_a_text_that_readers_do_not_get_is_wrong(note: httpx.Response) -> None:
    assert greens_while_wrong(note) == 1


def test_green_is_not_wrong_where_readers_get_the_text() -> None:
    assert greens_while_wrong(httpx.Response(200, json={"digest": "typed"})) == 0


def test_green_is_not_called_wrong_while_nobody_answers_readers() -> None:
    assert greens_while_wrong(None) == 0


def test_green_is_said_of_the_text_that_was_shown_when_it_was_asked_for() -> None:
    older = httpx.Response(200, json={"digest": "typed"})
    assert greens_while_wrong(older, typed_meanwhile="typed on") == 0
