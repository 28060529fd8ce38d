"""The standings of a period as rows: totals, ranks, flags and the parts they come from."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.bundle import Bundle, Labour, LabourResults, LabourRow, PeriodResults
from compete.web.organiser.labour.development import Development
from compete.web.organiser.labour.shapes import FlagCard, RowResult, UnitRow


def has_parts(labour: Labour, code: str) -> bool:
    """Whether a period is made of others."""
    return any(period.part_of == code for period in labour.periods)


def flags_are_given(labour: Labour, period: str) -> bool:
    """Whether red flags are given in a period."""
    flags = labour.flags
    return flags is not None and (not flags.periods or period in flags.periods)


def standings_row(
    row: LabourRow, bundle: Bundle, results: LabourResults, inner: list[str], led: Development
) -> UnitRow:
    """One unit: what it had in the periods inside this one, and how it got here."""
    assert bundle.labour is not None
    indicators = {indicator.code: indicator.name for indicator in bundle.labour.indicators}
    totals = {
        period.code: next((r.total for r in period.standings if r.unit == row.unit), None)
        for period in results.periods
        if period.code in inner
    }
    return UnitRow(
        rank=row.rank,
        name=next(unit.name for unit in bundle.units if unit.code == row.unit),
        flag=row.flag,
        move=led.move(row),
        spark=led.spark(row.unit),
        values=totals,
        total=row.total,
        result=_result(row),
        missing=[indicators[code] for code in row.missing],
    )


def _result(row: LabourRow) -> RowResult | None:
    if row.vetoed:
        return RowResult(text=_("一票否决"), kind="bad")
    if row.flag:
        return RowResult(text=_("流动红旗"), kind="flag")
    if row.warned:
        return RowResult(text=_("黄牌"), kind="warn")
    if row.rank is None:
        return RowResult(text=_("没填齐"), kind="warn")
    return None


def flag_words(
    period: PeriodResults, group: str | None, bundle: Bundle, labour: Labour
) -> FlagCard:
    """Who holds the red flag of a group, or why nobody does."""
    assert labour.flags is not None
    names = {unit.code: unit.name for unit in bundle.units}
    holders = [names[row.unit] for row in period.standings if row.flag and row.group == group]
    text = ""
    if not holders:
        text = _("没有够 %(least)s 分又没被否决的单位", least=f"{labour.flags.min:f}")
    return FlagCard(group=group or _("全部单位"), name=_("、").join(holders) or None, text=text)
