"""Processes killed, stopped and restarted, files damaged: nothing acknowledged is lost."""

import os
import shutil
import signal
import threading
from pathlib import Path
from typing import Any

import apsw
import httpx
import pytest

from tests.running import Practitioner, Running, new_id, wait_until


def begun(anamnesis: Running, login: str = "claire") -> tuple[Practitioner, str, str]:
    """Somebody signed in, with a patient and an encounter, all recorded."""
    practitioner = anamnesis.sign_in(login)
    patient = practitioner.create_patient()
    encounter = practitioner.start_encounter(patient)
    anamnesis.wait_recorded()
    return practitioner, patient, encounter


def record_file(anamnesis: Running, statement: str) -> None:
    """Does to the record's file what nobody should, past the triggers that keep it."""
    connection = apsw.Connection(str(anamnesis.data / "record.db"))
    connection.set_busy_timeout(5_000)
    triggers = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
    try:
        with connection:
            found = connection.execute(triggers).fetchall()
            for name, _ in found:
                connection.execute(f"DROP TRIGGER {name}")
            connection.execute(statement)
            for _, sql in found:
                connection.execute(str(sql))
    finally:
        connection.close()


class TestApplication:
    def test_saving_goes_on_without_it_and_everything_is_recorded_afterwards(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        first = own_anamnesis.signal("application", signal.SIGSTOP)
        results = [
            claire.keep(claire.note_entry(patient, encounter, f"Sans application {n}"))
            for n in range(3)
        ]
        assert {one["receipt"]["state"] for one in results} == {"journaled"}
        assert {one["version"] for one in results} == {None}
        shown = results[-1]["receipt"]["header"]["digest"]
        assert claire.witnessed(encounter, shown)["state"] == "journaled"
        # Nobody does anything: it is found hung, replaced, and catches up.
        wait_until(lambda: own_anamnesis.replaced("application", first), "another application")
        own_anamnesis.wait_recorded()
        assert {claire.state(one["id"]) for one in results} == {"recorded"}
        assert claire.witnessed(encounter, shown)["state"] == "recorded"
        assert "does not answer; it is killed" in own_anamnesis.printed()

    def test_killed_again_and_again_it_comes_back_and_loses_nothing(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        kept = []
        for number in range(3):
            own_anamnesis.kill("application")
            kept.append(claire.write_note(patient, encounter, f"Tentative {number}")["id"])
        wait_until(lambda: own_anamnesis.health().get("application") == "up", "up again")
        own_anamnesis.wait_recorded()
        assert {claire.state(entry) for entry in kept} == {"recorded"}

    def test_pages_say_that_it_is_away_and_come_back_by_themselves(
        self, own_anamnesis: Running
    ) -> None:
        claire, _, _ = begun(own_anamnesis)
        (own_anamnesis.data / "application.sock").rename(own_anamnesis.data / "hidden.sock")
        page = claire.client.get("/patients", headers={"accept": "text/html"})
        assert page.status_code == 503
        assert "L'application redémarre" in page.text
        assert 'http-equiv="refresh"' in page.text
        fetched = claire.client.get("/patients", headers={"accept": "application/json"})
        assert fetched.json()["code"] == "application-unavailable"
        own_anamnesis.kill("application")
        wait_until(lambda: claire.client.get("/patients").status_code == 200, "pages again")

    def test_one_that_cannot_start_is_tried_again_and_saving_goes_on(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        wake = own_anamnesis.data / "application.wake"
        own_anamnesis.kill("application")
        wake.unlink(missing_ok=True)
        wake.mkdir()
        # The one started at once may have been quicker than the obstacle.
        own_anamnesis.kill("application")
        wait_until(
            lambda: own_anamnesis.printed().count("The application ended (exit code 1)") >= 2,
            "ended twice",
        )
        result = claire.write_note(patient, encounter, "Pendant ce temps")
        assert result["receipt"]["state"] == "journaled"
        wake.rmdir()
        wait_until(lambda: own_anamnesis.health().get("application") == "up", "up again")
        own_anamnesis.wait_recorded()
        assert claire.state(result["id"]) == "recorded"


class TestKeeper:
    def test_killed_under_load_retries_get_the_same_receipts(self, own_anamnesis: Running) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        kills = 3
        stop = threading.Event()
        receipts: dict[str, dict[str, Any]] = {}

        def kill() -> None:
            for _ in range(kills):
                if stop.wait(0.7):
                    return
                own_anamnesis.kill("keeper")

        killing = threading.Thread(target=kill)
        killing.start()
        unknown = 0
        base = None
        sent: list[dict[str, Any]] = []
        while killing.is_alive() or len(sent) < 50:
            entry = claire.note_entry(patient, encounter, f"Texte {len(sent)}", base=base)
            base = entry["digest"]
            sent.append(entry)
            while entry["id"] not in receipts:
                try:
                    receipts[entry["id"]] = claire.keep(entry)["receipt"]
                except httpx.TransportError:
                    unknown += 1
        killing.join()
        own_anamnesis.wait_recorded()
        for entry in sent:
            again = claire.keep(entry)["receipt"]
            first = receipts[entry["id"]]
            assert again["header"] == first["header"]
            assert again["proof"] == first["proof"]
        positions = [receipts[entry["id"]]["header"]["position"] for entry in sent]
        assert positions == list(range(positions[0], positions[0] + len(sent)))
        note = claire.note(encounter)
        assert (note["version"], note["digest"]) == (len(sent), sent[-1]["digest"])
        assert own_anamnesis.printed().count("The keeper ended (killed by SIGKILL)") == kills

    def test_stopped_it_is_noticed_and_replaced(self, own_anamnesis: Running) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        own_anamnesis.signal("keeper", signal.SIGSTOP)
        wait_until(
            lambda: "The keeper does not answer" in own_anamnesis.printed(), "noticed", seconds=30
        )
        assert claire.write_note(patient, encounter, "Après")["outcome"] == "receipt"

    def test_the_application_goes_on_while_it_starts_again(self, own_anamnesis: Running) -> None:
        begun(own_anamnesis)
        application = own_anamnesis.child("application")
        own_anamnesis.kill("keeper")
        wait_until(lambda: own_anamnesis.health().get("application") == "up", "up again")
        assert own_anamnesis.child("application") == application

    def test_sessions_outlive_it(self, own_anamnesis: Running) -> None:
        claire, _, _ = begun(own_anamnesis)
        own_anamnesis.kill("keeper")
        wait_until(own_anamnesis.health, "up again")
        assert claire.client.get("/keep/session").status_code == 200


class TestSupervision:
    def test_stopped_when_asked_it_ends_with_0_and_has_everything(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        result = claire.write_note(patient, encounter, "Avant l'arrêt")
        assert own_anamnesis.stop() == 0
        assert "Stopped." in own_anamnesis.printed()
        own_anamnesis.start()
        assert own_anamnesis.sign_in("claire").state(result["id"]) == "recorded"

    def test_killed_it_leaves_nobody_behind_and_can_start_again(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        result = claire.write_note(patient, encounter, "Avant")
        children = [own_anamnesis.child(name) for name in ("keeper", "application")]
        os.kill(own_anamnesis.pid, signal.SIGKILL)
        wait_until(
            lambda: not any(Path(f"/proc/{child}/cmdline").exists() for child in children),
            "children gone",
        )
        own_anamnesis.start()
        assert own_anamnesis.sign_in("claire").state(result["id"]) == "recorded"

    def test_a_second_one_says_that_the_journal_is_held_and_ends(
        self, own_anamnesis: Running
    ) -> None:
        second = Running(own_anamnesis.data)
        try:
            assert second.spawn().wait(30) == 11
            assert "already works on this journal" in second.printed()
        finally:
            second.close()
        assert own_anamnesis.health()["keeper"] == "up"

    def test_a_taken_port_is_said_and_ends(self, own_anamnesis: Running, tmp_path: Path) -> None:
        second = Running(tmp_path / "d", {"ANAMNESIS_PORT": str(own_anamnesis.port)})
        try:
            assert second.spawn().wait(30) == 12
            assert "is taken by another program" in second.printed()
        finally:
            second.close()


class TestRecord:
    def test_damaged_it_is_made_again(self, own_anamnesis: Running) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        result = claire.write_note(patient, encounter, "Intact")
        own_anamnesis.stop()
        (own_anamnesis.data / "record.db").write_bytes(b"not a database " * 1_000)
        for suffix in ("-wal", "-shm"):
            (own_anamnesis.data / f"record.db{suffix}").unlink(missing_ok=True)
        own_anamnesis.start()
        own_anamnesis.wait_recorded()
        again = own_anamnesis.sign_in("claire")
        assert again.state(result["id"]) == "recorded"
        assert again.note(encounter)["sections"]["motif"] == "Intact"
        assert (own_anamnesis.data / "record.db.damaged").exists()

    def test_damaged_while_it_runs_it_is_made_again(self, own_anamnesis: Running) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        for number in range(20):
            claire.write_note(patient, encounter, f"Texte {number} " * 500)
        own_anamnesis.wait_recorded()
        own_anamnesis.kill("application")
        # Torn under the application that is just starting, and under the keeper that reads it.
        for name in ("record.db", "record.db-wal"):
            path = own_anamnesis.data / name
            with path.open("r+b") as file:
                size = path.stat().st_size
                file.seek(0)
                file.write(os.urandom(size))
        last = claire.write_note(patient, encounter, "Après le dégât")
        wait_until(lambda: claire.state(last["id"]) == "recorded", "recorded again", seconds=40)
        assert own_anamnesis.health()["disagreements"] == 0

    def test_removed_it_is_made_again_by_the_next_application(self, own_anamnesis: Running) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        result = claire.write_note(patient, encounter, "Toujours là")
        own_anamnesis.wait_recorded()
        for path in own_anamnesis.data.glob("record.db*"):
            path.unlink()
        # Readers go on with the file they have; whoever comes next finds none and makes one.
        killed = own_anamnesis.kill("application")
        wait_until(lambda: own_anamnesis.replaced("application", killed), "another one")
        wait_until((own_anamnesis.data / "record.db").exists, "a record again")
        wait_until(
            lambda: claire.client.get(f"/keep/encounters/{encounter}/note").status_code == 200,
            "read again",
        )
        own_anamnesis.wait_recorded()
        assert claire.note(encounter)["sections"]["motif"] == "Toujours là"
        assert claire.state(result["id"]) == "recorded"

    def test_a_text_changed_behind_its_back_is_not_called_recorded(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        result = claire.write_note(patient, encounter, "Vrai")
        own_anamnesis.wait_recorded()
        typed = result["receipt"]["header"]["digest"]
        assert claire.witnessed(encounter, typed)["state"] == "recorded"
        record_file(own_anamnesis, "UPDATE note_version SET motif = 'Faux'")
        assert claire.witnessed(encounter, typed)["state"] == "differs"
        assert claire.state(result["id"]) == "journaled"
        assert own_anamnesis.health()["disagreements"] == 1
        rows = claire.client.get("/keep/outstanding").json()["outstanding"]
        assert [row["code"] for row in rows if row["entry"] == result["id"]] == [
            "read-back-differs"
        ]
        # Not even a page that shows what the record shows is told that all is well.
        wrong = claire.note(encounter)["digest"]
        assert wrong != typed
        assert claire.witnessed(encounter, wrong)["state"] == "differs"
        # And nobody has to do anything about it.
        wait_until(lambda: own_anamnesis.health()["disagreements"] == 0, "made anew and right")
        assert claire.state(result["id"]) == "recorded"
        assert claire.note(encounter)["sections"]["motif"] == "Vrai"
        assert own_anamnesis.health()["made_anew"] == 1
        assert (own_anamnesis.data / "record.db.differed").exists()

    def test_a_row_that_vanished_is_noticed(self, own_anamnesis: Running) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        result = claire.write_note(patient, encounter, "Disparu")
        own_anamnesis.wait_recorded()
        record_file(own_anamnesis, "DELETE FROM note_version")
        assert claire.state(result["id"]) == "journaled"
        assert own_anamnesis.health()["disagreements"] >= 1

    def test_a_blank_version_slipped_in_is_noticed_within_a_second_with_nobody_asking(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        claire.write_note(patient, encounter, "Toux depuis trois jours")
        own_anamnesis.wait_recorded()
        connection = apsw.Connection(str(own_anamnesis.data / "record.db"))
        connection.set_busy_timeout(5_000)
        connection.execute(
            "BEGIN; INSERT INTO note_version SELECT 900, practice, encounter, '', '', '', '', "
            "digest, version + 1, 0 FROM note_version; "
            "UPDATE note SET version = version + 1, position = 900; COMMIT"
        )
        connection.close()
        wait_until(lambda: own_anamnesis.health()["disagreements"] >= 1, "noticed", seconds=1.0)
        rows = claire.client.get("/keep/outstanding").json()["outstanding"]
        assert [row["code"] for row in rows] == ["read-back-note-differs"]

    def test_what_happened_while_nobody_ran_is_found_by_the_sweep(
        self, own_anamnesis: Running
    ) -> None:
        claire, patient, encounter = begun(own_anamnesis)
        claire.write_note(patient, encounter, "Vrai")
        own_anamnesis.wait_recorded()
        own_anamnesis.stop()
        record_file(own_anamnesis, "UPDATE note_version SET motif = 'Faux'")
        own_anamnesis.start()
        wait_until(lambda: own_anamnesis.health()["made_anew"] == 1, "swept, and made anew")
        wait_until(lambda: claire.note(encounter)["sections"]["motif"] == "Vrai", "right again")


class TestStart:
    def test_another_key_is_refused_and_nothing_is_changed(self, own_anamnesis: Running) -> None:
        begun(own_anamnesis)
        own_anamnesis.stop()
        key = own_anamnesis.data / "signing.key"
        right = key.read_text(encoding="ascii")
        key.write_text("00" * 32 + "\n", encoding="ascii")
        assert own_anamnesis.spawn().wait(30) == 14
        assert "Put the right one back" in own_anamnesis.printed_since_start()
        key.write_text(right, encoding="ascii")
        own_anamnesis.start()

    def test_a_missing_key_is_not_replaced_silently(self, own_anamnesis: Running) -> None:
        begun(own_anamnesis)
        own_anamnesis.stop()
        (own_anamnesis.data / "signing.key").unlink()
        assert own_anamnesis.spawn().wait(30) == 14
        assert not (own_anamnesis.data / "signing.key").exists()

    def test_a_damaged_journal_is_not_served(self, own_anamnesis: Running) -> None:
        begun(own_anamnesis)
        own_anamnesis.stop()
        journal = own_anamnesis.data / "journal.db"
        connection = apsw.Connection(str(journal))
        connection.execute("DROP TRIGGER entry_is_not_rewritten")
        connection.execute("UPDATE entry SET content = CAST('{}' AS BLOB) WHERE position = 1")
        connection.close()
        assert own_anamnesis.spawn().wait(30) == 13
        assert "content" in own_anamnesis.printed_since_start()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk takes root")
class TestDisk:
    @pytest.fixture
    def small_disk(self, tmp_path: Path) -> Any:
        mount = tmp_path / "m"
        mount.mkdir()
        mounted = os.system(f"mount -t tmpfs -o size=160m tmpfs {mount}")  # noqa: S605
        assert mounted == 0, "root, and no disk can be mounted"
        yield mount
        os.system(f"umount -l {mount}")  # noqa: S605

    def test_full_it_gives_no_receipts_and_goes_on_when_there_is_room(
        self, small_disk: Path
    ) -> None:
        with Running.started(small_disk / "d") as anamnesis:
            claire, patient, encounter = begun(anamnesis)
            kept = claire.write_note(patient, encounter, "Avant")
            filler = small_disk / "filler"
            with filler.open("wb") as file:
                free = shutil.disk_usage(small_disk).free
                file.write(b"\0" * (free - 2 * 1_048_576))
            refused = claire.note_entry(patient, encounter, "Pas de place")
            answer = claire.post(refused)
            assert (answer.status_code, answer.json()["code"]) == (503, "journal-unavailable")
            assert anamnesis.health()["journal"] == "unavailable"
            assert claire.post(refused).status_code == 503
            filler.unlink()
            result = claire.keep(refused)
            assert result["receipt"]["header"]["position"] == (
                kept["receipt"]["header"]["position"] + 1
            )
            anamnesis.wait_recorded()
            assert claire.state(result["id"]) == "recorded"
            assert anamnesis.health()["journal"] == "up"


def test_unknown_entries_are_unknown(own_anamnesis: Running) -> None:
    claire, _, _ = begun(own_anamnesis)
    assert claire.client.get(f"/keep/receipts/{new_id()}").json()["code"] == "entry-unknown"
