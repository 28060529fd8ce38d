"""Results of a competition, in the shape of the published results file.

The bundle format, section “Results”. Attributes stand in the file's order.
Points are texts with exactly the stated places. What an event does not ask
for is None and is left out of the file.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from compete.domain.values.kinds import NoticeKind


class _Row(msgspec.Struct, frozen=True, gc=False):
    """Base of result rows. A row is never changed: a new result has a new row."""


class ModuleResult(_Row, frozen=True):
    score: str | None
    points: str | None
    flags: list[str]


class StageRow(_Row, frozen=True, kw_only=True):
    entrant: str
    rank: int | None
    status: str
    total: str | None
    modules: dict[str, ModuleResult]
    parts: dict[str, str | None]
    counted: dict[str, list[str]] | msgspec.UnsetType = msgspec.UNSET
    """Of parts of several attempts, those that count; only in a stage with such a part."""
    advanced: bool | None


class StageResults(_Row, frozen=True):
    code: str
    standings: list[StageRow]


class FinalRow(_Row, frozen=True):
    entrant: str
    rank: int | None
    status: str
    total: str | None
    stage: str
    scaled: str | msgspec.UnsetType | None = msgspec.UNSET
    """Only in an event with standard scores."""


class TeamRow(_Row, frozen=True):
    team: str
    rank: int | None
    total: str
    members: list[str]


class UnitRow(_Row, frozen=True):
    unit: str
    rank: int
    points: str
    medals: list[int]


class ItemRow(_Row, frozen=True):
    entrant: str
    rank: int
    score: str


class ItemResults(_Row, frozen=True):
    item: str
    standings: list[ItemRow]


class AwardRow(_Row, frozen=True, omit_defaults=True):
    award: str
    item: str | None = None
    entrant: str | None = None
    team: str | None = None


class Condition(_Row, frozen=True):
    """One condition of a grade rule: what it wanted, what was found, whether that holds."""

    key: str
    wanted: Any
    found: Any
    met: bool = msgspec.field(name="held")


class Reason(_Row, frozen=True):
    rule: str
    met: bool = msgspec.field(name="held")
    conditions: list[Condition]


class GradeRow(_Row, frozen=True, omit_defaults=True):
    """A grade's row; `member` is the code of a crew's member, None if the entrant is one person."""

    entrant: str
    grade: int | None
    rule: str
    change: Literal["promoted", "kept"]
    reasons: list[Reason]
    member: str | None = None


class HonourRow(_Row, frozen=True, omit_defaults=True):
    """An honour's row; `member` as in a `GradeRow`."""

    entrant: str
    title: str
    rule: str
    member: str | None = None


class Notice(_Row, frozen=True, kw_only=True, omit_defaults=True):
    """Places of the next stage that stay open among equals, until they are parted."""

    kind: NoticeKind
    stage: str
    rank: int
    unit: str | None = None
    open: int
    entrants: list[str]


class EventResults(_Row, frozen=True, omit_defaults=True):
    code: str
    stages: list[StageResults]
    standings: list[FinalRow]
    teams: list[TeamRow] | None = None
    units: list[UnitRow] | None = None
    items: list[ItemResults] | None = None
    awards: list[AwardRow] | None = None
    grades: list[GradeRow] | None = None
    honours: list[HonourRow] | None = None
    notices: list[Notice] | None = None


class OverallRow(_Row, frozen=True):
    unit: str
    rank: int | None
    value: str | None
    medals: list[int]
    events: int


class OverallResults(_Row, frozen=True):
    code: str
    standings: list[OverallRow]


class LabourRow(_Row, frozen=True):
    unit: str
    group: str | None
    rank: int | None
    total: str | None
    flag: bool
    vetoed: bool
    warned: bool
    missing: list[str]


class PeriodResults(_Row, frozen=True):
    code: str
    standings: list[LabourRow]


class PrizeRow(_Row, frozen=True):
    prize: str
    group: str | None
    unit: str
    rank: int
    value: str


class LabourResults(_Row, frozen=True, omit_defaults=True):
    """Results of a labour competition; `final` is the code of the period that is part of none."""

    periods: list[PeriodResults]
    final: str
    prizes: list[PrizeRow] | None = None


class Results(
    _Row, frozen=True, kw_only=True, omit_defaults=True, tag_field="format", tag="compete-results/1"
):
    """Results of a competition. The file's `format` is always `compete-results/1`."""

    competition: str
    events: list[EventResults]
    overall: list[OverallResults] | None = None
    labour: LabourResults | None = None


class Judged(_Row, frozen=True):
    """A module or part of an evaluation beside its line, None where it has none."""

    score: str | None
    pass_: str | None = msgspec.field(name="pass")
    verdict: str | None
    flags: list[str]


class LineCondition(_Row, frozen=True):
    """A condition; `met_on` is the day from which it will hold, if time alone is short."""

    key: str
    wanted: Any
    found: Any
    met: bool = msgspec.field(name="held")
    met_on: str | None


class LineReason(_Row, frozen=True):
    """One line of `apply`; `met_on` is the day from which all of it will hold."""

    line: str
    met: bool = msgspec.field(name="held")
    conditions: list[LineCondition]
    met_on: str | None


class VerdictRow(_Row, frozen=True):
    """One person's verdict; `keeps` are the days until which what was passed may be carried."""

    entrant: str
    verdict: str
    attempt: int
    modules: dict[str, Judged]
    parts: dict[str, Judged]
    keeps: dict[str, str]
    eligible: bool
    applies: str | None
    earliest: str | None
    reasons: list[LineReason]


class Assessed(_Row, frozen=True):
    """A person who got the event's grade, and the line by which."""

    entrant: str
    grade: int
    ground: Literal["assessment"]
    cite: str | None
    applies: str | None


class EvaluationEvent(_Row, frozen=True):
    """One event of an evaluation; `counts` are how many entered, and of each verdict."""

    code: str
    verdicts: list[VerdictRow]
    counts: dict[str, int]
    grades: list[Assessed]


class EvaluationResults(Results, frozen=True, kw_only=True, tag="compete-results/1"):
    """Results of an evaluation: in no event is anybody ranked."""

    events: list[EvaluationEvent]  # type: ignore[assignment]


def write_results(results: msgspec.Struct) -> bytes:
    """The results as the bytes of a JSON file, keys in the documented order."""
    return msgspec.json.format(msgspec.json.encode(results), indent=1) + b"\n"


def read_results(data: bytes) -> Results:
    """Results from a file's bytes; raises `msgspec.ValidationError`."""
    return msgspec.json.decode(data, type=Results)
