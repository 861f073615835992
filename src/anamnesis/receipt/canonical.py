"""The one sequence of bytes a JSON value is digested as (RFC 8785), and its digest.

Stricter than RFC 8785 in what it takes: whatever two programs might read differently has
no canonical form here, and is refused with a code instead of being guessed at.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

import msgspec
import rfc8785

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"

DEPTH_MAX = 32  # arrays and objects inside one another
INTEGER_MAX = 2**53 - 1  # the last integer that every JSON reader holds exactly

_encode = msgspec.json.Encoder(order="sorted").encode


class NotCanonical(ValueError):
    """The value has no canonical form; `code` says why, `message` says it to the reader."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def canonical(value: Json) -> bytes:
    """`value` as canonical JSON (RFC 8785) in UTF-8.

    Raises NotCanonical: `lone-surrogate`, `nul-character`, `number-not-exact`, `too-deep`,
    `not-json`.
    """
    if _is_plain(value, 0):
        # The same bytes a hundred times sooner, wherever sorting by character is sorting by UTF-16
        # unit. Half a character cannot be encoded, and NUL is written as what is looked for here.
        with suppress(UnicodeEncodeError):
            data = _encode(value)
            if b"\\u0000" not in data:
                return data
    _check(value, 0)
    return rfc8785.dumps(value)


def digest(value: Json) -> str:
    """The SHA-256 of `canonical(value)`, in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_bytes(data: bytes) -> str:
    """The SHA-256 of `data` as it is, in 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _is_plain(value: object, depth: int) -> bool:
    """Whether all is right but for what texts say, every name ASCII and every type JSON's own."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -INTEGER_MAX <= value <= INTEGER_MAX  # type: ignore[operator]
    if depth >= DEPTH_MAX or kind not in (dict, list, tuple):
        return False
    if kind is dict:
        for name in value:  # type: ignore[attr-defined]
            if type(name) is not str or not name.isascii():
                return False
        value = value.values()  # type: ignore[attr-defined]
    for member in value:  # type: ignore[attr-defined]
        if type(member) is not str and not _is_plain(member, depth + 1):
            return False
    return True


def _check(value: object, depth: int) -> None:
    """Raises NotCanonical for the first thing that has no canonical form."""
    if isinstance(value, str):
        _check_text(value)
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise NotCanonical("number-not-exact", "An integer is too large to be kept exactly.")
    elif isinstance(value, float):
        raise NotCanonical("number-not-exact", "Only integers are kept exactly; write it as text.")
    elif isinstance(value, dict):
        _check_depth(depth)
        for name, member in value.items():
            if not isinstance(name, str):
                raise NotCanonical("not-json", "The name of a member is not text.")
            _check_text(name)
            _check(member, depth + 1)
    elif isinstance(value, list | tuple):
        _check_depth(depth)
        for member in value:
            _check(member, depth + 1)
    else:
        raise NotCanonical("not-json", "A value is of a kind that JSON does not have.")


def _check_depth(depth: int) -> None:
    if depth >= DEPTH_MAX:
        raise NotCanonical("too-deep", f"More than {DEPTH_MAX} levels lie inside one another.")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise NotCanonical("nul-character", "The text has a NUL character in it.")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotCanonical("lone-surrogate", "The text has half a character in it.") from None
