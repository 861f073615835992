"""Kills keeper and application at random under load, then compares everything.

Run by `make campaign-kill KILLS=200`. The seed it prints replays the same kills and texts, though
not the same instants: `ANAMNESIS_SEED=… ANAMNESIS_KILLS=200 pytest -m campaign -s tests/campaigns`.
A killed process is not a power cut: what the kernel had taken from it still reaches the disk.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from anamnesis.journal.verification import verify_journal
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.receipt import receipt_of, verify_receipt
from anamnesis.storage.sqlite.journal import SqliteJournalReader
from anamnesis.storage.sqlite.record import SqliteRecordReader
from tests.running import Practitioner, Running, wait_until

KILLS = int(os.environ.get("ANAMNESIS_KILLS", "20"))
SEED = int(os.environ.get("ANAMNESIS_SEED", str(random.randrange(2**32))))
CLIENTS = 4
PAUSE_SECONDS = (0.05, 3.0)
"""Between two kills: short ones strike a process that is still starting."""
STOPPED_SHARE = 0.25
"""Of the strikes that only stop a process for a while."""
VICTIMS = ("keeper", "keeper", "application", "supervisor")
ANSWER_SECONDS_MAX = 10.0


@dataclass
class Typist:
    """One device that types without pause and sends again whatever has no receipt."""

    practitioner: Practitioner
    patient: str
    encounter: str
    sent: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, dict[str, Any]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    def type_until(self, stop: threading.Event, draw: random.Random) -> None:
        """Types until told to stop, and leaves nothing without a receipt."""
        base = None
        while not stop.is_set():
            text = "".join(draw.choice("abcdefghij é\n≥") for _ in range(draw.randint(1, 3_000)))
            entry = self.practitioner.note_entry(self.patient, self.encounter, text, base=base)
            base = entry["digest"]
            self.sent.append(entry)
            self.insist(entry)

    def insist(self, entry: dict[str, Any]) -> None:
        """Sends until there is a receipt; anything but a refusal is unknown."""
        while True:
            try:
                answer = self.practitioner.post(entry)
            except httpx.TransportError as failure:
                self.outcomes[type(failure).__name__] += 1
                time.sleep(0.02)
                continue
            if answer.status_code != 200:
                self.outcomes[f"status {answer.status_code}"] += 1
                time.sleep(0.02)
                continue
            [result] = answer.json()["results"]
            assert result["outcome"] == "receipt", result
            self.outcomes[result["receipt"]["state"]] += 1
            self.receipts[entry["id"]] = result["receipt"]
            return


def strike(anamnesis: Running, draw: random.Random) -> str:
    """Kills or stops somebody; an ended supervisor is started again, as an operator's would be."""
    victim = draw.choice(VICTIMS)
    if draw.random() < STOPPED_SHARE and victim != "supervisor":
        pid = anamnesis.signal(victim, signal.SIGSTOP)
        time.sleep(draw.uniform(*PAUSE_SECONDS))
        with suppress(ProcessLookupError):  # supervision may have replaced it
            os.kill(pid, signal.SIGCONT)
        return f"{victim} stopped"
    if victim == "supervisor":
        os.kill(anamnesis.pid, signal.SIGKILL)
        anamnesis.spawn()
    else:
        anamnesis.kill(victim)
    return victim


@pytest.mark.campaign
@pytest.mark.timeout(120 + KILLS * 30)
def test_every_receipted_entry_is_in_journal_and_record_after_any_number_of_kills() -> None:
    draw = random.Random(SEED)
    print(f"\nseed {SEED}, {KILLS} kills, {CLIENTS} devices")
    with Running.started() as anamnesis:
        typists = []
        for number in range(CLIENTS):
            practitioner = anamnesis.sign_in(("claire", "paul", "rose")[number % 3])
            practitioner.client.timeout = httpx.Timeout(ANSWER_SECONDS_MAX)
            patient = practitioner.create_patient()
            typists.append(Typist(practitioner, patient, practitioner.start_encounter(patient)))
        stop = threading.Event()
        threads = [
            threading.Thread(target=typist.type_until, args=(stop, random.Random(SEED + n)))
            for n, typist in enumerate(typists)
        ]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        killed: Counter[str] = Counter()
        try:
            for _ in range(KILLS):
                time.sleep(draw.uniform(*PAUSE_SECONDS))
                killed[strike(anamnesis, draw)] += 1
        except AssertionError as failed:
            raise AssertionError(f"{failed}\n{anamnesis.printed()[-8_000:]}") from None
        finally:
            stop.set()
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - begun
        wait_until(lambda: anamnesis.health().get("application") == "up", "up again", 60)
        anamnesis.wait_recorded()
        compare(anamnesis, typists)
        sent = sum(len(typist.sent) for typist in typists)
        outcomes = sum((typist.outcomes for typist in typists), Counter[str]())
        print(f"killed: {dict(killed)} in {seconds:.0f} s")
        print(f"entries receipted: {sent}; answers: {dict(outcomes)}")
        print("every one is in the journal and in the record, once, as typed")


def compare(anamnesis: Running, typists: list[Typist]) -> None:
    """Everything receipted is in both, equal; every receipt verifies; retries get the same."""
    key = VerificationKey.parse(anamnesis.verification_key())
    assert anamnesis.health()["disagreements"] == 0
    journal = SqliteJournalReader(anamnesis.data / "journal.db")
    record = SqliteRecordReader(anamnesis.data / "record.db")
    try:
        for typist in typists:
            ids = [entry["id"] for entry in typist.sent]
            assert set(ids) == set(typist.receipts)
            found = journal.find(ids)
            versions = record.versions(typist.practitioner.practice, typist.encounter)
            assert [version.entry for version in versions] == ids
            for entry, version in zip(typist.sent, versions, strict=True):
                journaled = found[entry["id"]]
                receipt = typist.receipts[entry["id"]]
                assert journaled.entry.digest == version.digest == entry["digest"]
                assert journaled.members() == receipt["header"]
                verify_receipt(receipt_of(receipt), key, content=journaled.entry.content)
            again = typist.practitioner.keep(typist.sent[-1])["receipt"]
            assert again["header"] == typist.receipts[ids[-1]]["header"]
        verified = verify_journal(journal, key)
        print(f"journal verified: {verified}")
        assert record.applied() == journal.size()
    finally:
        journal.close()
        record.close()
