"""Checks of a stage: its modules with their panels, its parts, what it carries along."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from compete.domain.aspects.kind import Reckoning
from compete.domain.aspects.kinds import kind_of
from compete.domain.bundle.checks.amounts import note_above_zero, note_below_zero, note_pass
from compete.domain.bundle.checks.aspects import note_aspect
from compete.domain.bundle.checks.codes import Codes, note_reference, note_repeats, nowhere
from compete.domain.bundle.event_types import Module, Panel, Part, Stage
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.kinds import Combine, Reduced
from compete.domain.values.messages import listed, msg
from compete.domain.values.numerals import EXACTLY, plain


def note_stage(stage: Stage, earlier: Sequence[str], path: str, problems: Problems) -> None:
    """Problems of one stage; `earlier` are the codes of those before it."""
    note_repeats(stage.modules, f"{path}.modules", problems)
    note_repeats(stage.parts, f"{path}.parts", problems)
    parts = Codes(stage.parts)
    for index, module in enumerate(stage.modules):
        where = f"{path}.modules[{index}]"
        note_reference(module.part, parts, f"{where}.part", f"{path}.parts", problems)
        _note_module(module, where, problems)
    _note_parts(stage, path, problems)
    _note_carry(stage, earlier, f"{path}.carry.from", problems)
    advance = stage.advance
    if advance is not None and advance.top is None and advance.per_unit is None:
        problems.add(f"{path}.advance", msg("top 和 per_unit 至少写一个"))
    for key in ("without", "also", "missed") if advance is not None else ():
        codes = getattr(advance, key)
        for number, code in enumerate(() if codes is UNREADABLE else codes):
            if code in codes[:number]:
                where = f"{path}.advance.{key}[{number}]"
                problems.add(where, msg("“%(code)s”写了两次", code=code))


def _note_parts(stage: Stage, path: str, problems: Problems) -> None:
    for index, part in enumerate(stage.parts):
        where = f"{path}.parts[{index}]"
        note_below_zero(part.weight, f"{where}.weight", problems)
        note_above_zero(part.full, f"{where}.full", problems)
        note_pass(part, where, problems)
        if not _has_weight(stage, part.code):
            problems.add(where, msg("部分里至少要有一个权重大于 0 的模块"))
        _note_take(stage, part, path, where, problems)


def _note_take(stage: Stage, part: Part, path: str, where: str, problems: Problems) -> None:
    """Note attempts that are too few, of different weights, or with a pass mark."""
    if stage.modules is UNREADABLE or UNREADABLE in (part, part.code, part.take):
        return
    if part.take is None:
        return
    attempts = [
        (f"{path}.modules[{index}]", module)
        for index, module in enumerate(stage.modules)
        if module is not UNREADABLE and module.part == part.code
    ]
    unknown = any(UNREADABLE in (module, module.part) for module in stage.modules)
    best = part.take.best
    if best is not UNREADABLE and not unknown and attempts and best > len(attempts):
        problems.add(
            f"{where}.take.best",
            msg("取最好的 %(best)s 次，可只有 %(there)s 次", best=best, there=len(attempts)),
        )
    for place, module in attempts:
        if UNREADABLE not in (module.weight, attempts[0][1].weight) and (
            module.weight != attempts[0][1].weight
        ):
            problems.add(
                f"{place}.weight",
                msg(
                    "几次的权重要一样：第一次是 %(first)s，这里是 %(found)s",
                    first=plain(attempts[0][1].weight),
                    found=plain(module.weight),
                ),
            )
        if module.pass_ not in (None, UNREADABLE):
            problems.add(f"{place}.pass", msg("取最好几次的部分里，模块不写及格线，部分可以写"))


def _has_weight(stage: Stage, code: str) -> bool:
    """True if a module of positive weight is, or could be, in the part."""
    if UNREADABLE in stage.modules or stage.modules is UNREADABLE or code is UNREADABLE:
        return True
    return any(
        module.part is UNREADABLE or (module.part == code and not _weighs_nothing(module))
        for module in stage.modules
    )


def _weighs_nothing(module: Module) -> bool:
    """True if a weight is surely nothing; an unreadable or missing one may weigh something."""
    return isinstance(module.weight, Decimal) and module.weight <= 0


def _note_carry(stage: Stage, earlier: Sequence[str], path: str, problems: Problems) -> None:
    if stage.carry is None or UNREADABLE in earlier:
        return
    start = stage.carry.from_
    if start is not UNREADABLE and start not in earlier:
        problems.add(path, nowhere(start, _listed(earlier)))


def _listed(earlier: Sequence[str]) -> object:
    """The stages before this one, in words."""
    if not earlier:
        return msg("更早的赛段（这里没有更早的）")
    return msg("更早的赛段（%(codes)s）", codes=listed(earlier))


def _note_module(module: Module, path: str, problems: Problems) -> None:
    note_below_zero(module.weight, f"{path}.weight", problems)
    note_above_zero(module.full, f"{path}.full", problems)
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
    note_below_zero(panel.max_spread, f"{path}.max_spread", problems)
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
