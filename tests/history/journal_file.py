"""Reads and verifies a journal as docs/journal-format.md says, and knows nothing of the product.

Written from that page alone: sqlite3, hashlib, base64, json. Only the signature needs more than
the standard library has (Ed25519, RFC 8032). It is also a program of one file:
`python journal_file.py journal.db "$(cat verification.key)"` prints each entry as a line of JSON.
"""

import base64
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

APPLICATION = 0x414E414A
FORMATS = (1,)
MARK = b"erased by "
MEMBERS = (
    *("author", "base", "build", "device", "digest", "encounter", "features", "id", "kind"),
    *("patient", "position", "practice", "received_at", "sequence", "session", "typed_at"),
)


class Unsound(Exception):
    """The file is not a journal that was written so: what, and at which position or size."""

    def __init__(self, code: str, where: object = "") -> None:
        super().__init__(f"{code} {where}".strip())
        self.code = code


@dataclass(frozen=True)
class Kept:
    """One entry: its header's members and its content, with the bytes both were read from."""

    header: dict[str, Any]
    content: dict[str, Any] | None
    header_bytes: bytes
    content_bytes: bytes

    @property
    def erased_by(self) -> str | None:
        """The id of the entry that erased the content."""
        return self.content_bytes[len(MARK) :].decode() if self.content is None else None


@dataclass(frozen=True)
class JournalFile:
    """Everything in a journal that was found sound; `roots` gives each signed size its root."""

    entries: list[Kept]
    roots: dict[int, bytes]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(value: Any) -> bytes:
    """RFC 8785, for what a journal holds: no numbers but integers, names in ASCII."""
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def read_journal(path: Path, vkey: str) -> JournalFile:
    """The journal at `path`, verified against the key; raises Unsound at the first fault."""
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        try:
            connection.execute("BEGIN")  # one state of the file, however long this takes
            check_format(connection)
            entries, leaves = read_entries(connection)
            return JournalFile(entries, check_checkpoints(connection, leaves, vkey))
        except sqlite3.Error as error:
            raise Unsound("not-readable", error) from None


def check_format(connection: sqlite3.Connection) -> None:
    ((application,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    if application != APPLICATION:
        raise Unsound("not-a-journal", application)
    if version not in FORMATS:
        raise Unsound("format-unknown", version)


def read_entries(connection: sqlite3.Connection) -> tuple[list[Kept], list[bytes]]:
    """Each entry in order, checked by itself and against those before it; their leaf hashes."""
    devices = {
        number: (str(UUID(bytes=name)), str(UUID(bytes=author)))
        for number, name, author in connection.execute("SELECT number, id, author FROM device")
    }
    entries: list[Kept] = []
    leaves: list[bytes] = []
    sequences: dict[str, int] = {}
    erased: list[Kept] = []
    received_at = ""
    for position, name, device, sequence, header_bytes, content_bytes in connection.execute(
        "SELECT position, id, device, sequence, header, content FROM entry ORDER BY position"
    ):
        kept = read_entry(header_bytes, content_bytes, position)
        header = kept.header
        if position != len(entries) or header["position"] != position:
            raise Unsound("position-differs", position)
        if str(UUID(bytes=name)) != header["id"] or sequence != header["sequence"]:
            raise Unsound("column-differs", position)
        if devices.get(device) != (header["device"], header["author"]):
            raise Unsound("device-differs", position)
        if sequence != sequences.get(header["device"], 0) + 1:
            raise Unsound("sequence-differs", position)
        if header["received_at"] < received_at:
            raise Unsound("instant-goes-back", position)
        sequences[header["device"]] = sequence
        received_at = header["received_at"]
        if kept.erased_by is not None:
            erased.append(kept)
        entries.append(kept)
        leaves.append(sha256(b"\x00" + header_bytes))
    check_erased(entries, erased)
    return entries, leaves


def check_erased(entries: list[Kept], erased: list[Kept]) -> None:
    """Each mark names a later decision about the same patient."""
    decisions = {
        kept.header["id"]: kept.header for kept in entries if kept.header["kind"] == "erasure.write"
    }
    for one in erased:
        decision, header = decisions.get(one.erased_by or ""), one.header
        if decision is None or decision["position"] <= header["position"]:
            raise Unsound("erasure-unfounded", header["position"])
        same = all(decision[name] == header[name] for name in ("practice", "patient"))
        if not same or header["patient"] is None:
            raise Unsound("erasure-unfounded", header["position"])


def read_entry(header_bytes: bytes, content_bytes: bytes, position: int) -> Kept:
    erased = content_bytes.startswith(MARK)
    try:
        header = json.loads(header_bytes)
        content = None if erased else json.loads(content_bytes)
    except ValueError:
        raise Unsound("not-json", position) from None
    if not isinstance(header, dict) or tuple(header) != MEMBERS:
        raise Unsound("members-differ", position)
    if canonical(header) != header_bytes:
        raise Unsound("not-canonical", position)
    if erased:
        return Kept(header, content, header_bytes, content_bytes)
    if canonical(content) != content_bytes:
        raise Unsound("not-canonical", position)
    if hashlib.sha256(content_bytes).hexdigest() != header["digest"]:
        raise Unsound("content-differs", position)
    return Kept(header, content, header_bytes, content_bytes)


def check_checkpoints(
    connection: sqlite3.Connection, leaves: list[bytes], vkey: str
) -> dict[int, bytes]:
    """The root at each signed size: signed by the key, and over exactly these leaves."""
    roots: dict[int, bytes] = {}
    complete: list[tuple[int, bytes]] = []  # perfect subtrees of what is hashed so far
    covered = 0
    for size, note, joined in connection.execute(
        "SELECT size, note, leaves FROM checkpoint ORDER BY size"
    ):
        added = leaves[covered:size]
        if b"".join(added) != joined or len(added) != size - covered or not added:
            raise Unsound("leaves-differ", size)
        for leaf in added:
            grow(complete, leaf)
        roots[size] = root_of(complete)
        if open_checkpoint(note, vkey) != (size, roots[size]):
            raise Unsound("root-differs", size)
        covered = size
    if covered != len(leaves):
        raise Unsound("not-covered", covered)
    return roots


def grow(complete: list[tuple[int, bytes]], leaf: bytes) -> None:
    """Adds a leaf to a Merkle tree (RFC 9162, 2.1) kept as its perfect subtrees."""
    height, node = 0, leaf
    while complete and complete[-1][0] == height:
        node = sha256(b"\x01" + complete.pop()[1] + node)
        height += 1
    complete.append((height, node))


def root_of(complete: list[tuple[int, bytes]]) -> bytes:
    node = complete[-1][1]
    for _, left in reversed(complete[:-1]):
        node = sha256(b"\x01" + left + node)
    return node


def open_checkpoint(note: str, vkey: str) -> tuple[int, bytes]:
    """The size and root that the key signed, for the journal of the key's own name."""
    name, _, rest = vkey.strip().partition("+")
    public = base64.b64decode(rest.partition("+")[2])  # 0x01, then the Ed25519 key
    key_id = sha256(name.encode() + b"\n" + public)[:4]
    text, _, below = note.rpartition("\n\n")
    text += "\n"
    for line in below.splitlines():
        signature = base64.b64decode(line.rpartition(" ")[2])
        if line.startswith(f"\u2014 {name} ") and signature[:4] == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature[4:], text.encode())
            except InvalidSignature:
                break
            origin, size, root = text.splitlines()
            if origin == name:
                return int(size), base64.b64decode(root)
    raise Unsound("not-signed", note.partition("\n\n")[0].replace("\n", " "))


def lines(journal: JournalFile) -> Iterator[str]:
    for kept in journal.entries:
        yield json.dumps({**kept.header, "content": kept.content}, ensure_ascii=False)


if __name__ == "__main__":
    for printed in lines(read_journal(Path(sys.argv[1]), sys.argv[2])):
        print(printed)
