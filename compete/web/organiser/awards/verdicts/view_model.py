"""The verdicts of an evaluation's event in words: who passed, who did not and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from compete.domain.bundle.event_types import Event, Module, Part
from compete.domain.bundle.results import EvaluationEvent, Judged, VerdictRow
from compete.domain.values.rights import Right
from compete.domain.values.states import GRADE_MOVES, CompetitionState, GradeState, state_words
from compete.models import Competition
from compete.services.closing.grade_approval_gate import why_notice_first
from compete.services.closing.grade_decisions import decided_grades
from compete.services.kernel.event_rules import rules_of
from compete.services.registration.people import entered_as
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.organiser.awards.view_model import ACTS
from compete.web.shapes import Chip
from compete.web.templating import plain
from compete.web.verdict_words import verdict_word, why_words


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFilter:
    """A verdict as a filter: how many have it."""

    key: str
    label: str
    kind: str
    count: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLine:
    """A module's or part's line, and how many reached it."""

    name: str
    line: str
    full: str
    reached: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictLine:
    """A person's marks, and their total."""

    code: str
    name: str
    unit: str
    marks: Sequence[tuple[str, bool, bool]]
    """A score under each module, whether it fails, and whether it was brought along."""
    verdict: Chip
    why: str
    grade: str
    """The state of the grade: proposed, approved, certified; empty if none follows."""
    seen: str
    """The grade's state that a form says it showed."""
    decide: Sequence[str]
    """The possible decisions on this grade now, as `approve`."""


PAGE = "organiser.verdicts"
_KINDS = {"pass": "ok", "fail": "bad", "absent": "", "incomplete": "warn", "dsq": "bad"}
_ICONS = {"pass": "check-circle", "fail": "cross", "incomplete": "half-circle", "dsq": "ban"}
_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def scored_of(rules: Event) -> list[Module | Part]:
    """List the parts with a mark of their own: modules outside parts, and parts."""
    stage = rules.stages[0]
    return [*(module for module in stage.modules if module.part is None), *stage.parts]


def judged(row: VerdictRow, code: str) -> Judged:
    """A module's or part's score and verdict."""
    return row.parts.get(code) or row.modules[code]


def filters(event: EvaluationEvent) -> list[VerdictFilter]:
    """List each verdict that somebody has, and the three that everybody looks for."""
    entered = event.counts["entered"]
    found = []
    for verdict in _KINDS:
        count = event.counts[verdict]
        if not count and verdict not in ("pass", "fail", "absent"):
            continue
        note = ""
        if verdict == "pass" and entered:
            note = _("%(n)s%%", n=plain(round(Decimal(100 * count) / entered, 1)))
        if verdict == "fail":
            note = _("%(n)s 人差一科", n=_lacks_one(event)) if _lacks_one(event) else ""
        found.append(
            VerdictFilter(
                key=verdict,
                label=verdict_word(verdict),
                kind=_KINDS[verdict],
                count=count,
                note=note,
            )
        )
    return found


def _lacks_one(event: EvaluationEvent) -> int:
    rows = [row for row in event.verdicts if row.verdict == "fail"]
    return sum(len(_failed(row)) == 1 for row in rows)


def _failed(row: VerdictRow) -> list[str]:
    return [code for code, it in (*row.modules.items(), *row.parts.items()) if it.verdict == "fail"]


def pass_lines(rules: Event, event: EvaluationEvent) -> list[PassLine]:
    """The lines, and how many reached each."""
    found = []
    for scored in scored_of(rules):
        marks = [judged(row, scored.code) for row in event.verdicts]
        line = next((mark.pass_ for mark in marks if mark.pass_ is not None), None)
        if line is not None:
            reached = Counter(mark.verdict for mark in marks)["pass"]
            reached += sum(_reaches(mark) for mark in marks)
            found.append(
                PassLine(name=scored.name, line=line, full=plain(scored.full), reached=reached)
            )
    return found


def _reaches(mark: Judged) -> bool:
    """True for a brought mark without a verdict of its own, as of a part brought whole."""
    return mark.verdict is None and "carried" in mark.flags


def found_among(
    competition: Competition, rows: Sequence[VerdictRow], query: str
) -> Sequence[VerdictRow]:
    """List the people whose number, name or unit has the search text in it."""
    if not query:
        return rows
    people = entered_as(competition, [row.entrant for row in rows])
    return [
        row
        for row in rows
        if any(
            query in text
            for text in (row.entrant, people[row.entrant].name, people[row.entrant].unit)
        )
    ]


def verdict_lines(
    competition: Competition, rules: Event, rows: Sequence[VerdictRow]
) -> list[VerdictLine]:
    """Describe these people, in the order given, with names and units as registered now."""
    people = entered_as(competition, [row.entrant for row in rows])
    decided = decided_grades(competition)
    scored, early = scored_of(rules), why_notice_first(competition)
    acts = ACTS if competition.state not in _OPEN and may_do(Right.DECIDE_AWARDS) else {}
    if any(event.id in early for event in competition.events if event.code == rules.code):
        acts = {act: to for act, to in acts.items() if to is not GradeState.APPROVED}
    return [
        VerdictLine(
            code=row.entrant,
            name=people[row.entrant].name,
            unit=people[row.entrant].unit,
            marks=[_mark(judged(row, it.code)) for it in scored],
            verdict=_chip(row),
            why=why_words(rules, row, people[row.entrant].brought),
            grade=_grade(decided[row.entrant].state) if row.entrant in decided else "",
            seen=decided[row.entrant].state.value if row.entrant in decided else "",
            decide=[
                act
                for act, to in acts.items()
                if row.entrant in decided and to in GRADE_MOVES[decided[row.entrant].state]
            ],
        )
        for row in rows
    ]


def _mark(mark: Judged) -> tuple[str, bool, bool]:
    carried = "carried" in mark.flags
    text = mark.score if mark.score is not None else "—"
    if mark.verdict == "absent":
        text = _("缺考")
    return text, mark.verdict == "fail", carried


def _chip(row: VerdictRow) -> Chip:
    if row.verdict == "pass" and not row.eligible:
        return Chip(text=_("合格，条件不够"), kind="warn", icon="warn")
    icon = _ICONS.get(row.verdict)
    return Chip(text=verdict_word(row.verdict), kind=_KINDS[row.verdict], icon=icon)


def _grade(state: GradeState) -> str:
    return say(state_words(state))


def proposed_grades(competition: Competition) -> int:
    """Count the grades that can be approved now."""
    if competition.state in _OPEN or why_notice_first(competition):
        return 0
    return sum(it.state is GradeState.PROPOSED for it in decided_grades(competition).values())


def rules_by_code(competition: Competition) -> dict[str, Event]:
    """The rules in force, by event."""
    return {event.code: rules_of(event) for event in competition.events}
