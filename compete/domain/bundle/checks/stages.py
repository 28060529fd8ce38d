"""Checks of a stage: its modules and parts, what it carries along and who goes on."""

from collections.abc import Sequence
from decimal import Decimal

from compete.domain.bundle.checks.amounts import note_full, note_least, note_pass
from compete.domain.bundle.checks.codes import Codes, note_reference, note_repeats, nowhere
from compete.domain.bundle.checks.modules import note_module
from compete.domain.bundle.event_types import Module, Stage
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.unreadable import UNREADABLE
from compete.domain.values.messages import listed, msg


def note_stage(stage: Stage, earlier: Sequence[str], path: str, problems: Problems) -> None:
    """Problems of one stage; `earlier` are the codes of those before it."""
    note_repeats(stage.modules, f"{path}.modules", problems)
    note_repeats(stage.parts, f"{path}.parts", problems)
    parts = Codes(stage.parts)
    for index, module in enumerate(stage.modules):
        where = f"{path}.modules[{index}]"
        note_reference(module.part, parts, f"{where}.part", f"{path}.parts", problems)
        note_module(module, where, problems)
    _note_parts(stage, path, problems)
    _note_carry(stage, earlier, f"{path}.carry.from", problems)
    advance = stage.advance
    if advance is not None and advance.top is None and advance.per_unit is None:
        problems.add(f"{path}.advance", msg("top 和 per_unit 至少写一个"))


def _note_parts(stage: Stage, path: str, problems: Problems) -> None:
    for index, part in enumerate(stage.parts):
        where = f"{path}.parts[{index}]"
        note_least(part.weight, 0, f"{where}.weight", problems)
        note_full(part.full, f"{where}.full", problems)
        note_pass(part, where, problems)
        if not _has_weight(stage, part.code):
            problems.add(where, msg("部分里至少要有一个权重大于 0 的模块"))


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
