"""The judges of a whole competition, out of its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from compete.domain.aspects.kind import Value
from compete.domain.bundle.event_types import Module
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.reliability.analysis import Analysis, MarkedSheet, analyse_module, tells_hours


class ModulePlace(NamedTuple):
    """Where a module stands: its event, stage and own code."""

    event: str
    stage: str
    module: str


def analyses(bundle: Bundle) -> Iterator[tuple[ModulePlace, Analysis]]:
    """The analysis of each module that has a whole sheet, in the order of the rules.

    What is said holds for the competition: at most one in twenty whose judges are all fair has
    any advice.
    """
    modules = {
        ModulePlace(event.code, stage.code, module.code): module
        for event in bundle.events
        for stage in event.stages
        for module in stage.modules
    }
    sheets = _sheets(bundle, modules)
    names = {judge.code: f"{judge.code} {judge.name}" for judge in bundle.judges}
    compared = sum(len({sheet.judge for sheet in of_module}) for of_module in sheets.values())
    for place, module in modules.items():
        if sheets[place]:
            yield place, analyse_module(module, sheets[place], names, compared)


def _sheets(
    bundle: Bundle, modules: dict[ModulePlace, Module]
) -> dict[ModulePlace, list[MarkedSheet]]:
    """The whole sheets of each module; of a mark given twice the later one counts."""
    entrants = {entrant.code: entrant for entrant in bundle.entrants}
    units = {judge.code: judge.unit for judge in bundle.judges}
    given: dict[ModulePlace, dict[tuple[str, str], dict[str, Mark]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for mark in bundle.marks:
        place = ModulePlace(entrants[mark.entrant].event, mark.stage, mark.module)
        given[place][mark.entrant, mark.judge][mark.aspect] = mark
    sheets: dict[ModulePlace, list[MarkedSheet]] = {}
    for place, module in modules.items():
        whole = {
            who: marks for who, marks in given[place].items() if len(marks) == len(module.aspects)
        }
        hours = _hours(whole)
        sheets[place] = [
            MarkedSheet(
                entrant=entrant,
                judge=judge,
                values=_values(marks),
                hour=hours.get((entrant, judge)),
                own=units.get(judge) is not None and units[judge] == entrants[entrant].unit,
            )
            for (entrant, judge), marks in whole.items()
        ]
    return sheets


def _values(marks: dict[str, Mark]) -> dict[str, Value]:
    return {aspect: mark.value for aspect, mark in marks.items()}


def _hours(sheets: dict[tuple[str, str], dict[str, Mark]]) -> dict[tuple[str, str], float]:
    """When each sheet was marked, by the last of its marks; empty if the file does not say."""
    ends = {}
    for who, marks in sheets.items():
        moments = [at for mark in marks.values() if (at := _moment(mark.at)) is not None]
        if moments:
            ends[who] = max(moments).timestamp() / 3600
    return ends if tells_hours(list(ends.values())) else {}


def _moment(text: str | None) -> datetime | None:
    """The moment of a mark; one without a zone is as good as any other without."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
