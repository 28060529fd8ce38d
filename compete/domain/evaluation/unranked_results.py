"""Unranked results: an evaluation's in the shape of a contest's, for all that serves both."""

from __future__ import annotations

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import (
    EvaluationEvent,
    EvaluationResults,
    EventResults,
    FinalRow,
    GradeRow,
    ModuleResult,
    Results,
    StageResults,
    StageRow,
    VerdictRow,
)
from compete.domain.bundle.types import Bundle

_STATUS = {"absent": "dns", "incomplete": "incomplete", "dsq": "dsq"}
"""A contest's words for a whole verdict; who passed or failed has all marks."""


class EvaluatedEvent(EventResults, frozen=True):
    """An event in which nobody has a rank, a total or points; `evaluation` has the verdicts."""

    evaluation: EvaluationEvent | None = None


def unranked(results: Results, bundle: Bundle) -> Results:
    """Results of an evaluation with everybody in code order, without ranks; others as they are."""
    if not isinstance(results, EvaluationResults):
        return results
    rules = {event.code: event for event in bundle.events}
    return Results(
        competition=results.competition,
        events=[_event(event, rules[event.code]) for event in results.events],
    )


def verdicts_of(event: EventResults) -> EvaluationEvent:
    """The verdicts of an evaluation's event."""
    assert isinstance(event, EvaluatedEvent)
    assert event.evaluation is not None
    return event.evaluation


def _event(results: EvaluationEvent, rules: Event) -> EvaluatedEvent:
    stage = rules.stages[0].code
    return EvaluatedEvent(
        code=results.code,
        stages=[StageResults(stage, [_row(row) for row in results.verdicts])],
        standings=[
            FinalRow(row.entrant, None, _STATUS.get(row.verdict, "ranked"), None, stage)
            for row in results.verdicts
        ],
        grades=[
            GradeRow(got.entrant, got.grade, got.applies or "", "promoted", [])
            for got in results.grades
        ],
        evaluation=results,
    )


def _row(row: VerdictRow) -> StageRow:
    return StageRow(
        entrant=row.entrant,
        rank=None,
        status=_STATUS.get(row.verdict, "ranked"),
        total=None,
        modules={
            code: ModuleResult(judged.score, None, judged.flags)
            for code, judged in row.modules.items()
        },
        parts={code: judged.score for code, judged in row.parts.items()},
        advanced=None,
    )
