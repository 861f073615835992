"""Receipts that prove what they say, and the small journal that they are taken from."""

import base64
import copy
from collections.abc import Iterator
from typing import Any

import msgspec

from anamnesis.receipt.canonical import canonical, digest
from anamnesis.receipt.checkpoint import Checkpoint, sign_checkpoint
from anamnesis.receipt.merkle import Tree
from anamnesis.receipt.note import sign_note
from anamnesis.receipt.receipt import (
    Receipt,
    Statement,
    header_leaf,
    journaled_receipt,
    recorded_receipt,
    sign_statements,
    verify_receipt,
)
from anamnesis.receipt.signer import Ed25519Signer

NAME = "anamnesis.example/journal"
SIGNER = Ed25519Signer(NAME, bytes(range(32)))
STRANGER = Ed25519Signer(NAME, bytes(range(32, 64)))
WITNESS = Ed25519Signer("witness.example/w1", bytes(range(64, 96)))
VKEY = str(SIGNER.verification_key)

Case = dict[str, Any]


def content(index: int) -> dict[str, Any]:
    """What entry `index` says."""
    return {
        "sections": {
            "motif": "Fièvre ≥ 38,5 °C depuis trois jours 🤒",
            "interrogatoire": f"« Toux sèche »\nEntrée {index}",
            "examen": "SpO\u2082 97 %\u2028TA 12/8",
            "conclusion": "",
        }
    }


def header(index: int) -> dict[str, Any]:
    """What the journal keeps about entry `index`; entry 0 is about no patient."""
    about = index > 0
    return {
        "author": "0193a1b2-0000-7000-8000-0000000000aa",
        "base": digest(content(index - 1)) if about else None,
        "build": "0.1.0",
        "device": "0193a1b2-0000-7000-8000-0000000000dd",
        "digest": digest(content(index)),
        "encounter": "0193a1b2-0000-7000-8000-0000000000ee" if about else None,
        "features": ["dictée", "templates"] if about else [],
        "id": f"0193a1b2-0000-7000-8000-{index:012x}",
        "kind": "note.write" if about else "practice.create",
        "patient": "0193a1b2-0000-7000-8000-0000000000bb" if about else None,
        "position": index,
        "practice": "0193a1b2-0000-7000-8000-0000000000cc",
        "received_at": f"2026-11-23T14:02:{index:02d}.123Z",
        "sequence": index + 1,
        "session": "0193a1b2-0000-7000-8000-0000000000ff" if about else None,
        "typed_at": f"2026-11-23T14:01:{index:02d}.001Z",
    }


def statement(index: int, text: dict[str, Any] | None = None) -> Statement:
    """What was read back of entry `index`: its own text unless a merged one is given."""
    return Statement(
        digest=digest(text or content(index)),
        entry=header(index)["id"],
        position=index,
        read_at="2026-11-23T14:02:30.456Z",
        typed_digest=digest(content(index)),
        version=index,
    )


JOURNAL = Tree(header_leaf(header(index)) for index in range(7))


def journal_note(size: int) -> str:
    """The journal's checkpoint at `size` entries."""
    return sign_checkpoint(Checkpoint(NAME, size, JOURNAL.root(size)), SIGNER)


def journaled(index: int, size: int) -> Receipt:
    """The receipt of entry `index` when the journal had `size`."""
    return journaled_receipt(header(index), JOURNAL.inclusion(index, size), journal_note(size))


def recorded(index: int, spoken: Statement | None = None) -> Receipt:
    """The same with a statement, the second of a group of three."""
    group = [statement(1), spoken or statement(index), statement(5)]
    return recorded_receipt(journaled(index, 7), sign_statements(group, SIGNER)[1])


def sound_receipts() -> Iterator[Case]:
    """Receipts that prove what they say."""
    yield accept("the only entry", journaled(0, 1))
    yield accept("the first of seven", journaled(0, 7))
    yield accept("the fourth of seven", journaled(3, 7))
    yield accept("the last of seven", journaled(6, 7))
    yield accept("the last of five", journaled(4, 5))
    yield accept("with its content", journaled(3, 7), canonical(content(3)).decode())
    yield accept("recorded as typed", recorded(3), canonical(content(3)).decode())
    yield accept("recorded as a merge", recorded(3, statement(3, content(4))))
    latest = msgspec.structs.replace(statement(3), version=9007199254740991)
    yield accept("recorded as the last version there can be", recorded(3, latest))
    alone = sign_statements([statement(2)], SIGNER)
    yield accept("recorded alone", recorded_receipt(journaled(2, 7), alone[0]))
    strange = Ed25519Signer("!*,-~", bytes(32))
    checkpoint = Checkpoint(strange.name, 1, JOURNAL.root(1))
    named = journaled_receipt(header(0), [], sign_checkpoint(checkpoint, strange))
    yield accept("signed under a name of signs", named, signer=strange)
    witness = sign_note(checkpoint_text(journal_note(7)), WITNESS).splitlines()[-1] + "\n"
    yield accept("with a witness's signature", countersigned(witness))
    yield accept("with fifteen other signatures", countersigned(15 * witness))
    yield accept("with a signature of a kind unknown", countersigned("— é~! AAAAAAA=\n"))


def countersigned(lines: str) -> Receipt:
    """A receipt whose checkpoint others have signed as well."""
    receipt = journaled(3, 7)
    return msgspec.structs.replace(receipt, proof=receipt.proof + lines)


def checkpoint_text(note: str) -> str:
    """What is signed in a note."""
    return note.partition("\n\n")[0] + "\n"


def accept(
    name: str, receipt: Receipt, text: str | None = None, signer: Ed25519Signer = SIGNER
) -> Case:
    """A case that must be verified, with what it proves."""
    data = text.encode() if text is not None else None
    key = signer.verification_key
    found = verify_receipt(receipt, key, data)
    case = {"name": name, "receipt": plain(receipt), "key": str(key), "content": text}
    return {**case, "verified": msgspec.to_builtins(found)}


def plain(receipt: Receipt) -> dict[str, Any]:
    """The receipt as decoded JSON, free to be tampered with."""
    value: dict[str, Any] = copy.deepcopy(msgspec.to_builtins(receipt))
    return value


def b64(data: bytes) -> str:
    """Standard Base64."""
    return base64.b64encode(data).decode()
