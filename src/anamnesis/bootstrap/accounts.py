"""Makes an account: by a running keeper if there is one, else on the journal itself."""

import asyncio

from anamnesis.access.account import Account, AccountRefused
from anamnesis.bootstrap.keeper import open_keeper
from anamnesis.keeper.accounts import (
    NewAccount,
    account_of,
    checked,
    founding_entries,
    require_accepted,
)
from anamnesis.keeper.control import Command, command, login_taken, shown
from anamnesis.keeper.parts import Parts
from anamnesis.keeper.passwords import Passwords
from anamnesis.keeper.wake import Waker
from anamnesis.settings import Settings


def add_account(settings: Settings, new: NewAccount) -> dict[str, str]:
    """Who was made: login, practitioner, practice, name.

    Raises `AccountRefused`, and `StartRefused` when the journal can be neither reached nor
    opened.
    """
    try:
        answer = asyncio.run(command(settings.control_socket, Command(new)))
    except (FileNotFoundError, ConnectionRefusedError):
        with open_keeper(settings) as parts:
            return shown(_add(parts, new))
    if "account" not in answer:
        raise AccountRefused(answer["code"], answer["message"])
    account: dict[str, str] = answer["account"]
    return account


def add_accounts_offline(settings: Settings, several: list[NewAccount]) -> list[dict[str, str]]:
    """Makes several accounts while nothing runs, opening the journal once."""
    with open_keeper(settings) as parts:
        return [shown(_add(parts, new)) for new in several]


def _add(parts: Parts, new: NewAccount) -> Account:
    settings = parts.settings
    new = checked(new)
    if parts.access.account(new.login) is not None:
        raise login_taken(new.login)
    now = parts.clock.now()
    founding = founding_entries(new, settings.origin, settings.build, now, parts.reader)
    if founding:
        require_accepted(parts.journal.append(founding))
    account = account_of(new, settings.origin, Passwords().hash(new.password), now)
    parts.access.add_account(account)
    waker = Waker(settings.application_wake)
    waker.wake()
    waker.close()
    return account
