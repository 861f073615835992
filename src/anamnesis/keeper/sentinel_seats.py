"""Seats for sentinels: accounts without a password, and sessions that only the keeper gives."""

import secrets

from anamnesis.access.account import Account
from anamnesis.access.session import Session
from anamnesis.access.store import AccessStore
from anamnesis.keeper.accounts import creating, require_accepted
from anamnesis.keeper.intake import Intake
from anamnesis.keeper.reading import Reading
from anamnesis.keeper.sessions import TOKEN_BYTES, AccessThread, csrf_of, digest_of
from anamnesis.rollout.sentinels import LOGIN_PREFIX, SENTINEL_PRACTICE, sentinel_of
from anamnesis.seams import Clock, Ids, instant

NO_PASSWORD = "!"  # noqa: S105 -- no hash is ever like it: nobody signs in with one
PRACTICE_NAME = "Sentinelles"
SUBMITTED_BYTES = 4_096

_FOUNDED = {"title": "", "specialty": "", "rpps": ""}


class SentinelSeats:
    """Makes a sentinel exist the first time it is asked for. Asked for one at a time."""

    def __init__(
        self,
        intake: Intake,
        reading: Reading,
        access: AccessThread,
        clock: Clock,
        ids: Ids,
        build: str,
    ) -> None:
        self._intake = intake
        self._reading = reading
        self._access = access
        self._clock = clock
        self._ids = ids
        self._build = build

    async def take(self, feature: str) -> dict[str, str]:
        """A new session of this feature's sentinel: whose it is, its token and its CSRF token."""
        practitioner = sentinel_of(feature)
        await self._found(feature, practitioner)
        now = self._clock.now()
        name = f"Sentinelle {feature}".strip()
        login = LOGIN_PREFIX + feature
        account = Account(login, practitioner, SENTINEL_PRACTICE, name, NO_PASSWORD, instant(now))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        session = Session(self._ids.new(), login, practitioner, SENTINEL_PRACTICE, name, now, now)

        def start(store: AccessStore) -> None:
            if store.account(login) is None:
                store.add_account(account)
            store.start_session(digest_of(token), session)

        await self._access.run(start)
        return {
            "practitioner": practitioner,
            "practice": SENTINEL_PRACTICE,
            "token": token,
            "csrf": csrf_of(token),
        }

    async def _found(self, feature: str, practitioner: str) -> None:
        practice = {
            "id": SENTINEL_PRACTICE,
            "name": PRACTICE_NAME,
            "address": "",
            "telephone": "",
        }
        who = {"id": practitioner, "family": "Sentinelle", "given": feature} | _FOUNDED
        contents = (("practice.create", practice), ("practitioner.create", who))
        now = self._clock.now()
        missing = await self._reading.journal(
            lambda journal: creating(SENTINEL_PRACTICE, contents, self._build, now, journal)
        )
        if missing:
            require_accepted(await self._intake.submit(missing, SUBMITTED_BYTES))
