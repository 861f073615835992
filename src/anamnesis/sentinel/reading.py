"""Reads a note back by every other way than the one that wrote it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec

from anamnesis.clinical.sections import SECTIONS, Sections
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.receipt import Receipt, receipt_of, verify_receipt
from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.rollout.walked import Finding
from anamnesis.sentinel.comparison import Route, compared, shown_on_page
from anamnesis.sentinel.door import Door, Sent
from anamnesis.sentinel.walks import Written

RECORDED_SECONDS_MAX: Final = 10.0
"""How long an entry may take until the keeper has read it back."""
DIFFERS_SECONDS_MAX: Final = 3.0
"""A difference that lasts so long is one: the record may be being put in place."""
LOOKED_EVERY_SECONDS: Final = 0.2


class Reading:
    """One sentinel reading its own notes."""

    def __init__(self, door: Door, key: VerificationKey) -> None:
        self._door = door
        self._key = key
        self._routes: dict[Route, Callable[[Written], Awaitable[str | None]]] = {
            "keeper": self._by_keeper,
            "page": self._by_page,
            "interface": self._by_interface,
            "history": self._by_history,
        }

    async def read_back(self, written: Written) -> list[Finding]:
        """Everything that is wrong with this note. Raises Interrupted, Unwalked."""
        found = []
        for sent in {one.id: one for one in (written.text, written.sent[-1])}.values():
            code = await self._by_receipt(sent)
            if code is not None:
                found.append(finding(code, "receipt", sent, written.encounter))
        for route, ask in self._routes.items():
            code = await _lasting(ask, written)
            if code is not None:
                found.append(finding(code, route, written.text, written.encounter))
        return found

    async def changed(self, encounter: str, digest: str, entry: str) -> str:
        """What became of a note written before, "" if nothing. Raises Interrupted, Unwalked."""
        answer = await self._door.ask(f"/keep/encounters/{encounter}/note")
        if answer.status_code != 200:
            return "sentinel-lost"
        if msgspec.convert(answer.json()["sections"], Sections).digest() != digest:
            return "sentinel-altered"
        page = await self._door.ask(f"/encounters/{encounter}")
        shown = shown_on_page(page.text) if page.status_code == 200 else {}
        if set(shown) != set(SECTIONS) or Sections(**shown).digest() != digest:
            return "sentinel-unseen"
        receipt = await self._door.ask(f"/keep/receipts/{entry}")
        recorded = receipt.status_code == 200 and receipt.json()["state"] == "recorded"
        return "" if recorded else "sentinel-late"

    async def _by_receipt(self, sent: Sent) -> str | None:
        """The entry has to become recorded, and every receipt of it to be a true one."""
        until = time.monotonic() + RECORDED_SECONDS_MAX
        if not self._true(sent, sent.receipt):
            return "sentinel-altered"
        while True:
            answer = await self._door.ask(f"/keep/receipts/{sent.id}")
            if answer.status_code != 200:
                return "sentinel-lost"
            if not self._true(sent, answer.json()):
                return "sentinel-altered"
            if answer.json()["state"] == "recorded":
                return None
            if time.monotonic() >= until:
                return "sentinel-late"
            await asyncio.sleep(LOOKED_EVERY_SECONDS)

    def _true(self, sent: Sent, travelled: dict[str, Any]) -> bool:
        try:
            receipt: Receipt = receipt_of(travelled)
            return verify_receipt(receipt, self._key, sent.content).entry == sent.id
        except ReceiptRefused:
            return False

    async def _by_keeper(self, written: Written) -> str | None:
        return await self._note(written, "keeper", f"/keep/encounters/{written.encounter}/note")

    async def _by_interface(self, written: Written) -> str | None:
        path = f"/api/v1/encounters/{written.encounter}/note"
        return await self._note(written, "interface", path)

    async def _note(self, written: Written, route: Route, path: str) -> str | None:
        answer = await self._door.ask(path)
        note = answer.json() if answer.status_code == 200 else None
        code = compared(route, written.sections, None if note is None else note["sections"])
        if code is None and note is not None:
            right = (note["status"], note["divergences"]) == (written.status, [])
            return None if right else "sentinel-altered"
        return code

    async def _by_page(self, written: Written) -> str | None:
        answer = await self._door.ask(f"/encounters/{written.encounter}")
        shown = shown_on_page(answer.text) if answer.status_code == 200 else None
        return compared("page", written.sections, shown)

    async def _by_history(self, written: Written) -> str | None:
        answer = await self._door.ask(f"/api/v1/encounters/{written.encounter}/note/versions")
        versions = answer.json()["rows"] if answer.status_code == 200 else []
        code = compared("history", written.sections, versions[-1]["sections"] if versions else None)
        if code is None and len(versions) != written.versions:
            more = len(versions) > written.versions
            return "sentinel-duplicated" if more else "sentinel-lost"
        return code


async def _lasting(ask: Callable[[Written], Awaitable[str | None]], written: Written) -> str | None:
    """What is still wrong after a moment, None if it came right or never was."""
    until = time.monotonic() + DIFFERS_SECONDS_MAX
    while True:
        code = await ask(written)
        if code is None or time.monotonic() >= until:
            return code
        await asyncio.sleep(LOOKED_EVERY_SECONDS)


def finding(code: str, route: str, sent: Sent, encounter: str) -> Finding:
    """What is told of one entry."""
    header = sent.receipt["header"]
    return Finding(
        code=code,
        route=route,
        entry=sent.id,
        position=header["position"],
        kind=sent.kind,
        device=header["device"],
        encounter=encounter,
        digest=header["digest"],
        received_at=header["received_at"],
    )
