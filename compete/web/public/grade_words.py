"""Words on the skill grade on a badge's page: the rule, and what became of the proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from compete.domain.bundle.event_types import Event
from compete.domain.bundle.results import Reason, VerdictRow
from compete.domain.explanation.grades import rule_words
from compete.domain.explanation.steps import StepKind
from compete.domain.explanation.tree import explain
from compete.domain.grades.ladder import Ladder, grade_label, ladder_in
from compete.domain.grades.proposals import kept_words
from compete.domain.values.states import GradeState
from compete.models import Entrant
from compete.services.certificates.grades_in_force import is_kept
from compete.services.closing.grade_proposals import grade_decision_on
from compete.services.results.contestants import GradeVerdict, Verdict
from compete.services.results.result_stands import stand_of
from compete.services.results.snapshots import read_snapshot
from compete.services.scoring.grade_rules import find_rule, scorer_of
from compete.web.conditions import ConditionLine, describe_conditions
from compete.web.language import in_a_row, say


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeWords:
    """The outcome of the skill grade, and its rule."""

    who: str | None
    """The member of a crew who has it."""
    title: str
    met: bool
    """True if it is good news."""
    text: str
    conditions: list[ConditionLine]
    why: str | None
    """The source of the rule."""


def describe_grades(entrant: Entrant, verdict: Verdict) -> list[GradeWords]:
    """Describe each person's rule that gave the grade, or the one that came nearest.

    Nothing without rules, and nothing of whom no rule is for.
    """
    if verdict.rank is None:
        return []
    described = (_describe(entrant, verdict, person) for person in verdict.grades)
    return [words for words in described if words is not None]


def _describe(entrant: Entrant, verdict: Verdict, person: GradeVerdict) -> GradeWords | None:
    reasons = _about_grades(verdict.rules, person.reasons)
    if not reasons:
        return None
    bundle, _results = read_snapshot(verdict.publication)
    chosen = chosen_reason(reasons)
    rule = find_rule(verdict.rules, chosen.rule)
    title, good, note = _became(entrant, person, ladder_in(verdict.rules), chosen)
    return GradeWords(
        who=person.name,
        title=title,
        met=good,
        text=_came_with(person.before, ladder_in(verdict.rules)) + note,
        conditions=describe_conditions(
            chosen.conditions, scorer_of(bundle), verdict.rules.code, entrant.code
        ),
        why=_("依据：%(cite)s", cite=say(rule_words(rule, person.before, ladder_in(verdict.rules))))
        if rule and rule.cite
        else None,
    )


def describe_assessed(entrant: Entrant, verdict: Verdict, row: VerdictRow) -> GradeWords:
    """Describe an evaluation's grade, by which line of conditions, or what each is short of."""
    bundle, results = read_snapshot(verdict.publication)
    event = next(it for it in results.events if it.code == verdict.rules.code)
    given = next((it.grade for it in event.grades or () if it.entrant == entrant.code), None)
    ladder = ladder_in(verdict.rules)
    title, good, note = _("这次没有认定"), False, ""
    if given is not None:
        became = GradeVerdict(None, None, entrant.grade, given, True, [])
        title, good, note = _became(entrant, became, ladder, None)
    steps = [it for it in explain(bundle, entrant.code).steps if it.kind is StepKind.RULE]
    lines = [line for step in steps for line in step.steps]
    nearest = [line for line in lines if line.met] or lines
    return GradeWords(
        who=None,
        title=title,
        met=good,
        text=note or in_a_row([say(step.text) for step in steps]),
        conditions=[
            ConditionLine(key=line.code or "", wanted=say(line.text), found="", met=bool(line.met))
            for line in nearest
        ],
        why=_("依据：%(cite)s", cite=verdict.rules.cite) if verdict.rules.cite else None,
    )


def _came_with(before: int | None, ladder: Ladder) -> str:
    if before is None:
        return _("参赛时没有等级。")
    return _("参赛时是%(grade)s。", grade=say(grade_label(before, ladder)))


def _about_grades(rules: Event, reasons: Sequence[Reason]) -> list[Reason]:
    """The reasons whose rule grants a grade; rules that grant a title alone are left out."""
    of_grades = []
    for reason in reasons:
        rule = find_rule(rules, reason.rule)
        if rule is None or rule.grant.to is not None or rule.grant.up is not None:
            of_grades.append(reason)
    return of_grades


def chosen_reason(reasons: Sequence[Reason]) -> Reason:
    """Return the rule that held; else the one that wanted least more, of two the easier by place.

    A rule for another group (students, while this is a worker) comes last: nobody
    is told what they would have had to be.
    """
    for reason in reasons:
        if reason.met:
            return reason

    def distance(reason: Reason) -> tuple[bool, int, int]:
        places = [
            condition.wanted for condition in reason.conditions if condition.key == "max_rank"
        ]
        unmet = [condition.key for condition in reason.conditions if not condition.met]
        return "groups" in unmet, len(unmet), -max(places, default=0)

    return min(reasons, key=distance)


def _became(
    entrant: Entrant, person: GradeVerdict, ladder: Ladder, chosen: Reason | None
) -> tuple[str, bool, str]:
    """Title, whether it is good news, and what to add."""
    decision = grade_decision_on(entrant, person.member)
    grade = say(grade_label(person.grade, ladder))
    given = person.grade if person.promoted else None
    if decision and decision.grade != given and is_kept(decision):
        text = _("更正后的成绩不晋升，已发的证书经两个人定了保留。")
        if person.promoted:
            text = _("更正后的成绩是%(grade)s，已发的证书经两个人定了保留。", grade=grade)
        return say(kept_words(decision.grade, ladder)), True, text
    if not person.promoted:
        stays = _("条件都符合，但这条规则给的等级不比参赛时的高，等级不变。")
        why = stays if chosen and chosen.met else ""
        return _("这次没晋升"), False, why
    # A decision about another grade belongs to a correction that is not announced yet.
    state = decision.state if decision and decision.grade == person.grade else None
    if state is GradeState.DEFERRED:
        return _("缓办 %(grade)s", grade=grade), False, _("条件符合，组委会暂缓办理。")
    if state is GradeState.REFUSED:
        return _("没批准 %(grade)s", grade=grade), False, _("条件符合，组委会没有批准。")
    if state is GradeState.REVOKED:
        return _("%(grade)s 证书已撤销", grade=grade), False, ""
    assessed = chosen is None
    if state is GradeState.ISSUED:
        title = (
            _("已认定 %(grade)s", grade=grade) if assessed else _("已晋升 %(grade)s", grade=grade)
        )
    elif assessed and state is GradeState.PROPOSED and stand_of(entrant.event).stands:
        return _("%(grade)s 等组委会批准", grade=grade), False, ""
    elif stand_of(entrant.event).stands:
        title = (
            _("认定等级 %(grade)s", grade=grade)
            if assessed
            else _("晋升等级 %(grade)s", grade=grade)
        )
    else:
        title = (
            _("拟认定 %(grade)s", grade=grade) if assessed else _("拟晋升 %(grade)s", grade=grade)
        )
    return title, True, ""
