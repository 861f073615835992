"""What the application is in the middle of, as the keeper reads it."""

import threading
from pathlib import Path

from anamnesis.keeper.doing import Doing, doing_at, forget


def test_nothing_is_being_done_where_there_is_no_file(tmp_path: Path) -> None:
    assert doing_at(tmp_path / "application.doing") == []


def test_a_feature_at_work_is_seen_until_it_returns(tmp_path: Path) -> None:
    path = tmp_path / "application.doing"
    doing = Doing(path)
    before = doing.begin("letters", 12.5, 7)
    [act] = doing_at(path)
    assert (act.feature, act.since, act.position) == ("letters", 12.5, 7)
    doing.end(before)
    assert doing_at(path) == []


def test_a_feature_inside_another_gives_the_place_back_to_it(tmp_path: Path) -> None:
    path = tmp_path / "application.doing"
    doing = Doing(path)
    outer = doing.begin("outer", 1.0, 7)
    inner = doing.begin("inner", 2.0, 7)
    assert [act.feature for act in doing_at(path)] == ["inner"]
    doing.end(inner)
    assert [act.feature for act in doing_at(path)] == ["outer"]
    doing.end(outer)


def test_each_thread_has_a_place_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "application.doing"
    doing = Doing(path)
    doing.begin("follower", 1.0, 7)
    other = threading.Thread(target=doing.begin, args=("page", 2.0, 0))
    other.start()
    other.join()
    assert [act.feature for act in doing_at(path)] == ["follower", "page"]


def test_what_a_dead_process_was_doing_stays_until_it_is_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "application.doing"
    doing = Doing(path)
    doing.begin("exits", 1.0, 7)
    doing.close()
    assert [act.feature for act in doing_at(path)] == ["exits"]
    forget(path)
    assert doing_at(path) == []
