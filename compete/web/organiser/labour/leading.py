"""A period at a glance: the first of each group, headings, who moved and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Labour
from compete.domain.bundle.results import LabourRow
from compete.domain.explanation.labour_moves import (
    Change,
    causes_of,
    changes_since,
    others_words,
)
from compete.domain.labour.flags import flag_periods
from compete.domain.labour.shares import Shares, before_of, shares_of
from compete.services.scoring.live_labour import LabourLive
from compete.web.labour_words import points_words
from compete.web.language import say
from compete.web.organiser.labour.cards import Development, Marked

FIRST, HEAT_FIRST, HEAT_LAST, MOVERS = 3, 9, 3, 3
_LEVELS = (70, 80, 90, 95)
MOST_HEADINGS = 8
_NONE = Fraction(0)

_Url = Callable[[str], str]
"""A unit's page."""


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


class Leading:
    """The figures of one period, with each unit's shares worked out once."""

    def __init__(
        self,
        live: LabourLive,
        period: str,
        unit_url: _Url,
        departments: Mapping[str, str],
        low: int = 0,
    ) -> None:
        """`departments` are the names of those who score, by indicator; under `low` per cent of
        full marks a heading stands out."""
        self.live, self.period, self.unit_url = live, period, unit_url
        self.departments, self.low = departments, low
        self._shares: dict[str, Shares | None] = {}
        flags = live.labour.flags
        goes = flags is not None and period in flag_periods(live.outcome.field)
        self.least = Fraction(flags.min) if flags is not None and goes else None

    def shares(self, unit: str) -> Shares | None:
        """Return the shares of a unit's total."""
        if unit not in self._shares:
            self._shares[unit] = shares_of(self.live.outcome, self.period, unit)
        return self._shares[unit]

    def full(self, unit: str) -> Fraction:
        """The most that a unit could have in the period, without what is added."""
        shares = self.shares(unit)
        return _NONE if shares is None else shares.full

    def leaders(
        self, groups: Sequence[str | None], current: str | None, url: Callable[[str | None], str]
    ) -> list[LeaderCard]:
        """A card for each group that has somebody with a rank."""
        cards = []
        for group in groups:
            rows = [row for row in self.live.standings[self.period] if row.group == group]
            first = [row for row in rows if row.rank is not None and row.rank <= FIRST][:FIRST]
            if first:
                flag, given = self._flag(rows)
                cards.append(
                    LeaderCard(
                        name=_("%(group)s %(n)s 家", group=group or _("全部单位"), n=len(rows)),
                        url=url(group),
                        current=len(groups) > 1 and group == current,
                        flag=flag,
                        given=given,
                        line=self._line(first[0].unit),
                        rows=[self._leader(row) for row in first],
                    )
                )
        return cards

    def _leader(self, row: LabourRow) -> LeaderRow:
        assert row.rank is not None
        return LeaderRow(
            rank=row.rank,
            name=self.live.units[row.unit],
            url=self.unit_url(row.unit),
            total=str(row.total),
            share=self._share(row),
            vetoed=row.vetoed,
        )

    def _flag(self, rows: Sequence[LabourRow]) -> tuple[str | None, bool]:
        if self.least is None:
            return None, False
        names = [self.live.units[row.unit] for row in rows if row.flag]
        return (_("、").join(names), True) if names else (_("红旗空缺"), False)

    def _line(self, unit: str) -> float | None:
        full = self.full(unit)
        return _percent(self.least, full) if self.least and full else None

    def _share(self, row: LabourRow) -> float:
        full = self.full(row.unit)
        return _percent(Fraction(row.total or 0), full) if full else 0

    def heat(self, rows: Sequence[LabourRow]) -> HeatTable | None:
        """The group's units by headings; None without headings, or with more than fit."""
        headings = self._headings()
        known = [row for row in rows if row.total is not None]
        if not known or not 1 < len(headings) <= MOST_HEADINGS:
            return None
        ranked = [row for row in known if row.rank is not None]
        cut = len(ranked) > HEAT_FIRST + HEAT_LAST
        first = ranked[:HEAT_FIRST] if cut else ranked
        last = ranked[-HEAT_LAST:] if cut else []
        last = [*last, *(row for row in known if row.rank is None)]
        return HeatTable(
            group=known[0].group,
            headings=[
                (name, self._full_of(known[0].unit, codes)) for name, codes in headings.items()
            ],
            line=self._line(known[0].unit),
            first=[self._heat_row(row, headings) for row in first],
            middle=len(ranked) - HEAT_FIRST - HEAT_LAST if cut else 0,
            last=[self._heat_row(row, headings) for row in last],
        )

    def _headings(self) -> Mapping[str, list[str]]:
        """The codes of indicators by heading, in order; those of which the period asks nothing
        are none of its."""
        asked = self.live.outcome.field.asked
        leaves = self.live.outcome.field.tree.leaves_in(self.period)
        known = {code for leaf in leaves for code in asked.get(leaf, ())}
        return {
            name: codes
            for name, codes in codes_by_heading(self.live.labour).items()
            if known & set(codes)
        }

    def _full_of(self, unit: str, codes: Sequence[str]) -> str:
        """The full marks of a heading by the rules; empty where the period weighs them."""
        shares = self.shares(unit)
        assert shares is not None
        most = sum(
            (shares.indicators.get(code, _NONE) + shares.lost.get(code, _NONE) for code in codes),
            _NONE,
        )
        by_code = {row.code: Fraction(row.max) for row in self.live.labour.indicators}
        asked = sum((by_code[code] for code in codes if code in shares.indicators), _NONE)
        return points_words(most) if most == asked else ""

    def _heat_row(self, row: LabourRow, headings: Mapping[str, list[str]]) -> HeatRow:
        shares = self.shares(row.unit)
        assert shares is not None
        return HeatRow(
            row, [self._cell(shares, codes) for codes in headings.values()], self._share(row)
        )

    def _cell(self, shares: Shares, codes: Sequence[str]) -> HeatCell:
        got = sum((shares.indicators.get(code, _NONE) for code in codes), _NONE)
        lost = sum((shares.lost.get(code, _NONE) for code in codes), _NONE)
        if got + lost == 0:
            return HeatCell(share=None, level=0, low=False)
        share = got / (got + lost) * 100
        level = sum(share >= least for least in _LEVELS)
        return HeatCell(share=int(share), level=level, low=share < self.low)

    def movers(self, rows: Sequence[LabourRow], led: Development) -> list[MoverCard]:
        """List those who rose and fell most in a group, and what moved them, scored by whom."""
        before = before_of(self.live.outcome, self.period)
        if before is None:
            return []
        moved = [
            (led.before[row.unit] - row.rank, row)
            for row in rows
            if row.rank is not None and row.unit in led.before
        ]
        note = _("比%(before)s", before=self.live.outcome.field.tree.periods[before].name)
        cards = []
        for title, sign in ((_("升得最多"), 1), (_("降得最多"), -1)):
            most = sorted(
                (pair for pair in moved if pair[0] * sign > 0),
                key=lambda pair: (-abs(pair[0]), pair[1].rank or 0),
            )[:MOVERS]
            listed = [self._mover(row, before, led) for _won, row in most]
            if listed:
                cards.append(MoverCard(title=title, note=note, rows=listed))
        return cards

    def _mover(self, row: LabourRow, before: str, led: Development) -> Mover:
        move = led.move(row)
        assert move is not None
        sign = 1 if move.kind == "up" else -1
        changes = changes_since(self.live.outcome, before, self.period, row.unit)
        reasons = [_cause(change, self.departments) for change in causes_of(changes, sign)]
        if row.vetoed:
            reasons = [_("一票否决"), *reasons]
        return Mover(row.unit, move, _("；").join(reasons) or say(others_words(sign)))


def codes_by_heading(labour: Labour) -> Mapping[str, list[str]]:
    """The codes of indicators by heading, in order; of one without a heading by its name."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    for indicator in labour.indicators:
        codes[indicator.heading or indicator.name].append(indicator.code)
    return codes


def _cause(change: Change, departments: Mapping[str, str]) -> str:
    text = say(change.words)
    department = departments.get(change.code or "")
    return _("%(cause)s，%(department)s", cause=text, department=department) if department else text


def _percent(part: Fraction, whole: Fraction) -> float:
    return round(float(min(max(part / whole, Fraction(0)), Fraction(1))) * 100, 2)
