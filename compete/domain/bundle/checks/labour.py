"""Checks of a labour competition: its tree of periods and what is written down in it."""

from compete.domain.bundle.checks.amounts import note_above_zero, note_below_zero
from compete.domain.bundle.checks.codes import (
    Codes,
    note_loops,
    note_reference,
    note_repeats,
    nowhere,
    unknown_tie,
)
from compete.domain.bundle.checks.indicators import note_indicators, note_leaf
from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.bundle.types import Bundle
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain


def note_labour(bundle: Bundle, problems: Problems) -> None:
    labour = bundle.labour
    assert labour is not None
    units, periods = Codes(bundle.units), Codes(labour.periods)
    leaves = {period.code for period in labour.periods}
    leaves -= {period.part_of for period in labour.periods}
    _note_periods(labour, periods, problems)
    note_indicators(labour, periods, leaves, problems)
    _note_values(labour, units, periods, leaves, problems)
    _note_groups(labour, units, problems)
    _note_changes(labour, units, periods, problems)
    _note_ties(labour, problems)
    _note_flags(labour, periods, problems)
    _note_prizes(labour, periods, problems)


def _note_periods(labour: Labour, periods: Codes, problems: Problems) -> None:
    path = "labour.periods"
    note_repeats(labour.periods, path, problems)
    roots = []
    for index, period in enumerate(labour.periods):
        note_reference(period.part_of, periods, f"{path}[{index}].part_of", path, problems)
        note_above_zero(period.weight, f"{path}[{index}].weight", problems)
        if period.part_of is None:
            roots.append(index)
    note_loops(labour.periods, lambda period: period.part_of, path, "part_of", problems)
    for index in roots[1:]:
        problems.add(
            f"{path}[{index}].part_of",
            msg("只能有一个时段不属于别的时段，%(where)s 已经是", where=f"{path}[{roots[0]}]"),
        )
    parents = [period.part_of for period in labour.periods]
    if not roots and periods.whole and UNREADABLE not in parents:
        problems.add(path, msg("要有一个时段不属于别的时段"))


def _note_groups(labour: Labour, units: Codes, problems: Problems) -> None:
    if labour.groups:
        for code in labour.groups:
            note_reference(code, units, f"labour.groups.{code}", "units", problems)


def _note_changes(labour: Labour, units: Codes, periods: Codes, problems: Problems) -> None:
    """Note a cap below 0, and adjustments and vetoes of no unit or in no period."""
    note_below_zero(labour.adjust_cap, "labour.adjust_cap", problems)
    for name in ("adjustments", "vetoes"):
        for index, entry in enumerate(getattr(labour, name)):
            path = f"labour.{name}[{index}]"
            note_reference(entry.unit, units, f"{path}.unit", "units", problems)
            note_reference(entry.period, periods, f"{path}.period", "labour.periods", problems)


def _note_ties(labour: Labour, problems: Problems) -> None:
    indicators = Codes(labour.indicators)
    for index, key in enumerate(labour.ties):
        path = f"labour.ties[{index}]"
        if key is UNREADABLE:
            continue
        kind, _, code = key.partition(":")
        if kind != "indicator":
            problems.add(path, unknown_tie(key, ["indicator:…"]))
        elif indicators.lacks(code):
            problems.add(path, nowhere(key, "labour.indicators"))


def _note_flags(labour: Labour, periods: Codes, problems: Problems) -> None:
    if labour.flags is None:
        if labour.warn_below not in (None, UNREADABLE):
            problems.add(
                "labour.warn_below", msg("没有评流动红旗（flags），不能写黄牌线（warn_below）")
            )
        return
    for index, code in enumerate(labour.flags.periods):
        path = f"labour.flags.periods[{index}]"
        note_reference(code, periods, path, "labour.periods", problems)


def _note_prizes(labour: Labour, periods: Codes, problems: Problems) -> None:
    note_repeats(labour.prizes, "labour.prizes", problems)
    named = {"indicator": Codes(labour.indicators), "heading": _headings(labour)}
    for index, prize in enumerate(labour.prizes):
        path = f"labour.prizes[{index}]"
        note_reference(prize.period, periods, f"{path}.period", "labour.periods", problems)
        if prize.by is UNREADABLE:
            continue
        kind, _, name = prize.by.partition(":")
        if kind not in named:
            problems.add(
                f"{path}.by",
                msg(
                    "不认识“%(key)s”，可以写：%(allowed)s",
                    key=prize.by,
                    allowed="indicator:…、heading:…",
                ),
            )
        else:
            note_reference(name, named[kind], f"{path}.by", "labour.indicators", problems)


def _headings(labour: Labour) -> Codes:
    """The headings of indicators, to be looked up as codes are."""
    headings = Codes(labour.indicators)
    headings.by_code = {
        indicator.heading: indicator
        for indicator in labour.indicators
        if indicator is not UNREADABLE and indicator.heading is not None
    }
    headings.whole = headings.whole and UNREADABLE not in headings.by_code
    return headings


def _note_values(
    labour: Labour, units: Codes, periods: Codes, leaves: set[str], problems: Problems
) -> None:
    indicators = Codes(labour.indicators)
    for index, value in enumerate(labour.values):
        path = f"labour.values[{index}]"
        note_reference(value.unit, units, f"{path}.unit", "units", problems)
        note_leaf(value.period, periods, leaves, f"{path}.period", problems)
        note_reference(
            value.indicator, indicators, f"{path}.indicator", "labour.indicators", problems
        )
        indicator = indicators.by_code.get(value.indicator)
        if indicator is not None:
            _note_asked(value, indicator, leaves, f"{path}.indicator", problems)
            _note_scale(value, indicator, path, problems)


def _note_asked(
    value: LabourValue, indicator: Indicator, leaves: set[str], path: str, problems: Problems
) -> None:
    if indicator.periods and value.period in leaves and value.period not in indicator.periods:
        problems.add(
            path,
            msg(
                "时段 %(period)s 不考核指标 %(indicator)s",
                period=value.period,
                indicator=value.indicator,
            ),
        )


def _note_scale(value: LabourValue, indicator: Indicator, path: str, problems: Problems) -> None:
    kind = indicator.scoring.type
    if kind == ScoringType.SCORE and (value.value < 0 or value.value > indicator.max):
        problems.add(
            f"{path}.value",
            msg(
                "单位 %(unit)s 的指标 %(indicator)s 是 %(found)s，应当在 0 到 %(max)s 之间",
                unit=value.unit,
                indicator=value.indicator,
                found=plain(value.value),
                max=plain(indicator.max),
            ),
        )
    if kind == ScoringType.COMPLETION:
        if value.target is None:
            problems.add(f"{path}.target", msg("按完成率计分要有目标（target）"))
        elif value.target <= 0:
            problems.add(
                f"{path}.target",
                msg("目标是 %(found)s，应当大于 0", found=plain(value.target)),
            )
