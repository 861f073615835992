"""`export` leaves nothing out, and `verify` proves each of its lines with the key alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from anamnesis.bootstrap.refusal import StartRefused
from anamnesis.commands.export import export
from anamnesis.commands.verify import verify
from anamnesis.receipt import standalone
from anamnesis.settings import Settings


@pytest.fixture
def lines(settings: Settings, tmp_path: Path) -> list[dict[str, Any]]:
    out = tmp_path / "everything.jsonl"
    assert export(out=out) == 0
    assert out.stat().st_mode & 0o077 == 0
    return read(out)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_entry_is_there_in_order_and_counted(lines: list[dict[str, Any]]) -> None:
    *entries, last = lines
    assert [line["receipt"]["header"]["position"] for line in entries] == list(range(len(entries)))
    assert last["line"] == "end"
    assert last["journaled"] == last["recorded"] == len(entries) == sum(last["counts"].values())


def test_every_line_is_proved_by_the_key_in_the_last(lines: list[dict[str, Any]]) -> None:
    *entries, last = lines
    for line in entries:
        content = standalone.canonical(line["content"])
        found = standalone.verify(line["receipt"], last["verification_key"], content)
        assert found["content_checked"]


def test_a_note_says_which_version_it_became(lines: list[dict[str, Any]]) -> None:
    numbers: dict[str, list[int]] = {}
    for line in lines:
        if line["line"] == "note-version":
            numbers.setdefault(line["receipt"]["header"]["encounter"], []).append(
                line["version"]["number"]
            )
    assert len(numbers) > 20
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())


def test_one_patients_export_is_about_nobody_else(
    lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    patient = next(
        line["receipt"]["header"]["patient"] for line in lines if line["line"] == "note-version"
    )
    out = tmp_path / "one.jsonl"
    assert export(out=out, patient=patient) == 0
    *entries, last = read(out)
    assert last["patient"] == patient
    mine = [line for line in lines[:-1] if line["receipt"]["header"]["patient"] == patient]
    assert entries == mine


def test_an_unknown_patient_is_refused_and_leaves_no_file(
    settings: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "nobody.jsonl"
    with pytest.raises(StartRefused) as refused:
        export(out=out, patient="0e3f8c1c-0000-8000-8000-000000000404")
    assert refused.value.code == "patient-unknown"
    assert not list(tmp_path.glob("nobody*"))


def test_verify_takes_the_key_from_a_file_and_answers_for_programs(
    lines: list[dict[str, Any]],
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    receipt, content = tmp_path / "receipt.json", tmp_path / "content.json"
    receipt.write_text(json.dumps(lines[5]["receipt"]), encoding="utf-8")
    content.write_text(json.dumps(lines[5]["content"]), encoding="utf-8")
    key = str(settings.verification_key)
    capsys.readouterr()
    assert verify(receipt, key=key, content=content, json=True) == 0
    assert json.loads(capsys.readouterr().out)["verified"]["position"] == 5
    content.write_text('{"another": "text"}', encoding="utf-8")
    assert verify(receipt, key=key, content=content, json=True) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == "content-differs"
