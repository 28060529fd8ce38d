"""The ranks as they would be with one judge left out."""

from __future__ import annotations

import msgspec

from compete.domain.bundle.event_types import Event, Module
from compete.domain.bundle.types import Bundle, Mark
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.scoring.scorer import Scorer


class Move(msgspec.Struct, frozen=True):
    """An entrant's final rank with everybody, and without the judge."""

    entrant: str
    before: int | None
    after: int | None


class WithoutJudge(msgspec.Struct, frozen=True):
    """The effect of leaving a judge out.

    `kept_in` names the modules in which the judge is somebody's only one;
    there the marks stay. `is_possible` is false where that is so everywhere.
    """

    judge: str
    is_possible: bool
    kept_in: tuple[tuple[str, str], ...]
    moves: tuple[Move, ...]


def without_each_judge(bundle: Bundle, event: EventScorer) -> list[WithoutJudge]:
    """The event scored again without each judge who marked in it.

    As if the judge had given no sheet to anyone whom others judged too; the
    fewest sheets that will do are lowered by one where the judge marked.
    """
    own = _only(bundle, event.event)
    judges = sorted({mark.judge for mark in own.marks})
    return [_without(own, event, judge) for judge in judges]


def _only(bundle: Bundle, event: Event) -> Bundle:
    """Keep nothing of the bundle but one event, without what hangs on the ranks."""
    entrants = tuple(entrant for entrant in bundle.entrants if entrant.event == event.code)
    codes = {entrant.code for entrant in entrants}
    bare = msgspec.structs.replace(
        event, team_ranking=None, unit_ranking=None, items=(), awards=(), grades=()
    )
    return msgspec.structs.replace(
        bundle,
        entrants=entrants,
        events=(bare,),
        marks=tuple(mark for mark in bundle.marks if mark.entrant in codes),
        outcomes=tuple(outcome for outcome in bundle.outcomes if outcome.entrant in codes),
        penalties=tuple(penalty for penalty in bundle.penalties if penalty.entrant in codes),
        times=tuple(time for time in bundle.times if time.entrant in codes),
        playoffs=tuple(playoff for playoff in bundle.playoffs if playoff.event == event.code),
    )


def _without(bundle: Bundle, event: EventScorer, judge: str) -> WithoutJudge:
    out = [mark for mark in bundle.marks if mark.judge == judge and not _is_alone(event, mark)]
    kept_in = dict.fromkeys(
        (mark.stage, mark.module)
        for mark in bundle.marks
        if mark.judge == judge and _is_alone(event, mark)
    )
    marked = {(mark.stage, mark.module) for mark in out}
    left = msgspec.structs.replace(
        bundle,
        events=tuple(_loosened(event, marked) for event in bundle.events),
        marks=tuple(mark for mark in bundle.marks if mark.judge != judge or _is_alone(event, mark)),
    )
    now = Scorer(left).events[event.event.code].finals.places
    moves = [
        Move(code, place.rank, now[code].rank)
        for code, place in event.finals.places.items()
        if place.rank != now[code].rank
    ]
    moves.sort(key=lambda move: (move.before is None, move.before or 0, move.entrant))
    return WithoutJudge(judge, bool(out), tuple(kept_in), tuple(moves))


def _is_alone(event: EventScorer, mark: Mark) -> bool:
    """True if nobody else has judged the entrant in the module."""
    stage = next(stage for stage in event.stages if stage.plan.code == mark.stage)
    book = stage.module_books[stage.plan.module_places[mark.module]]
    return book.sheets[mark.entrant].keys() == {mark.judge}


def _loosened(event: Event, marked: set[tuple[str, str]]) -> Event:
    """Lower the sheets needed by one in the modules that the judge marked."""
    stages = tuple(
        msgspec.structs.replace(
            stage,
            modules=tuple(
                _with_fewer(module) if (stage.code, module.code) in marked else module
                for module in stage.modules
            ),
        )
        for stage in event.stages
    )
    return msgspec.structs.replace(event, stages=stages)


def _with_fewer(module: Module) -> Module:
    least = max(module.panel.least_sheets - 1, 1)
    panel = msgspec.structs.replace(module.panel, min=least)
    return msgspec.structs.replace(module, panel=panel)
