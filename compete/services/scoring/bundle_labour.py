"""Bundle labour: a labour competition's entries, out of the database as a bundle has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from sqlalchemy import (
    BigInteger,
    Select,
    Text,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    type_coerce,
)

from compete.domain.bundle.labour_types import Adjustment, Labour, LabourValue, Veto
from compete.domain.labour.closed_periods import LIFTED
from compete.domain.labour.head_counts import HEAD_COUNTS
from compete.domain.labour.rule_versions import fits
from compete.domain.values.kinds import ScoringType
from compete.domain.values.record import Extra
from compete.models import (
    SELF,
    AdjustmentEntry,
    Competition,
    LabourHeadCount,
    LabourValueEntry,
    Unit,
    VetoEntry,
    db,
)
from compete.models.compiled_statements import Prepared, table_of
from compete.models.types import unscaled
from compete.services.kernel.event_rules import labour_of

Entry = TypeVar("Entry", AdjustmentEntry, VetoEntry)


def labour_out(row: Competition, values: tuple[LabourValue, ...] | None = None) -> Labour:
    """The labour part with what was entered: values, adjustments, vetoes, in order.

    With `values`, these: they are known already.
    """
    labour = labour_of(row)
    vetoes = list(_by_unit(VetoEntry, row))
    return msgspec.structs.replace(
        labour,
        values=tuple(_labour_values(labour, row)) if values is None else values,
        adjustments=tuple(
            Adjustment(
                unit=unit,
                period=adjustment.period,
                points=adjustment.points,
                reason=adjustment.reason,
                extra=adjustment.extra,
            )
            for adjustment, unit in _by_unit(AdjustmentEntry, row)
        ),
        vetoes=tuple(
            Veto(unit=unit, period=veto.period, reason=veto.reason, extra=veto.extra)
            for veto, unit in vetoes
            if veto.lifted_at is None
        ),
        extra=_with_heads(_with_lifted(labour, vetoes), row),
    )


def _with_lifted(labour: Labour, vetoes: list[tuple[VetoEntry, str]]) -> Extra | None:
    """The extra beside the rules, with the vetoes that two have lifted: they score nothing."""
    lifted = [
        {
            "unit": unit,
            "period": veto.period,
            "reason": veto.reason,
            "lifted_why": veto.lifted_why,
        }
        for veto, unit in vetoes
        if veto.lifted_at is not None
    ]
    if not lifted:
        return labour.extra
    extra = labour.extra or {}
    return extra | {LIFTED: [*extra.get(LIFTED, ()), *lifted]}


def _with_heads(extra: Extra | None, row: Competition) -> Extra | None:
    """Add how many workers units reported: of each unit and period what was said last."""
    query = (
        select(Unit.code, LabourHeadCount.period, LabourHeadCount.people)
        .join(Unit, Unit.id == LabourHeadCount.unit_id)
        .where(LabourHeadCount.competition_id == row.id)
        .order_by(LabourHeadCount.id)
    )
    counts = {(unit, period): people for unit, period, people in db.session.execute(query).tuples()}
    if not counts:
        return extra
    known = (extra or {}).get(HEAD_COUNTS, ())
    # What a file brought stays, but for what was said anew.
    kept = [
        head_count
        for head_count in known
        if (head_count.get("unit"), head_count.get("period")) not in counts
    ]
    reported = [
        {"unit": unit, "period": period, "people": people}
        for (unit, period), people in counts.items()
        if people is not None
    ]
    return (extra or {}) | {HEAD_COUNTS: [*kept, *reported]}


def _labour_values(labour: Labour, row: Competition) -> Iterator[LabourValue]:
    """List what is scored, in order: no self-assessments, and nothing from before emptying.

    A value that lacks the target it needs counts as an empty square too. One that a later value
    replaced, and that rules which came after it do not allow, stays on record alone.
    """
    needs_target = _needing_targets(labour)
    rows = _rows_of_values(row)
    last: dict[tuple[str, str, str], int] = {}
    emptied: dict[tuple[str, str, str], int] = {}
    for place, (unit, period, indicator, value, target, _extra) in enumerate(rows):
        cell = unit, period, indicator
        last[cell] = place
        if value is None or (target is None and indicator in needs_target):
            emptied[cell] = place
    if not emptied and len(last) == len(rows):
        yield from map(_as_written, rows)
        return
    indicators = {indicator.code: indicator for indicator in labour.indicators}
    for place, value_row in enumerate(rows):
        unit, period, indicator, *_rest = value_row
        cell = unit, period, indicator
        if place <= emptied.get(cell, -1):
            continue
        written = _as_written(value_row)
        if place < last[cell] and not fits(indicators[indicator], written):
            continue
        yield written


def _needing_targets(labour: Labour) -> set[str]:
    return {
        indicator.code
        for indicator in labour.indicators
        if indicator.scoring.type is ScoringType.COMPLETION
    }


def _as_written(row: _ValueRow) -> LabourValue:
    unit, period, indicator, value, target, extra = row
    assert value is not None  # else it empties its square
    return LabourValue(
        unit=unit,
        period=period,
        indicator=indicator,
        value=value,
        target=target,
        extra=json.loads(extra) if extra is not None else None,
    )


def last_value(row: Competition) -> int:
    """The number of the competition's newest row of values, self-assessments too; 0 without any."""
    query = select(func.max(LabourValueEntry.id)).join(Unit, Unit.id == LabourValueEntry.unit_id)
    return db.session.scalar(query.where(Unit.competition_id == row.id)) or 0


def values_since(
    row: Competition, labour: Labour, since: int, last: int
) -> tuple[tuple[LabourValue, ...], dict[tuple[str, str, str], LabourValue | None]]:
    """The values of `labour`, as of the row `since`, with those of later rows up to `last`.

    They stand as `labour_out` has them; beside them the squares that were written, each with
    the value that stands in it now.
    """
    needs_target = _needing_targets(labour)
    changed: dict[tuple[str, str, str], LabourValue | None] = {}
    added: list[tuple[tuple[str, str, str], LabourValue]] = []
    emptied: set[tuple[str, str, str]] = set()
    for each_row in _rows_of_values(row, since, last):
        unit, period, indicator, value, target, _extra = each_row
        cell = unit, period, indicator
        if value is None or (target is None and indicator in needs_target):
            emptied.add(cell)
            added = [pair for pair in added if pair[0] != cell]
            changed[cell] = None
            continue
        written = _as_written(each_row)
        added.append((cell, written))
        changed[cell] = written
    stood = labour.values
    if emptied:
        stood = tuple(old for old in stood if (old.unit, old.period, old.indicator) not in emptied)
    return (*stood, *(entered for _cell, entered in added)), changed


_ValueRow = tuple[str, str, str, Decimal | None, Decimal | None, str | None]
"""A row as scoring wants it: unit, period and indicator, value and target, `extra` as JSON."""


def _rows_of_values(row: Competition, since: int = 0, last: int | None = None) -> list[_ValueRow]:
    """Read rows in order and without self-assessments, as columns: a year of 130 × 40 has 60,000.

    With `since`, the rows after that number alone, up to `last`.
    """
    units = select(Unit.id, Unit.code).where(Unit.competition_id == row.id)
    codes = dict(db.session.execute(units).tuples().all())
    connection = db.session.connection()
    if since or last is not None:
        rows = _SINCE.rows(connection, competition=row.id, since=since, last=last or since)
    else:
        rows = _WHOLE.rows(connection, competition=row.id)
    return [
        (
            codes[unit],
            period,
            indicator,
            None if value is None else unscaled(value),
            None if target is None else unscaled(target),
            extra,
        )
        for unit, period, indicator, value, target, extra in rows
    ]


def _columns_of_values() -> Select[Any]:
    entry = table_of(LabourValueEntry).c
    text = cast(entry.extra, Text)
    of_competition = select(Unit.id).where(
        Unit.competition_id == bindparam("competition", type_=BigInteger)
    )
    return (
        select(
            entry.unit_id,
            entry.period,
            entry.indicator,
            # As it is kept: each number that stands there is made a decimal once.
            type_coerce(entry.value, BigInteger),
            type_coerce(entry.target, BigInteger),
            # A key that nothing was written in is null in JSON.
            case((text != "null", text)),
        )
        .where(
            entry.unit_id.in_(of_competition),
            or_(entry.source.is_(None), entry.source != SELF),
        )
        .order_by(entry.id)
    )


_NUMBER = table_of(LabourValueEntry).c.id
_WHOLE = Prepared(_columns_of_values())
_SINCE = Prepared(
    _columns_of_values().where(
        bindparam("since", type_=BigInteger) < _NUMBER,
        bindparam("last", type_=BigInteger) >= _NUMBER,
    )
)


def _by_unit(table: type[Entry], row: Competition) -> Iterator[tuple[Entry, str]]:
    """List the units' rows in a table, with the unit's code, in order."""
    query = (
        select(table, Unit.code)
        .join(Unit, Unit.id == table.unit_id)
        .where(Unit.competition_id == row.id)
        .order_by(table.id)
    )
    yield from db.session.execute(query).tuples()
