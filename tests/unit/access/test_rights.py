from datetime import UTC, datetime

from anamnesis.access.audit import Looked, looked_at
from anamnesis.access.rights import KEEPER_ONLY_KINDS, may_read, refusal_to_write
from anamnesis.access.session import Session

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CLAIRE = Session("s", "claire", "p-claire", "lilas", "Dr Claire Aubry", NOW, NOW)
PATIENT = "01932f5e-0000-7000-8000-000000000001"
ENCOUNTER = "01932f5e-0000-7000-8000-000000000002"


def test_one_writes_in_ones_own_name_and_practice() -> None:
    assert refusal_to_write(CLAIRE, "lilas", "p-claire", "note.write") is None


def test_writing_for_another_practice_is_refused_first() -> None:
    assert refusal_to_write(CLAIRE, "roses", "p-paul", "note.write") == "wrong-practice"


def test_writing_in_somebody_elses_name_is_refused() -> None:
    assert refusal_to_write(CLAIRE, "lilas", "p-paul", "note.write") == "wrong-author"


def test_a_page_cannot_make_practitioners() -> None:
    for kind in KEEPER_ONLY_KINDS:
        assert refusal_to_write(CLAIRE, "lilas", "p-claire", kind) == "kind-not-allowed"


def test_reading_is_scoped_by_practice() -> None:
    assert may_read(CLAIRE, "lilas")
    assert not may_read(CLAIRE, "roses")


def test_a_path_says_whom_it_shows() -> None:
    assert looked_at(f"/patients/{PATIENT}") == Looked(PATIENT, None, None)
    assert looked_at(f"/patients/{PATIENT}/encounters/{ENCOUNTER}/print") == Looked(
        PATIENT, ENCOUNTER, None
    )
    assert looked_at(f"/keep/encounters/{ENCOUNTER}/note") == Looked(None, ENCOUNTER, None)
    assert looked_at(f"/keep/receipts/{ENCOUNTER}") == Looked(None, None, ENCOUNTER)


def test_a_path_that_shows_nobody_is_no_look() -> None:
    for path in ("/", "/patients", "/static/app.js", "/keep/receipts", "/patients/new"):
        assert looked_at(path) is None


def test_a_search_is_a_look_at_nobody_in_particular() -> None:
    assert looked_at("/search") == Looked(None, None, None)
    assert looked_at("/search/x") is None
