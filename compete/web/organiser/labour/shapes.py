"""Shapes of a labour competition's standings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compete.domain.bundle.results import LabourRow
from compete.web.drawing.trends import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A few words, and how they are marked.

    A move is `up`, `down` or `same`; a result is `flag`, `bad`, `warn` or empty.
    """

    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit."""

    rank: int | None
    name: str
    url: str
    """Its own page."""
    flag: bool
    """True if it holds the red flag."""
    move: Marked | None
    """None where there is nothing to compare with."""
    spark: Sequence[str]
    """Its small line, as lists of points."""
    values: Mapping[str, str | None]
    """Its total in each of the columns."""
    total: str | None
    result: Marked | None
    missing: Sequence[str]
    """Indicators without a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendCard:
    """The trend of the first of a group."""

    title: str
    note: str
    side: str
    """The meaning of the grey line."""
    shape: Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagCard:
    """The holder of a group's red flag."""

    group: str
    name: str | None
    """The name; None if there is nobody, and `text` says why."""
    text: str
    history: Sequence[tuple[str, str, bool]] = ()
    """The periods alike with their holders; True for the one that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyCard:
    """Why a unit moved; `url` is its page, None there."""

    title: str
    note: str
    lines: Sequence[tuple[str, str, str]]
    """The causes, each with its points, and `ok`, `bad` or empty."""
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderRow:
    """One of the first of a group; `share` is its total in per cent of full marks, for the bar."""

    rank: int
    name: str
    url: str
    total: str
    share: float
    vetoed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderCard:
    """The first of a group, and who holds its flag; `line` is the flag's line on the bars."""

    name: str
    url: str
    current: bool
    flag: str | None
    """The holder of the flag, or that nobody is; None if there is no flag."""
    given: bool
    line: float | None
    rows: Sequence[LeaderRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """The score of a unit under a heading, in per cent; `level` from 0 (least) to 4."""

    share: int | None
    level: int
    low: bool


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A unit's shares, heading by heading, and that of its total for the bar."""

    row: LabourRow
    cells: Sequence[HeatCell]
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatTable:
    """Units by headings: the first and the last; `middle` is how many stand between them."""

    group: str | None
    headings: Sequence[tuple[str, str]]
    """The headings of indicators, each with its full marks in points of the total."""
    line: float | None
    first: Sequence[HeatRow]
    middle: int
    last: Sequence[HeatRow]


@dataclass(frozen=True, slots=True)
class Mover:
    """A unit that won or lost places, and by what."""

    unit: str
    move: Marked
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoverCard:
    """The units that rose most, or fell most, since the period before."""

    title: str
    note: str
    rows: Sequence[Mover]


@dataclass(frozen=True, slots=True, kw_only=True)
class TieCard:
    """The order of units with the same total."""

    title: str
    names: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str], bool]]
    """What is compared, its value for each, and whether that decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBlock:
    """A period: its total, the way to it, and the periods inside it."""

    title: str
    lines: Sequence[tuple[str, int]]
    """Sentences of how its total came about, with their depth from 0."""
    inner: Sequence[StepBlock]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostLine:
    """The points that an indicator still has to give in a period, most first."""

    name: str
    heading: str | None
    got: str
    most: str
    lost: str
    share: int
    """Per cent of the most that was reached, for the bar."""
    why: Sequence[str] = ()
    """The reasons beside its scores, period by period."""
