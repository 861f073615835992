"""Verifies an Anamnesis receipt with this one file, Python 3.11 and the `cryptography` package.

    python standalone.py RECEIPT.json --key VKEY [--content CONTENT.json] [--json]

Exit status 0: everything in the receipt is proved; 1: it is not, and the answer says why.

It is a second implementation, made to be read in one sitting by somebody who has no reason to
trust the first: it shares no line with the rest of Anamnesis. What it checks, in order:

1. the receipt has the right form;
2. the header, as canonical JSON (RFC 8785), is leaf number `position` of a Merkle tree
   (RFC 9162) whose root stands in a checkpoint (C2SP tlog-proof, tlog-checkpoint);
3. the checkpoint was signed (C2SP signed-note, Ed25519) by the key given, for the journal of
   the same name as the key;
4. when the state is `recorded`: what was read back is proved in the same way in a tree signed
   for `<key name>/recorded`, and is about the same entry, position and text as the header;
5. when the content is given: its SHA-256 is the digest in the header.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FILE_BYTES_MAX = 2_097_152
RECEIPT_BYTES_MAX = 262_144
NOTE_BYTES_MAX = 131_072
SIGNATURES_MAX = 16
HASHES_MAX = 64
DEPTH_MAX = 32
EXACT_MAX = 2**53 - 1

RECEIPT_MEMBERS = {"format", "state", "header", "proof", "record"}
HEADER_TEXTS = {"id", "kind", "received_at"}
HEADER_TEXTS_OR_NULL = {
    *("author", "base", "build", "device", "encounter"),
    *("patient", "practice", "session", "typed_at"),
}
HEADER_MEMBERS = HEADER_TEXTS | HEADER_TEXTS_OR_NULL | {"digest", "features"}
HEADER_MEMBERS |= {"position", "sequence"}
STATEMENT_MEMBERS = {"digest", "entry", "position", "read_at", "typed_digest", "version"}

# Every character that Unicode calls White_Space; a key's name has none of them, and no plus.
WHITE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


SENTENCES = {
    "unreadable": "The file cannot be read.",
    "key-malformed": "The key is not a verification key for Ed25519.",
    "unknown-format": "The receipt is of a kind not known here.",
    "malformed": "This is not a receipt, or a part of it is missing.",
    "proof-malformed": "The proof is not in the form of tlog-proof@v1.",
    "note-malformed": "The checkpoint is not a signed note.",
    "wrong-key": "The checkpoint is not signed by this key.",
    "signature-invalid": "The checkpoint is not what this key signed.",
    "checkpoint-malformed": "The signed text is not a checkpoint.",
    "wrong-origin": "The checkpoint is of another tree.",
    "position-differs": "The proof is for another place in the journal.",
    "not-included": "The proof does not lead to the signed root.",
    "another-entry": "The record's statement is about another entry.",
    "another-position": "The record's statement is of another position.",
    "another-text": "The record's statement is about another text.",
    "content-differs": "The content is not the one this is a receipt of.",
}


class Refused(Exception):
    """The receipt does not prove what it says; `code` is stable, `sentence` is for the reader."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.sentence = SENTENCES[code]
        super().__init__(f"{code}: {self.sentence}")


def verify(receipt: Any, vkey: str, content: bytes | None = None) -> dict[str, Any]:
    """What the decoded `receipt` proves under `vkey`; raises Refused when anything is wrong.

    `content` is the entry's content as canonical JSON.
    """
    name, key_id, public_key = read_key(vkey)
    check_form(receipt)
    header, record = receipt["header"], receipt["record"]
    key = (name, key_id, public_key)
    size = prove(canonical(header), receipt["proof"], key, name, header["position"])
    statement = None
    if record is not None:
        statement = record["statement"]
        prove(canonical(statement), record["proof"], key, name + "/recorded", None)
        check_same_entry(header, statement)
    if content is not None and hashlib.sha256(content).hexdigest() != header["digest"]:
        raise Refused("content-differs")
    return {
        "state": receipt["state"],
        "entry": header["id"],
        "position": header["position"],
        "digest": header["digest"],
        "received_at": header["received_at"],
        "size": size,
        "content_checked": content is not None,
        "record": statement,
    }


# 1. The form


def check_form(receipt: Any) -> None:
    """Refuses whatever is not a receipt, member by member."""
    if not isinstance(receipt, dict) or not isinstance(receipt.get("format"), str):
        raise Refused("malformed")
    if receipt["format"] != "anamnesis-receipt/1":
        raise Refused("unknown-format")
    canonical(receipt)
    state, record = receipt.get("state"), receipt.get("record")
    if set(receipt) != RECEIPT_MEMBERS or state not in ("journaled", "recorded"):
        raise Refused("malformed")
    if not isinstance(receipt["proof"], str) or (state == "recorded") != (record is not None):
        raise Refused("malformed")
    check_header(receipt["header"])
    if record is not None:
        check_record(record)


def check_header(header: Any) -> None:
    """Refuses a header that has not exactly the members it should, of the right kinds."""
    if not isinstance(header, dict) or set(header) != HEADER_MEMBERS:
        raise Refused("malformed")
    texts = [header[member] for member in HEADER_TEXTS]
    texts += [header[member] for member in HEADER_TEXTS_OR_NULL if header[member] is not None]
    if not isinstance(header["features"], list):
        raise Refused("malformed")
    if not all(isinstance(text, str) for text in texts + header["features"]):
        raise Refused("malformed")
    check_digests_and_counts([header["digest"]], [header["position"], header["sequence"]])


def check_record(record: Any) -> None:
    """Refuses what is not a statement with its proof."""
    if not isinstance(record, dict) or set(record) != {"statement", "proof"}:
        raise Refused("malformed")
    statement = record["statement"]
    if not isinstance(statement, dict) or set(statement) != STATEMENT_MEMBERS:
        raise Refused("malformed")
    texts = [record["proof"], statement["entry"], statement["read_at"]]
    if not all(isinstance(text, str) for text in texts):
        raise Refused("malformed")
    digests = [statement["digest"], statement["typed_digest"]]
    check_digests_and_counts(digests, [statement["position"], statement["version"]])


def check_digests_and_counts(digests: list[Any], counts: list[Any]) -> None:
    """Digests are 64 lower-case hexadecimal digits; counts are integers from 0."""
    for digest in digests:
        if not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{64}", digest):
            raise Refused("malformed")
    for count in counts:
        if type(count) is not int or not 0 <= count <= EXACT_MAX:
            raise Refused("malformed")


def canonical(value: Any, depth: int = 0) -> bytes:
    """Canonical JSON (RFC 8785) of texts, integers, true, false, null, arrays and objects."""
    if value is None or isinstance(value, bool):
        return {None: b"null", True: b"true", False: b"false"}[value]
    if isinstance(value, int) and abs(value) <= EXACT_MAX:
        return b"%d" % value
    if isinstance(value, str):
        return canonical_text(value)
    if isinstance(value, list) and depth < DEPTH_MAX:
        return b"[" + b",".join(canonical(member, depth + 1) for member in value) + b"]"
    if isinstance(value, dict) and depth < DEPTH_MAX:
        texts = {name: canonical_text(name) for name in value}
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        members = (texts[name] + b":" + canonical(value[name], depth + 1) for name in names)
        return b"{" + b",".join(members) + b"}"
    raise Refused("malformed")


def canonical_text(text: str) -> bytes:
    """A text as RFC 8785 writes it: only quotes, backslashes and control characters escaped."""
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise Refused("malformed")
    return json.dumps(text, ensure_ascii=False).encode()


# 2. The place in the tree


def prove(
    leaf: bytes, proof: str, key: tuple[str, bytes, bytes], origin: str, position: int | None
) -> int:
    """Checks that `leaf` is in the tree that `key` signed for `origin`; returns the tree's size."""
    index, hashes, note = read_proof(proof)
    size, root = read_checkpoint(open_note(note, key), origin)
    if position is not None and index != position:
        raise Refused("position-differs")
    if index >= size or climb(sha256(b"\0" + leaf), index, size, hashes) != root:
        raise Refused("not-included")
    return size


def read_proof(text: str) -> tuple[int, list[bytes], str]:
    """The index, the hashes and the signed note of a C2SP tlog-proof (without extra line)."""
    above, _, note = text.partition("\n\n")
    first, *lines = above.split("\n")
    if first != "c2sp.org/tlog-proof@v1" or not lines or not lines[0].startswith("index "):
        raise Refused("proof-malformed")
    index = decimal(lines[0].removeprefix("index "))
    hashes = [unbase64(line) for line in lines[1:]]
    if "\n\n" not in text or index is None or len(hashes) > HASHES_MAX:
        raise Refused("proof-malformed")
    if any(len(one) != 32 for one in hashes):
        raise Refused("proof-malformed")
    return index, hashes, note


def climb(leaf: bytes, index: int, size: int, hashes: list[bytes]) -> bytes:
    """The root that a leaf hash and its siblings, lowest first, lead to.

    RFC 9162, 2.1.1: a tree of n leaves is a left one of the largest power of two below n, and
    a right one of the rest.
    """
    if size == 1:
        if hashes:
            raise Refused("not-included")
        return leaf
    if not hashes:
        raise Refused("not-included")
    left = 1 << (size - 1).bit_length() - 1
    below, sibling = hashes[:-1], hashes[-1]
    if index < left:
        return sha256(b"\1" + climb(leaf, index, left, below) + sibling)
    return sha256(b"\1" + sibling + climb(leaf, index - left, size - left, below))


# 3. The signature


def read_key(vkey: str) -> tuple[str, bytes, bytes]:
    """The name, key id and public key in `name+hexkeyid+base64(0x01 || public key)`."""
    name, _, rest = vkey.partition("+")
    given_id, _, encoded = rest.partition("+")
    public_key = unbase64(encoded)
    if not name or not all("!" <= character <= "~" for character in name):
        raise Refused("key-malformed")
    if len(public_key) != 33 or public_key[0] != 1:
        raise Refused("key-malformed")
    key_id = sha256(name.encode() + b"\n" + public_key)[:4]
    if key_id.hex() != given_id:
        raise Refused("key-malformed")
    return name, key_id, public_key[1:]


def open_note(note: str, key: tuple[str, bytes, bytes]) -> str:
    """The text of a signed note, if `key` signed it; what other keys signed is passed over."""
    if len(note.encode()) > NOTE_BYTES_MAX or re.search(r"[\x00-\x09\x0b-\x1f]", note):
        raise Refused("note-malformed")
    text, blank, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not text or not blank or lines[-1] != "" or not 1 <= len(lines) - 1 <= SIGNATURES_MAX:
        raise Refused("note-malformed")
    text += "\n"
    signers = [read_signature(line) for line in lines[:-1]]
    signatures = [signed[4:] for name, signed in signers if (name, signed[:4]) == key[:2]]
    if not signatures:
        raise Refused("wrong-key")
    for signature in signatures:
        try:
            Ed25519PublicKey.from_public_bytes(key[2]).verify(signature, text.encode())
        except InvalidSignature:
            raise Refused("signature-invalid") from None
    return text


def read_signature(line: str) -> tuple[str, bytes]:
    """The name in a signature line, and the key id with the signature after it."""
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    signed = unbase64(encoded)
    if dash != "—" or not name or set(name) & set(WHITE + "+") or len(signed) < 5:
        raise Refused("note-malformed")
    return name, signed


def read_checkpoint(text: str, origin: str) -> tuple[int, bytes]:
    """The size and the root of a C2SP checkpoint of three lines, if it is for `origin`."""
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0]:
        raise Refused("checkpoint-malformed")
    size, root = decimal(lines[1]), unbase64(lines[2])
    if size is None or len(root) != 32:
        raise Refused("checkpoint-malformed")
    if lines[0] != origin:
        raise Refused("wrong-origin")
    return size, root


# 4. What was read back


def check_same_entry(header: dict[str, Any], statement: dict[str, Any]) -> None:
    """Refuses a statement about anything but the entry in the header."""
    if statement["entry"] != header["id"]:
        raise Refused("another-entry")
    if statement["position"] != header["position"]:
        raise Refused("another-position")
    if statement["typed_digest"] != header["digest"]:
        raise Refused("another-text")


# Small things


def sha256(data: bytes) -> bytes:
    """SHA-256 (FIPS 180-4)."""
    return hashlib.sha256(data).digest()


def decimal(text: str) -> int | None:
    """A number written in the one way there is, or None."""
    if not re.fullmatch("0|[1-9][0-9]{0,15}", text) or int(text) > EXACT_MAX:
        return None
    return int(text)


def unbase64(text: str) -> bytes:
    """What `text` is the one standard Base64 writing of; nothing at all if it is none."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        return b""
    return data if base64.b64encode(data).decode() == text else b""


# The command


def read_json(path: Path, limit: int) -> Any:
    """The JSON in a file; a member given twice is refused, for two readers could differ."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError:
        raise Refused("unreadable") from None
    if len(data) > limit:
        raise Refused("malformed")
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=members_once)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None


def members_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose members all have names of their own."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused("malformed")
    return members


def content_bytes(path: Path) -> bytes:
    """The content in a JSON file, however it is laid out, as canonical JSON."""
    try:
        return canonical(read_json(path, FILE_BYTES_MAX))
    except Refused as refusal:
        raise Refused("unreadable" if refusal.code == "unreadable" else "content-differs") from None


def main(argv: list[str] | None = None) -> int:
    """Verifies the receipt named on the command line; 0 if it is proved, 1 if it is not."""
    parser = argparse.ArgumentParser(description="Verifies an Anamnesis receipt.")
    parser.add_argument("receipt", type=Path, help="the receipt (JSON)")
    parser.add_argument("--key", required=True, help="name+keyid+key, as the keeper shows it")
    parser.add_argument("--content", type=Path, help="the entry's content (JSON)")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    options = parser.parse_args(argv)
    try:
        receipt = read_json(options.receipt, RECEIPT_BYTES_MAX)
        content = content_bytes(options.content) if options.content else None
        found = verify(receipt, options.key.strip(), content)
    except Refused as refusal:
        return answer(options.json, {"code": refusal.code, "message": refusal.sentence})
    return answer(options.json, None, found)


def answer(
    as_json: bool, refusal: dict[str, str] | None, found: dict[str, Any] | None = None
) -> int:
    """Says what came of it, for a person or for a program, and returns the exit status."""
    if as_json:
        print(json.dumps({"verified": found, "refused": refusal}, ensure_ascii=False, indent=2))
    elif refusal is not None:
        print(f"NOT VERIFIED ({refusal['code']}): {refusal['message']}", file=sys.stderr)
    elif found is not None:
        print(describe(found))
    return 0 if refusal is None else 1


def describe(found: dict[str, Any]) -> str:
    """What was proved, in sentences."""
    where = f"number {found['position']} of the {found['size']} in the signed journal"
    lines = [
        f"VERIFIED: entry {found['entry']} is {where}.",
        f"It was received at {found['received_at']}; digest of the content {found['digest']}.",
    ]
    record = found["record"]
    if record is not None:
        same = "the very text typed" if record["digest"] == found["digest"] else "a merged text"
        lines.append(f"At {record['read_at']} it was read back as version {record['version']},")
        lines.append(f"{same} (digest {record['digest']}).")
    if found["content_checked"]:
        lines.append("The content given is the one received.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
