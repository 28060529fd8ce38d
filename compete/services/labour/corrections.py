"""A correction to a closed period: one asks with a reason, another person agrees.

It says before and after what it moves for whom, in the closed periods alone; a period that
was published is then to be published anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.domain.bundle.labour_types import Adjustment, Labour, LabourValue, Veto
from compete.domain.bundle.problems import BundleError
from compete.domain.bundle.reading import read_bundle
from compete.domain.bundle.writing import write_bundle
from compete.domain.labour.closed_periods import Shift, shifts_between
from compete.domain.labour.participants import Cell
from compete.domain.labour.recomputing import outcome_after
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CORRECTION_MOVES, CorrectionKind, CorrectionState
from compete.domain.values.states import move
from compete.models import (
    Account,
    AdjustmentEntry,
    Competition,
    LabourValueEntry,
    PeriodCorrection,
    Unit,
    VetoEntry,
    db,
    utc_now,
)
from compete.services.accounts.second_persons import SecondWord, is_linked
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import claimed, for_update, unit_of_work
from compete.services.labour.period_progress import closed_periods, mark_corrected
from compete.services.labour.squares import needs_target, read_value
from compete.services.labour.without_accident import (
    accident_confirmed,
    accident_freed,
    accidents_lifted,
)
from compete.services.results.bulletin_corrections import correction_words, stood_before
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.services.sheets.act_rules import typed_number

_OF_SQUARES = (CorrectionKind.VALUE, CorrectionKind.EMPTY)
_WITHOUT_POINTS = (CorrectionKind.VETO, CorrectionKind.EMPTY, CorrectionKind.LIFT)


@dataclass(frozen=True)
class Wanted:
    """A wanted correction as it was typed: numbers are texts."""

    kind: str
    period: str
    unit: str
    reason: str
    indicator: str = ""
    points: str = ""
    target: str = ""


def corrections_of(competition: Competition, period: str | None = None) -> list[PeriodCorrection]:
    """List corrections, newest first; of one period, or of all."""
    query = (
        select(PeriodCorrection)
        .where(PeriodCorrection.competition_id == competition.id)
        .options(
            joinedload(PeriodCorrection.unit),
            joinedload(PeriodCorrection.asker),
            joinedload(PeriodCorrection.ender),
        )
        .order_by(PeriodCorrection.id.desc())
    )
    if period is not None:
        query = query.where(PeriodCorrection.period == period)
    return list(db.session.scalars(query))


def correction_title(live: LabourLive, row: PeriodCorrection) -> Message:
    """Say what is corrected, from what to what: by nothing less can it be agreed to."""
    period, code = live.outcome.field.tree.periods.get(row.period), row.indicator or ""
    return correction_words(
        row,
        period.name if period else row.period,
        live.labour.indicator_names.get(code, code),
        stood_before([row]).get(row.id),
    )


def ask_correction(competition: Competition, wanted: Wanted, by: Account) -> PeriodCorrection:
    """Write down what is to be corrected; it counts once another person agrees.

    Points up and down and vetoes take two in an open period too. Raises `Refused` (INVALID)
    for what does not fit the rules or has no reason, (CONFLICT) for a value of a period that
    is open, where it is simply entered.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        live = labour_live(competition)
        if wanted.kind in _OF_SQUARES and wanted.period not in closed_periods(competition):
            raise Refused(msg("这一期还没结账，直接填就行"))
        correction = _read(competition, live, wanted, by)
        _shifts(competition, live, correction)
        session.add(correction)
        session.flush()
        _note(competition, correction, by, "labour.ask_correction", correction.reason)
    return correction


def what_it_moves(competition: Competition, correction: PeriodCorrection) -> list[Shift]:
    """List what it would move if it were agreed now, or what it moved when it was."""
    if correction.state is CorrectionState.ASKED:
        return _shifts(competition, labour_live(competition), correction)
    return [msgspec.convert(move, Shift) for move in correction.moves or []]


def correction_word(correction: PeriodCorrection) -> SecondWord:
    """The conditions of agreeing to a correction."""
    competition = db.session.get_one(Competition, correction.competition_id)
    return SecondWord(competition, correction.asked_by, linked=is_linked("correction"))


def agree_correction(correction: PeriodCorrection, by: Account) -> PeriodCorrection:
    """The second person: the value, adjustment or veto is put in, and what it moved is kept.

    Raises `Refused` for who asked, who counts as no second person, or has no right to.
    """
    with unit_of_work() as session:
        correction, competition = claimed(correction)
        to = move(correction.state, CorrectionState.AGREED, CORRECTION_MOVES)
        correction_word(correction).require(by)
        live = labour_live(competition)
        shifts = _shifts(competition, live, correction)
        correction.moves = [msgspec.to_builtins(shift) for shift in shifts]
        _end(correction, to, by)
        if correction.kind is CorrectionKind.LIFT:
            _lift(correction)
            accidents_lifted(competition, correction, by)
        else:
            session.add(_entry(correction))
        mark_corrected(competition, live.outcome.field.tree.around(correction.period))
        accident_confirmed(competition, correction, by)
        session.flush()
        asker, moved = correction.asker.name, len({shift.unit for shift in shifts})
        why = correction.reason
        _note(competition, correction, by, "labour.correct", why, asked=asker, moved=moved)
    return correction


def drop_correction(correction: PeriodCorrection, by: Account) -> PeriodCorrection:
    """Drop a correction: who asked takes it back, or another says no."""
    with unit_of_work() as session:
        correction, competition = claimed(correction)
        _end(correction, move(correction.state, CorrectionState.DROPPED, CORRECTION_MOVES), by)
        accident_freed(correction)
        session.flush()
        _note(competition, correction, by, "labour.drop_correction")
    return correction


def _read(
    competition: Competition, live: LabourLive, wanted: Wanted, by: Account
) -> PeriodCorrection:
    if wanted.kind not in list(CorrectionKind):
        raise invalid(msg("选一种更正"))
    if not wanted.reason.strip():
        raise invalid(msg("写明为什么更正"))
    if wanted.unit not in live.outcome.field.group_of:
        raise invalid(msg("选一个参赛单位"))
    kind = CorrectionKind(wanted.kind)
    unit = db.session.scalars(
        select(Unit).where(Unit.competition_id == competition.id, Unit.code == wanted.unit)
    ).one()
    return PeriodCorrection(
        competition_id=competition.id,
        unit_id=unit.id,
        unit=unit,
        period=wanted.period,
        kind=kind,
        indicator=wanted.indicator if kind in _OF_SQUARES else None,
        points=_points(live, kind, wanted.points),
        target=_target(live, wanted) if kind is CorrectionKind.VALUE else None,
        reason=reason_text(wanted.reason),
        state=CorrectionState.ASKED,
        asked_by=by.id,
        asker=by,
    )


def _target(live: LabourLive, wanted: Wanted) -> Decimal | None:
    """The target beside a value: as typed, else the one that stands there.

    `Refused` (INVALID) for a value that the indicator does not take.
    """
    field = live.outcome.field
    if wanted.indicator not in field.asked.get(wanted.period, ()):
        raise invalid(msg("选一项这一期打分的指标"))
    indicator = next(it for it in live.labour.indicators if it.code == wanted.indicator)
    read = read_value(indicator, plain(_number(wanted.points)), None)
    if read.problem is not None and not read.ask:
        raise invalid(read.problem)
    if wanted.target.strip():
        return _number(wanted.target)
    standing = field.values.get((wanted.unit, wanted.period, wanted.indicator))
    target = None if standing is None else standing.target
    if target is None and needs_target(indicator):
        raise invalid(msg("%(name)s按完成率打分，要写目标", name=indicator.name))
    return target


def _points(live: LabourLive, kind: CorrectionKind, text: str) -> Decimal | None:
    """The points of a correction; an adjustment moves something, and no more than there is."""
    if kind in _WITHOUT_POINTS:
        return None
    points = _number(text)
    if kind is not CorrectionKind.ADJUSTMENT:
        return points
    full = sum((indicator.max for indicator in live.labour.indicators), Decimal(0))
    if not points:
        raise invalid(msg("加减分不能是 0"))
    if abs(points) > full:
        raise invalid(
            msg(
                "加减 %(found)s 分太多了，各项一共 %(full)s 分",
                found=plain(points),
                full=plain(full),
            )
        )
    return points


def _number(text: str) -> Decimal:
    value = typed_number(text)
    if value is None:
        raise invalid(msg("分数写成数字，最多 6 位小数"))
    return value


def _shifts(
    competition: Competition, live: LabourLive, correction: PeriodCorrection
) -> list[Shift]:
    """Work out by the rules what it moves in closed periods; `Refused` where it does not fit."""
    labour = _put_in(live, correction)
    square = correction.unit.code, correction.period, correction.indicator or ""
    changed: dict[Cell, LabourValue | None] = {}
    if correction.kind is CorrectionKind.VALUE:
        changed = {square: labour.values[-1]}
    elif correction.kind is CorrectionKind.EMPTY:
        changed = {square: None}
    after = outcome_after(live.outcome, labour, changed)
    periods = [*closed_periods(competition), correction.period]
    return shifts_between(live.outcome, after, list(dict.fromkeys(periods)))


def _put_in(live: LabourLive, correction: PeriodCorrection) -> Labour:
    """The labour part with the correction at its end, which the format must allow."""
    replace = msgspec.structs.replace
    if correction.kind not in (CorrectionKind.EMPTY, CorrectionKind.LIFT):
        alone = replace(live.bundle, labour=_changed(live.labour.without_entries(), correction))
        try:
            read_bundle(write_bundle(alone, "json"))
        except BundleError as error:
            raise invalid(error.problems[0].message) from None
    return _changed(live.labour, correction)


def _lift(correction: PeriodCorrection) -> None:
    """Say of the unit's vetoes of the period that they stand no longer."""
    standing = db.session.scalars(
        select(VetoEntry)
        .where(
            VetoEntry.unit_id == correction.unit_id,
            VetoEntry.period == correction.period,
            VetoEntry.lifted_at.is_(None),
        )
        .order_by(VetoEntry.id)
    )
    for veto in standing:
        veto.lifted_at, veto.lifted_why = utc_now(), correction.reason
        veto.lifted_with = correction.id


def _changed(labour: Labour, correction: PeriodCorrection) -> Labour:
    """The labour part as corrected; `Refused` (INVALID) where there is nothing to take away."""
    unit, period, points = correction.unit.code, correction.period, correction.points
    match correction.kind:
        case CorrectionKind.VALUE:
            assert points is not None
            value = LabourValue(
                unit=unit,
                period=period,
                indicator=correction.indicator or "",
                value=points,
                target=correction.target,
            )
            return msgspec.structs.replace(labour, values=(*labour.values, value))
        case CorrectionKind.ADJUSTMENT:
            assert points is not None
            adjustment = Adjustment(
                unit=unit, period=period, points=points, reason=correction.reason
            )
            return msgspec.structs.replace(labour, adjustments=(*labour.adjustments, adjustment))
        case CorrectionKind.VETO:
            veto = Veto(unit=unit, period=period, reason=correction.reason)
            return msgspec.structs.replace(labour, vetoes=(*labour.vetoes, veto))
        case CorrectionKind.EMPTY:
            square = unit, period, correction.indicator
            values = tuple(
                it for it in labour.values if (it.unit, it.period, it.indicator) != square
            )
            if len(values) == len(labour.values):
                raise invalid(msg("这一格本来就没有数"))
            return msgspec.structs.replace(labour, values=values)
        case CorrectionKind.LIFT:
            vetoes = tuple(it for it in labour.vetoes if (it.unit, it.period) != (unit, period))
            if len(vetoes) == len(labour.vetoes):
                why = msg("这个单位这一期没有一票否决：在里面哪一期的，到那一期解除")
                raise invalid(why)
            return msgspec.structs.replace(labour, vetoes=vetoes)


def _entry(correction: PeriodCorrection) -> LabourValueEntry | AdjustmentEntry | VetoEntry:
    """The row that the correction adds; what was there before stays."""
    fields: dict[str, Any] = {
        key: getattr(correction, key) for key in ("unit_id", "period", "reason")
    }
    match correction.kind:
        case CorrectionKind.VALUE | CorrectionKind.EMPTY:
            return LabourValueEntry(
                **fields,
                indicator=correction.indicator,
                value=correction.points,
                target=correction.target,
                source="correction",
                made_by=correction.asked_by,
            )
        case CorrectionKind.ADJUSTMENT:
            return AdjustmentEntry(**fields, points=correction.points)
        case CorrectionKind.VETO | CorrectionKind.LIFT:  # lifting adds no row, see `_lift`
            return VetoEntry(**fields)


def _end(correction: PeriodCorrection, to: CorrectionState, by: Account) -> None:
    correction.state, correction.ended_by, correction.ended_at = to, by.id, utc_now()


def _note(
    competition: Competition,
    correction: PeriodCorrection,
    by: Account,
    action: str,
    reason: str | None = None,
    **details: str | int,
) -> None:
    after = {
        "correction": correction.id,
        "period": correction.period,
        "unit": correction.unit.code,
        "kind": correction.kind.value,
        "indicator": correction.indicator,
        "points": plain(correction.points) if correction.points is not None else None,
        "target": plain(correction.target) if correction.target is not None else None,
        **details,
    }
    audit.record(competition, by, action, correction.unit.name, after=after, reason=reason)
