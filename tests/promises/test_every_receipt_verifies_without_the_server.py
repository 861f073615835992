"""PROMISE: whoever holds a receipt and the key can check it alone, and a changed one is refused."""

import base64
import copy
import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from anamnesis.journal.journal import Journal
from anamnesis.receipt import standalone
from anamnesis.receipt.receipt import Statement, sign_statements
from anamnesis.receipt.signer import Ed25519Signer
from tests.promises.story import SIGNER, told

KEY = str(SIGNER.verification_key)
Receipt = dict[str, Any]


@pytest.fixture(scope="module")
def journal() -> Journal:
    return told()[1]


@pytest.fixture(scope="module")
def entries(journal: Journal) -> list[tuple[Receipt, bytes]]:
    store = journal._store
    return [
        (msgspec.to_builtins(journal.receipt(one.entry.id)), one.entry.content)
        for one in store.read(0, store.size())
    ]


def recorded(receipt: Receipt) -> Receipt:
    """The receipt with what was read back, signed in the second tree."""
    header = receipt["header"]
    statement = Statement(
        digest=header["digest"],
        entry=header["id"],
        position=header["position"],
        read_at="2026-11-23T11:00:00.000Z",
        typed_digest=header["digest"],
        version=1,
    )
    [attested] = sign_statements([statement], SIGNER)
    return {**receipt, "state": "recorded", "record": msgspec.to_builtins(attested)}


def test_every_receipt_of_a_whole_story_verifies(entries: list[tuple[Receipt, bytes]]) -> None:
    assert len(entries) > 300
    for receipt, content in entries:
        found = standalone.verify(receipt, KEY, content)
        assert (found["entry"], found["content_checked"]) == (receipt["header"]["id"], True)


def test_the_verifier_is_one_file_and_needs_nothing_of_ours(
    entries: list[tuple[Receipt, bytes]], tmp_path: Path
) -> None:
    receipt, content = entries[7]
    (tmp_path / "receipt.json").write_text(json.dumps(receipt), encoding="utf-8")
    (tmp_path / "content.json").write_bytes(content)
    alone = tmp_path / "verify.py"
    alone.write_bytes(Path(standalone.__file__).read_bytes())
    done = subprocess.run(
        [
            *(sys.executable, "-I", str(alone), "receipt.json"),
            *("--key", KEY, "--content", "content.json"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout[:9]) == (0, "VERIFIED:"), done.stderr


def changed(path: str, value: object) -> Callable[[Receipt], None]:
    """Sets one member, named from the top of the receipt."""

    def change(receipt: Receipt) -> None:
        *above, last = path.split(".")
        inside = receipt
        for name in above:
            inside = inside[name]
        assert inside[last] != value
        inside[last] = value

    return change


def proof_flipped(receipt: Receipt) -> None:
    """One bit of a hash on the path."""
    lines = receipt["proof"].split("\n")
    number = next(n for n, line in enumerate(lines) if len(line) == 44 and n > 1)
    raw = bytearray(base64.b64decode(lines[number]))
    raw[0] ^= 1
    lines[number] = base64.b64encode(bytes(raw)).decode()
    receipt["proof"] = "\n".join(lines)


def signature_flipped(receipt: Receipt) -> None:
    """One bit of the signature."""
    head, mark, line = receipt["proof"].rpartition("— ")
    name, _, signed = line.partition(" ")
    raw = bytearray(base64.b64decode(signed))
    raw[-1] ^= 1
    receipt["proof"] = f"{head}{mark}{name} {base64.b64encode(bytes(raw)).decode()}\n"


def record_dropped(receipt: Receipt) -> None:
    """The state says more than there is proof for."""
    receipt["record"] = None


TAMPERINGS: Mapping[str, Callable[[Receipt], None]] = {
    "another author": changed("header.author", "0e3f8c1c-0000-8000-8000-00000000dead"),
    "another text": changed("header.digest", "0" * 64),
    "another time": changed("header.received_at", "2020-01-01T00:00:00.000Z"),
    "another patient": changed("header.patient", "0e3f8c1c-0000-8000-8000-00000000beef"),
    "another place": changed("header.position", 4_711),
    "a broken path": proof_flipped,
    "a broken signature": signature_flipped,
    "a read-back of another text": changed("record.statement.digest", "1" * 64),
    "a read-back of another version": changed("record.statement.version", 9),
    "recorded without proof": record_dropped,
}


@pytest.mark.parametrize("what", sorted(TAMPERINGS))
def test_a_receipt_that_was_changed_is_refused(
    entries: list[tuple[Receipt, bytes]], what: str
) -> None:
    receipt = recorded(next(copy.deepcopy(r) for r, _ in entries if r["header"]["patient"]))
    standalone.verify(receipt, KEY)
    TAMPERINGS[what](receipt)
    with pytest.raises(standalone.Refused):
        standalone.verify(receipt, KEY)


def test_another_key_and_another_content_are_refused(
    entries: list[tuple[Receipt, bytes]],
) -> None:
    receipt, content = entries[20]
    other = str(Ed25519Signer("test.local", bytes(32)).verification_key)
    with pytest.raises(standalone.Refused):
        standalone.verify(receipt, other)
    with pytest.raises(standalone.Refused):
        standalone.verify(receipt, KEY, content.replace(b"e", b"a"))
