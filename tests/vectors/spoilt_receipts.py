"""Receipts that were tampered with, each with the code that it must be refused with."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from anamnesis.receipt.canonical import canonical, digest
from anamnesis.receipt.checkpoint import Checkpoint, VerificationKey, sign_checkpoint
from anamnesis.receipt.note import sign_note
from anamnesis.receipt.proof import format_proof
from anamnesis.receipt.receipt import header_leaf
from tests.vectors.sound_receipts import (
    JOURNAL,
    NAME,
    SIGNER,
    STRANGER,
    VKEY,
    WITNESS,
    Case,
    b64,
    checkpoint_text,
    content,
    header,
    journal_note,
    plain,
    recorded,
    statement,
)


def refuse(name: str, code: str, change: Callable[[dict[str, Any]], object]) -> Case:
    """A recorded receipt that `change` has spoilt, with the code it must be refused with."""
    receipt = plain(recorded(3))
    change(receipt)
    return {"name": name, "receipt": receipt, "key": VKEY, "content": None, "refused": code}


def put(*path: str, to: object) -> Callable[[dict[str, Any]], object]:
    """Puts a value at a path of members."""

    def change(receipt: dict[str, Any]) -> None:
        place = receipt
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = to

    return change


def swap(old: str, new: str, *path: str) -> Callable[[dict[str, Any]], object]:
    """Replaces the one place where `old` stands in the text at a path of members."""

    def change(receipt: dict[str, Any]) -> None:
        place: Any = receipt
        for name in path[:-1]:
            place = place[name]
        if place[path[-1]].count(old) != 1:
            raise ValueError(f"{old!r} does not stand exactly once in {path}.")
        place[path[-1]] = place[path[-1]].replace(old, new)

    return change


def drop(*path: str) -> Callable[[dict[str, Any]], object]:
    """Takes the member at a path away."""

    def change(receipt: dict[str, Any]) -> None:
        place: Any = receipt
        for name in path[:-1]:
            place = place[name]
        del place[path[-1]]

    return change


def spoilt_forms() -> Iterator[Case]:
    """What has not the form of a receipt."""
    yield refuse("another format", "unknown-format", put("format", to="anamnesis-receipt/2"))
    yield refuse("no format", "malformed", drop("format"))
    yield refuse("another state", "malformed", put("state", to="saved"))
    yield refuse("recorded without a record", "malformed", put("record", to=None))
    yield refuse("journaled with a record", "malformed", put("state", to="journaled"))
    yield refuse("a member too many", "malformed", put("note", to="trust me"))
    yield refuse("a member too few", "malformed", drop("record", "proof"))
    yield refuse("a header member too many", "malformed", put("header", "text", to=""))
    yield refuse("a header member too few", "malformed", drop("header", "session"))
    yield refuse("a header that is a list", "malformed", put("header", to=[]))
    yield refuse("a position that is text", "malformed", put("header", "position", to="3"))
    yield refuse("a position that is true", "malformed", put("header", "position", to=True))
    yield refuse("a negative position", "malformed", put("header", "position", to=-1))
    yield refuse("half a position", "malformed", put("header", "position", to=3.5))
    yield refuse("an id of nothing", "malformed", put("header", "id", to=None))
    upper = digest(content(3)).upper()
    yield refuse("a digest in capitals", "malformed", put("header", "digest", to=upper))
    longer = digest(content(3)) + "\n"
    yield refuse("a digest with a line break", "malformed", put("header", "digest", to=longer))
    before = " " + digest(content(3))
    yield refuse("a digest with a space", "malformed", put("header", "digest", to=before))
    yield refuse("features of text", "malformed", put("header", "features", to="dictée"))
    yield refuse("a feature that is a number", "malformed", put("header", "features", to=[1]))
    yield refuse("half a character", "malformed", put("header", "author", to="\ud800"))
    yield refuse("a NUL", "malformed", put("header", "author", to="\0"))
    yield refuse(
        "a version that is a fraction", "malformed", put("record", "statement", "version", to=1.5)
    )
    yield refuse(
        "a statement member too many", "malformed", put("record", "statement", "note", to="")
    )
    yield {**refuse("no receipt at all", "malformed", lambda _: None), "receipt": None}
    yield {**refuse("a list", "malformed", lambda _: None), "receipt": []}


def spoilt_facts() -> Iterator[Case]:
    """Facts changed after the signature."""
    other = digest(content(4))
    yield refuse("another text", "not-included", put("header", "digest", to=other))
    yield refuse(
        "another time", "not-included", put("header", "received_at", to="2026-11-23T14:02:04.123Z")
    )
    yield refuse("another author", "not-included", put("header", "author", to="somebody else"))
    yield refuse("a feature hidden", "not-included", put("header", "features", to=["templates"]))
    yield refuse("another position", "position-differs", put("header", "position", to=4))
    yield refuse("another entry's header", "position-differs", put("header", to=header(4)))
    yield refuse(
        "another text read back", "not-included", put("record", "statement", "digest", to=other)
    )
    yield refuse("another version", "not-included", put("record", "statement", "version", to=9))
    wrong = plain(recorded(4))["record"]
    yield refuse("another entry's record", "another-entry", put("record", to=wrong))
    spoken = msgspec.structs.replace(statement(3), position=4)
    yield refuse(
        "a record of another position",
        "another-position",
        put("record", to=plain(recorded(3, spoken))["record"]),
    )
    spoken = msgspec.structs.replace(statement(3), typed_digest=other)
    yield refuse(
        "a record of another text",
        "another-text",
        put("record", to=plain(recorded(3, spoken))["record"]),
    )
    swapped = "the content of another entry"
    yield {
        **refuse(swapped, "content-differs", lambda _: None),
        "content": canonical(content(4)).decode(),
    }
    loose = json.dumps(content(3), ensure_ascii=False)
    yield {
        **refuse("content that is not canonical", "content-differs", lambda _: None),
        "content": loose,
    }


def spoilt_proofs() -> Iterator[Case]:
    """Paths that lead nowhere."""
    first, second, third = (b64(one) for one in JOURNAL.inclusion(3, 7))
    zero = b64(bytes(32))
    yield refuse("a sibling changed", "not-included", swap(first, zero, "proof"))
    yield refuse(
        "siblings exchanged",
        "not-included",
        swap(f"{first}\n{second}", f"{second}\n{first}", "proof"),
    )
    yield refuse("a sibling missing", "not-included", swap(third + "\n", "", "proof"))
    yield refuse("a sibling too many", "not-included", swap(third, f"{third}\n{zero}", "proof"))
    most = "\n".join([zero] * 62)
    yield refuse("sixty-four siblings", "not-included", swap(third, most, "proof"))
    yield refuse("another place", "position-differs", swap("index 3\n", "index 2\n", "proof"))
    single = {**header(6), "position": 1}
    alone = Checkpoint(NAME, 1, header_leaf(single))
    after = format_proof(1, [], sign_checkpoint(alone, SIGNER))
    yield refuse(
        "a place after the only one",
        "not-included",
        lambda receipt: receipt.update(header=single, proof=after),
    )
    beyond = format_proof(7, JOURNAL.inclusion(6, 7), journal_note(7))
    far = {**header(6), "position": 7}
    yield refuse(
        "a place beyond the end",
        "not-included",
        lambda receipt: receipt.update(header=far, proof=beyond),
    )


def spoilt_texts() -> Iterator[Case]:
    """Proofs that are not written in the one way there is."""
    third, zero = b64(JOURNAL.inclusion(3, 7)[-1]), b64(bytes(32))
    yield refuse("a short hash", "proof-malformed", swap(third, b64(bytes(31)), "proof"))
    yield refuse(
        "sixty-five siblings", "proof-malformed", swap(third, "\n".join([zero] * 63), "proof")
    )
    yield refuse("an index with a zero", "proof-malformed", swap("index 3", "index 03", "proof"))
    yield refuse("an index with a plus", "proof-malformed", swap("index 3", "index +3", "proof"))
    yield refuse(
        "an index beyond exact numbers",
        "proof-malformed",
        swap("index 3", "index 9007199254740992", "proof"),
    )
    last = "index 9007199254740991"
    yield refuse("the last exact index", "position-differs", swap("index 3", last, "proof"))
    yield refuse("an index and more", "proof-malformed", swap("index 3", "index 3 3", "proof"))
    yield refuse("no index", "proof-malformed", swap("index 3\n", "", "proof"))
    yield refuse(
        "something unsigned in the proof",
        "proof-malformed",
        swap("index 3", "extra AAAA\nindex 3", "proof"),
    )
    yield refuse("another proof's version", "proof-malformed", swap("@v1", "@v2", "proof"))
    title, index_line, *hashes = recorded(3).proof.partition("\n\n")[0].split("\n")
    bare = "\n".join([title, index_line, *hashes, ""])
    yield refuse("a proof without a checkpoint", "proof-malformed", put("proof", to=bare))
    only = f"{title}\n\n{NOTE}"
    yield refuse("a proof of its title", "proof-malformed", put("proof", to=only))
    yield refuse("an empty proof", "proof-malformed", put("proof", to=""))
    yield refuse(
        "Base64 with loose bits",
        "proof-malformed",
        swap(third, loosened(third), "proof"),
    )
    yield refuse("Base64 without padding", "proof-malformed", swap(third, third[:-1], "proof"))
    yield refuse("Base64 with a sign", "proof-malformed", swap(third, "!" + third[1:], "proof"))
    yield refuse("Base64 with a space", "proof-malformed", swap(third, " " + third, "proof"))
    yield refuse(
        "line ends of two characters",
        "proof-malformed",
        lambda receipt: put("proof", to=receipt["proof"].replace("\n", "\r\n"))(receipt),
    )
    yield refuse("the record's proof empty", "proof-malformed", put("record", "proof", to=""))
    yield refuse(
        "the record's place changed",
        "not-included",
        swap("index 1\n", "index 0\n", "record", "proof"),
    )


def loosened(text: str) -> str:
    """Base64 of the same 32 bytes, with a bit set that belongs to none of them."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return text[:-2] + letters[letters.index(text[-2]) + 1] + "="


ROOT = b64(JOURNAL.root(7))
NOTE = journal_note(7)
SIGNATURE_LINE = NOTE.splitlines()[-1] + "\n"
SIGNATURE = SIGNATURE_LINE.split()[2]


def noted(note: str) -> Callable[[dict[str, Any]], object]:
    """Puts another checkpoint under the journal's proof."""
    return put("proof", to=format_proof(3, JOURNAL.inclusion(3, 7), note))


def resigned(text: str) -> Callable[[dict[str, Any]], object]:
    """Puts another text under the journal's proof, and signs it with the very key."""
    return noted(sign_note(text, SIGNER))


def strangers_line(key_id: bytes) -> str:
    """A stranger's signature of the right text, under a key id that may not be the stranger's."""
    signed = STRANGER.sign(checkpoint_text(NOTE).encode())
    return f"— {NAME} {b64(key_id + signed)}\n"


def spoilt_signatures() -> Iterator[Case]:
    """Checkpoints that the key did not sign."""
    larger = swap(f"\n7\n{ROOT}", f"\n8\n{ROOT}", "proof")
    yield refuse("a larger tree", "signature-invalid", larger)
    yield refuse("another root", "signature-invalid", swap(ROOT, b64(bytes(32)), "proof"))
    other = swap(f"{NAME}\n7", "other.example/journal\n7", "proof")
    yield refuse("another origin", "signature-invalid", other)
    signed = base64.b64decode(SIGNATURE)
    flipped = b64(signed[:-1] + bytes([signed[-1] ^ 1]))
    yield refuse("a signature changed", "signature-invalid", swap(SIGNATURE, flipped, "proof"))
    short = swap(SIGNATURE, b64(signed[:-1]), "proof")
    yield refuse("a short signature", "signature-invalid", short)
    text = checkpoint_text(NOTE) + "\n"
    own = strangers_line(STRANGER.verification_key.key_id)
    forged = strangers_line(SIGNER.verification_key.key_id)
    yield refuse("a stranger of the same name", "wrong-key", noted(text + own))
    yield refuse("a stranger under the key's id", "signature-invalid", noted(text + forged))
    yield refuse("one good and one forged", "signature-invalid", noted(NOTE + forged))
    renamed = swap(f"— {NAME} ", "— other.example/journal ", "proof")
    yield refuse("another name at the signature", "wrong-key", renamed)


def spoilt_notes() -> Iterator[Case]:
    """Checkpoints that are not signed notes."""
    line = SIGNATURE_LINE
    yield refuse("no signature", "note-malformed", swap(line, "", "proof"))
    yield refuse("no end of line", "note-malformed", swap(line, line[:-1], "proof"))
    yield refuse("a hyphen for the dash", "note-malformed", swap("— ", "- ", "proof"))
    yield refuse("a tab", "note-malformed", swap(f"{NAME}\n7", f"{NAME}\t\n7", "proof"))
    wide = NOTE + line.replace("/journal", "\u3000")
    yield refuse("a wide space in a name", "note-malformed", noted(wide))
    yield refuse("a plus in a name", "note-malformed", noted(NOTE + "— a+b AAAAAAA=\n"))
    yield refuse("a signature without a name", "note-malformed", noted(NOTE + "—  AAAAAAA=\n"))
    yield refuse("words before a signature", "note-malformed", noted(NOTE + "by " + line))
    yield refuse("words after a signature", "note-malformed", noted(NOTE + line[:-1] + " ok\n"))
    yield refuse("a key id and no signature", "note-malformed", noted(NOTE + "— a AAAAAA==\n"))
    yield refuse("seventeen signatures", "note-malformed", noted(NOTE + 16 * line))
    yield refuse("signatures of nothing", "note-malformed", noted("\n\n" + line))
    yield refuse("a note of one line", "note-malformed", noted(line))
    yield refuse("a note of nothing", "note-malformed", noted(""))


def spoilt_checkpoints() -> Iterator[Case]:
    """Texts that the key did sign, and that are not the checkpoint of this tree."""
    malformed = "checkpoint-malformed"
    yield refuse("a size with a zero", malformed, resigned(f"{NAME}\n07\n{ROOT}\n"))
    yield refuse("a size of words", malformed, resigned(f"{NAME}\nseven\n{ROOT}\n"))
    yield refuse("a short root", malformed, resigned(f"{NAME}\n7\n{b64(b'7')}\n"))
    yield refuse("a root with loose bits", malformed, resigned(f"{NAME}\n7\n{loosened(ROOT)}\n"))
    yield refuse("a line too many", malformed, resigned(f"{NAME}\n7\n{ROOT}\nmore\n"))
    yield refuse("a line too few", malformed, resigned(f"{NAME}\n7\n"))
    yield refuse("an empty origin", malformed, resigned(f"\n7\n{ROOT}\n"))
    recorded_tree = resigned(f"{NAME}/recorded\n7\n{ROOT}\n")
    yield refuse("signed for another tree", "wrong-origin", recorded_tree)
    empty = resigned(f"{NAME}\n0\n{ROOT}\n")
    yield refuse("an empty tree", "not-included", empty)
    journals = recorded(3).proof
    yield refuse(
        "the journal's proof as the record's", "wrong-origin", put("record", "proof", to=journals)
    )
    records = plain(recorded(3))["record"]["proof"]
    yield refuse("the record's proof as the journal's", "wrong-origin", put("proof", to=records))


def vkey(name: str, encoded: bytes) -> str:
    """A key's text with the id that would be right, whatever is wrong with the rest."""
    key_id = hashlib.sha256(name.encode() + b"\n" + encoded).digest()[:4]
    return f"{name}+{key_id.hex()}+{b64(encoded)}"


def spoilt_keys() -> Iterator[Case]:
    """Keys that are not the one, or none at all."""
    good = refuse("", "key-malformed", lambda _: None)
    name, key_id, encoded = VKEY.split("+", 2)
    raw = base64.b64decode(encoded)
    yield {
        **good,
        "name": "the key of a stranger",
        "key": str(VerificationKey.of(STRANGER)),
        "refused": "wrong-key",
    }
    yield {
        **good,
        "name": "the key of a witness",
        "key": str(VerificationKey.of(WITNESS)),
        "refused": "wrong-key",
    }
    yield {**good, "name": "a key under another id", "key": f"{name}+00000000+{encoded}"}
    yield {**good, "name": "a key id in capitals", "key": f"{name}+{key_id.upper()}+{encoded}"}
    yield {**good, "name": "a key of another kind", "key": vkey(name, b"\x02" + raw[1:])}
    yield {**good, "name": "a short key", "key": vkey(name, raw[:-1])}
    yield {**good, "name": "a key with a space before it", "key": " " + VKEY}
    yield {**good, "name": "a key without a name", "key": f"+{key_id}+{encoded}"}
    yield {**good, "name": "a key with a line end", "key": VKEY + "\n"}
    yield {**good, "name": "a key with a space in its name", "key": vkey("a b", raw)}
    yield {**good, "name": "a key with an accent in its name", "key": vkey("é", raw)}
    yield {**good, "name": "no key", "key": ""}


def spoilt_receipts() -> Iterator[Case]:
    """Every spoilt receipt."""
    yield from spoilt_forms()
    yield from spoilt_facts()
    yield from spoilt_proofs()
    yield from spoilt_texts()
    yield from spoilt_signatures()
    yield from spoilt_notes()
    yield from spoilt_checkpoints()
    yield from spoilt_keys()
