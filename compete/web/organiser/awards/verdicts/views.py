"""An evaluation's verdicts: the list of an event, and the same as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle import event_types
from compete.domain.bundle.event_types import Module, Part
from compete.domain.bundle.results import EvaluationEvent, Judged, VerdictRow
from compete.domain.evaluation.unranked_results import verdicts_of
from compete.domain.grades.proposals import DecidedGrade
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import GRADE_MOVES, CompetitionState, GradeState, state_words
from compete.models import Competition, Event
from compete.services.closing.grade_approval_gate import two_approve, why_notice_first
from compete.services.closing.grade_decisions import decided_grades, grades_asked
from compete.services.closing.grade_proposals import count_to_approve
from compete.services.jobs.papers.kinds import VERDICTS_BOOK, Asked, printed_as
from compete.services.kernel.event_rules import rules_of
from compete.services.registration.people import entered_as
from compete.services.results.shown_version import edition_of
from compete.services.scoring.live import live_results
from compete.services.sheets.blind_codes import require_unblinded
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.guard import may_do
from compete.web.language import say
from compete.web.organiser.asked_cards import asked_grades_cards
from compete.web.organiser.awards.view_model import ACTS, act_labels, may_approve
from compete.web.organiser.blueprint import face
from compete.web.organiser.jobs.printing import print_or_follow
from compete.web.organiser.list_book import AT_ONCE, long_list
from compete.web.organiser.results.standings.view_model import state_chips
from compete.web.organiser.results.standings.views import chosen_event
from compete.web.paging import part_of
from compete.web.shapes import Chip
from compete.web.templating import plain
from compete.web.verdict_words import verdict_word, why_words


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
    decide: Sequence[tuple[str, str]]
    """The possible decisions on this grade now, as `approve`, each with its word."""


PAGE = "organiser.verdicts"
_KINDS = {"pass": "ok", "fail": "bad", "absent": "", "incomplete": "warn", "dsq": "bad"}
_ICONS = {"pass": "check-circle", "fail": "cross", "incomplete": "half-circle", "dsq": "ban"}
_OPEN = (CompetitionState.REGISTERING, CompetitionState.JUDGING)


def scored_of(rules: event_types.Event) -> list[Module | Part]:
    """List the parts with a mark of their own: modules outside parts, and parts."""
    stage = rules.stages[0]
    return [*(module for module in stage.modules if module.part is None), *stage.parts]


def judged(row: VerdictRow, code: str) -> Judged:
    """A module's or part's score and verdict."""
    return row.parts.get(code) or row.modules[code]


def filters(event: EvaluationEvent) -> list[dict[str, Any]]:
    """List each verdict that somebody has, and the three that everybody looks for."""
    entered = event.counts["entered"]
    options = []
    for verdict in _KINDS:
        count = event.counts[verdict]
        if not count and verdict not in ("pass", "fail", "absent"):
            continue
        note = ""
        if verdict == "pass" and entered:
            note = _("%(n)s%%", n=plain(round(Decimal(100 * count) / entered, 1)))
        if verdict == "fail":
            note = _("%(n)s 人差一科", n=_lacks_one(event)) if _lacks_one(event) else ""
        options.append(
            {
                "key": verdict,
                "label": verdict_word(verdict),
                "kind": _KINDS[verdict],
                "count": count,
                "note": note,
            }
        )
    return options


def _lacks_one(event: EvaluationEvent) -> int:
    rows = [row for row in event.verdicts if row.verdict == "fail"]
    return sum(len(_failed(row)) == 1 for row in rows)


def _failed(row: VerdictRow) -> list[str]:
    return [code for code, it in (*row.modules.items(), *row.parts.items()) if it.verdict == "fail"]


def _pass_lines(rules: event_types.Event, event: EvaluationEvent) -> list[dict[str, Any]]:
    """The lines, and how many reached each."""
    lines = []
    for scored in scored_of(rules):
        marks = [judged(row, scored.code) for row in event.verdicts]
        line = next((mark.pass_ for mark in marks if mark.pass_ is not None), None)
        if line is not None:
            reached = Counter(mark.verdict for mark in marks)["pass"]
            reached += sum(_reaches(mark) for mark in marks)
            lines.append(
                {"name": scored.name, "line": line, "full": plain(scored.full), "reached": reached}
            )
    return lines


def _reaches(mark: Judged) -> bool:
    """True for a brought mark without a verdict of its own, as of a part brought whole."""
    return mark.verdict is None and "carried" in mark.flags


def _found_among(
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


def _verdict_lines(
    competition: Competition,
    rules: event_types.Event,
    rows: Sequence[VerdictRow],
    *,
    decides: bool = True,
) -> list[VerdictLine]:
    """Describe these people, in the order given, with names and units as registered now.

    With `decides` each has what the reader of the page may decide on the grade.
    """
    people = entered_as(competition, [row.entrant for row in rows])
    decided = decided_grades(competition)
    scored, early = scored_of(rules), why_notice_first(competition)
    asked = grades_asked(competition)
    acts, able = {}, {}
    if decides and competition.state not in _OPEN and may_do(Right.DECIDE_AWARDS):
        acts = ACTS
        able = {first: may_approve(competition, first) for first in {None, *asked.values()}}
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
            grade=_grade_words(decided.get(row.entrant), row.entrant in asked),
            seen=decided[row.entrant].state.value if row.entrant in decided else "",
            decide=[
                (act, act_labels(competition, asked=row.entrant in asked)[act])
                for act, to in acts.items()
                if row.entrant in decided and to in GRADE_MOVES[decided[row.entrant].state]
                if act != "approve" or able[asked.get(row.entrant)]
            ],
        )
        for row in rows
    ]


def _grade_words(decided: DecidedGrade | None, asked: bool) -> str:
    """The state of a grade in words; empty if none follows."""
    if decided is None:
        return ""
    return _("等另一位同意") if asked else say(state_words(decided.state))


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


PAGE_SIZE = 50


@face.get("/<code>/verdicts")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def verdicts(competition: Competition) -> ResponseReturnValue:
    """Show who passed, who did not and by how much, by number."""
    row, rules, event = _chosen(competition)
    code = row.code
    shown, query = request.args.get("show", ""), request.args.get("q", "").strip()
    publication, edition = edition_of(competition, live_results(competition).results, code)
    part, page = part_of(
        _found_among(
            competition, [it for it in event.verdicts if shown in ("", it.verdict)], query
        ),
        PAGE_SIZE,
        PAGE,
        event=code,
        show=shown,
        q=query,
    )
    return render_template(
        "organiser/awards/verdicts.html",
        event=row,
        chips=state_chips(competition, row, publication, edition),
        filters=filters(event),
        lines=_pass_lines(rules, event),
        columns=[it.name for it in scored_of(rules)],
        rows=_verdict_lines(competition, rules, part),
        page=page,
        query=query,
        shown=shown,
        waiting=event.counts["incomplete"],
        can_publish=competition.state is CompetitionState.LOCKED
        and not any(
            verdicts_of(it).counts["incomplete"] for it in live_results(competition).results.events
        ),
        passed=len(event.grades),
        proposed=count_to_approve(competition),
        two_approve=two_approve(competition),
        asked=asked_grades_cards(competition),
    )


@face.get("/<code>/verdicts.xlsx")
@guard.may(Right.SEE, of=guard.EVALUATIONS)
def verdicts_book(competition: Competition) -> ResponseReturnValue:
    """The list of an event as a workbook."""
    row, _rules, _event = _chosen(competition)
    filename = f"{_('%(event)s结果', event=row.name)}_{competition.name}.xlsx"
    return print_or_follow(competition, VERDICTS_BOOK, filename, event=row.code)


@printed_as(VERDICTS_BOOK, at_once=AT_ONCE, keys=lambda asked: _verdicts_in(asked)[2])
def _book(asked: Asked, places: Sequence[int]) -> bytes:
    """Write the verdicts of an event by their places in the list."""
    row, rules, _places = _verdicts_in(asked)
    everybody = verdicts_of(live_results(asked.competition).event(row.code)).verdicts

    def read(part: Sequence[int]) -> list[Sequence[Value]]:
        lines = _verdict_lines(
            asked.competition, rules, [everybody[place] for place in part], decides=False
        )
        return [
            [
                *(line.code, line.name, line.unit),
                *(text for text, _bad, _carried in line.marks),
                *(line.verdict.text, line.why, line.grade),
            ]
            for line in lines
        ]

    def heads() -> list[str]:
        first, last = (_("准考证号"), _("姓名"), _("单位")), (_("结果"), _("说明"), _("等级"))
        return [*first, *(it.name for it in scored_of(rules)), *last]

    return long_list(asked, msg("%(event)s结果", event=row.name), heads, places, read)


def _verdicts_in(asked: Asked) -> tuple[Event, event_types.Event, Sequence[int]]:
    """The event that a workbook is of, its rules, and the places of its list."""
    row = next(it for it in asked.competition.events if it.code == asked.of["event"])
    count = len(verdicts_of(live_results(asked.competition).event(row.code)).verdicts)
    return row, rules_of(row), range(count)


def _chosen(competition: Competition) -> tuple[Event, event_types.Event, EvaluationEvent]:
    """The event that the address asks for, the rules in force, and its verdicts."""
    row = chosen_event(competition)
    require_unblinded(competition, [row], current_user)
    return row, rules_of(row), verdicts_of(live_results(competition).event(row.code))
