"""The operator's way in while the keeper runs: one line of JSON each way.

The socket may be opened by the keeper's own account only.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import structlog

from anamnesis.access.account import Account, AccountRefused
from anamnesis.keeper.accounts import (
    NewAccount,
    account_of,
    checked,
    founding_entries,
    require_accepted,
)
from anamnesis.keeper.guarding import Guarding
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.passwords import Passwords
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.registering import ForRegister, registering
from anamnesis.keeper.sentinel_seats import SentinelSeats
from anamnesis.keeper.sentinel_watch import SentinelWatch
from anamnesis.keeper.sessions import AccessThread
from anamnesis.rollout.cohort import Cohort
from anamnesis.rollout.refusal import RolloutRefused
from anamnesis.rollout.rollout import OPERATOR, Mode, Rollout
from anamnesis.rollout.walked import Walked
from anamnesis.seams import Clock, instant

LINE_BYTES_MAX = 1_048_576
"""One command, or its answer: a cohort of some 25,000 named practitioners."""
COMMAND_SECONDS_MAX = 30.0

_log = structlog.get_logger()


class Deploy(msgspec.Struct, frozen=True):
    """A feature for a cohort; one that is deployed already gets another cohort.

    Unless `at_once`, its sentinel tries it first.
    """

    feature: str
    source: str
    paths: tuple[str, ...]
    cohort: Cohort
    canary: bool = False
    at_once: bool = False


class Command(msgspec.Struct, frozen=True):
    """What an operator asks of a running keeper: one of these.

    `suspend`, `resume` and `withdraw` name a feature. `nightly` runs the nightly jobs now. `mode`
    is left by nothing but another command. Sentinels ask for the `seat` of a feature, "" for none,
    and tell what they `walked`; `sentinels` asks for what was told last. The application tells
    what incidents are `for_register`.
    """

    add_account: NewAccount | None = None
    deploy: Deploy | None = None
    suspend: str | None = None
    resume: str | None = None
    withdraw: str | None = None
    mode: Mode | None = None
    features: bool = False
    nightly: bool = False
    seat: str | None = None
    walked: Walked | None = None
    sentinels: bool = False
    for_register: ForRegister | None = None


class Control:
    """Answers commands at the control socket."""

    def __init__(
        self,
        path: Path,
        intake: Intake,
        reading: Reading,
        access: AccessThread,
        passwords: Passwords,
        clock: Clock,
        origin: str,
        build: str,
        guarding: Guarding,
        nightly_order: Path,
        seats: SentinelSeats,
        sentinels: SentinelWatch,
    ) -> None:
        self._path = path
        self._intake = intake
        self._reading = reading
        self._access = access
        self._passwords = passwords
        self._clock = clock
        self._origin = origin
        self._build = build
        self._guarding = guarding
        self._nightly_order = nightly_order
        self._seats = seats
        self._sentinels = sentinels
        self._one_at_a_time = asyncio.Lock()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens, readable and writable by this account only."""
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()
        umask = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(
                self._serve, str(self._path), limit=LINE_BYTES_MAX
            )
        finally:
            os.umask(umask)

    def close(self) -> None:
        """Stops listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(COMMAND_SECONDS_MAX):
                answer = await self._answer(await reader.readline())
                writer.write(msgspec.json.encode(answer) + b"\n")
                await writer.drain()
        except (TimeoutError, ValueError, OSError) as failure:
            _log.warning("control-cut-off", failure=type(failure).__name__)
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            command = msgspec.json.decode(line, type=Command)
            return await self._do(command)
        except msgspec.DecodeError:
            return {"code": "malformed", "message": "The command could not be read."}
        except (AccountRefused, RolloutRefused) as refused:
            return {"code": refused.code, "message": str(refused)}
        except Exception as failure:  # noqa: BLE001 - the operator is told, the keeper goes on
            _log.error("control-failed", exc_info=failure)
            return {"code": "internal-error", "message": "The keeper could not do it; see its log."}

    async def _do(self, command: Command) -> dict[str, Any]:
        if command.add_account is not None:
            return {"account": shown(await self.add_account(command.add_account))}
        if command.seat is not None:
            async with self._one_at_a_time:
                return {"seat": await self._seats.take(command.seat)}
        if command.walked is not None:
            self._sentinels.heard(command.walked)
        if command.walked is not None or command.sentinels:
            return {"sentinels": self._sentinels.shown()}
        if command.for_register is not None:
            return {"registered": await self._register(command.for_register)}
        change = self._change(command)
        if change is not None:
            rollout = await asyncio.to_thread(self._guarding.decide, change)
        elif command.nightly or command.features:
            rollout = self._guarding.rollout
        else:
            return {"code": "malformed", "message": "The command asks for nothing."}
        if command.nightly:
            self._nightly_order.touch()
        return {"rollout": msgspec.to_builtins(rollout)}

    def _change(self, command: Command) -> Callable[[Rollout], Rollout] | None:
        at = instant(self._clock.now())
        if (new := command.deploy) is not None:
            if not new.at_once and self._sentinels.state == "off":
                raise RolloutRefused(
                    "sentinels-off", "Nobody can try it: sentinels are off. Deploy it at once."
                )
            return lambda rollout: rollout.deployed(
                new.feature,
                new.source,
                new.paths,
                new.cohort,
                at,
                canary=new.canary,
                trying=not new.at_once,
            )
        if (suspended := command.suspend) is not None:
            return lambda rollout: rollout.suspended(suspended, at, OPERATOR)
        if (resumed := command.resume) is not None:
            return lambda rollout: rollout.resumed(resumed).in_mode("features")
        if (withdrawn := command.withdraw) is not None:
            return lambda rollout: rollout.withdrawn(withdrawn)
        return None if command.mode is None else in_mode_of(command.mode, at)

    async def add_account(self, new: NewAccount) -> Account:
        """Journals who they are, then makes the login; raises `AccountRefused`."""
        async with self._one_at_a_time:
            new = checked(new)
            if await self._access.run(lambda store: store.account(new.login)) is not None:
                raise login_taken(new.login)
            now = self._clock.now()
            founding = await self._reading.journal(
                lambda journal: founding_entries(new, self._origin, self._build, now, journal)
            )
            if founding:
                require_accepted(await self._intake.submit(founding, LINE_BYTES_MAX))
            loop = asyncio.get_running_loop()
            hashed = await loop.run_in_executor(None, self._passwords.hash, new.password)
            account = account_of(new, self._origin, hashed, now)
            await self._access.run(lambda store: store.add_account(account))
            _log.info("account-created", login=account.login, practitioner=account.practitioner)
            return account

    async def _register(self, asked: ForRegister) -> bool:
        """Whether it was journaled now; it is there in any case."""
        async with self._one_at_a_time:
            now = self._clock.now()
            found = await self._reading.journal(
                lambda journal: registering(asked, self._build, now, journal)
            )
            if found:
                require_accepted(await self._intake.submit(found, LINE_BYTES_MAX))
            return bool(found)


def in_mode_of(mode: Mode, at: str) -> Callable[[Rollout], Rollout]:
    """An operator's decision for this mode, at this instant."""
    if mode == "journal-only":
        return lambda rollout: rollout.in_journal_only(at, OPERATOR)
    return lambda rollout: rollout.in_mode(mode)


async def command(path: Path, asked: Command) -> dict[str, Any]:
    """What a running keeper answers; raises `OSError` if none listens at `path`."""
    line = msgspec.json.encode(asked) + b"\n"
    if len(line) > LINE_BYTES_MAX:
        sentence = f"A command is at most {LINE_BYTES_MAX:,} bytes; name practices, or a share."
        return {"code": "command-too-large", "message": sentence}
    async with asyncio.timeout(COMMAND_SECONDS_MAX):
        reader, writer = await asyncio.open_unix_connection(str(path), limit=LINE_BYTES_MAX)
        try:
            writer.write(line)
            await writer.drain()
            answer: dict[str, Any] = msgspec.json.decode(await reader.readline())
            return answer
        finally:
            writer.close()


def login_taken(login: str) -> AccountRefused:
    """The refusal of a login that somebody has already."""
    return AccountRefused("login-taken", f"The login {login} belongs to an account already.")


def shown(account: Account) -> dict[str, str]:
    """What the operator sees of a new account: everything but the hash."""
    return {
        "login": account.login,
        "practitioner": account.practitioner,
        "practice": account.practice,
        "name": account.name,
    }
