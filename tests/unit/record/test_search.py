import pytest

from anamnesis.record.search import Filter, Indexer
from anamnesis.record.search_words import marked, read_query, words_of
from anamnesis.storage.memory.record import MemoryRecord
from anamnesis.storage.memory.search import MemorySearchIndex
from tests.unit.clinical.contents import DOCUMENT, RESOURCES
from tests.unit.record.making import ENCOUNTER, PATIENT, PRACTICE, Writing, text, uuid


class World:
    def __init__(self) -> None:
        self.writing = Writing().begun()
        self.record = MemoryRecord()
        self.index = MemorySearchIndex()
        self.indexer = Indexer(self.record, self.index)

    def follow(self, batch: int = 500) -> None:
        self.writing.fold(self.record)
        while self.indexer.step(batch):
            pass

    def found(self, query: str) -> list[tuple[str, str]]:
        rows = self.index.find(PRACTICE, read_query(query), Filter(), 50, None)
        return [(one.subject, one.place) for one in rows]


@pytest.fixture
def world() -> World:
    return World()


def test_a_word_stands_where_it_was_written() -> None:
    written = "L’œdème à 38,5 °C (TA 128/76) : qu'il aujourd'hui"
    assert [written[word.start : word.end] for word in words_of(written)] == [
        "œdème", "à", "38,5", "C", "TA", "128/76", "il", "aujourd", "hui"
    ]  # fmt: skip
    assert [word.plain for word in words_of("Œdème 38,5")] == ["oedeme", "38.5"]


def test_the_last_word_may_be_a_beginning_unless_something_follows_it() -> None:
    assert marked("angines", read_query("ang")) == [(0, 7)]
    assert marked("angines", read_query("ang ")) == []
    assert marked("toux grasse, toux", read_query('"toux grasse"')) == [(0, 4), (5, 11)]


def test_the_current_text_of_a_note_is_found_and_an_older_one_is_not(world: World) -> None:
    world.writing.note("write", text("Toux", examen="Râles"))
    world.follow()
    assert world.found("toux") == [(ENCOUNTER, "motif")]
    world.writing.note("write", text("Grippe", examen="Râles"), base=text("Toux", examen="Râles"))
    closed = {"closed_at": "2026-11-23T15:00:00.000Z"}
    world.writing.send("encounter.close", closed, patient=PATIENT, encounter=ENCOUNTER)
    world.follow()
    assert world.found("toux") == []
    assert world.found("grippe") == [(ENCOUNTER, "motif")]
    assert world.found("rale") == [(ENCOUNTER, "examen")]


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_what_follows_a_text_in_the_same_batch_hides_nothing(world: World, batch: int) -> None:
    world.writing.note("write", text("Toux"))
    closed = {"closed_at": "2026-11-23T15:00:00.000Z"}
    world.writing.send("encounter.close", closed, patient=PATIENT, encounter=ENCOUNTER)
    world.follow(batch)
    assert world.found("toux") == [(ENCOUNTER, "motif")]


def test_a_note_entered_in_error_is_not_found(world: World) -> None:
    world.writing.note("write", text("Toux"))
    world.writing.note("enter-in-error", {"reason": "autre patient"})
    world.follow()
    assert world.found("toux") == []


def test_what_stands_in_the_record_is_found_until_it_is_withdrawn(world: World) -> None:
    for number, kind in enumerate(("condition.write", "allergy.write", "medication.write")):
        content = RESOURCES[kind] | {"id": uuid(0x500 + number)}
        world.writing.send(kind, content, patient=PATIENT)
    document = DOCUMENT | {"id": uuid(0x510)}
    world.writing.send("document.write", document, patient=PATIENT)
    world.follow()
    assert world.found("asthme") == [(uuid(0x500), "condition")]
    assert world.found("penicilline urticaire") == [(uuid(0x501), "allergy")]
    assert world.found("ramipril") == [(uuid(0x502), "medication")]
    assert world.found("amoxicilline") == [(uuid(0x510), "document")]
    wrong = {"resource": uuid(0x501), "reason": "erreur"}
    world.writing.send("resource.enter-in-error", wrong, patient=PATIENT)
    world.follow()
    assert world.found("penicilline") == []


def test_an_index_of_another_record_is_begun_anew(world: World) -> None:
    world.writing.note("write", text("Toux"))
    world.follow()
    world.index.apply([], [], 10_000)
    world.follow()
    assert world.index.applied() == world.record.applied()
    assert world.found("toux") == [(ENCOUNTER, "motif")]
