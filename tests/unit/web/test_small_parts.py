"""Addresses, plots, sittings and files: what pages are made with."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anamnesis.clinical.sections import BLANK, SECTIONS
from anamnesis.record.model import NoteVersion, Observation
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.web.addresses import is_identifier, local
from anamnesis.web.plot import DOT_APART, HEIGHT, WIDTH, plot
from anamnesis.web.sittings import compared, sittings
from tests.unit.record.making import ENCOUNTER, LOCUM, PATIENT, PRACTICE, Writing, text
from tests.unit.web.serving import full_practice, serving

# Addresses.


@pytest.mark.parametrize("address", ["/", "/patients?q=l%C3%A9", "/encounters/1#a", "/a//b"])
def test_a_path_of_this_host_is_kept(address: str) -> None:
    assert local(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "/\t/elsewhere.example",
        "\t//elsewhere.example",
        "javascript:alert(1)",
        "patients",
        "",
        "/x\r\nset-cookie: a=b",
    ],
)
def test_nobody_is_sent_elsewhere(address: str) -> None:
    assert local(address) == "/"


def test_an_identifier_is_what_entries_call_one() -> None:
    assert is_identifier(PATIENT)
    for other in ("", "new", PATIENT.upper(), PATIENT + "\n", PATIENT[:-1], "../" + PATIENT):
        assert not is_identifier(other)


# Plots.


def observed(value: str, at: str, unit: str = "kg") -> Observation:
    return Observation(at, PATIENT, None, "weight", value, unit, at, "a", "A", None)


@given(
    st.lists(
        st.tuples(st.integers(0, 5_000), st.decimals(0, 300, places=2)), min_size=1, max_size=20
    )
)
def test_every_number_is_drawn_inside_of_the_plot(values: list[tuple[int, Any]]) -> None:
    days = [
        observed(
            str(value), f"20{day // 400:02}-{1 + day // 31 % 12:02}-{1 + day % 28:02}T00:00:00.000Z"
        )
        for day, value in values
    ]
    drawn = plot("weight", sorted(days, key=lambda one: one.effective_at))
    assert drawn is not None
    assert len(drawn.points) == len(values)
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in drawn.points)


def test_a_thousand_values_get_no_more_dots_than_can_be_told_apart_and_the_newest_has_one() -> None:
    days = [
        observed(
            str(60 + number % 7),
            f"20{number // 336:02}-{1 + number // 28 % 12:02}-{1 + number % 28:02}T00:00:00.000Z",
        )
        for number in range(1_000)
    ]
    drawn = plot("weight", days)
    assert drawn is not None
    assert len(drawn.points) == 1_000
    assert len(drawn.dots) <= WIDTH / DOT_APART + 1
    assert drawn.dots[-1] == drawn.points[-1]
    few = plot("weight", days[:10:3])
    assert few is not None
    assert few.dots == few.points


def test_what_is_no_number_is_listed_and_not_drawn() -> None:
    drawn = plot(
        "weight",
        [observed("3,2", "2026-01-01T00:00:00.000Z"), observed("?", "2026-02-01T00:00:00.000Z")],
    )
    assert drawn is not None
    assert len(drawn.points) == 1
    assert drawn.last.value == "?"


def test_grams_and_kilograms_are_one_line() -> None:
    drawn = plot(
        "weight",
        [
            observed("3400", "2026-01-01T00:00:00.000Z", "g"),
            observed("3,4", "2026-02-01T00:00:00.000Z"),
        ],
    )
    assert drawn is not None
    assert drawn.points[0].y == drawn.points[1].y
    assert plot("weight", []) is None


# Sittings.


def versions_of(writing: Writing) -> list[NoteVersion]:
    record = MemoryRecord()
    writing.fold(record)
    return record.versions(PRACTICE, ENCOUNTER)


def test_what_was_written_in_one_go_is_one_sitting() -> None:
    versions = versions_of(full_practice())
    [group] = sittings(versions, every=False)
    sitting = compared(group)
    assert (sitting.first.version, sitting.last.version, sitting.count) == (1, 2, 2)
    assert [change.section for change in sitting.changes] == ["motif", "conclusion"]
    assert all(change.fresh for change in sitting.changes)
    assert [len(group[1]) for group in sittings(versions, every=True)] == [1, 1]


def test_a_signature_and_another_author_begin_another_sitting() -> None:
    writing = Writing().begun()
    first, second, third = text("a"), text("a b"), text("a b c")
    writing.note("write", first)
    writing.note("sign", {"digest": first.digest()})
    writing.note("amend", second, base=first)
    writing.note("amend", third, base=second, author=LOCUM)
    groups = sittings(versions_of(writing), every=False)
    assert [[one.version for one in group[1]] for group in groups] == [[3], [2], [1]]
    assert [before.motif for before, _ in groups] == ["a b", "a", ""]


@given(st.booleans(), st.lists(st.sampled_from(["a", "b", "a b"]), max_size=8))
def test_sittings_leave_no_version_out_and_begin_where_the_one_before_ended(
    every: bool, words: list[str]
) -> None:
    writing = Writing().begun()
    base = BLANK
    for word in words:
        after = text(word, conclusion=base.motif)
        writing.note("write", after, base=base)
        base = after
    versions = versions_of(writing)
    groups = list(reversed(sittings(versions, every=every)))
    assert [one for _, group in groups for one in group] == versions
    ends = [BLANK, *(group[-1].sections for _, group in groups)]
    assert [before for before, _ in groups] == ends[: len(groups)]
    for group in groups:
        changed = {change.section for change in compared(group).changes}
        after = group[1][-1].sections
        assert changed == {n for n in SECTIONS if group[0].section(n) != after.section(n)}


# Files.


def test_a_file_is_sent_again_only_when_it_changed() -> None:
    with serving(Writing().begun()) as client:
        first = client.get("/static/shell.js")
        tag = first.headers["etag"]
        again = client.get("/static/shell.js", headers={"if-none-match": tag})
        other = client.get("/static/words.js", headers={"if-none-match": tag})
    assert first.headers["content-type"].startswith("text/javascript")
    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_the_worker_and_the_manifest_are_at_the_root() -> None:
    with serving(Writing().begun()) as client:
        assert (
            client.get("/service-worker.js").headers["content-type"].startswith("text/javascript")
        )
        manifest = client.get("/manifest.webmanifest")
        assert manifest.headers["content-type"].startswith("application/manifest+json")
        assert [client.get(i["src"]).status_code for i in manifest.json()["icons"]] == [200]
        assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
