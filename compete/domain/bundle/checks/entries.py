"""Checks of an entrant's outcomes, penalties and times in a stage."""

from typing import Any

from compete.domain.bundle.checks.amounts import note_above_zero, note_below_zero
from compete.domain.bundle.checks.codes import Codes, note_reference
from compete.domain.bundle.event_types import Event, Module
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.types import Bundle, Penalty
from compete.domain.values.messages import msg

Events = dict[str, Event]


def note_entries(bundle: Bundle, entrants: Codes, events: Events, problems: Problems) -> None:
    for name in ("outcomes", "penalties", "times"):
        for index, entry in enumerate(getattr(bundle, name)):
            find_module(entry, f"{name}[{index}]", entrants, events, problems)
    for index, penalty in enumerate(bundle.penalties):
        _note_penalty(penalty, f"penalties[{index}]", problems)
    for index, time in enumerate(bundle.times):
        note_below_zero(time.seconds, f"times[{index}].seconds", problems)


def find_module(
    entry: Any, path: str, entrants: Codes, events: Events, problems: Problems
) -> Module | None:
    """The module that an entry is about; note one that points nowhere.

    None too where the entry is about a whole stage, or the way there was
    unreadable.
    """
    note_reference(entry.entrant, entrants, f"{path}.entrant", "entrants", problems)
    entrant = entrants.by_code.get(entry.entrant)
    event = events.get(entrant.event) if entrant is not None else None
    if event is None:
        return None
    stages = Codes(event.stages)
    where = msg("赛项 %(event)s 的赛段", event=event.code)
    note_reference(entry.stage, stages, f"{path}.stage", where, problems)
    stage = stages.by_code.get(entry.stage)
    if stage is None:
        return None
    modules = Codes(stage.modules)
    where = msg("赛段 %(stage)s 的模块", stage=entry.stage)
    note_reference(entry.module, modules, f"{path}.module", where, problems)
    return modules.by_code.get(entry.module)


def _note_penalty(penalty: Penalty, path: str, problems: Problems) -> None:
    note_above_zero(penalty.points, f"{path}.points", problems)
    note_below_zero(penalty.seconds, f"{path}.seconds", problems)
    if penalty.points is None and penalty.seconds is None:
        problems.add(path, msg("points 和 seconds 至少写一个"))
