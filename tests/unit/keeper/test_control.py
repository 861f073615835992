"""What the operator's commands may be, before any keeper is asked."""

import asyncio
from pathlib import Path

from anamnesis.keeper.control import Command, Deploy, command
from anamnesis.rollout.cohort import Cohort
from tests.running import new_id


def asked(practitioners: int) -> Command:
    named = tuple(new_id() for _ in range(practitioners))
    return Command(deploy=Deploy("weeks-old", "x.py:X", ("typing",), Cohort(practitioners=named)))


def test_a_command_that_is_too_large_is_refused_with_a_reason() -> None:
    answer = asyncio.run(command(Path("nowhere"), asked(30_000)))
    assert answer["code"] == "command-too-large"


def test_a_cohort_of_some_thousand_named_practitioners_is_asked_for(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def keeper(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readline())
        writer.write(b'{"rollout": {}}\n')
        writer.close()

    async def both() -> None:
        path = tmp_path / "k"
        limit = 1_048_576
        async with await asyncio.start_unix_server(keeper, str(path), limit=limit):
            assert await command(path, asked(2_300)) == {"rollout": {}}

    asyncio.run(both())
    assert len(heard[0]) > 65_536
