"""The bar that a long command draws on a terminal; anywhere else nothing is drawn."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from compete.services.kernel.progress import watched

_WIDTH, _OFTEN = 40, 0.2


class _Bar:
    """A bar over so many rows, drawn anew a few times a second."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._drawn = max(total, 1), 0, 0.0

    def add(self, rows: int) -> None:
        """Move on by so many rows."""
        self._done += rows
        now = time.monotonic()
        if now - self._drawn >= _OFTEN:
            self._drawn = now
            share = min(self._done / self._total, 1)
            full = "#" * int(share * _WIDTH)
            print(f"\r[{full:.<{_WIDTH}}] {share:4.0%}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the bar off its line."""
        if self._drawn:
            print(f"\r{'':{_WIDTH + 8}}\r", end="", file=sys.stderr, flush=True)


@contextmanager
def progress_bar(total: int) -> Iterator[None]:
    """Draw how far the work is, of so many rows in all, while standard error is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    bar = _Bar(total)
    try:
        with watched(bar.add):
            yield
    finally:
        bar.clear()
