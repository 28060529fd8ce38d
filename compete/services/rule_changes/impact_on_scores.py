"""Impact on scores: what other rules score anew, without anybody's name, rank or points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec
from sqlalchemy import func, select

from compete.domain.aspects.types import Aspect
from compete.domain.bundle import event_types
from compete.domain.values.states import SheetState
from compete.models import Event, Sheet, db
from compete.services.rule_changes.marked_counts import (
    Place,
    modules_of,
    people_with_marks,
    sheets_with,
)


class Redone(StrEnum):
    """The things that are worked out anew."""

    TOTALS = "totals"
    RANKS = "ranks"
    TEAMS = "teams"
    UNITS = "units"
    ITEMS = "items"
    AWARDS = "awards"
    GRADES = "grades"


@dataclass(frozen=True, slots=True)
class Touched:
    """The counts of what a change scores anew: told by the rules and never by who gains.

    `sheets` of which the marks are worked out otherwise, those of them that are `signed` lose
    their signature; `people` are all who were marked in a stage that is added up anew.
    """

    sheets: int
    signed: int
    people: int
    redone: tuple[Redone, ...]


def touched(event: Event, before: event_types.Event, after: event_types.Event) -> Touched:
    """Work out what following `before` by `after` scores anew, as the event stands now."""
    others = aspects_worth_otherwise(before, after)
    sheets = signed = 0
    for (stage, module), aspects in others.items():
        with_any = sheets_with(event, stage, module, aspects)
        count = select(func.count(Sheet.id)).where(Sheet.id.in_(with_any))
        sheets += db.session.scalar(count) or 0
        signed += db.session.scalar(count.where(Sheet.state == SheetState.SIGNED)) or 0
    redone = _redone_by(before, after)
    return Touched(sheets, signed, people_with_marks(event, _stages(before, after)), redone)


def aspects_worth_otherwise(
    before: event_types.Event, after: event_types.Event
) -> dict[Place, list[str]]:
    """The aspects by module of which a value brings other marks, or may be another."""
    now = modules_of(after)
    found: dict[Place, list[str]] = {}
    for place, module in modules_of(before).items():
        wanted = {aspect.code: aspect for aspect in now[place].aspects} if place in now else {}
        codes = [
            aspect.code
            for aspect in module.aspects
            if aspect.code in wanted and worth(aspect) != worth(wanted[aspect.code])
        ]
        if codes:
            found[place] = codes
    return found


def sheets_changed(before: event_types.Event, after: event_types.Event) -> list[Place]:
    """The modules whose sheets say anything else: judges have to see them anew."""
    now = modules_of(after)
    return [
        place
        for place, module in modules_of(before).items()
        if place in now and sheet_of(module) != sheet_of(now[place])
    ]


def sheet_of(module: event_types.Module) -> tuple[object, ...]:
    """The part of a module that stands on its sheets or makes its score of them."""
    return module.full, module.panel, module.aspects, module.extra


def worth(aspect: Aspect) -> Aspect:
    """An aspect without its words: of two that are equal so a value brings the same marks."""
    return msgspec.structs.replace(aspect, name="", criterion=None, standard=None, extra=None)


def stage_scoring(stage: event_types.Stage) -> event_types.Stage:
    """A stage without words and pass marks: what its totals and who goes on hang on."""
    bare = msgspec.structs.replace
    modules = (
        bare(each, name="", pass_=None, extra=None, aspects=tuple(map(worth, each.aspects)))
        for each in stage.modules
    )
    parts = (bare(each, name="", pass_=None, extra=None) for each in stage.parts)
    return bare(stage, name="", modules=tuple(modules), parts=tuple(parts), extra=None)


def ranking_scoring(rules: event_types.Event) -> tuple[object, object]:
    """The event's rules for all its stages: how they are ranked and rounded."""
    return rules.ranking, rules.rounding


def _redone_by(before: event_types.Event, after: event_types.Event) -> tuple[Redone, ...]:
    """Say what is worked out anew; with totals and ranks also what hangs on them."""
    totals = _totals(before) != _totals(after)
    ranks = totals or before.ranking != after.ranking
    least = _pass_marks(before) != _pass_marks(after)

    def there(key: str, *, also: bool = False) -> bool:
        wanted = getattr(after, key)
        return getattr(before, key) != wanted or (bool(wanted) and (ranks or also))

    found = {
        Redone.TOTALS: totals,
        Redone.RANKS: ranks,
        Redone.TEAMS: there("team_ranking"),
        Redone.UNITS: there("unit_ranking"),
        Redone.ITEMS: there("items"),
        Redone.AWARDS: there("awards", also=least or before.items != after.items),
        Redone.GRADES: there("grades", also=least or before.awards != after.awards),
    }
    return tuple(kind for kind, is_it in found.items() if is_it)


def _stages(before: event_types.Event, after: event_types.Event) -> list[str]:
    """The stages that are added up or ranked anew: those that differ, and all after them."""
    if ranking_scoring(before) != ranking_scoring(after):
        return [stage.code for stage in after.stages]
    was = {stage.code: stage_scoring(stage) for stage in before.stages}
    other = [stage_scoring(stage) != was.get(stage.code) for stage in after.stages]
    if True not in other:
        return []
    return [stage.code for stage in after.stages[other.index(True) :]]


def _totals(rules: event_types.Event) -> tuple[object, ...]:
    return rules.rounding, *map(stage_scoring, rules.stages)


def _pass_marks(rules: event_types.Event) -> list[object]:
    return [
        [(each.code, each.pass_) for each in stage.modules]
        + [(each.code, each.pass_) for each in stage.parts]
        for stage in rules.stages
    ]
