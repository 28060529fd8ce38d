"""How far a long reading or writing is: told to whoever watches, if anybody does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WATCHER: ContextVar[Callable[[int], None] | None] = ContextVar("progress", default=None)


def passed(rows: int) -> None:
    """Tell that so many rows more are done."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(rows)


@contextmanager
def watched(watcher: Callable[[int], None]) -> Iterator[None]:
    """Let `watcher` hear of the rows that are done meanwhile."""
    before = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(before)
