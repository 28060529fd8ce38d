"""Public list of an evaluation: the people who got the grade, names masked."""

from __future__ import annotations

import msgspec

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import EvaluationEvent, VerdictRow
from compete.domain.bundle.types import Bundle
from compete.domain.evaluation.verdicts import evaluate
from compete.domain.identity.masks import mask_name


class Passed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person who got the grade; `marks` of modules without a part and of parts."""

    entrant: str
    name: str
    marks: dict[str, str | None] | None = None


class PassedOfEvent(msgspec.Struct, frozen=True):
    code: str
    name: str
    grade: int | None
    passed: list[Passed]


class PassedList(msgspec.Struct, frozen=True, tag_field="format", tag="compete-passed/1"):
    """The list of those who passed. The file's `format` is always `compete-passed/1`."""

    competition: str
    name: str
    events: list[PassedOfEvent]


def passed_list(bundle: Bundle, *, marks: bool = False) -> PassedList:
    """List the people who got the grade of an event, and with `marks` what they reached."""
    names = {entrant.code: entrant.name for entrant in bundle.entrants}
    pairs = zip(bundle.events, evaluate(bundle).events, strict=True)
    return PassedList(
        bundle.competition.code,
        bundle.competition.name,
        [
            PassedOfEvent(
                event.code, event.name, event.grade, _passed(event, results, names, marks)
            )
            for event, results in pairs
        ],
    )


def write_passed(passed: PassedList) -> bytes:
    """The list as the bytes of a JSON file."""
    return msgspec.json.format(msgspec.json.encode(passed), indent=1) + b"\n"


def _passed(
    event: Event, results: EvaluationEvent, names: dict[str, str], with_marks: bool
) -> list[Passed]:
    rows = {row.entrant: row for row in results.verdicts}
    return [
        Passed(
            grade.entrant,
            mask_name(names[grade.entrant]),
            _marks(event, rows[grade.entrant]) if with_marks else None,
        )
        for grade in results.grades
    ]


def _marks(event: Event, row: VerdictRow) -> dict[str, str | None]:
    alone = [module.code for module in event.stages[0].modules if module.part is None]
    marks = {code: row.modules[code].score for code in alone}
    return marks | {code: judged.score for code, judged in row.parts.items()}
