"""Files in a real browser: checked first, kept on the device, equal at the end whatever happens."""

import base64
import random
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from anamnesis.clinical.files import PART_BYTES_MAX
from tests.e2e.desk import Desk, desk
from tests.running import Practitioner, Running, new_id, wait_until

pytestmark = pytest.mark.e2e

Encounter = tuple[str, str]
PDF = b"%PDF-1.7\n" + random.Random(7).randbytes(3_000_000)
BOMB = zlib.compress(bytes(257 * 1_048_576), 9)
HUGE = b"\0\0\0\x0dIHDR" + (100_000).to_bytes(4) * 2 + bytes(9)
DONE_MS_MAX = 60_000


@pytest.fixture
def room(anamnesis: Running, browser: Browser) -> Iterator[Desk]:
    with desk(anamnesis, browser) as one:
        yield one


def documents(room: Desk, patient: str) -> str:
    address = f"{room.running.url}/patients/{patient}/documents"
    room.page.goto(address)
    expect(room.page.locator("#upload-file")).to_be_enabled()
    return address


def wait_for_parts(room: Desk, parts: int) -> None:
    wait_until(
        lambda: room.page.evaluate("document.querySelector('progress').value") >= parts,
        f"{parts} parts sent",
        step=0.005,
    )


def choose(room: Desk, folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    room.page.set_input_files("#upload-file", folder / name)


def downloaded(claire: Practitioner, patient: str, name: str) -> bytes:
    rows = claire.client.get(f"/api/v1/patients/{patient}/documents").json()
    found = [
        row["resource"]
        for row in (rows["rows"] if isinstance(rows, dict) else rows)
        if row["content"]["file"] and row["content"]["file"]["name"] == name
    ]
    assert len(found) == 1, "added once"
    return claire.client.get(f"/api/v1/patients/{patient}/documents/{found[0]}/file").content


def test_a_file_arrives_equal_and_the_keeper_dying_under_it_changes_nothing(
    room: Desk, anamnesis: Running, claire: Practitioner, encounter: Encounter, tmp_path: Path
) -> None:
    documents(room, encounter[0])
    choose(room, tmp_path, "radio.pdf", PDF)
    expect(room.page.locator("progress")).to_be_visible()
    wait_for_parts(room, 3)
    anamnesis.kill("keeper")
    expect(room.page.get_by_role("link", name="radio.pdf", exact=True)).to_be_visible(
        timeout=DONE_MS_MAX
    )
    assert downloaded(claire, encounter[0], "radio.pdf") == PDF


def test_an_upload_that_was_broken_off_goes_on_by_itself(
    room: Desk, claire: Practitioner, encounter: Encounter, tmp_path: Path
) -> None:
    documents(room, encounter[0])
    choose(room, tmp_path, "scanner.pdf", PDF)
    wait_for_parts(room, 8)
    room.context.set_offline(True)
    room.page.wait_for_timeout(500)
    room.context.set_offline(False)
    documents(room, encounter[0])
    expect(room.page.get_by_role("link", name="scanner.pdf", exact=True)).to_be_visible(
        timeout=DONE_MS_MAX
    )
    assert downloaded(claire, encounter[0], "scanner.pdf") == PDF


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("faux.pdf", b"PK\x03\x04 an archive", "n'est ni un PDF"),
        ("vide.pdf", b"", "est vide"),
        ("lourd.pdf", b"%PDF-1.7" + bytes(21 * 1_048_576), "dépasse 20 Mio"),
        ("bombe.pdf", b"%PDF-1.7 stream\n" + BOMB + b"\nendstream", "plus de 256 Mio"),
        ("bombe.png", b"\x89PNG\r\n\x1a\n" + HUGE, "image démesurée"),
    ],
    ids=["zip", "empty", "21 MiB", "bomb", "immense picture"],
)
def test_what_cannot_be_taken_is_said_before_anything_is_sent(
    room: Desk, encounter: Encounter, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    documents(room, encounter[0])
    choose(room, tmp_path, name, data)
    expect(room.page.locator("#upload [data-notice]")).to_contain_text(said)
    expect(room.page.locator("progress")).to_be_hidden()


def test_a_note_stays_green_while_a_file_is_sent(
    room: Desk, claire: Practitioner, encounter: Encounter, tmp_path: Path
) -> None:
    documents(room, encounter[0])
    choose(room, tmp_path, "long.pdf", PDF * 4)
    wait_for_parts(room, 1)
    other = room.watch(room.context.new_page())
    room.open(*encounter, page=other)
    room.type("motif", "Toux pendant l’envoi", page=other)
    room.wait("recorded", page=other)
    assert claire.note(encounter[1])["sections"]["motif"] == "Toux pendant l’envoi"
    expect(room.page.get_by_role("link", name="long.pdf", exact=True)).to_be_visible(
        timeout=DONE_MS_MAX
    )
    assert downloaded(claire, encounter[0], "long.pdf") == PDF * 4


def test_a_file_that_came_another_way_and_is_a_bomb_is_kept_and_not_shared(
    room: Desk, claire: Practitioner, encounter: Encounter, anamnesis: Running
) -> None:
    data = b"%PDF-1.7 stream\n" + BOMB + b"\nendstream"
    document, file, parts = new_id(), new_id(), -(-len(data) // PART_BYTES_MAX)
    for index in range(parts):
        part = data[index * PART_BYTES_MAX :][:PART_BYTES_MAX]
        content = {"file": file, "index": index, "parts": parts, "media_type": "application/pdf"}
        sent = content | {"data": base64.b64encode(part).decode()}
        claire.keep(claire.entry("file.part", sent, encounter[0]))
    about = {
        "id": file,
        "name": "bombe.pdf",
        "media_type": "application/pdf",
        "bytes": len(data),
        "sha256": sha256(data).hexdigest(),
        "parts": parts,
    }
    written = {"id": document, "type": "upload", "title": "", "date": "2026-11-23"}
    rest = {"recipient": "", "body": "", "lines": [], "file": about}
    claire.keep(claire.entry("document.write", written | rest, encounter[0]))
    anamnesis.wait_recorded()
    room.page.goto(f"{anamnesis.url}/patients/{encounter[0]}/documents/{document}")
    expect(room.page.locator(".document-file")).to_contain_text("ne peut pas être partagé")
    expect(room.page.locator("[data-share-with]")).to_have_count(0)
    kept = claire.client.get(f"/api/v1/patients/{encounter[0]}/documents/{document}/file")
    assert kept.content == data
