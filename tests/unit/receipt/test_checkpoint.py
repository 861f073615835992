"""Signed checkpoints, in the form that others write and read too."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from anamnesis.receipt.checkpoint import (
    Checkpoint,
    VerificationKey,
    open_checkpoint,
    parse_count,
    sign_checkpoint,
)
from anamnesis.receipt.note import decode_base64, encode_base64, open_note, sign_note
from anamnesis.receipt.proof import format_proof, parse_proof
from anamnesis.receipt.refusal import ReceiptRefused
from anamnesis.receipt.signer import Ed25519Signer
from anamnesis.seams import Signer

SIGNER = Ed25519Signer("anamnesis.example/journal", bytes(range(32)))
OTHER = Ed25519Signer("anamnesis.example/journal", bytes(32))
KEY = SIGNER.verification_key
ROOT = hashlib.sha256(b"root").digest()
CHECKPOINT = Checkpoint(SIGNER.name, 5, ROOT)


def refused(code: str, check: object, *arguments: object) -> None:
    assert callable(check)
    with pytest.raises(ReceiptRefused) as refusal:
        check(*arguments)
    assert refusal.value.code == code


def test_a_checkpoint_is_three_lines_an_empty_one_and_a_signature() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    lines = note.split("\n")
    assert lines[:4] == [SIGNER.name, "5", encode_base64(ROOT), ""]
    dash, name, encoded = lines[4].split(" ")
    assert (dash, name, lines[5:]) == ("\u2014", SIGNER.name, [""])
    signed = decode_base64(encoded)
    assert signed is not None
    named = SIGNER.name.encode() + b"\n\x01" + SIGNER.public_key
    assert signed[:4] == hashlib.sha256(named).digest()[:4]
    text = "\n".join(lines[:3]) + "\n"
    Ed25519PublicKey.from_public_bytes(SIGNER.public_key).verify(signed[4:], text.encode())


def test_an_opened_checkpoint_is_the_one_that_was_signed() -> None:
    assert open_checkpoint(sign_checkpoint(CHECKPOINT, SIGNER), KEY) == CHECKPOINT
    elsewhere = Checkpoint(SIGNER.name + "/recorded", 0, ROOT)
    note = sign_checkpoint(elsewhere, SIGNER)
    assert open_checkpoint(note, KEY, elsewhere.origin) == elsewhere


def test_a_checkpoint_for_another_tree_is_refused() -> None:
    note = sign_checkpoint(Checkpoint("elsewhere.example", 5, ROOT), SIGNER)
    refused("wrong-origin", open_checkpoint, note, KEY)


def test_a_checkpoint_signed_by_another_key_of_the_same_name_is_refused() -> None:
    refused("wrong-key", open_checkpoint, sign_checkpoint(CHECKPOINT, OTHER), KEY)


def test_a_note_may_have_empty_lines_and_other_signatures() -> None:
    text = "one\n\ntwo\n"
    ours, theirs = sign_note(text, SIGNER), sign_note(text, OTHER)
    both = theirs + ours.rpartition("\n\n")[2]
    assert open_note(both, KEY) == open_note(both, OTHER.verification_key) == text


@pytest.mark.parametrize(
    "line",
    [
        "0\u2014",
        "\u2014 name",
        "\u2014 na me AAAAAAAA",
        "\u2014 na+me AAAAAAAA",
        "\u2014  AAAAAAAA",
        "\u2014 name AAAAAAA",
        "\u2014 name AAAAAB==",
        "\u2014 name AAAAAA==",
        "\u2014 na\u2003me AAAAAAAA",
    ],
)
def test_one_unreadable_signature_line_spoils_the_note(line: str) -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    refused("note-malformed", open_checkpoint, f"{note}{line}\n", KEY)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_a_note_with_any_character_changed_is_refused(draw: st.DataObject) -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    at = draw.draw(st.integers(0, len(note) - 1))
    other = draw.draw(st.characters().filter(lambda one: one != note[at]))
    with pytest.raises(ReceiptRefused):
        open_checkpoint(note[:at] + other + note[at + 1 :], KEY)


@given(st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_text_of_any_kind_is_refused_and_breaks_nothing(text: str) -> None:
    refused("note-malformed", open_checkpoint, text, KEY)
    refused("proof-malformed", parse_proof, text)
    refused("key-malformed", VerificationKey.parse, text)


def test_an_immense_note_is_refused_unread() -> None:
    refused("note-malformed", open_note, sign_note("a" * 140_000 + "\n", SIGNER), KEY)


def test_a_key_reads_back_from_its_text() -> None:
    assert VerificationKey.parse(str(KEY)) == KEY == VerificationKey.of(SIGNER)
    assert str(KEY).startswith("anamnesis.example/journal+c0b748e6+A")


def test_a_key_whose_id_is_not_its_own_is_refused() -> None:
    refused("key-malformed", VerificationKey.parse, str(KEY).replace("+c0b748e6+", "+c0b748e7+"))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "é", "a\u00a0b", "a\x7f"])
def test_a_key_has_a_name_that_cannot_be_misread(name: str) -> None:
    refused("key-malformed", VerificationKey, name, SIGNER.public_key)
    refused("key-malformed", Ed25519Signer, name, bytes(32))


def test_a_seed_and_a_public_key_have_32_bytes() -> None:
    refused("key-malformed", VerificationKey, "name", bytes(31))
    with pytest.raises(ValueError, match="32 bytes"):
        Ed25519Signer("name", bytes(33))


def test_the_key_of_rfc_8032_makes_the_signature_that_is_printed_there() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    signer: Signer = Ed25519Signer("rfc.example", seed)
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert signer.public_key.hex() == public
    assert signer.sign(b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974")


def test_a_checkpoint_that_nobody_could_read_is_not_signed() -> None:
    for wrong in (Checkpoint("", 1, ROOT), Checkpoint("a\nb", 1, ROOT), Checkpoint("a", 1, b"")):
        with pytest.raises(ValueError, match="checkpoint"):
            sign_checkpoint(wrong, SIGNER)


def test_a_proof_reads_back_from_its_text() -> None:
    note = sign_checkpoint(CHECKPOINT, SIGNER)
    for hashes in ([], [ROOT], [ROOT] * 64):
        proof = parse_proof(format_proof(2**53 - 1, hashes, note))
        assert (proof.index, proof.hashes, proof.note) == (2**53 - 1, hashes, note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "01",
        "00",
        "1.0",
        "1e3",
        " 1",
        "1\n",
        "\u0661",
        "9007199254740992",
        "99999999999999999999",
    ],
)
def test_a_count_has_one_writing_only(text: str) -> None:
    assert parse_count(text) is None
    assert parse_count("0") == 0
    assert parse_count("9007199254740991") == 2**53 - 1


@given(st.binary(max_size=40))
@settings(max_examples=50, deadline=None)
def test_base64_has_one_writing_only(data: bytes) -> None:
    text = encode_base64(data)
    assert decode_base64(text) == data
    for wrong in (text + "\n", " " + text, text + "=", text + "é"):
        assert decode_base64(wrong) is None
