"""Checks of indicator values: asked there, on their scale, with a target where one is needed."""

from compete.domain.bundle.checks.codes import Codes, note_reference
from compete.domain.bundle.checks.indicators import note_leaf
from compete.domain.bundle.labour_types import Indicator, Labour, LabourValue
from compete.domain.bundle.problems import Problems
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import msg
from compete.domain.values.numerals import plain


def note_values(
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
