"""Standings of a labour competition as tables."""

from collections.abc import Iterator

from compete.commands.columns import Table
from compete.domain.bundle.results import LabourResults, LabourRow
from compete.domain.bundle.types import Bundle
from compete.domain.labour.rows import barred_words
from compete.domain.values.messages import listed, msg
from compete.language import say


def labour_tables(bundle: Bundle, results: LabourResults) -> Iterator[Table]:
    """A table for each period, in the bundle's order, and one of prizes."""
    assert bundle.labour is not None
    units = {unit.code: unit.name for unit in bundle.units}
    periods = {period.code: period.name for period in bundle.labour.periods}
    indicators = {indicator.code: indicator.name for indicator in bundle.labour.indicators}
    head = [msg("名次"), msg("单位"), msg("名称"), msg("组别"), msg("总分"), msg("说明")]
    for period in results.periods:
        rows = [
            [
                "-" if row.rank is None else str(row.rank),
                row.unit,
                units[row.unit],
                row.group or "",
                row.total or "-",
                _note(row, indicators),
            ]
            for row in period.standings
        ]
        title = say(msg("时段：%(name)s", name=periods[period.code]))
        yield Table(title, [say(heading) for heading in head], rows, [0, 4])
    if results.prizes:
        prizes = {prize.code: prize.name for prize in bundle.labour.prizes}
        head = [msg("奖项"), msg("组别"), msg("名次"), msg("单位"), msg("名称"), msg("得分")]
        rows = [
            [prizes[it.prize], it.group or "", str(it.rank), it.unit, units[it.unit], it.value]
            for it in results.prizes
        ]
        yield Table(say(msg("单项奖")), [say(heading) for heading in head], rows, [2, 5])


def _note(row: LabourRow, indicators: dict[str, str]) -> str:
    notes = []
    if row.flag:
        notes.append(say(msg("流动红旗")))
    if row.vetoed:
        notes.append(say(barred_words()))
    if row.warned:
        notes.append(say(msg("黄牌警示")))
    if row.missing:
        names = listed(indicators[code] for code in row.missing)
        notes.append(say(msg("缺：%(names)s", names=names)))
    return " ".join(notes)
