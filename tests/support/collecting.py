"""Collecting: workers read the tests from different places, and run them in one order.

Before a file of tests is first imported, pytest writes its assertions out, which takes
longer than all else in reading it, and keeps what came out beside the file. Workers that
all began at the first file would each do that for every file at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]


def turned(sizes: Sequence[tuple[str, int]], part: int, parts: int) -> list[str]:
    """Turn the names: begin where the part's share of the sizes begins."""
    begins = sum(size for _, size in sizes) * part / parts
    passed = 0
    for place, (_, size) in enumerate(sizes):
        if passed + size / 2 > begins:
            return [name for name, _ in (*sizes[place:], *sizes[:place])]
        passed += size
    return [name for name, _ in sizes]


def places(folder: Path) -> Iterable[tuple[str, int]]:
    """List test files in the folder and folders with such, and their bytes."""
    for path in sorted(folder.iterdir()):
        files = list(path.rglob("test_*.py")) if path.is_dir() else [path]
        if files and (path.is_dir() or path.match("test_*.py")):
            yield str(path), sum(file.stat().st_size for file in files)


def pytest_configure(config: pytest.Config) -> None:
    """Let a worker that is to run all tests begin to read them at its own place."""
    worker = getattr(config, "workerinput", None)
    if worker is None or [(config.rootpath / arg) for arg in config.args] != [TESTS]:
        return
    part = int(worker["workerid"].removeprefix("gw"))
    config.args = turned([*places(TESTS)], part, worker["workercount"])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put tests in one order for all workers: long ones first, so that none ends the run alone.

    Whoever began such a test last would still be at it when the others have nothing left.
    One that fails is tried once more: a loaded machine must not lose a whole run. Whoever
    passed only then is named at the end of the run, with the first failure, and is to be mended.
    """
    if not config.option.usepdb:
        for item in items:
            item.add_marker(pytest.mark.flaky(reruns=1))
    if hasattr(config, "workerinput"):
        items.sort(key=in_order)


def in_order(item: pytest.Item) -> tuple[bool, str]:
    """The sort key of a test: those marked `slow` first; each kind by its file."""
    return item.get_closest_marker("slow") is None, str(item.path)
