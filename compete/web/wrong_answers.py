"""Limits on guessing (passwords, look-ups): each of its own; right answers are free.

A hall of five hundred shares one address: whoever has the right password, card
or number gets in, however many wrong ones somebody beside them has tried. What
guessing meets is a pace, and an end for the day that no honest hand reaches.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from compete.web.extensions import limiter
from compete.web.log_throttle import say_once_a_minute

_ONCE = "1 per day"
_in_this_process = FixedWindowRateLimiter(MemoryStorage())


class TooManyTriesError(Exception):
    """The try was wrong, or not looked at, because too many wrong ones went before."""


def is_wrong_too_often(limit: str, *of: str) -> bool:
    """Count a wrong answer against the limit (`10 per minute`) of a name; whether it was too many.

    Counted in Redis where the installation has one, and in this process while
    it does not answer.
    """
    try:
        return not limiter.limiter.hit(parse(limit), *of)
    except Exception:
        say_once_a_minute("Redis does not answer: wrong tries are counted by each process")
        return not _in_this_process.hit(parse(limit), *of)


def is_exhausted(limit: str, *of: str) -> bool:
    """True if the limit is used up already; counts nothing."""
    try:
        return not limiter.limiter.test(parse(limit), *of)
    except Exception:
        say_once_a_minute("Redis does not answer: wrong tries are counted by each process")
        return not _in_this_process.test(parse(limit), *of)


@dataclass(frozen=True, slots=True)
class Misses:
    """Wrong answers of a kind about one thing: how many an address may give, and all together.

    What all together have spent stops only whoever gave a wrong answer too: one address cannot
    keep from anybody else what is right.
    """

    kind: str
    of: str
    address: str
    own: Sequence[str]
    of_all: str | None = None

    def are_spent(self) -> bool:
        """True if this address gets no further answer; counts nothing."""
        if any(is_exhausted(limit, self.kind, self.of, self.address) for limit in self.own):
            return True
        missed = is_exhausted(_ONCE, self.kind, self.of, self.address)
        return missed and self.all_are_spent()

    def all_are_spent(self) -> bool:
        """True if all addresses together have given their wrong answers."""
        return self.of_all is not None and is_exhausted(self.of_all, self.kind, self.of)

    def count(self) -> None:
        """Count a wrong answer."""
        for limit in (*self.own, _ONCE):
            is_wrong_too_often(limit, self.kind, self.of, self.address)
        if self.of_all is not None:
            is_wrong_too_often(self.of_all, self.kind, self.of)


class TryQueue:
    """A queue of slow checks that wait for each other, so that guessing never takes all threads."""

    def __init__(self, waiting: int = 2) -> None:
        self._places = threading.BoundedSemaphore(waiting)
        self._turn = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one in at a time, a few waiting. Raises `TooManyTriesError` if no place is left."""
        if not self._places.acquire(blocking=False):
            raise TooManyTriesError
        try:
            with self._turn:
                yield
        finally:
            self._places.release()
