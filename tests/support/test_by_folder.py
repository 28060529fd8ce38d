from types import SimpleNamespace
from typing import Any

from tests.support.by_folder import ROWS, ByFolder


def report(nodeid: str, when: str, duration: float, worker: str = "gw0") -> Any:
    return SimpleNamespace(nodeid=nodeid, when=when, duration=duration, worker_id=worker)


def test_a_folder_has_the_time_of_its_tests_with_what_they_need() -> None:
    heard = ByFolder()
    heard.pytest_runtest_logreport(report("tests/a/test_b.py::test_c", "setup", 1.5))
    heard.pytest_runtest_logreport(report("tests/a/test_b.py::test_c", "call", 1))
    heard.pytest_runtest_logreport(report("tests/test_d.py::test_e[a/b]", "call", 0.25))
    assert [line.split() for line in heard.lines()] == [
        ["2.5s", "1", "tests/a"],
        ["0.2s", "1", "tests"],
    ]


def test_many_folders_are_summed_up_at_the_end() -> None:
    heard = ByFolder()
    for number in range(ROWS + 3):
        heard.pytest_runtest_logreport(report(f"tests/{number}/test_a.py::test_b", "call", 1))
    assert len(heard.lines()) == ROWS + 1
    assert heard.lines()[-1].split() == ["3.0s", "3", "in", "3", "others"]


def test_a_file_that_was_divided_among_workers_is_named() -> None:
    heard = ByFolder()
    heard.pytest_runtest_logreport(report("tests/test_a.py::test_b", "call", 1))
    heard.pytest_runtest_logreport(report("tests/test_a.py::test_c", "call", 1))
    assert heard.divided() == []
    heard.pytest_runtest_logreport(report("tests/test_a.py::test_d", "call", 1, "gw1"))
    assert heard.divided() == ["tests/test_a.py"]
