"""The rules of a labour competition: looked at, saved as a workbook, read from one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.bundle.versions import version_of_format
from compete.domain.labour.kept_flags import with_flag_keep
from compete.domain.labour.self_assessment import self_assessed
from compete.domain.labour.totals import PLACES
from compete.domain.labour.tree import PeriodTree
from compete.domain.values.kinds import ScoringType
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.points import round_half_up, show
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused, invalid
from compete.services.labour.rule_changes import changes_of_rules, rules_version
from compete.services.labour.rule_fit import RulesMisfit
from compete.services.labour.rule_sheets import read_rules_book, rules_book
from compete.services.labour.rules import (
    LabourRules,
    rules_of_text,
    rules_problems,
    rules_text,
    why_labour_rules_stay,
    worked_example,
)
from compete.services.labour.rules import labour_rules as labour_rules_of
from compete.services.labour.squares import asked_in, leaves_of
from compete.services.scoring.journeys import kept_after
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.downloads import send_workbook
from compete.web.labour_words import periods_words, scoring_words
from compete.web.language import other_languages, say
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour.rules.asking import (
    ask_for_rules,
    refuse_second_change,
    save_alone,
    says_start,
    start_choices,
)
from compete.web.organiser.labour.rules.differences import differences, fact_words
from compete.web.organiser.rules.rule_differences import DifferenceGroup, change_line
from compete.web.refusals import problem_of, refusal_on
from compete.web.upload_limit_words import limit_words

_Fault = tuple[str, str, str]
"""A part of a workbook that was not understood: its place, what it is, why."""


@face.get("/<code>/labour/rules")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_rules(competition: Competition) -> ResponseReturnValue:
    """Show the rules in force, with examples."""
    return _rules_page(competition)


@face.get("/<code>/labour/rules.xlsx")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_rules_book(competition: Competition) -> Response:
    """The rules as a workbook, to be changed and read again."""
    return send_workbook(rules_book(competition, _), f"规则_{competition.name}.xlsx")


@face.post("/<code>/labour/rules")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def save_labour_rules_book(competition: Competition) -> ResponseReturnValue:
    """Show what a workbook changes, and put it in force once it was looked at.

    Where something is wrong, nothing of it. Once there are values, a second person is asked.
    """
    by_two = why_labour_rules_stay(competition) is not None
    if by_two:
        refuse_second_change(competition)
    elif "looked_at" in request.form:
        return _save(competition, request.form["looked_at"])
    sent = request.files.get("rules")
    if sent is None or not sent.filename:
        return _rules_again(competition, _("先选一个 Excel 文件"))
    try:
        book = read_rules_book(
            read_upload(sent.stream, declared=request.content_length),
            other_languages(),
            labour_rules_of(competition).labour,
        )
    except WorkbookError as error:
        return _rules_again(competition, say(error.message))
    for notice in book.notices:
        flash(say(notice), "info")
    faults = [
        (problem.place, say(Message(problem.what)), say(problem.why)) for problem in book.problems
    ]
    if book.rules is not None:
        problems = rules_problems(competition, book.rules.labour)
        faults = [(place_words(problem.path), "", say(problem.message)) for problem in problems]
    if faults or book.rules is None:
        problem = _("表里有 %(n)s 处没读懂，什么都没有改", n=len(faults))
        return _rules_again(competition, problem, faults)
    if by_two:
        return _ask(competition, book.rules)
    shown = differences(competition, labour_rules_of(competition), book.rules)
    if not shown:
        flash(_("和原来一样，没有要存的"), "ok")
        return redirect(url_for("organiser.labour_rules"))
    return _rules_page(competition, preview=(shown, rules_text(book.rules)))


def _refused_page(competition: Competition, _rules: object, refused: Refused) -> str:
    if isinstance(refused, RulesMisfit):
        faults = [("", "", say(fault.why)) for fault in refused.why]
        return _rules_page(competition, _("照这张表改不了，什么都没有改"), faults)
    return _rules_page(competition, problem_of(refused))


@refusal_on(_refused_page)
def _ask(competition: Competition, rules: LabourRules) -> ResponseReturnValue:
    if not says_start():
        raise invalid(msg("选新规则从哪一期起"))
    return ask_for_rules(competition, rules)


@refusal_on(_refused_page)
def _save(competition: Competition, text: str) -> ResponseReturnValue:
    """Put the rules that were looked at in force."""
    try:
        rules = rules_of_text(text)
        if rules_problems(competition, rules.labour):
            raise ValueError
    except ValueError:
        return _rules_again(competition, _("没读懂，再传一次规则表"))
    return save_alone(competition, rules, "labour_rules")


def _rules_again(
    competition: Competition, problem: str, faults: Sequence[_Fault] = ()
) -> ResponseReturnValue:
    return _rules_page(competition, problem, faults), 400


def _rules_page(
    competition: Competition,
    problem: str | None = None,
    faults: Sequence[_Fault] = (),
    preview: tuple[Sequence[DifferenceGroup], str] | None = None,
) -> str:
    """Show the rules in force, and whether they may be changed.

    `preview` is a workbook that was read and is not in force: what it changes, itself as text.
    """
    rules = labour_rules_of(competition)
    labour, tree = rules.labour, PeriodTree(rules.labour.periods)
    why = why_labour_rules_stay(competition)
    changes = changes_of_rules(competition)
    waiting = next((change for change in changes if change.state is CorrectionState.ASKED), None)
    names = labour.period_names
    first = asked_in(labour, leaves_of(labour)[0])
    return render_template(
        "organiser/labour/rules.html",
        indicators=[
            (
                indicator,
                scoring_words(indicator),
                _example(indicator),
                self_assessed(indicator),
                _("、").join(periods_words(tree, indicator.periods)),
            )
            for indicator in labour.indicators
        ],
        whose=rules.whose,
        most=plain(sum((indicator.max for indicator in first), Decimal(0))),
        periods=[
            (tree.periods[code], len(list(tree.around(code))) - 1) for code in tree.from_whole()
        ],
        facts=fact_words(
            _with_kept(competition, labour),
            names,
            version_of_format(competition.format).veto_rank(labour),
        ),
        groups=sorted(Counter((labour.groups or {}).values()).items()),
        by_two=why,
        waiting=change_line(waiting) if waiting is not None else None,
        changes=[change_line(change) for change in changes if change is not waiting],
        version=_("第 %(n)s 版规则", n=rules_version(competition)) if why is not None else "",
        starts=start_choices(competition, labour) if why is not None else [],
        typed=request.form if problem is not None else {},
        preview=preview,
        problem=problem,
        faults=faults,
        limit=limit_words(),
    )


def _with_kept(competition: Competition, labour: Labour) -> Labour:
    """Add an older competition's setting for flags that are kept."""
    keep = kept_after(competition, labour)
    return labour if keep is None else with_flag_keep(labour, keep)


def _example(indicator: Indicator) -> str:
    example = worked_example(indicator)
    score = show(round_half_up(example.score, 1, PLACES), PLACES)
    value = plain(example.value)
    match indicator.scoring.type:
        case ScoringType.RANK:
            return _("组里第 1 名得 %(score)s", score=score)
        case ScoringType.COMPLETION:
            target = plain(example.target or 0)
            return _(
                "完成 %(value)s、目标 %(target)s，得 %(score)s",
                value=value,
                target=target,
                score=score,
            )
    return _("填 %(value)s，得 %(score)s", value=value, score=score)
