"""Stages to come: results leave open who gets what while a later stage is to be judged."""

from __future__ import annotations

import msgspec

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EventResults, Results
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState
from compete.models import Competition

_BEING_JUDGED = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def stage_to_come(competition: Competition, event: EventResults) -> str | None:
    """The code of the first later stage in which somebody has no score yet; None once all have.

    Who stopped before it has a rank already, and by the rules an award: those of the later stage
    have none, so they do not stand in the way. It would be taken back.
    """
    if competition.state not in _BEING_JUDGED:
        return None
    for stage in event.stages[1:]:
        if any(row.status == "incomplete" for row in stage.standings):
            return stage.code
    return None


def why_provisional(competition: Competition, rules: Event, event: EventResults) -> Message | None:
    """Say that a stage is still to be judged, and what hangs on it; None once all are."""
    code = stage_to_come(competition, event)
    if code is None:
        return None
    name = next(stage.name for stage in rules.stages if stage.code == code)
    return msg("“%(stage)s”还没评完：名次是暂定的，奖项和拟晋升等它评完才算", stage=name)


def without_promises(competition: Competition, event: EventResults) -> EventResults:
    """The event's results, without awards, grades and honours while a stage is to come."""
    if stage_to_come(competition, event) is None:
        return event
    return msgspec.structs.replace(
        event,
        awards=None if event.awards is None else [],
        grades=None if event.grades is None else [],
        honours=None if event.honours is None else [],
    )


def all_without_promises(competition: Competition, results: Results) -> Results:
    """The same of every event."""
    events = [without_promises(competition, event) for event in results.events]
    return msgspec.structs.replace(results, events=events)
