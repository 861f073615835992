"""What the drill takes for a green that was wrong."""

from anamnesis.bootstrap.drill_pages import _first


def test_a_text_that_came_twice_was_there_from_the_first_time_on() -> None:
    early, late = "2026-11-26T12:00:01.000Z", "2026-11-26T12:00:09.000Z"
    first = _first([("a", early, "toux"), ("b", early, "toux s"), ("a", late, "toux")])
    assert first["a"] == first["b"]
