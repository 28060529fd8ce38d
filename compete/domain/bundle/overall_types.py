"""Tables over several events: the bundle format, section "Version 2"."""

from decimal import Decimal

from compete.domain.values.kinds import OverallBy, OverallTie, OverallWho, SharedRank, TeamMethod
from compete.domain.values.record import Code, Extra, Ordinal, Places, Record


class Overall(Record, frozen=True, kw_only=True):
    """A table over several events; no `events` means all of them.

    A `method` left out is the sum, `places` left out are two: ask `decimals`.
    `shared` left out is `full`: ask `averages`.
    """

    code: Code
    name: str
    who: OverallWho = OverallWho.UNITS
    events: tuple[str, ...] = ()
    by: OverallBy
    points: dict[str, Decimal] | None = None
    shared: SharedRank | None = None
    best: Ordinal | None = None
    method: TeamMethod | None = None
    places: Places | None = None
    least_events: Ordinal = 1
    ties: tuple[OverallTie, ...] = ()
    extra: Extra | None = None

    @property
    def decimals(self) -> int:
        """The number of places with which a value is compared and published."""
        return 2 if self.places is None else self.places

    @property
    def averages(self) -> bool:
        """True if those who share a rank share the points of the ranks that they fill."""
        return self.shared is SharedRank.AVERAGE
