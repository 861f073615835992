"""The verifier for people who trust nobody: alone, and never kinder than the package."""

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.receipt import standalone
from anamnesis.receipt.checkpoint import VerificationKey
from anamnesis.receipt.note import sign_note
from anamnesis.receipt.proof import format_proof
from anamnesis.receipt.receipt import receipt_of, verify_receipt
from anamnesis.receipt.refusal import ReceiptRefused
from tests.vectors.sound_receipts import SIGNER, VKEY, content, plain, recorded

SOURCE = Path(standalone.__file__)
MEMBERS = [
    ("format",),
    ("state",),
    ("header",),
    ("proof",),
    ("record",),
    ("header", "position"),
    ("header", "digest"),
    ("header", "features"),
    ("header", "base"),
    ("record", "statement"),
    ("record", "proof"),
    ("record", "statement", "version"),
    ("record", "statement", "typed_digest"),
    ("record", "statement", "entry"),
]
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


def write(directory: Path, receipt: object) -> Path:
    path = directory / "receipt.json"
    path.write_text(json.dumps(receipt), encoding="utf-8")
    return path


def test_it_imports_nothing_but_the_standard_library_and_cryptography() -> None:
    imported = set()
    for node in ast.walk(ast.parse(SOURCE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).partition(".")[0])
    assert "cryptography" in imported
    assert imported - {"cryptography"} <= sys.stdlib_module_names


def test_it_runs_as_a_program_far_from_the_package(tmp_path: Path) -> None:
    program = tmp_path / "standalone.py"
    program.write_bytes(SOURCE.read_bytes())
    path = write(tmp_path, plain(recorded(3)))
    ran = subprocess.run(
        [sys.executable, "-I", program, path, "--key", VKEY, "--json"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert answer["refused"] is None
    assert answer["verified"]["record"]["version"] == 3


def test_a_sound_receipt_is_explained_and_the_status_is_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = tmp_path / "content.json"
    text.write_text(json.dumps(content(3), indent=2), encoding="utf-8")
    path = write(tmp_path, plain(recorded(3)))
    assert standalone.main([str(path), "--key", f"{VKEY}\n", "--content", str(text)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("VERIFIED")
    assert "version 3" in said
    assert "the very text typed" in said
    assert "The content given is the one received." in said


def test_a_spoilt_receipt_is_named_and_the_status_is_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = plain(recorded(3))
    receipt["header"]["author"] = "somebody else"
    path = write(tmp_path, receipt)
    assert standalone.main([str(path), "--key", VKEY]) == 1
    assert "NOT VERIFIED (not-included)" in capsys.readouterr().err
    assert standalone.main([str(path), "--key", VKEY, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == "not-included"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "unreadable"),
        (b"", "malformed"),
        (b"\xff", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b" " * 300_000, "malformed"),
        (b'{"format":"anamnesis-receipt/1","format":"anamnesis-receipt/1"}', "malformed"),
        (b'{"format":"anamnesis-receipt/2"}', "unknown-format"),
    ],
)
def test_a_file_that_is_no_receipt_is_refused(
    data: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "receipt.json"
    if data is not None:
        path.write_bytes(data)
    assert standalone.main([str(path), "--key", VKEY, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (None, "unreadable"),
        (b"{}", "content-differs"),
        (b"{", "content-differs"),
        (b'{"a":1.5}', "content-differs"),
    ],
)
def test_a_file_that_is_not_the_content_is_refused(
    data: bytes | None, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, text = write(tmp_path, plain(recorded(3))), tmp_path / "content.json"
    if data is not None:
        text.write_bytes(data)
    assert standalone.main([str(path), "--key", VKEY, "--json", "--content", str(text)]) == 1
    assert json.loads(capsys.readouterr().out)["refused"]["code"] == code


def by_package(receipt: object) -> str:
    try:
        verify_receipt(receipt_of(receipt), VerificationKey.parse(VKEY))
    except ReceiptRefused as refused:
        return refused.code
    return "verified"


def by_standalone(receipt: object) -> str:
    try:
        standalone.verify(receipt, VKEY)
    except standalone.Refused as refused:
        return refused.code
    return "verified"


def test_both_verifiers_refuse_an_immense_note_unread() -> None:
    receipt = plain(recorded(3))
    for letters, code in ((1000, "checkpoint-malformed"), (131_072, "note-malformed")):
        note = sign_note("a" * letters + "\n", SIGNER)
        receipt["proof"] = format_proof(3, [], note)
        assert by_standalone(receipt) == by_package(receipt) == code


@given(st.sampled_from(MEMBERS), anything)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_member_both_verifiers_say_the_same(
    path: tuple[str, ...], value: object
) -> None:
    receipt: dict[str, Any] = plain(recorded(3))
    place = receipt
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert by_standalone(receipt) == by_package(receipt)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_character_of_a_proof_is_changed_both_verifiers_say_the_same(
    draw: st.DataObject,
) -> None:
    receipt = plain(recorded(3))
    place = draw.draw(st.sampled_from([receipt, receipt["record"]]))
    text = place["proof"]
    at = draw.draw(st.integers(0, len(text) - 1))
    taken = draw.draw(st.integers(0, 2))
    put = draw.draw(st.text(st.characters(codec="utf-8") | st.sampled_from(text), max_size=2))
    place["proof"] = text[:at] + put + text[at + taken :]
    said = by_standalone(receipt)
    assert said == by_package(receipt)
    assert (said == "verified") == (place["proof"] == text)
