"""Rate limit of one account's calls: counted in this process, which costs next to nothing.

The limits of the other pages are kept by Flask-Limiter, which costs as much as
storing a mark.
"""

from __future__ import annotations

import time

MOST_A_MINUTE = 6000


class RateLimit:
    """At most so many calls of each account in any minute of the clock."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._taken: dict[str, int] = {}

    def take(self, who: str) -> bool:
        """Count a call; False for one too many."""
        minute = int(time.monotonic()) // 60
        if minute != self._minute:
            self._minute, self._taken = minute, {}
        count = self._taken.get(who, 0) + 1
        self._taken[who] = count
        return count <= self._most
