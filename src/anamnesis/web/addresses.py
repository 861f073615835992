"""What may stand in an address: identifiers, and where a page may send somebody next."""

import re
from urllib.parse import urlsplit

_IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def is_identifier(text: str) -> bool:
    """Whether `text` is an identifier as entries write it: a UUID in lower case."""
    return _IDENTIFIER.fullmatch(text) is not None


def local(address: str) -> str:
    """`address` if it is a path of this host, and the first page otherwise."""
    # Browsers take a backslash for a slash, and drop tabs and line breaks before they look.
    plain = address.isprintable() and "\\" not in address
    path = plain and address.startswith("/") and not address.startswith("//")
    return address if path and not urlsplit(address).netloc else "/"
