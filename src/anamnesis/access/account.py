"""An account: a login that stands for one practitioner of one practice, or for an operator."""

import re
from typing import Literal

import msgspec

PASSWORD_CHARACTERS_MIN = 12
PASSWORD_CHARACTERS_MAX = 256
"""A longer password would only let a stranger make the server hash more."""
LOGIN_CHARACTERS_MAX = 64
Role = Literal["practitioner", "operator"]
"""A practitioner writes in the records of one practice; an operator belongs to none, sees none."""
_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]*[a-z0-9])?\Z")


class AccountRefused(Exception):
    """An account cannot be made like this; `code` is stable, the message is for the operator."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Account(msgspec.Struct, frozen=True):
    """Who signs in with `login`. `password_hash` is an argon2id hash, never a password.

    An operator's `practitioner` and `practice` are empty.
    """

    login: str
    practitioner: str
    practice: str
    name: str
    password_hash: str
    created_at: str
    disabled: bool = False
    role: Role = "practitioner"


def folded_login(login: str) -> str:
    """The one form of a login: surrounding blanks and capitals do not matter."""
    return login.strip().casefold()


def check_login(login: str) -> None:
    """Raises `AccountRefused` unless `login`, already folded, is one people can type."""
    if len(login) > LOGIN_CHARACTERS_MAX or not _LOGIN.match(login):
        raise AccountRefused(
            "login-invalid",
            f"A login has 1 to {LOGIN_CHARACTERS_MAX} letters a-z, digits, dots, hyphens, "
            "underscores or @, and starts and ends with a letter or a digit.",
        )


def check_password(login: str, password: str) -> None:
    """Raises `AccountRefused` unless `password` may protect a new account."""
    if len(password) < PASSWORD_CHARACTERS_MIN:
        raise AccountRefused(
            "password-too-short", f"A password has at least {PASSWORD_CHARACTERS_MIN} characters."
        )
    if len(password) > PASSWORD_CHARACTERS_MAX:
        raise AccountRefused(
            "password-too-long", f"A password has at most {PASSWORD_CHARACTERS_MAX} characters."
        )
    if folded_login(password) == login or len(set(password)) < 4:
        raise AccountRefused(
            "password-too-simple", "A password is not the login, nor a few characters repeated."
        )
