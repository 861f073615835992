import pytest

from anamnesis.keeper.messages import codes, message
from anamnesis.record.outstanding import CODES
from anamnesis.settings import Language

REFUSALS = {
    "malformed", "entry-too-large", "unknown-kind", "lone-surrogate", "nul-character",
    "number-not-exact", "too-deep", "digest-mismatch", "wrong-practice", "wrong-author",
    "id-reused", "sequence-reused", "sequence-gap", "device-taken",
}  # fmt: skip


def test_both_languages_know_the_same_codes() -> None:
    assert codes("fr") == codes("en")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_refusal_and_every_outstanding_entry_has_a_sentence(language: Language) -> None:
    assert codes(language) >= REFUSALS
    assert codes(language) >= CODES
    for code in codes(language):
        assert message(code, language)[0].isupper()


def test_a_code_nobody_knows_stands_for_itself() -> None:
    assert message("from-a-newer-part", "fr") == "from-a-newer-part"
