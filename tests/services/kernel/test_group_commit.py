"""Threads that go through one transaction together."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from compete.services.kernel.group_commit import GroupCommit, LeftAloneError


class Work:
    """Doubles numbers; the first group waits until told to go on, so that others come meanwhile."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, waiting: Callable[[], Sequence[int]]) -> list[int]:
        items = waiting()
        self.groups.append(list(items))
        if len(self.groups) == 1:
            self.begun.set()
            assert self.go_on.wait(20)
        if 13 in items:
            raise ValueError("13")
        if 99 in items:
            raise SystemExit
        return [item * 2 for item in items]


def go_through(work: Work, most: int, first: int, others: Sequence[int]) -> dict[int, object]:
    """What each item's thread is told; the others all wait before the first is done."""
    group_commit: GroupCommit[int, int] = GroupCommit(work, most)
    outcomes: dict[int, object] = {}

    def thread(item: int) -> threading.Thread:
        def run() -> None:
            try:
                outcomes[item] = group_commit.through(item)
            except (Exception, SystemExit) as error:
                outcomes[item] = error

        started = threading.Thread(target=run)
        started.start()
        return started

    threads = [thread(first)]
    assert work.begun.wait(20)
    threads += [thread(item) for item in others]
    wait_until_all_queue(group_commit, len(others))
    work.go_on.set()
    for waiting in threads:
        waiting.join(timeout=20)
        assert not waiting.is_alive(), "a thread waits for ever"
    return outcomes


def wait_until_all_queue(group_commit: GroupCommit[int, int], many: int) -> None:
    pause = threading.Event()
    for _ in range(2000):
        if group_commit.waiting == many:
            return
        pause.wait(0.01)
    raise AssertionError("they do not queue")


def test_who_comes_alone_goes_alone() -> None:
    work = Work()
    work.go_on.set()
    assert GroupCommit(work, 4).through(5) == 10
    assert work.groups == [[5]]


def test_who_came_meanwhile_goes_together_and_gets_its_own_result() -> None:
    work = Work()
    outcomes = go_through(work, 32, 1, [2, 3, 4])
    assert outcomes == {1: 2, 2: 4, 3: 6, 4: 8}
    assert sorted(map(len, work.groups)) == [1, 3]


def test_a_group_has_its_most() -> None:
    work = Work()
    outcomes = go_through(work, 2, 1, [2, 3, 4, 5, 6])
    assert outcomes == {n: n * 2 for n in range(1, 7)}
    assert max(map(len, work.groups)) == 2


def test_one_items_fault_is_no_others() -> None:
    work = Work()
    outcomes = go_through(work, 32, 1, [2, 13, 4])
    assert {item: outcomes[item] for item in (1, 2, 4)} == {1: 2, 2: 4, 4: 8}
    assert isinstance(outcomes[13], ValueError)


def test_nobody_waits_for_a_thread_that_was_broken_off() -> None:
    work = Work()
    outcomes = go_through(work, 32, 1, [2, 99])
    assert outcomes[1] == 2
    assert {type(outcomes[2]), type(outcomes[99])} == {SystemExit, LeftAloneError}


def test_who_comes_before_the_work_asks_goes_along() -> None:
    groups: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(waiting: Callable[[], Sequence[int]]) -> list[int]:
        begun.set()
        assert go_on.wait(20)
        groups.append(list(waiting()))
        return [item * 2 for item in groups[-1]]

    group_commit: GroupCommit[int, int] = GroupCommit(work, 4)
    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(group_commit.through, 1)
        assert begun.wait(20)
        others = [threads.submit(group_commit.through, item) for item in (2, 3)]
        wait_until_all_queue(group_commit, 3)
        go_on.set()
        assert [future.result(20) for future in (first, *others)] == [2, 4, 6]
    assert [sorted(group) for group in groups] == [[1, 2, 3]]


def test_a_thread_that_is_broken_off_while_it_waits_holds_nobody_up() -> None:
    """Only the main thread can be: its signal handlers may raise."""
    work = Work()
    group_commit: GroupCommit[int, int] = GroupCommit(work, 4)

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    def interrupt() -> int:
        wait_until_all_queue(group_commit, 1)
        later = threads.submit(group_commit.through, 3)
        wait_until_all_queue(group_commit, 2)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
        wait_until_all_queue(group_commit, 1)
        work.go_on.set()
        return later.result(20)

    before = signal.signal(signal.SIGUSR1, stop)
    # A collection at that moment would swallow what the handler raises in its callbacks.
    gc.disable()
    try:
        with ThreadPoolExecutor(3) as threads:
            first = threads.submit(group_commit.through, 1)
            assert work.begun.wait(20)
            broken_off = threads.submit(interrupt)
            with pytest.raises(KeyboardInterrupt):
                group_commit.through(2)
            assert (first.result(20), broken_off.result(20)) == (2, 6)
    finally:
        gc.enable()
        signal.signal(signal.SIGUSR1, before)
    assert work.groups == [[1], [3]]


@pytest.mark.parametrize("error", [KeyError, RuntimeError])
def test_a_fault_of_the_only_one_is_raised_as_it_is(error: type[Exception]) -> None:
    def work(_waiting: Callable[[], Sequence[int]]) -> list[int]:
        raise error

    group_commit: Callable[[int], int] = GroupCommit(work, 4).through
    with pytest.raises(error):
        group_commit(1)
