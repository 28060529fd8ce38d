"""Units ranked over periods: the bundle format, section "Labour competitions"."""

from decimal import Decimal
from typing import Annotated, Self

from msgspec import Meta
from msgspec.structs import replace

from compete.domain.values.kinds import Better, Missing, ScoringType, VetoRank
from compete.domain.values.record import Code, Count, Extra, Ordinal, Record


class Period(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    part_of: str | None = None
    weight: Decimal = Decimal(1)
    extra: Extra | None = None


class Scoring(Record, frozen=True, kw_only=True):
    """The way from an indicator's value to its score; which keys mean something goes by `type`.

    `points` is points per fault for `deduction`, the points of each rank for `rank`.
    """

    type: ScoringType
    cap: Decimal = Decimal(1)
    zero_at: Decimal | None = None
    full_at: Decimal | None = None
    points: Decimal | tuple[Decimal, ...] | None = None
    better: Better = Better.HIGHER
    extra: Extra | None = None


class Indicator(Record, frozen=True, kw_only=True):
    """An indicator; `periods` are the leaves it is asked in; none named means all of them."""

    code: Code
    name: str
    heading: str | None = None
    max: Decimal
    scoring: Scoring
    periods: tuple[str, ...] = ()
    extra: Extra | None = None

    def is_asked_in(self, leaf: str) -> bool:
        """True if a leaf period has values for it."""
        return not self.periods or leaf in self.periods


class LabourValue(Record, frozen=True, kw_only=True, gc=False):
    unit: str
    period: str
    indicator: str
    value: Decimal
    target: Decimal | None = None
    extra: Extra | None = None


class Adjustment(Record, frozen=True, kw_only=True):
    unit: str
    period: str
    points: Decimal
    reason: str | None = None
    extra: Extra | None = None


class Veto(Record, frozen=True, kw_only=True):
    unit: str
    period: str
    reason: str | None = None
    extra: Extra | None = None


class Flags(Record, frozen=True, kw_only=True):
    """The units that carry the red flag (流动红旗); no `periods` means all of them."""

    count: Count = 1
    min: Decimal = Decimal(0)
    periods: tuple[str, ...] = ()
    min_leaves: Count = 1
    extra: Extra | None = None


class Prize(Record, frozen=True, kw_only=True):
    """A prize (单项奖) for some indicators alone; without a `period` over the final one."""

    code: Code
    name: str
    by: str
    period: str | None = None
    top: Ordinal
    min: Decimal | None = None
    extra: Extra | None = None


class Labour(Record, frozen=True, kw_only=True):
    """The rules of a labour competition; `groups` None ranks all units as one group."""

    periods: Annotated[tuple[Period, ...], Meta(min_length=1)]
    indicators: Annotated[tuple[Indicator, ...], Meta(min_length=1)]
    values: tuple[LabourValue, ...] = ()
    groups: dict[str, str] | None = None
    adjustments: tuple[Adjustment, ...] = ()
    adjust_cap: Decimal | None = None
    ties: tuple[str, ...] = ()
    missing: Missing = Missing.BLOCKS
    vetoes: tuple[Veto, ...] = ()
    veto_rank: VetoRank = VetoRank.NONE
    flags: Flags | None = None
    warn_below: Decimal | None = None
    prizes: tuple[Prize, ...] = ()
    extra: Extra | None = None

    def without_entries(self) -> Self:
        """The rules alone: no values, adjustments and vetoes."""
        return replace(self, values=(), adjustments=(), vetoes=())

    @property
    def period_names(self) -> dict[str, str]:
        """The names of the periods by their codes."""
        return {period.code: period.name for period in self.periods}

    @property
    def indicator_names(self) -> dict[str, str]:
        """The names of the indicators by their codes."""
        return {indicator.code: indicator.name for indicator in self.indicators}
