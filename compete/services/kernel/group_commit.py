"""Letting those who wait for the same transaction go through the next one together.

To store one mark or ten costs a database nearly the same: the waiting for the
lock, the begin, and the commit that reaches the disk. Where a whole hall marks,
whoever is next therefore takes along all that have come meanwhile.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class LeftAloneError(RuntimeError):
    """The thread that did the work for others was broken off; nothing of it is stored."""


class GroupCommit(Generic[Item, Result]):
    """A turn that the threads of a process share.

    `work` does all items in one transaction and gives the result of each, in
    their order; where it fails for several, each is done again by itself, so
    that one item's fault is no other's.
    """

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Result]], most: int) -> None:
        self._work = work
        self._most = most
        self._turn = threading.Lock()
        self._queue: deque[_Waiting[Item, Result]] = deque()

    @property
    def waiting(self) -> int:
        """How many items nobody has begun with."""
        return len(self._queue)

    def through(self, item: Item) -> Result:
        """The item's result, once the transaction that it went with has been committed.

        Raises what `work` raises for this item by itself.
        """
        mine: _Waiting[Item, Result] = _Waiting(item)
        self._queue.append(mine)
        while not mine.done:
            with self._turn:
                if not mine.done:
                    self._next_group()
        if mine.fault is not None:
            raise mine.fault
        return mine.results[0]

    def _next_group(self) -> None:
        group = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        try:
            self._do(group)
        finally:
            for waiter in group:
                if not waiter.done:
                    waiter.fault, waiter.done = LeftAloneError(), True

    def _do(self, group: Sequence[_Waiting[Item, Result]]) -> None:
        try:
            results = self._work([waiter.item for waiter in group])
        except Exception as error:
            if len(group) > 1:
                for waiter in group:
                    self._do([waiter])
            else:
                group[0].fault, group[0].done = error, True
        else:
            for waiter, result in zip(group, results, strict=True):
                waiter.results, waiter.done = (result,), True


class _Waiting(Generic[Item, Result]):
    """An item and what became of it: plain, for its thread waits for the turn and not for this."""

    __slots__ = ("done", "fault", "item", "results")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.results: tuple[Result, ...] = ()
        self.fault: BaseException | None = None
        self.done = False
