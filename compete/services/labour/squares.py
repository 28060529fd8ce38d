"""The squares of one leaf period: what stands in each, what is wrong with it, what is lacking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import Select, case, func, or_, select

from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.labour.scores import Squares, score_cells
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.tree import PeriodTree
from compete.domain.labour.unit_spans import unit_spans, units_outside
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.models import SELF, Account, Competition, LabourValueEntry, Unit, db
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.text_limits import ungrouped

ODD = 10
"""A value so many times the last period's is asked about."""
REVERSED = 3
"""So many times the target is asked about."""
LONGEST_TEXT = 80
_NUMBER = re.compile(r"[+-]?([0-9]{1,12}(\.[0-9]{0,6})?|\.[0-9]{1,6})")
_NOT_NEGATIVE = frozenset({ScoringType.DEDUCTION, ScoringType.COMPLETION})

Square = tuple[int, str]
"""A unit's number and an indicator's code."""


@dataclass(frozen=True, slots=True)
class GridUnit:
    """A unit that takes part; `joined` names the later period with which it first has values."""

    id: int
    code: str
    name: str
    group: str | None
    joined: str | None


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid of a leaf period: some indicators' squares; the rows are each square's newest."""

    labour: Labour
    period: str
    indicators: Sequence[Indicator]
    units: Sequence[GridUnit]
    standing: Mapping[Square, LabourValueEntry]
    own: Mapping[Square, LabourValueEntry]
    """Self-assessments."""
    before: Mapping[Square, Decimal]
    """The values of the period before in which the indicator was asked."""

    @property
    def period_name(self) -> str:
        """The name of the leaf period."""
        return self.labour.period_names[self.period]

    def problem(self, square: Square) -> Message | None:
        """Say why what was written in a square was not accepted; None where nothing is wrong."""
        row = self.standing.get(square)
        return None if row is None else self.problem_of(row)

    def problem_of(self, row: LabourValueEntry) -> Message | None:
        """The same of a row, which may be a self-assessment."""
        read = self.read(row)
        return None if read is None else read.problem or msg("这个数还没写进去")

    def read(self, row: LabourValueEntry) -> Read | None:
        """Read anew a text that was not accepted; None where none is there."""
        if not row.text:
            return None
        # With a value there, the text is what was written as its target.
        target = row.value is not None
        before = None if row.source == SELF else self.before.get((row.unit_id, row.indicator))
        beside = row.value if target else row.target
        return read_value(
            self.indicator(row.indicator), row.text, before, target=target, beside=beside
        )

    def indicator(self, code: str) -> Indicator:
        """The indicator with that code."""
        return next(indicator for indicator in self.indicators if indicator.code == code)

    def self_assessed(self) -> set[str]:
        """The codes of indicators in which units assess themselves, or did."""
        return {indicator.code for indicator in self.indicators if self_assessed(indicator)} | {
            code for _unit, code in self.own
        }

    def filled(self, square: Square) -> bool:
        """True if the square has all that its score needs."""
        row = self.standing.get(square)
        return row is not None and self._has_all(row)

    def _has_all(self, row: LabourValueEntry) -> bool:
        if row.value is None:
            return False
        return row.target is not None or not needs_target(self.indicator(row.indicator))

    def scores(self, *, own: bool = False) -> dict[Square, Fraction]:
        """The score of each filled square; with `own` what units give themselves there.

        Ranks are given among all and not by a unit to itself.
        """
        groups: dict[str, str | None] = {unit.code: unit.group for unit in self.units}
        codes = {unit.id: unit.code for unit in self.units}
        values = {
            (codes[unit], self.period, code): LabourValue(
                unit=codes[unit],
                period=self.period,
                indicator=code,
                value=row.value,
                target=row.target,
            )
            for (unit, code), row in (self.own if own else self.standing).items()
            if row.value is not None
            and unit in codes
            and self._has_all(row)
            and not (own and self.indicator(code).scoring.type is ScoringType.RANK)
        }
        numbers = {unit.code: unit.id for unit in self.units}
        labour = self.labour
        scored = score_cells(Squares(labour, groups, values))
        return {(numbers[unit], code): score for (unit, _period, code), score in scored.items()}


@dataclass(frozen=True, slots=True)
class Read:
    """A text read as a value: the number, or why it is none; `ask` where it is odd, not wrong."""

    value: Decimal | None
    problem: Message | None
    ask: bool = False


def needs_target(indicator: Indicator) -> bool:
    """True if its values mean nothing without a target beside them."""
    return indicator.scoring.type is ScoringType.COMPLETION


def asked_in(labour: Labour, period: str) -> list[Indicator]:
    """The indicators asked in a leaf period."""
    return [indicator for indicator in labour.indicators if indicator.is_asked_in(period)]


def leaves_of(labour: Labour, period: str | None = None) -> list[str]:
    """The leaf periods, of one period or of all, in their order."""
    tree = PeriodTree(labour.periods)
    return [leaf for leaf in tree.leaves if period is None or period in tree.around(leaf)]


def read_number(text: str) -> Decimal | None:
    """A number as people and Excel write it: full-width digits, thousands' commas, 。 too."""
    text = unicodedata.normalize("NFKC", text).replace("。", ".", 1).strip()
    text = ungrouped(text)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def sure_number(text: str) -> Decimal:
    """The same of a text that must be a number; `Refused` (INVALID) for another."""
    value = read_number(text)
    if value is None:
        raise invalid(not_a_number(text))
    return value


def not_a_number(text: str) -> Message:
    """Say that a text is no number."""
    return msg("“%(text)s”不是数", text=text[:20])


def read_value(
    indicator: Indicator,
    text: str,
    before: Decimal | None,
    *,
    target: bool = False,
    beside: Decimal | None = None,
) -> Read:
    """Read and check a square's text; `before` is the value of the period before.

    `beside` is the target that stands beside a value, or the value beside a target.
    """
    value = read_number(text)
    if value is None:
        return Read(None, not_a_number(text))
    if target:
        if value <= 0:
            return Read(None, msg("目标要大于 0"))
        turned = _turned_round(value, beside) if needs_target(indicator) else None
        return Read(value, turned, ask=turned is not None)
    kind = indicator.scoring.type
    if value < 0 and (kind in _NOT_NEGATIVE or kind is ScoringType.SCORE):
        return Read(None, msg("%(found)s 小于 0", found=plain(value)))
    if kind is ScoringType.SCORE and value > indicator.max:
        problem = msg("%(found)s 超过满分 %(most)s", found=plain(value), most=plain(indicator.max))
        return Read(None, problem)
    turned = _turned_round(beside, value) if needs_target(indicator) else None
    if turned is not None:
        return Read(value, turned, ask=True)
    if kind is ScoringType.DEDUCTION and value and value == indicator.max and value != before:
        problem = msg(
            "填的是个数，不是得分：%(found)s 处得 %(left)s 分。要给满分填 0，"
            "真有这么多就再确认一次",
            found=plain(value),
            left=plain(max(Decimal(0), indicator.max - value * _points_each(indicator))),
        )
        return Read(value, problem, ask=True)
    if before and abs(value) >= ODD * abs(before):
        problem = msg(
            "%(found)s 是上期 %(before)s 的 %(n)s 倍以上，对就再确认一次",
            found=plain(value),
            before=plain(before),
            n=ODD,
        )
        return Read(value, problem, ask=True)
    return Read(value, None)


def _turned_round(target: Decimal | None, value: Decimal | None) -> Message | None:
    """A question where so much more than the target was done that the two may be reversed."""
    if target is None or value is None or value < REVERSED * target:
        return None
    return msg(
        "目标 %(target)s，完成 %(value)s：是不是填反了？没反就再确认一次",
        target=plain(target),
        value=plain(value),
    )


def _points_each(indicator: Indicator) -> Decimal:
    points = indicator.scoring.points
    return points if isinstance(points, Decimal) else Decimal(0)


def require_leaf(labour: Labour, period: str) -> None:
    """Raise `Refused` (UNKNOWN) for a period in which nothing is entered."""
    if period not in leaves_of(labour):
        raise Refused(msg("没有这一期，或者这一期不直接打分"), kind=Refusal.UNKNOWN)


def grid_of(competition: Competition, period: str, codes: Collection[str] | None = None) -> Grid:
    """The squares of a leaf period, of these indicators or of all that are asked in it."""
    labour = labour_of(competition)
    require_leaf(labour, period)
    indicators = [
        indicator
        for indicator in asked_in(labour, period)
        if codes is None or indicator.code in codes
    ]
    standing, own = _newest(competition, period, [indicator.code for indicator in indicators])
    return Grid(
        labour,
        period,
        indicators,
        _units(competition, labour, period),
        standing,
        own,
        _before(competition, labour, period, indicators),
    )


_SCORED = or_(LabourValueEntry.source.is_(None), LabourValueEntry.source != SELF)


def history_of(unit: Unit, period: str, indicator: str) -> Sequence[LabourValueEntry]:
    """List every row of one square, self-assessments too, the newest first."""
    return db.session.scalars(
        select(LabourValueEntry)
        .where(
            LabourValueEntry.unit_id == unit.id,
            LabourValueEntry.period == period,
            LabourValueEntry.indicator == indicator,
        )
        .order_by(LabourValueEntry.id.desc())
        .limit(100)
    ).all()


def reasons_of(unit: Unit, leaves: Collection[str]) -> dict[tuple[str, str], str]:
    """The reasons beside a unit's scores, by leaf period and indicator."""
    rows = db.session.scalars(
        select(LabourValueEntry)
        .where(LabourValueEntry.unit_id == unit.id, LabourValueEntry.period.in_(leaves), _SCORED)
        .order_by(LabourValueEntry.id)
    )
    newest = {(row.period, row.indicator): row for row in rows}
    return {square: row.reason for square, row in newest.items() if row.reason}


def names_of_writers(rows: Iterable[LabourValueEntry]) -> dict[int, str]:
    """The names of who wrote rows, by the account's number."""
    numbers = {row.made_by for row in rows if row.made_by is not None}
    query = select(Account.id, Account.name).where(Account.id.in_(numbers))
    return dict(db.session.execute(query).tuples().all())


def newest_ids(
    competition: Competition, period: str | None = None, codes: Collection[str] | None = None
) -> Select[tuple[int]]:
    """The newest row of each square, and of each self-assessment.

    Of one leaf period or all, of these indicators or all.
    """
    own = case((LabourValueEntry.source == SELF, 1), else_=0)
    square = LabourValueEntry.unit_id, LabourValueEntry.period, LabourValueEntry.indicator
    query = (
        select(func.max(LabourValueEntry.id))
        .join(Unit, Unit.id == LabourValueEntry.unit_id)
        .where(Unit.competition_id == competition.id)
        .group_by(*square, own)
    )
    if period is not None:
        query = query.where(LabourValueEntry.period == period)
    return query if codes is None else query.where(LabourValueEntry.indicator.in_(codes))


def _newest(
    competition: Competition, period: str, codes: Collection[str]
) -> tuple[dict[Square, LabourValueEntry], dict[Square, LabourValueEntry]]:
    """The newest values in these indicators' squares, and the self-assessments beside them."""
    standing: dict[Square, LabourValueEntry] = {}
    own: dict[Square, LabourValueEntry] = {}
    rows = db.session.scalars(
        select(LabourValueEntry)
        .where(LabourValueEntry.id.in_(newest_ids(competition, period, codes)))
        .order_by(LabourValueEntry.id)
    )
    for row in rows:
        (own if row.source == SELF else standing)[row.unit_id, row.indicator] = row
    return standing, own


def _units(competition: Competition, labour: Labour, period: str) -> list[GridUnit]:
    """List the units that take part, group by group; later ones with the period they came in.

    Who has not come yet, or has left, by its span is not among them, unless a file brought
    values for it all the same: what is scored can be seen.
    """
    leaves = leaves_of(labour)
    gone = units_outside(unit_spans(labour), leaves, [period])
    if gone:
        there = _present(competition, period)
        gone -= {unit.code for unit in competition.units if unit.id in there}
    at = leaves.index(period)
    away = {unit.id for unit in competition.units}
    # Leaf by leaf, the newest first: few look further back than one.
    for leaf in reversed(leaves[: at + 1]):
        if not away:
            break
        away -= _present(competition, leaf)
    first = _first_leaves(away, leaves) if away else {}
    names = labour.period_names
    groups = labour.groups
    order = {group: place for place, group in enumerate(dict.fromkeys((groups or {}).values()))}
    units = [
        GridUnit(
            unit.id,
            unit.code,
            unit.name,
            groups[unit.code] if groups is not None else None,
            names[leaves[first[unit.id]]] if first.get(unit.id, 0) > at else None,
        )
        for unit in competition.units
        if (groups is None or unit.code in groups) and unit.code not in gone
    ]
    return sorted(units, key=lambda unit: (order.get(unit.group or "", 0), unit.id))


def _present(competition: Competition, period: str) -> set[int]:
    """The units that have a value in a leaf."""
    query = (
        select(LabourValueEntry.unit_id)
        .where(
            LabourValueEntry.id.in_(newest_ids(competition, period)),
            LabourValueEntry.value.is_not(None),
            _SCORED,
        )
        .distinct()
    )
    return set(db.session.scalars(query))


def _first_leaves(units: Collection[int], leaves: Sequence[str]) -> dict[int, int]:
    """The place of the first leaf with a value, by unit that has one in any."""
    newest = (
        select(func.max(LabourValueEntry.id))
        .where(LabourValueEntry.unit_id.in_(units), _SCORED)
        .group_by(LabourValueEntry.unit_id, LabourValueEntry.period, LabourValueEntry.indicator)
    )
    there = (
        select(LabourValueEntry.unit_id, LabourValueEntry.period)
        .where(LabourValueEntry.id.in_(newest), LabourValueEntry.value.is_not(None))
        .distinct()
    )
    places = {leaf: place for place, leaf in enumerate(leaves)}
    first: dict[int, int] = {}
    for unit, leaf in db.session.execute(there).tuples():
        if leaf in places:
            first[unit] = min(first.get(unit, len(leaves)), places[leaf])
    return first


def asked_before(
    labour: Labour, period: str, indicators: Sequence[Indicator]
) -> dict[str, list[str]]:
    """The indicators last asked before a period, by leaf."""
    leaves = leaves_of(labour)
    earlier = leaves[: leaves.index(period)]
    asked: dict[str, list[str]] = {}
    for indicator in indicators:
        last = (
            leaf for leaf in reversed(earlier) if not indicator.periods or leaf in indicator.periods
        )
        leaf = next(last, None)
        if leaf is not None:
            asked.setdefault(leaf, []).append(indicator.code)
    return asked


def _before(
    competition: Competition, labour: Labour, period: str, indicators: Sequence[Indicator]
) -> dict[Square, Decimal]:
    """The value by square of the period before in which its indicator was asked."""
    values: dict[Square, Decimal] = {}
    for leaf, codes in asked_before(labour, period, indicators).items():
        rows = db.session.execute(
            select(
                LabourValueEntry.unit_id, LabourValueEntry.indicator, LabourValueEntry.value
            ).where(
                LabourValueEntry.id.in_(newest_ids(competition, leaf, codes)),
                LabourValueEntry.value.is_not(None),
                _SCORED,
            )
        ).tuples()
        values |= {(unit, code): value for unit, code, value in rows if value is not None}
    return values
