"""Letting those who wait for the same transaction go through the next one together.

To store one mark or ten costs a database nearly the same: the waiting for the
lock, the begin, and the commit that reaches the disk. Where a whole hall marks,
whoever is next therefore takes along all that have come meanwhile.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
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
        self._queue: deque[tuple[Item, Future[Result]]] = deque()

    @property
    def waiting(self) -> int:
        """How many items nobody has begun with."""
        return len(self._queue)

    def through(self, item: Item) -> Result:
        """The item's result, once the transaction that it went with has been committed.

        Raises what `work` raises for this item by itself.
        """
        mine: Future[Result] = Future()
        self._queue.append((item, mine))
        while not mine.done():
            with self._turn:
                if not mine.done():
                    self._next_group()
        return mine.result()

    def _next_group(self) -> None:
        group = [self._queue.popleft() for _ in range(min(self._most, len(self._queue)))]
        try:
            self._do(group)
        finally:
            for _item, future in group:
                if not future.done():
                    future.set_exception(LeftAloneError())

    def _do(self, group: Sequence[tuple[Item, Future[Result]]]) -> None:
        try:
            results = self._work([item for item, _future in group])
        except Exception as error:
            if len(group) > 1:
                for waiting in group:
                    self._do([waiting])
            else:
                group[0][1].set_exception(error)
        else:
            for (_item, future), result in zip(group, results, strict=True):
                future.set_result(result)
