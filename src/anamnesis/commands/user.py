"""`anamnesis user add`: an account for a practitioner, or for another operator."""

import getpass
import os
import sys
from pathlib import Path

import cyclopts

from anamnesis.access.account import AccountRefused
from anamnesis.bootstrap.accounts import add_account
from anamnesis.keeper.accounts import NewAccount
from anamnesis.settings import chosen

app = cyclopts.App(name="user", help="Accounts of practitioners and operators.")


@app.command
def add(
    login: str,
    *,
    family: str,
    given: str,
    practice: str = "",
    operator: bool = False,
    title: str = "",
    specialty: str = "",
    rpps: str = "",
    password_stdin: bool = False,
    data: Path | None = None,
) -> int:
    """Make an account; works while the keeper runs and while it does not.

    Parameters
    ----------
    login
        What they sign in with.
    practice
        The practice's name; the same name is the same practice.
    operator
        An operator: belongs to no practice, sees the operator's pages and nobody's record.
    rpps
        The practitioner's national number.
    password_stdin
        Read the password from standard input instead of asking for it.
    data
        The data directory.
    """
    new = NewAccount(
        login=login,
        password=_password(password_stdin),
        family=family,
        given=given,
        practice=practice,
        title=title,
        specialty=specialty,
        rpps=rpps,
        role="operator" if operator else "practitioner",
    )
    account = add_account(chosen(os.environ, data=data), new)
    sys.stdout.write(
        f"{account['name']} signs in as {account['login']} ({practice or 'operator'}).\n"
    )
    return 0


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise AccountRefused("password-differs", "The two passwords are not the same.")
    return password
