"""What was lost, altered or withheld is in the breach register by itself, and the clock runs."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from anamnesis.clinical.breach import Breach
from anamnesis.incident.clock import Clock72
from anamnesis.record.resource_model import Resource
from anamnesis.storage.sqlite.incidents import SqliteIncidentReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.running import Practitioner, Running, wait_until
from tests.terrible import survive

CLOSED_SECONDS_MAX = 60.0


def register(running: Running, practice: str) -> list[Resource]:
    with closing(SqliteRecordReader(running.data / "record.db")) as record:
        return record.practice_resources(practice, "breach")


def first_found(running: Running, practice: str) -> str:
    with closing(SqliteIncidentReader(running.data / "incidents.db")) as incidents:
        [incident] = incidents.incidents(10)
        found = incidents.discrepancies(incident.number, practice, None, -1, 10_000)
    return min(one.found_at for one in found)


def decided(claire: Practitioner, content: dict[str, Any], reason: str) -> dict[str, Any]:
    decision = {
        "notify": False,
        "inform": False,
        "notify_reason": reason,
        "inform_reason": reason,
        "by": claire.id,
        "by_name": "Dr Claire Aubry",
        "at": content["aware_at"],
    }
    return claire.entry("breach.write", content | {"decision": decision})


def test_the_breach_clock_starts_at_awareness(tmp_path: Path) -> None:
    with Running.started() as running:
        claire, rose = running.sign_in("claire"), running.sign_in("rose")
        survive(running, tmp_path, "record.py", "ShareWipesNote")
        wait_until(lambda: register(running, claire.practice), "an entry of the register")
        [entry] = register(running, claire.practice)
        breach = msgspec.convert(entry.content, Breach)
        assert breach.aware_at == first_found(running, claire.practice)
        aware = datetime.fromisoformat(breach.aware_at)
        assert Clock72(aware).deadline == aware + timedelta(hours=72)
        assert breach.decision is None, "a person decides"
        assert register(running, rose.practice) == [], "another practice lost nothing"

        # Not to notify without a written reason never gets into the journal.
        [refused] = claire.send(decided(claire, entry.content, "non"))
        assert refused["code"] == "not-notified-without-reason"
        claire.sequence -= 1
        why = "Tous les textes ont été rendus, relus et vérifiés en quelques minutes."
        claire.keep(decided(claire, entry.content, why))

        # When everything is back the facts say so, and the decision stands.
        def is_over() -> bool:
            [newest] = register(running, claire.practice)
            content = newest.content
            return bool(content["ended_at"]) and content["decision"] is not None

        wait_until(is_over, "the facts brought up to date", CLOSED_SECONDS_MAX)
        [newest] = register(running, claire.practice)
        assert newest.content["permanence"] == "recoverable"
        assert newest.content["extent"]["brought_back"] == newest.content["extent"]["texts"]
