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


def test_workers_begin_with_what_takes_long() -> None:
    def made(path: str, *marks: str) -> Any:
        mark = {"slow": pytest.mark.slow} if marks else {}
        return SimpleNamespace(path=path, get_closest_marker=mark.get)

    items = [made("c"), made("b", "slow"), made("a"), made("d", "slow")]
    worker: Any = SimpleNamespace(workerinput={})
    pytest_collection_modifyitems(worker, items)
    assert [item.path for item in items] == ["b", "d", "a", "c"]
