"""The headers that every response leaves with, whoever made it."""

import re

from anamnesis.keeper.http import Headers

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
FILE_SECURITY_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'; sandbox allow-downloads allow-modals"
)
"""Of what is no page and is opened by itself: a PDF, a picture. It runs nothing and asks for
nothing; whoever reads it may keep it and print it."""

_ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
]
_HTTPS = (b"strict-transport-security", b"max-age=31536000")
_NO_STORE = (b"cache-control", b"no-store")
_POLICY = b"content-security-policy"
_REFERRER = b"referrer-policy"
_ROBOTS = b"x-robots-tag"
_OURS = frozenset(name for name, _ in [*_ALWAYS, _HTTPS]) | {_POLICY, _REFERRER, b"server"}
_BY_LINK = re.compile(r"/+(?:keep/share|shared?)(?:/|\Z)")
"""Reached with a link's token, or with what it opened: an address to be told to nobody."""


def secured(headers: Headers, path: str, https: bool) -> Headers:
    """`headers` with ours in place of any of the same name.

    Nothing but a static file whose maker says so may stay in a cache: pages show patients.
    """
    kept = [pair for pair in headers if pair[0].lower() not in _OURS]
    cached = any(name.lower() == b"cache-control" for name, _ in kept)
    if not (cached and _static(path)):
        kept = [pair for pair in kept if pair[0].lower() != b"cache-control"]
        kept.append(_NO_STORE)
    policy = FILE_SECURITY_POLICY if _file(kept, path) else CONTENT_SECURITY_POLICY
    kept += [(_POLICY, policy.encode()), *_ALWAYS]
    if _BY_LINK.match(path):
        kept += [(_REFERRER, b"no-referrer"), (_ROBOTS, b"noindex, nofollow, noarchive")]
    else:
        kept.append((_REFERRER, b"same-origin"))
    if https:
        kept.append(_HTTPS)
    return kept


def _file(headers: Headers, path: str) -> bool:
    types = [value.lower() for name, value in headers if name.lower() == b"content-type"]
    foreign = any(one.startswith((b"application/pdf", b"image/")) for one in types)
    return foreign and not _static(path)


def _static(path: str) -> bool:
    return path.startswith("/static/") or path in ("/service-worker.js", "/manifest.webmanifest")
