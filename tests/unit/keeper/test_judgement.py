import msgspec
import pytest

from anamnesis.keeper.judgement import Agreed, Disagreement, Outside, judge
from anamnesis.keeper.received import Expected
from anamnesis.record.model import Outstanding, ReadBack
from anamnesis.record.refold import Refolded

TYPED, MERGED, WRONG = "a" * 64, "b" * 64, "c" * 64
WRITTEN = Expected(7, "e-1", "note.write", "lilas", "claire", "d-1", "enc-1", TYPED, None)
READ = ReadBack("e-1", "note.write", 7, 3, TYPED, TYPED, "enc-1", 3, TYPED)


def as_typed(_: Expected) -> Refolded | None:
    return Refolded(3, TYPED)


def stays(_: Expected) -> bool:
    return False


def test_a_record_that_shows_what_was_typed_agrees() -> None:
    verdict = judge(WRITTEN, READ, None, as_typed, stays)
    assert verdict == Agreed(WRITTEN, 3, TYPED, TYPED, 3, TYPED)


def test_a_later_version_is_what_a_reader_is_shown() -> None:
    later = msgspec.structs.replace(READ, note_version=5, note_digest=MERGED)
    verdict = judge(WRITTEN, later, None, as_typed, lambda _: True)
    assert isinstance(verdict, Agreed)
    assert (verdict.version, verdict.digest) == (3, TYPED)
    assert (verdict.shown_version, verdict.shown_digest) == (5, MERGED)


def test_a_merged_text_agrees_only_if_the_journal_gives_the_same() -> None:
    merged = msgspec.structs.replace(READ, digest=MERGED, note_digest=MERGED)
    assert isinstance(judge(WRITTEN, merged, None, lambda _: Refolded(3, MERGED), stays), Agreed)
    for refolded in (None, Refolded(3, WRONG), Refolded(4, MERGED)):
        verdict = judge(WRITTEN, merged, None, lambda _, r=refolded: r, stays)  # type: ignore[misc]
        assert verdict == Disagreement(WRITTEN, "read-back-merge-differs")


def test_what_was_typed_is_not_enough_where_a_colleagues_words_belong_in_it() -> None:
    verdict = judge(WRITTEN, READ, None, lambda _: Refolded(3, MERGED), stays)
    assert verdict == Disagreement(WRITTEN, "read-back-merge-differs")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"position": 8}, "read-back-misplaced"),
        ({"kind": "note.rescue"}, "read-back-misplaced"),
        ({"encounter": "enc-2"}, "read-back-misfiled"),
        ({"typed_digest": WRONG}, "read-back-differs"),
        ({"digest": WRONG, "note_digest": WRONG}, "read-back-differs"),
        ({"version": 4, "note_version": 4}, "read-back-differs"),
        ({"note_digest": WRONG}, "read-back-note-differs"),
        ({"note_version": 4, "note_digest": WRONG}, "read-back-note-differs"),
        ({"note_version": 2, "note_digest": WRONG}, "read-back-note-differs"),
    ],
)
def test_anything_else_that_a_reader_would_get_is_a_disagreement(
    changed: dict[str, object], code: str
) -> None:
    verdict = judge(WRITTEN, msgspec.structs.replace(READ, **changed), None, as_typed, stays)
    assert verdict == Disagreement(WRITTEN, code)


def test_an_entry_that_the_record_does_not_show_is_a_disagreement() -> None:
    assert judge(WRITTEN, None, None, as_typed, stays) == Disagreement(WRITTEN, "read-back-missing")


def test_only_note_text_may_be_merged() -> None:
    amended = Expected(7, "e-1", "patient.amend", "lilas", "claire", "d-1", None, TYPED, None)
    read = ReadBack("e-1", "patient.amend", 7, 2, WRONG, TYPED, None, None, None)
    verdict = judge(amended, read, None, lambda _: Refolded(2, WRONG), stays)
    assert verdict == Disagreement(amended, "read-back-differs")


def test_an_entry_that_the_record_says_it_could_not_take_is_outside_it() -> None:
    outside = Outstanding(
        "e-1", "note.write", "lilas", 7, "encounter-unknown", None, "claire", None, "enc-1", "d-1",
        "", "",
    )  # fmt: skip
    assert judge(WRITTEN, None, outside, as_typed, stays) == Outside(WRITTEN, "encounter-unknown")
