"""A call of the operator's own service, signed as Standard Webhooks says (standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from typing import Final

import httpx

from anamnesis.dispatch.sending import NotSent
from anamnesis.incident.dispatch import Dispatch
from anamnesis.settings import SettingRefused

ANSWER_SECONDS_MAX: Final = 10.0
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 -- what secrets begin with
SECRET_BYTES_MIN: Final = 24
"""The specification's least."""


def key_of(secret: str) -> bytes:
    """The key in a secret `whsec_…`; raises SettingRefused."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith(SECRET_PREFIX) or len(key) < SECRET_BYTES_MIN:
        raise SettingRefused(
            "webhook-secret-invalid", "A webhook's secret is whsec_ and 24 bytes or more in Base64."
        )
    return key


def signature(key: bytes, identifier: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over id, timestamp and body, as the header says it."""
    signed = b".".join((identifier.encode(), str(timestamp).encode(), body))
    mac = hmac.digest(key, signed, hashlib.sha256)
    return f"v1,{base64.b64encode(mac).decode()}"


class Webhook:
    """A `Sender` to one address. Redirects are not followed: they would leave it unsigned for."""

    def __init__(self, url: str, key: bytes, now: Callable[[], float]) -> None:
        self._url = url
        self._key = key
        self._now = now

    def send(self, dispatch: Dispatch, created_at: str) -> None:
        """Returns once the answer is 2xx; raises NotSent."""
        del created_at
        body, timestamp = dispatch.body.encode(), int(self._now())
        headers = {
            "content-type": "application/json",
            "webhook-id": dispatch.key,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._key, dispatch.key, timestamp, body),
        }
        try:
            with httpx.stream(
                "POST", self._url, content=body, headers=headers, timeout=ANSWER_SECONDS_MAX
            ) as answer:
                status = answer.status_code
        except httpx.HTTPError:
            raise NotSent("webhook-unreachable", is_anybodys=True) from None
        if not 200 <= status < 300:
            raise NotSent(f"webhook-status-{status}")
