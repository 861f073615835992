import pytest

from anamnesis.clinical.composition import (
    NOTE_TEXT_KINDS,
    Status,
    awaits_signature,
    reason_aside,
    status_when_signed,
    status_with_text,
)

WRITTEN = sorted(NOTE_TEXT_KINDS - {"note.amend"})


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("draft", None),
        ("signed", "after-signature"),
        ("amended", "after-signature"),
        ("entered-in-error", "after-entered-in-error"),
    ],
)
def test_only_a_draft_takes_text(status: Status, reason: str | None, kind: str) -> None:
    assert reason_aside(status, kind) == reason


@pytest.mark.parametrize("status", ["draft", "signed", "amended"])
def test_an_amendment_is_taken_unless_the_note_is_void(status: Status) -> None:
    assert reason_aside(status, "note.amend") is None
    assert reason_aside("entered-in-error", "note.amend") == "after-entered-in-error"


def test_a_signed_note_that_takes_text_is_amended_for_ever() -> None:
    assert status_with_text("draft") == "draft"
    assert status_with_text("signed") == status_with_text("amended") == "amended"
    assert status_when_signed("amended") == "amended"
    assert status_when_signed("draft") == status_when_signed("signed") == "signed"
    assert status_when_signed("entered-in-error") is None


@pytest.mark.parametrize(
    ("status", "version", "signed", "awaiting"),
    [
        ("draft", 0, None, True),
        ("draft", 3, None, True),
        ("signed", 3, 3, False),
        ("amended", 4, 3, True),
        ("amended", 4, 4, False),
        ("entered-in-error", 4, None, False),
    ],
)
def test_what_awaits_a_signature_is_a_draft_or_an_unsigned_amendment(
    status: Status, version: int, signed: int | None, awaiting: bool
) -> None:
    assert awaits_signature(status, version, signed) is awaiting
