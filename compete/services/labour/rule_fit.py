"""Rule fit: other rules must lose nothing of what was entered and closed by those in force."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import or_, select

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.labour.closed_periods import shifts_between
from compete.domain.labour.outcome import Outcome
from compete.domain.labour.rule_versions import (
    fits,
    leaves_in_order,
    same_scoring,
    settings_changed,
)
from compete.domain.labour.unit_spans import WHOLE, unit_spans
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.numerals import plain
from compete.models import (
    AdjustmentEntry,
    Competition,
    LabourAccident,
    LabourDepartment,
    LabourHeadCount,
    LabourLook,
    LabourNote,
    LabourSignOff,
    LabourValueEntry,
    PeriodCorrection,
    Unit,
    VetoEntry,
    db,
)
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.squares import asked_in, newest_ids
from compete.services.scoring.live_labour import LabourLive


@dataclass(frozen=True, slots=True)
class Misfit:
    """A reason against rules. `of` and `code` name the indicator, period or unit's span that it is
    about and `key` what of it; without them it is about from when the rules are to hold.
    """

    why: Message
    of: Literal["indicators", "periods", "spans", ""] = ""
    code: str = ""
    key: str = ""


Entered = dict[tuple[str, str], set[str]]
"""By leaf period and indicator: the names of units that have anything there."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """The rules that are to follow others, with what was entered by these.

    `starts` is the leaf from which `after` holds, None for all periods; `requested` is `after` as
    it was asked for, before that was worked in.
    """

    competition: Competition
    live: LabourLive
    before: Labour
    requested: Labour
    after: Labour
    starts: str | None


def why_no_start(fitting: Fitting) -> list[Misfit]:
    """List what hinders rules from holding from a leaf period on alone, a sentence each."""
    starts, wanted = fitting.starts, fitting.requested
    if starts is None:
        return []
    leaves = leaves_in_order(wanted)
    if starts not in leaves:
        return [Misfit(msg("选的那一期，新规则里没有"))]
    names = wanted.period_names
    misfits = []
    closed = closed_periods(fitting.competition)
    late = leaves[leaves.index(starts) :]
    shut = [names[leaf] for leaf in late if leaf in closed]
    if shut:
        misfits.append(Misfit(msg("%(periods)s已经结账，从没结账的一期起", periods=listed(shut))))
    if settings_changed(fitting.before, wanted):
        why = msg(
            "加分最多、红旗、黄牌、缺数、同分、单项奖、分组各期只能是一样的，"
            "不能只从一期起改：选“各期都照新规则”，或者不改这些"
        )
        misfits.append(Misfit(why))
    was = {former.code: former for former in fitting.before.indicators}
    entered = _entered(fitting.competition)
    for indicator in wanted.indicators:
        old = was.get(indicator.code)
        if old is None or same_scoring(old, indicator):
            continue
        prized = [
            prize.name for prize in wanted.prizes if prize.by == f"indicator:{indicator.code}"
        ]
        if prized:
            why = msg(
                "%(prizes)s比的是%(name)s，各期要一样打分：选“各期都照新规则”",
                prizes=listed(prized),
                name=indicator.name,
            )
            misfits.append(Misfit(why, "indicators", indicator.code, _other_key(old, indicator)))
        filled = [names[leaf] for leaf in late if entered.get((leaf, indicator.code))]
        if filled:
            why = msg(
                "%(name)s在%(periods)s已经填了，那几期照原来的算：从后面的一期起",
                name=indicator.name,
                periods=some_of(filled),
            )
            misfits.append(Misfit(why, "indicators", indicator.code, _other_key(old, indicator)))
    return misfits


def still_used(before: Labour, tree: Mapping[str, Any]) -> list[Misfit]:
    """List what is gone from rules, as a file has them, and is used elsewhere in them.

    A file's reader tells of it by codes, which are nothing to who fills in a form.
    """
    prizes, flags = tree.get("prizes") or (), tree.get("flags") or {}
    uses = [
        *((key, msg("同分先比什么")) for key in tree.get("ties") or ()),
        *((f"period:{code}", msg("哪些期发红旗")) for code in flags.get("periods") or ()),
        *((prize["by"], prize["name"]) for prize in prizes),
        *((f"period:{prize.get('period')}", prize["name"]) for prize in prizes),
        *(
            (f"period:{code}", row["name"])
            for row in tree["indicators"]
            for code in row.get("periods") or ()
        ),
    ]
    there = {f"indicator:{row['code']}" for row in tree["indicators"]}
    there |= {f"heading:{row.get('heading')}" for row in tree["indicators"]}
    there |= {f"period:{row['code']}" for row in tree["periods"]}
    was: dict[str, tuple[str, Literal["indicators", "periods"], str, str]] = {}
    for indicator in before.indicators:
        was[f"indicator:{indicator.code}"] = indicator.name, "indicators", indicator.code, "name"
        was[f"heading:{indicator.heading}"] = (
            indicator.heading or "",
            "indicators",
            indicator.code,
            "heading",
        )
    for period in before.periods:
        was[f"period:{period.code}"] = period.name, "periods", period.code, "name"
    misfits = []
    for key, (name, of, code, part) in was.items():
        users = [] if key in there else [user for used, user in uses if used == key]
        if users:
            why = msg("%(name)s不能去掉：%(uses)s还用着它", name=name, uses=some_of(users))
            misfits.append(Misfit(why, of, code, part))
    return misfits


def why_not_fit(fitting: Fitting) -> list[Misfit]:
    """List what the rules would lose or make invalid of what was entered or closed."""
    closed = closed_periods(fitting.competition)
    return [
        *_periods_lost(fitting, closed),
        *_squares_lost(fitting),
        *_units_out(fitting, closed),
        *_asked_in_closed(fitting, closed),
        *_values_past(fitting),
    ]


def why_closed_moves(fitting: Fitting, after: Outcome) -> list[Misfit]:
    """List closed results that rules from a period on alone would move; `after` is by them."""
    if fitting.starts is None:
        return []
    closed = closed_periods(fitting.competition)
    moved = {shift.period for shift in shifts_between(fitting.live.outcome, after, closed)}
    names = fitting.before.period_names
    periods = [names[code] for code in closed if code in moved]
    sentence = msg("这样改会动到已经结账的%(periods)s：选“各期都照新规则”", periods=listed(periods))
    return [Misfit(sentence)] if periods else []


def _other_key(old: Indicator, new: Indicator) -> str:
    """The difference in an indicator's scoring: another kind, or another maximum."""
    return "max" if old.scoring == new.scoring else "scoring.type"


class RulesMisfit(Refused):
    """A refusal of rules that do not fit what was entered or closed; `why` has every reason."""

    def __init__(self, why: Sequence[Misfit]) -> None:
        super().__init__(why[0].why, kind=Refusal.INVALID)
        self.why = why


def refuse_misfit(why: Sequence[Misfit]) -> None:
    """Raise `RulesMisfit` where there is any reason."""
    if why:
        raise RulesMisfit(why)


def _entered(competition: Competition) -> Entered:
    """The squares with a value, a self-assessment, a note or a correction.

    What was emptied again, or taken back, holds nothing up: its rows stay on record.
    """
    filled = or_(
        LabourValueEntry.value.is_not(None),
        LabourValueEntry.target.is_not(None),
        LabourValueEntry.text.is_not(None),
    )
    stands = (
        (LabourValueEntry, LabourValueEntry.id.in_(newest_ids(competition)) & filled),
        (LabourNote, LabourNote.withdrawn_at.is_(None)),
        (PeriodCorrection, PeriodCorrection.indicator.is_not(None)),
    )
    entered: Entered = defaultdict(set)
    for table, standing in stands:
        query = (
            select(table.period, table.indicator, Unit.name)
            .join(Unit, Unit.id == table.unit_id)
            .where(Unit.competition_id == competition.id, standing)
            .order_by(Unit.id)
            .distinct()
        )
        for period, indicator, unit in db.session.execute(query).tuples():
            assert indicator is not None  # asked for above
            entered[period, indicator].add(unit)
    return entered


def _used_periods(competition: Competition, closed: Iterable[str]) -> set[str]:
    """The periods that something is on record of."""
    used = set(closed) | {leaf for leaf, _indicator in _entered(competition)}
    tables = (AdjustmentEntry, VetoEntry, PeriodCorrection, LabourAccident, LabourHeadCount)
    for table in tables:
        query = select(table.period).join(Unit, Unit.id == table.unit_id)
        used |= set(db.session.scalars(query.where(Unit.competition_id == competition.id)))
    looks = select(LabourLook.period).where(LabourLook.competition_id == competition.id)
    signed = (
        select(LabourSignOff.period)
        .join(LabourDepartment, LabourDepartment.id == LabourSignOff.department_id)
        .where(LabourDepartment.competition_id == competition.id)
    )
    return used | set(db.session.scalars(looks)) | set(db.session.scalars(signed))


def _periods_lost(fitting: Fitting, closed: Sequence[str]) -> list[Misfit]:
    """List periods with something on record that are gone, or are made of others than before."""
    before, after = fitting.before, fitting.after
    names = before.period_names
    there = {period.code for period in after.periods}
    used = _used_periods(fitting.competition, closed)
    misfits = [
        _of_period(
            msg("%(period)s里已经有数、加减分或者结过账，不能去掉", period=names[code]), code
        )
        for code in names
        if code in used and code not in there
    ]
    was, now = set(leaves_in_order(before)), set(leaves_in_order(after))
    misfits += [
        _of_period(msg("%(period)s里已经有数，不能再分成几期", period=names[code]), code)
        for code in names
        if code in used and code in was and code in there - now
    ]
    for code in closed:
        was_parts, parts = (
            {period.code for period in rules.periods if period.part_of == code}
            for rules in (before, after)
        )
        if code in there and was_parts and was_parts != parts:
            why = msg("%(period)s已经结账，里面的期次不能增减", period=names[code])
            misfits.append(_of_period(why, code))
    return misfits


def _of_period(why: Message, code: str) -> Misfit:
    return Misfit(why, "periods", code, "name")


def _squares_lost(fitting: Fitting) -> list[Misfit]:
    """List indicators that would not be asked any more where they were entered."""
    before, after = fitting.before, fitting.after
    names = before.period_names
    now = set(leaves_in_order(after))
    asked = {(leaf, row.code) for leaf in now for row in asked_in(after, leaf)}
    entered = _entered(fitting.competition)
    misfits = []
    for indicator in before.indicators:
        # A leaf that is gone is told of by itself.
        lost = [leaf for leaf in names if entered.get((leaf, indicator.code)) and leaf in now]
        lost = [leaf for leaf in lost if (leaf, indicator.code) not in asked]
        if lost:
            squares = [entered[leaf, indicator.code] for leaf in lost]
            why = msg(
                "%(name)s在%(periods)s已经填了 %(n)s 格（%(units)s），不能去掉：留着它，"
                "在“哪些期”里只写这几期；填错的，没结账的期里清空就行",
                name=indicator.name,
                periods=some_of([names[leaf] for leaf in lost]),
                n=sum(map(len, squares)),
                units=some_of(sorted(set().union(*squares))),
            )
            misfits.append(Misfit(why, "indicators", indicator.code, "periods"))
    return misfits


def _units_out(fitting: Fitting, closed: Sequence[str]) -> list[Misfit]:
    """List units that have something in a period before their first, or after their last."""
    units = {unit.name: unit.code for unit in fitting.competition.units}
    spans, leaves = unit_spans(fitting.after), leaves_in_order(fitting.after)
    there: dict[str, set[str]] = defaultdict(set)
    for (leaf, _indicator), names in _entered(fitting.competition).items():
        for name in names:
            there[units[name]].add(leaf)
    for table in (AdjustmentEntry, VetoEntry):
        query = select(Unit.code, table.period).join(Unit, Unit.id == table.unit_id)
        query = query.where(Unit.competition_id == fitting.competition.id)
        for code, period in db.session.execute(query).tuples():
            there[code].add(period)
    misfits = []
    for name, code in units.items():
        if _takes_part(fitting.before, code) and not _takes_part(fitting.after, code):
            lost = [leaf for leaf in leaves if leaf in there[code] and leaf in closed]
            if lost:
                why = msg(
                    "%(unit)s在%(periods)s有数，已经结账，不能整场不参加：写最后参加的一期",
                    unit=name,
                    periods=some_of([fitting.after.period_names[leaf] for leaf in lost]),
                )
                misfits.append(Misfit(why, "spans", code, "last"))
        span = spans.get(code, WHOLE)
        lost = [it for it in leaves if it in there[code] and not span.holds(leaves, it)]
        if lost:
            why = msg(
                "%(unit)s在%(periods)s已经有数、意见或者加减分：第一期、最后一期要把它们包进去，"
                "填错的先清空",
                unit=name,
                periods=some_of([fitting.after.period_names[leaf] for leaf in lost]),
            )
            misfits.append(Misfit(why, "spans", code, "last"))
    return misfits


def _takes_part(labour: Labour, unit: str) -> bool:
    """True if the unit is ranked at all."""
    return labour.groups is None or unit in labour.groups


def _asked_in_closed(fitting: Fitting, closed: Sequence[str]) -> list[Misfit]:
    """List indicators asked in closed leaves for the first time: nobody has a value."""
    before, after = fitting.before, fitting.after
    names = before.period_names
    leaves = [leaf for leaf in leaves_in_order(before) if leaf in closed]
    was = {(leaf, row.code) for leaf in leaves for row in asked_in(before, leaf)}
    misfits = []
    for indicator in after.indicators:
        asked = [leaf for leaf in leaves if indicator.is_asked_in(leaf)]
        new = [leaf for leaf in asked if (leaf, indicator.code) not in was]
        if new:
            why = msg(
                "%(name)s是新问的，%(periods)s已经结账、没有它的数：在“哪些期”里只写没结账的期",
                name=indicator.name,
                periods=some_of([names[leaf] for leaf in new]),
            )
            misfits.append(Misfit(why, "indicators", indicator.code, "periods"))
    there = {row.code for row in after.indicators}
    misfits += [
        Misfit(
            msg("%(name)s从选的那一期起没有一期要问", name=row.name),
            "indicators",
            row.code,
            "periods",
        )
        for row in fitting.requested.indicators
        if row.code not in there
    ]
    return misfits


def _values_past(fitting: Fitting) -> list[Misfit]:
    """List indicators with values that the new scoring does not allow."""
    was = {row.code: row for row in fitting.before.indicators}
    wrong: Counter[str] = Counter()
    others = {
        row.code: row
        for row in fitting.after.indicators
        if row.code in was and not same_scoring(was[row.code], row)
    }
    last = {
        (value.unit, value.period, value.indicator): value for value in fitting.live.labour.values
    }
    for (_unit, _leaf, code), value in last.items():
        if code in others and not fits(others[code], value):
            wrong[code] += 1
    misfits = []
    for code, number in wrong.items():
        indicator = others[code]
        if indicator.scoring.type is ScoringType.COMPLETION:
            why = msg("%(name)s改成按完成率，有 %(n)s 个数没有目标", name=indicator.name, n=number)
        else:
            why = msg(
                "%(name)s有 %(n)s 个数不在 0 到新的满分 %(most)s 之间",
                name=indicator.name,
                n=number,
                most=plain(indicator.max),
            )
        misfits.append(Misfit(why, "indicators", code, _other_key(was[code], indicator)))
    return misfits
