"""Group commit: those who wait for the same transaction go through the next one together.

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
Work = Callable[[Callable[[], Sequence[Item]]], Sequence[Result]]
"""Does the items that it asks for, all in one transaction."""


class LeftAloneError(RuntimeError):
    """The thread that did the work for others was broken off; nothing of it is stored."""


class GroupCommit(Generic[Item, Result]):
    """A turn that the threads of a process share: whoever comes first leads, the others wait.

    `work` does items in one transaction and gives the result of each, in their order. It asks
    for them once it has what is waited for longest, so that all who came until then go along.
    Where it fails for several, each is done again by itself, so that one item's fault is no
    other's.
    """

    def __init__(self, work: Work[Item, Result], most: int) -> None:
        self._work = work
        self._most = most
        self._guard = threading.Lock()
        self._led = False
        self._queue: deque[_Waiting[Item, Result]] = deque()

    @property
    def waiting(self) -> int:
        """Count the items that nobody has begun with."""
        return len(self._queue)

    def through(self, item: Item) -> Result:
        """The item's result, once the transaction that it went with has been committed.

        Raises what `work` raises for this item by itself.
        """
        mine: _Waiting[Item, Result] = _Waiting(item)
        with self._guard:
            self._queue.append(mine)
            follows, self._led = self._led, True
        if follows:
            self._wait(mine)
        if not mine.done:
            self._next_group()
        if mine.fault is not None:
            raise mine.fault
        return mine.results[0]

    def _wait(self, mine: _Waiting[Item, Result]) -> None:
        """Wait until the item is done, or its thread has to lead."""
        try:
            mine.woken.acquire()
        except BaseException:
            with self._guard:
                leads = mine.leads and not mine.done
                if mine in self._queue:
                    self._queue.remove(mine)
            if leads:
                self._hand_on()
            raise

    def _next_group(self) -> None:
        group: list[_Waiting[Item, Result]] = []

        def waiting_now() -> list[Item]:
            """Take those who have come until now; the leader is the first of them."""
            with self._guard:
                while self._queue and len(group) < self._most:
                    group.append(self._queue.popleft())
            return [waiter.item for waiter in group]

        try:
            self._do(waiting_now, group)
        finally:
            if not group:
                # Broken off before it asked: the others have lost nothing, and go on.
                with self._guard:
                    group.append(self._queue.popleft())
            self._hand_on()
            for waiter in group:
                if not waiter.done:
                    waiter.fault, waiter.done = LeftAloneError(), True
                waiter.woken.release()

    def _hand_on(self) -> None:
        """Let the first who waits lead."""
        with self._guard:
            follower = self._queue[0] if self._queue else None
            self._led = follower is not None
            if follower is not None:
                follower.leads = True
                follower.woken.release()

    def _do(self, items: Callable[[], Sequence[Item]], group: list[_Waiting[Item, Result]]) -> None:
        try:
            results = self._work(items)
        except Exception as error:
            if not group:
                items()
            if len(group) > 1:
                for waiter in group:
                    self._do(lambda waiter=waiter: [waiter.item], [waiter])  # type: ignore[misc]
            else:
                group[0].fault, group[0].done = error, True
        else:
            for waiter, result in zip(group, results, strict=True):
                waiter.results, waiter.done = (result,), True


class _Waiting(Generic[Item, Result]):
    """An item, what became of it, and the lock that its thread sleeps on."""

    __slots__ = ("done", "fault", "item", "leads", "results", "woken")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.results: tuple[Result, ...] = ()
        self.fault: BaseException | None = None
        self.done = False
        self.leads = False
        self.woken = threading.Lock()
        self.woken.acquire()
