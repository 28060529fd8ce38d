"""Bulletin corrections since a period was first announced: from what to what, what they moved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compete.documents.bulletin import Chapter
from compete.documents.dates import printed_date
from compete.documents.lists import Column, Row, Section
from compete.documents.standings_list import NONE
from compete.domain.labour.closed_periods import Shift
from compete.domain.labour.totals import PLACES
from compete.domain.values.messages import Message, listed, msg, some_of
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionKind, CorrectionState
from compete.domain.values.points import show
from compete.models import SELF, Competition, LabourValueEntry, PeriodCorrection, Publication, db
from compete.services.kernel.clock import local_time
from compete.services.results.announced_periods import announces
from compete.services.results.bulletin_tables import Told
from compete.services.results.snapshots import publications

OF_SQUARES = (CorrectionKind.VALUE, CorrectionKind.EMPTY)
_NAMED = 5
"""So many units that moved besides the corrected one are named."""


def stood_before(corrections: Sequence[PeriodCorrection]) -> dict[int, Decimal | None]:
    """The value that stood in the square, by the correction's number; None: there was none.

    For one that still waits, or was dropped, what stands there now. Those of no square are left
    out.
    """
    squares = [row for row in corrections if row.kind in OF_SQUARES]
    if not squares:
        return {}
    rows = db.session.scalars(
        select(LabourValueEntry)
        .where(
            LabourValueEntry.unit_id.in_({row.unit_id for row in squares}),
            LabourValueEntry.period.in_({row.period for row in squares}),
            LabourValueEntry.indicator.in_({row.indicator for row in squares}),
        )
        .order_by(LabourValueEntry.id)
    )
    by_square: dict[tuple[int, str, str | None], list[LabourValueEntry]] = {}
    for row in rows:
        if row.source != SELF:
            by_square.setdefault((row.unit_id, row.period, row.indicator), []).append(row)
    return {
        square.id: _before(
            square, by_square.get((square.unit_id, square.period, square.indicator), [])
        )
        for square in squares
    }


def _before(correction: PeriodCorrection, rows: Sequence[LabourValueEntry]) -> Decimal | None:
    """The last before the row that the correction itself added."""
    value = None
    for row in rows:
        if (
            correction.state is CorrectionState.AGREED
            and correction.ended_at is not None
            and row.source == "correction"
            and row.made_at >= correction.ended_at
        ):
            break
        value = row.value
    return value


def correction_words(
    row: PeriodCorrection, period: str, indicator: str, before: Decimal | None
) -> Message:
    """Say what is corrected, from what to what, with the names of its period and indicator."""
    unit = row.unit.name
    points = plain(row.points) if row.points is not None else ""
    was: str | Message = plain(before) if before is not None else msg("缺")
    match row.kind:
        case CorrectionKind.VALUE:
            return msg(
                "%(unit)s %(period)s %(indicator)s 由 %(was)s 改为 %(points)s",
                unit=unit,
                period=period,
                indicator=indicator,
                was=was,
                points=points,
            )
        case CorrectionKind.EMPTY:
            return msg(
                "%(unit)s %(period)s %(indicator)s 原来的 %(was)s 去掉，变成缺",
                unit=unit,
                period=period,
                indicator=indicator,
                was=was,
            )
        case CorrectionKind.ADJUSTMENT:
            return msg(
                "%(unit)s %(period)s 加减分 %(points)s", unit=unit, period=period, points=points
            )
        case CorrectionKind.VETO:
            return msg("%(unit)s %(period)s 一票否决", unit=unit, period=period)
        case CorrectionKind.LIFT:
            return msg("%(unit)s %(period)s 解除一票否决", unit=unit, period=period)


def marks_moved(shift: Shift) -> list[Message]:
    """List the flag, veto and warning that a unit gets or loses."""
    marks = []
    if shift.flags[0] != shift.flags[1]:
        marks.append(msg("得流动红旗") if shift.flags[1] else msg("失去流动红旗"))
    if shift.vetoes[0] != shift.vetoes[1]:
        marks.append(msg("一票否决") if shift.vetoes[1] else msg("不再一票否决"))
    if shift.warnings[0] != shift.warnings[1]:
        marks.append(msg("黄牌") if shift.warnings[1] else msg("不再黄牌"))
    return marks


def corrections_chapter(
    competition: Competition, report: Told, publication: Publication | None
) -> list[Chapter]:
    """The chapter of what a version corrects of an announced period; nothing of the first.

    Why stays with the desk, as it does in the file that is published.
    """
    if publication is None:
        return []
    out = [version for version in publications(competition) if announces(version, report.period)]
    first = min((version.published_at for version in out), default=publication.published_at)
    rows = _agreed(competition, _inside(report), first, publication.published_at)
    if not rows:
        return []
    before = stood_before(rows)
    names = {indicator.code: indicator.name for indicator in report.live.labour.indicators}
    cells = []
    for row in rows:
        code = row.indicator or ""
        what = correction_words(
            row, report.name(row.period), names.get(code, code), before.get(row.id)
        )
        day = (
            printed_date(local_time(row.ended_at).date(), report.translate) if row.ended_at else ""
        )
        cells.append(
            Row((day, report.say(what), report.say(_move_words(report, row))), who=row.unit.name)
        )
    columns = [
        Column(msg("哪天"), width=2),
        Column(msg("更正"), width=4),
        Column(msg("%(period)s动到", period=report.name(report.period)), width=5),
    ]
    return [Chapter(report.say(msg("更正")), table=Section("", columns, cells))]


def _inside(report: Told) -> Collection[str]:
    """The period and all that are part of it, the leaves among them."""
    tree = report.live.outcome.field.tree
    return {
        code
        for leaf in tree.leaves_in(report.period)
        for code in tree.around(leaf)
        if report.period in tree.around(code)
    }


def _agreed(
    competition: Competition, periods: Collection[str], since: datetime, until: datetime
) -> list[PeriodCorrection]:
    return list(
        db.session.scalars(
            select(PeriodCorrection)
            .where(
                PeriodCorrection.competition_id == competition.id,
                PeriodCorrection.state == CorrectionState.AGREED,
                PeriodCorrection.period.in_(periods),
                PeriodCorrection.ended_at > since,
                PeriodCorrection.ended_at <= until,
            )
            .options(joinedload(PeriodCorrection.unit))
            .order_by(PeriodCorrection.ended_at, PeriodCorrection.id)
        )
    )


def _move_words(report: Told, row: PeriodCorrection) -> Message | str:
    """Say what it moved in the period, the corrected unit first."""
    shifts = [msgspec.convert(move, Shift) for move in row.moves or []]
    here = [
        shift
        for shift in shifts
        if shift.period == report.period and shift.unit in report.live.units
    ]
    here.sort(key=lambda shift: shift.unit != row.unit.code)
    if not here:
        return msg("没有谁的得分、名次、红旗跟着变")
    lines: list[Message | str] = [_shift(report, shift) for shift in here[: _NAMED + 1]]
    rest = [report.unit(shift.unit) for shift in here[_NAMED + 1 :]]
    if rest:
        lines.append(msg("还动到 %(names)s", names=some_of(rest)))
    return listed(lines, msg("；"))


def _shift(report: Told, shift: Shift) -> Message:
    lines: list[Message | str] = []
    if shift.totals[0] != shift.totals[1]:
        was, now = (NONE if x is None else show(x, PLACES) for x in shift.totals)
        lines.append(msg("%(was)s → %(now)s", was=was, now=now))
    if shift.ranks[0] != shift.ranks[1]:
        was, now = (NONE if x is None else str(x) for x in shift.ranks)
        lines.append(msg("名次 %(was)s → %(now)s", was=was, now=now))
    lines += marks_moved(shift)
    return msg("%(unit)s %(said)s", unit=report.unit(shift.unit), said=listed(lines, msg("，")))
