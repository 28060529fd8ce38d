"""How long the write lock may be kept."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from compete.services.kernel import longest_holds
from compete.services.kernel.write_holds import MOST_HELD, forget_holds

FLOOR = 0.04
"""Processor seconds that `_floor` takes where the limit is meant as it stands."""


@contextmanager
def short_holds() -> Iterator[None]:
    """Fails where a unit of work kept the lock too long, by its thread's processor.

    On a machine, or at a moment, where a floor of the same run is slower, by as much longer.
    """
    before = _floor()
    forget_holds()
    yield
    most = MOST_HELD * max(1, before / FLOOR, _floor() / FLOOR)
    long = [hold for hold in longest_holds() if hold.cpu > most]
    assert not long, most


def _floor() -> float:
    """The slowest of some: what else the machine does comes and goes."""
    seconds = []
    for _turn in range(5):
        begun, total = time.thread_time(), 0
        for number in range(1_000_000):
            total += number * number
        seconds.append(time.thread_time() - begun)
    return max(seconds)
