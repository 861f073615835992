"""Breaches and discrepancies for tests of what follows from them."""

from typing import Any

import msgspec

from anamnesis.clinical.breach import Breach
from anamnesis.reconcile.discrepancy import Discrepancy
from tests.unit.clinical.contents import BREACH

PRACTICE = "01930000-0000-7000-8000-0000000000a1"
OTHER = "01930000-0000-7000-8000-0000000000a2"


def breach(**changed: Any) -> Breach:
    return msgspec.structs.replace(msgspec.convert(BREACH, Breach), **changed)


def discrepancy(number: int = 0, **changed: Any) -> Discrepancy:
    one = Discrepancy(
        entry=f"entry-{number}",
        position=number,
        kind="note.write",
        practice=PRACTICE,
        author="claire",
        encounter=f"encounter-{number}",
        code="read-back-missing",
        difference="lost",
        sections=("motif",),
        features=("share-documents",),
        received_at="2026-11-23T14:00:00.000Z",
        found_at="2026-11-23T14:00:01.000Z",
    )
    return msgspec.structs.replace(one, **changed)
