"""Checks of a module: its panel, its aspects, and full marks that add up."""

from decimal import Decimal, localcontext

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.checks.amounts import note_full, note_least, note_pass
from compete.domain.bundle.checks.aspects import note_aspect
from compete.domain.bundle.checks.codes import note_repeats
from compete.domain.bundle.event_types import Module, Panel
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.kinds import Combine, Reduced
from compete.domain.values.messages import msg
from compete.domain.values.numerals import EXACTLY, plain


def note_module(module: Module, path: str, problems: Problems) -> None:
    note_least(module.weight, 0, f"{path}.weight", problems)
    note_full(module.full, f"{path}.full", problems)
    _note_sum(module, f"{path}.full", problems)
    note_pass(module, path, problems)
    _note_panel(module.panel, f"{path}.panel", problems)
    _note_relative(module, f"{path}.panel.size", problems)
    note_repeats(module.aspects, f"{path}.aspects", problems)
    for index, aspect in enumerate(module.aspects):
        note_aspect(aspect, f"{path}.aspects[{index}]", problems)


def _note_sum(module: Module, path: str, problems: Problems) -> None:
    """Note full marks other than the sum of max × factor (× judges, where they are summed)."""
    if module.aspects is UNREADABLE:
        return
    with localcontext(EXACTLY):
        total = sum((aspect.max * aspect.factor for aspect in module.aspects), Decimal(0))
        together = total * module.panel.size
    if module.panel.combine != Combine.SUM:
        if total != module.full:
            problems.add(
                path,
                msg(
                    "满分是 %(full)s，应当等于各评分点满分乘系数之和：%(sum)s",
                    full=plain(module.full),
                    sum=plain(total),
                ),
            )
    elif together != module.full:
        problems.add(
            path,
            msg(
                "满分是 %(full)s，应当等于各评分点满分乘系数之和再乘 %(size)s 位裁判：%(sum)s",
                full=plain(module.full),
                size=module.panel.size,
                sum=plain(together),
            ),
        )


def _note_panel(panel: Panel, path: str, problems: Problems) -> None:
    note_least(panel.max_spread, 0, f"{path}.max_spread", problems)
    if panel.min is not None and panel.min > panel.size:
        problems.add(
            f"{path}.min",
            msg(
                "最少 %(min)s 份评分表，可裁判只有 %(size)s 位",
                min=panel.min,
                size=panel.size,
            ),
        )
    if panel.combine == Combine.SUM and panel.reduced == Reduced.MEAN:
        problems.add(f"{path}.reduced", msg("combine 是 sum 时，reduced 不能是 mean"))


def _note_relative(module: Module, path: str, problems: Problems) -> None:
    """Note a relative aspect that is not one judge's."""
    if module.panel.size > 1 and any(
        aspect.type is not UNREADABLE and kind_of(aspect).reckoning is Reckoning.FIELD
        for aspect in module.aspects
    ):
        problems.add(
            path,
            msg(
                "有“和最好的比”评分点（relative）的模块只能有 1 位裁判，这里是 %(size)s 位",
                size=module.panel.size,
            ),
        )
