"""Write holds: the time each unit of work keeps the database's write lock, and the longest.

Nobody's mark is stored meanwhile. Measured always: two readings of two clocks a unit of work;
whose it was is only asked of the stack where it was among the long ones.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

MOST_HELD = 0.250
"""Seconds that no unit of work should keep the lock; a migration alone may."""

_OF_NOTE = 0.020
_PASSED_OVER = (
    *("compete.services.kernel", "compete.services.jobs", "contextlib"),
    "compete.services.competitions.loading_parts",
)
_log = logging.getLogger("compete.writing")
_USUAL = gc.get_threshold()
_POSTPONED = (*_USUAL[:2], 1_000_000)
_guard = threading.Lock()
_holding = 0
_longest: dict[str, Hold] = {}
_watchers: list[Callable[[float], object]] = []


@dataclass(frozen=True, slots=True)
class Hold:
    """The longest unit of work of one function: by the clock and by its thread's processor."""

    where: str
    seconds: float
    cpu: float


@contextmanager
def hold_measured() -> Iterator[None]:
    """Measure a unit of work from its begin to its commit; goes around what keeps the lock.

    Python's search for garbage among everything that is kept, of a large competition some
    hundred milliseconds, waits until nobody in the process holds the lock.
    """
    _postpone(1)
    clock, cpu = time.perf_counter(), time.thread_time()
    try:
        yield
    finally:
        _postpone(-1)
        seconds, used = time.perf_counter() - clock, time.thread_time() - cpu
        for watcher in _watchers:
            watcher(seconds)
        if seconds >= _OF_NOTE:
            _note(Hold(_caller_name(), seconds, used))


def longest_holds() -> list[Hold]:
    """List this process's longest hold of each function that kept the lock noticeably.

    By the clock, since that is what others wait.
    """
    with _guard:
        return sorted(_longest.values(), key=lambda hold: -hold.seconds)


def watch_holds(watcher: Callable[[float], object]) -> None:
    """Let `watcher` hear of each unit of work, in seconds; of one application in a process."""
    _watchers[:] = [watcher]


def forget_holds() -> None:
    """Begin to measure anew."""
    with _guard:
        _longest.clear()


def _postpone(step: int) -> None:
    global _holding
    with _guard:
        _holding += step
        gc.set_threshold(*(_POSTPONED if _holding else _USUAL))


def _note(hold: Hold) -> None:
    if hold.seconds > MOST_HELD:
        _log.warning(
            "%s kept the write lock for %.0f ms (%.0f ms of the processor)",
            *(hold.where, hold.seconds * 1e3, hold.cpu * 1e3),
        )
    with _guard:
        known = _longest.get(hold.where, hold)
        _longest[hold.where] = Hold(
            hold.where, max(hold.seconds, known.seconds), max(hold.cpu, known.cpu)
        )


def _caller_name() -> str:
    """The function whose unit of work it is: the first outside what every one goes through.

    Nor one that another enters as a context around its own.
    """
    frame = sys._getframe(1)
    while frame.f_back is not None:
        module = str(frame.f_globals.get("__name__", ""))
        entered = frame.f_back.f_globals.get("__name__") == "contextlib"
        if not entered and not module.startswith(_PASSED_OVER):
            return f"{module.removeprefix('compete.')}.{frame.f_code.co_name}"
        frame = frame.f_back
    return "?"
