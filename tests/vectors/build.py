"""Writes the vectors beside it: what every verifier must accept and refuse, byte for byte.

    python -m tests.vectors.build

Nothing here is random and no clock is read, so the files only change when a promise does.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from anamnesis.receipt.merkle import Tree, leaf_hash
from tests.vectors.sound_receipts import Case, b64, sound_receipts
from tests.vectors.spoilt_receipts import spoilt_receipts

# Canonical JSON: the expected text is written out by hand, not asked of the code under test.


def canonical_cases() -> list[Case]:
    """Values with their canonical text and its digest, or with the code of the refusal."""
    written: list[tuple[str, Any, str]] = [
        ("a blank note", {"sections": {"motif": "", "examen": ""}}, BLANK_NOTE),
        ("accents composed and not", ["\u00e9", "e\u0301", "ñ", "œ"], '["é","e\u0301","ñ","œ"]'),
        ("a temperature", "≥ 38,5 °C", '"≥ 38,5 °C"'),
        ("emoji", "🤒👩\u200d⚕️", '"🤒👩\u200d⚕️"'),
        ("line breaks", "a\nb\r\nc\rd\te", '"a\\nb\\r\\nc\\rd\\te"'),
        ("quotes and strokes", "\"'\\/</script>", '"\\"\'\\\\/</script>"'),
        ("control characters", "\x01\x08\x0b\x0c\x1f\x7f", '"\\u0001\\b\\u000b\\f\\u001f\x7f"'),
        ("separators of lines", "\u2028\u2029\u0085", '"\u2028\u2029\u0085"'),
        ("the last characters", "\ufeff\uffff\U0010ffff", '"\ufeff\uffff\U0010ffff"'),
        ("spaces kept", "  \u00a0 ", '"  \u00a0 "'),
        ("right to left", "\u200fשלום", '"\u200fשלום"'),
        (
            "members by UTF-16",
            {
                "\ufb33": 1,
                "😂": 2,
                "é": 3,
                "a": 4,
                "": 5,
                "1": 6,
                "10": 7,
                "2": 8,
                "\r": 9,
                "A": 10,
                "__proto__": 11,
            },
            '{"":5,"\\r":9,"1":6,"10":7,"2":8,"A":10,"__proto__":11,"a":4,"é":3,"😂":2,"\ufb33":1}',
        ),
        (
            "integers",
            [0, -1, 9007199254740991, -9007199254740991],
            "[0,-1,9007199254740991,-9007199254740991]",
        ),
        ("the other values", [None, True, False, [], {}], "[null,true,false,[],{}]"),
        ("as deep as may be", nested(32), "[" * 32 + "]" * 32),
        ("objects as deep as may be", nested_objects(32), '{"a":' * 31 + "{}" + "}" * 31),
    ]
    refused: list[tuple[str, Any, str]] = [
        ("half a character", "a\ud800b", "lone-surrogate"),
        ("the other half", {"examen": "\udc00"}, "lone-surrogate"),
        ("the last first half", "\udbff", "lone-surrogate"),
        ("the last half", "\udfff", "lone-surrogate"),
        ("halves in the wrong order", "\udc00\ud800", "lone-surrogate"),
        ("half a character in a name", {"\ud83e": 1}, "lone-surrogate"),
        ("a NUL", ["a\0b"], "nul-character"),
        ("a NUL in a name", {"\0": 1}, "nul-character"),
        ("a fraction", {"weight": 38.5}, "number-not-exact"),
        ("a large integer", 9007199254740992, "number-not-exact"),
        ("a large negative integer", -9007199254740992, "number-not-exact"),
        ("an immense number", 1e300, "number-not-exact"),
        ("too deep", nested(33), "too-deep"),
        ("only objects too deep", nested_objects(33), "too-deep"),
        ("objects too deep", {"a": {"b": nested(31)}}, "too-deep"),
    ]
    accepted = [
        {"name": name, "value": value, "canonical": text, "digest": sha256_hex(text.encode())}
        for name, value, text in written
    ]
    return accepted + [
        {"name": name, "value": value, "refused": code} for name, value, code in refused
    ]


BLANK_NOTE = '{"sections":{"examen":"","motif":""}}'


def nested(depth: int) -> list[Any]:
    """Empty arrays inside one another."""
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


def nested_objects(depth: int) -> dict[str, Any]:
    """Objects inside one another, the innermost empty."""
    value: dict[str, Any] = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


# Merkle trees over the leaves "leaf 0", "leaf 1", …


def merkle_vectors() -> dict[str, Any]:
    """Roots, inclusion proofs and consistency proofs of many sizes, in Base64."""
    tree = Tree(leaf_hash(f"leaf {index}".encode()) for index in range(257))
    sizes = [*range(34), 63, 64, 65, 100, 127, 128, 129, 255, 256, 257]
    places = [(index, size) for size in range(1, 10) for index in range(size)]
    for size in (16, 17, 31, 100, 256, 257):
        places += [(0, size), (size // 2, size), (size - 2, size), (size - 1, size)]
    steps = [(old, new) for new in range(1, 10) for old in range(1, new + 1)]
    steps += [(7, 100), (64, 100), (100, 257), (128, 256), (255, 256), (256, 257)]
    return {
        "leaves": "leaf N, in UTF-8, N counted from 0",
        "roots": [{"size": size, "root": b64(tree.root(size))} for size in sizes],
        "inclusion": [
            {"index": index, "size": size, "proof": list(map(b64, tree.inclusion(index, size)))}
            for index, size in places
        ],
        "consistency": [
            {"old": old, "new": new, "proof": list(map(b64, tree.consistency(old, new)))}
            for old, new in steps
        ],
    }


def sha256_hex(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def build() -> dict[str, bytes]:
    """The files by name; ASCII only, so that no tool on the way can normalise a character."""
    files = {
        "canonical.json": canonical_cases(),
        "merkle.json": merkle_vectors(),
        "receipts.json": [*sound_receipts(), *spoilt_receipts()],
    }
    return {name: (json.dumps(value, indent=1) + "\n").encode() for name, value in files.items()}


if __name__ == "__main__":
    for file_name, data in build().items():
        (Path(__file__).parent / file_name).write_bytes(data)
