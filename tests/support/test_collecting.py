"""Tests of collecting: every worker reads all tests, each from another place on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.collecting import places, pytest_collection_modifyitems, turned

SIZES = [("a", 10), ("b", 50), ("c", 20), ("d", 40)]


def test_each_part_begins_at_its_share_and_names_everything_once() -> None:
    assert turned(SIZES, 0, 3) == ["a", "b", "c", "d"]
    assert turned(SIZES, 1, 3) == ["c", "d", "a", "b"]
    assert turned(SIZES, 2, 3) == ["d", "a", "b", "c"]
    assert turned([], 1, 2) == []


def test_what_holds_no_tests_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "inner" / "deep").mkdir(parents=True)
    (tmp_path / "helpers").mkdir()
    for file in ("inner/deep/test_a.py", "helpers/b.py", "test_c.py", "conftest.py"):
        (tmp_path / file).write_text("pass\n")
    assert [*places(tmp_path)] == [(str(tmp_path / "inner"), 5), (str(tmp_path / "test_c.py"), 5)]


def made(path: str, *marks: str) -> Any:
    given: list[pytest.MarkDecorator] = []
    mark = {"slow": pytest.mark.slow} if marks else {}
    return SimpleNamespace(
        path=path, given=given, get_closest_marker=mark.get, add_marker=given.append
    )


def run_of(*, usepdb: bool = False) -> Any:
    return SimpleNamespace(workerinput={}, option=SimpleNamespace(usepdb=usepdb))


def test_workers_begin_with_what_takes_long() -> None:
    items = [made("c"), made("b", "slow"), made("a"), made("d", "slow")]
    pytest_collection_modifyitems(run_of(), items)
    assert [item.path for item in items] == ["b", "d", "a", "c"]


def test_what_fails_is_tried_once_more_but_where_somebody_looks_into_it() -> None:
    item = made("a")
    pytest_collection_modifyitems(run_of(usepdb=True), [item])
    assert item.given == []
    pytest_collection_modifyitems(run_of(), [item])
    (mark,) = item.given
    assert (mark.name, mark.kwargs) == ("flaky", {"reruns": 1})
