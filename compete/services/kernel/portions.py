"""Portions: how many rows a part of a large write takes, so that no part keeps the lock long."""

from __future__ import annotations

_WANTED_HOLD = 0.1
"""Seconds that a part should keep the write lock, for which every mark waits."""

_LEAST, _FIRST, _MOST = 25, 50, 200


class Portion:
    """The size of the next part, by how long the last took.

    `light` says how many of the rows weigh as much as one of a person.
    """

    def __init__(self, light: int = 1) -> None:
        self._light, self._size = light, _FIRST

    @property
    def size(self) -> int:
        """The number of rows for the next part."""
        return self._size * self._light

    def fit(self, seconds: float) -> None:
        """Make the size fit, as a part of it took so long."""
        if seconds > 0:
            fitting = round(self._size * _WANTED_HOLD / seconds)
            fitting = min(2 * self._size, max(self._size // 2, fitting))
            self._size = min(_MOST, max(_LEAST, fitting))
