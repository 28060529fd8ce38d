"""The tree of periods: months in quarters, quarters in a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compete.domain.bundle.labour_types import Period


class PeriodTree:
    """The periods by code, with their parts. Exactly one is part of none.

    Walks are loops, never recursion: a tree may be as deep as its file is long.
    """

    def __init__(self, periods: Sequence[Period]) -> None:
        self.periods = {period.code: period for period in periods}
        self.parts: dict[str, list[str]] = {code: [] for code in self.periods}
        for period in periods:
            if period.part_of is not None:
                self.parts[period.part_of].append(period.code)
        self.root = next(period.code for period in periods if period.part_of is None)
        self.upward = self._parts_before_wholes()

    def is_leaf(self, code: str) -> bool:
        """True if values are entered for this period itself."""
        return not self.parts[code]

    @property
    def leaves(self) -> list[str]:
        """Codes of the leaves, in the order of the bundle."""
        return [code for code in self.periods if self.is_leaf(code)]

    def leaves_in(self, period: str) -> list[str]:
        """The leaves within a period, itself if it is one."""
        return [leaf for leaf in self.leaves if period in self.around(leaf)]

    def around(self, code: str) -> Iterable[str]:
        """The period itself, then each one around it, up to the root."""
        at: str | None = code
        while at is not None:
            yield at
            at = self.periods[at].part_of

    def from_whole(self) -> Iterable[str]:
        """Codes of all periods: wholes before their parts, and parts before their neighbours."""
        waiting = [self.root]
        while waiting:
            code = waiting.pop()
            yield code
            waiting.extend(reversed(self.parts[code]))

    def _parts_before_wholes(self) -> list[str]:
        order = [self.root]
        for code in order:
            order.extend(self.parts[code])
        return order[::-1]
