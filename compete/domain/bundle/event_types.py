"""Marking and ranking of an event: the bundle format, section "An event"."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, cast

import msgspec
from msgspec import Meta

from compete.domain.aspects.types import Aspect
from compete.domain.bundle.evaluation_types import ApplyLine, CarryMonths
from compete.domain.bundle.grade_types import GradeRule
from compete.domain.values.kinds import (
    AdvanceTies,
    AwardRound,
    AwardScope,
    Centre,
    Combine,
    CombineAt,
    RankOn,
    RankStyle,
    Reduced,
    RoundMode,
    SharedRank,
    Spread,
    TeamMethod,
)
from compete.domain.values.record import (
    Code,
    Count,
    Extra,
    GradeNumber,
    Ordinal,
    PanelSize,
    Places,
    Record,
)

UNWEIGHED = cast(Decimal, None)
"""The weight of what has none, in an evaluation; everywhere else it is always given."""


_HUNDRED = 100


class Occupation(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    track: str | None = None
    extra: Extra | None = None


class Rounding(Record, frozen=True, kw_only=True):
    """Decimal places at each published step; None is not rounded."""

    aspect: Places | None = None
    module: Places = 2
    total: Places = 2
    mode: RoundMode = RoundMode.HALF_UP
    extra: Extra | None = None


class Panel(Record, frozen=True, kw_only=True):
    """The judges of one module, and how their marks are combined.

    `min` left out is `size`: ask `least_sheets`.
    """

    size: PanelSize = 1
    combine: Combine = Combine.MEAN
    at: CombineAt = CombineAt.SHEET
    drop_high: Count = 0
    drop_low: Count = 0
    max_spread: Decimal | None = None
    min: Ordinal | None = None
    reduced: Reduced = Reduced.SAME
    extra: Extra | None = None

    @property
    def least_sheets(self) -> int:
        """The fewest counting sheets that make a score."""
        return self.size if self.min is None else self.min


class Module(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    part: str | None = None
    weight: Decimal = UNWEIGHED
    full: Decimal
    pass_: Decimal | None = msgspec.field(default=None, name="pass")
    panel: Panel = Panel()
    aspects: Annotated[tuple[Aspect, ...], Meta(min_length=1)]
    review: bool = False
    extra: Extra | None = None


class Take(Record, frozen=True, kw_only=True):
    """The number of best attempts of a part that count."""

    best: Ordinal
    extra: Extra | None = None


class Part(Record, frozen=True, kw_only=True):
    """Modules whose joint score is itself published; with `take` they are attempts."""

    code: Code
    name: str
    weight: Decimal = UNWEIGHED
    full: Decimal
    pass_: Decimal | None = msgspec.field(default=None, name="pass")
    take: Take | None = None
    extra: Extra | None = None


class Carry(Record, frozen=True, kw_only=True):
    """Stage total = `weight` × the total of stage `from_` + `own` × the own total."""

    from_: str = msgspec.field(name="from")
    weight: Decimal
    own: Decimal
    extra: Extra | None = None


class Advance(Record, frozen=True, kw_only=True):
    top: Count | None = None
    per_unit: Count | None = None
    ties: AdvanceTies = AdvanceTies.INCLUDE
    without: tuple[Code, ...] = ()
    also: tuple[Code, ...] = ()
    missed: tuple[Code, ...] = ()
    extra: Extra | None = None


class Stage(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    modules: Annotated[tuple[Module, ...], Meta(min_length=1)]
    parts: tuple[Part, ...] = ()
    carry: Carry | None = None
    advance: Advance | None = None
    extra: Extra | None = None

    @property
    def weight(self) -> Decimal:
        """The sum of its weights: of its parts, and of modules in none; in an evaluation 0."""
        weights = [part.weight for part in self.parts]
        weights += [module.weight for module in self.modules if module.part is None]
        return sum((weight for weight in weights if weight is not None), Decimal(0))

    @property
    def is_in_points(self) -> bool:
        """True if its total is no share of 100 but points as they were given: 108 of 110 is 108."""
        alone = not self.parts and self.carry is None and self.weight not in (0, _HUNDRED)
        return alone and all(it.weight == it.full for it in self.modules if it.weight)

    @property
    def odd_weight(self) -> Decimal | None:
        """The sum of its weights, where that is neither 100 nor the points as given."""
        return None if self.weight == _HUNDRED or self.is_in_points else self.weight


class Ranking(Record, frozen=True, kw_only=True):
    """The ranking rules; `ordinal_by` parts equals where the style leaves no equal ranks."""

    ties: tuple[str, ...] = ()
    on: RankOn = RankOn.ROUNDED
    style: RankStyle = RankStyle.COMPETITION
    ordinal_by: Literal["code"] | None = None
    extra: Extra | None = None


class TeamRanking(Record, frozen=True, kw_only=True):
    best: Ordinal
    method: TeamMethod = TeamMethod.SUM
    ties: tuple[str, ...] = ()
    require_full: bool = True
    min_members: Count = 1
    extra: Extra | None = None


class UnitRanking(Record, frozen=True, kw_only=True):
    """The ranking of units by the `points` of their people's ranks, or by `medals`.

    `shared` left out is `full`: ask `averages`.
    """

    points: dict[Ordinal, Decimal] | None = None
    medals: bool = False
    shared: SharedRank | None = None
    extra: Extra | None = None

    @property
    def averages(self) -> bool:
        """True if those who share a rank share the points of the ranks that they fill."""
        return self.shared is SharedRank.AVERAGE


class Item(Record, frozen=True, kw_only=True):
    """A single item (单项): one module or part of the last stage, ranked by itself."""

    code: Code
    name: str
    of: str
    ties: tuple[str, ...] = ()
    extra: Extra | None = None


class Award(Record, frozen=True, kw_only=True):
    code: Code
    name: str
    top: Count | None = None
    ratio: Decimal | None = None
    round: AwardRound = AwardRound.HALF_UP
    at_least: Count = 0
    min_total: Decimal | None = None
    pass_modules: bool | Literal["all", "taken"] = False
    scope: AwardScope = AwardScope.ENTRANTS
    within: Decimal | None = None
    min_scaled: Decimal | None = None
    extra: Extra | None = None


class EventScale(Record, frozen=True, kw_only=True):
    """Standard scores: `at` stands at the centre, one spread from it is `of` more."""

    centre: Centre = Centre.MEDIAN
    at: Decimal = Decimal(700)
    spread: Spread = Spread.SD
    of: Decimal
    places: Places = 0
    extra: Extra | None = None


class Event(Record, frozen=True, kw_only=True):
    """An event; `grades` is its own rules, or the name of a rule pack.

    `verdict` and what follows it belong to evaluations.
    """

    code: Code
    name: str
    occupation: Occupation | None = None
    rounding: Rounding = Rounding()
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1)]
    ranking: Ranking = Ranking()
    team_ranking: TeamRanking | None = None
    unit_ranking: UnitRanking | None = None
    items: tuple[Item, ...] = ()
    awards: tuple[Award, ...] = ()
    grades: str | tuple[GradeRule, ...] = ()
    scale: EventScale | None = None
    verdict: Literal["pass"] | None = None
    grade: GradeNumber | None = None
    cite: str | None = None
    on: date | None = None
    apply: tuple[ApplyLine, ...] = ()
    carry_months: CarryMonths | None = None
    extra: Extra | None = None
