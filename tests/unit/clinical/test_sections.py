import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.sections import BLANK, BLANK_DIGEST, SECTIONS, Sections
from anamnesis.receipt.canonical import NotCanonical, canonical


def test_the_digest_of_a_note_is_that_of_the_content_of_its_entry() -> None:
    text = Sections("Toux", "depuis\r\n3 jours ", "", "é🤒")
    content = (
        '{"sections":{"conclusion":"é🤒","examen":"","interrogatoire":"depuis\\r\\n3 jours ",'
        '"motif":"Toux"}}'
    )
    assert canonical(text.as_content()) == content.encode()
    assert text.digest() == hashlib.sha256(content.encode()).hexdigest()


def test_a_blank_note_has_a_digest_of_its_own() -> None:
    assert BLANK.digest() == BLANK_DIGEST
    assert all(BLANK.section(name) == "" for name in SECTIONS)


@given(st.lists(st.text(alphabet="aé\n ", max_size=3), min_size=4, max_size=4, unique=True))
def test_no_section_may_change_places_with_another_unnoticed(texts: list[str]) -> None:
    one, two, three, four = texts
    straight, turned = Sections(one, two, three, four), Sections(two, three, four, one)
    assert straight.digest() != turned.digest()


def test_half_a_character_has_no_digest() -> None:
    with pytest.raises(NotCanonical):
        Sections("\ud800", "", "", "").digest()
