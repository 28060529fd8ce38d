"""A change to a labour competition's rules: looked at, agreed, refused, taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.labour.closed_periods import Shift
from compete.domain.values.period_states import CorrectionState
from compete.domain.values.rights import Right
from compete.models import Competition, LabourRuleChange
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.rule_changes import (
    agree_rules,
    both_rules,
    moved_by,
    refuse_rules,
    rules_word,
    touched_by,
    withdraw_rules,
)
from compete.services.scoring.live_labour import labour_live
from compete.web import guard
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour.periods.view_model import shift_rows
from compete.web.organiser.labour.rules.differences import differences
from compete.web.organiser.rules.rule_differences import change_chip, change_title, ended_words
from compete.web.organiser.shapes import View
from compete.web.pages import own_row
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on
from compete.web.templating import moment
from compete.web.words import onward_words


def _change_page(competition: Competition, number: int, refused: Refused | None = None) -> str:
    """Show one change. Those who may end it see how, all others see who can."""
    change = own_row(LabourRuleChange, competition, number)
    before, after = both_rules(change)
    asked = change.state is CorrectionState.ASKED
    names = after.labour.period_names
    ender = change.ender.name if change.ender is not None else ""
    return render_template(
        "organiser/labour/rule_changes.html",
        change=change,
        title=change_title(change),
        chip_of=change_chip(change),
        said=ended_words(change, _("%(who)s %(at)s 同意", who=ender, at=moment(change.ended_at))),
        holds=_("%(onward)s照新规则，以前的各期照原来的", onward=onward_words(names[change.starts]))
        if change.starts is not None
        else _("各期都照新规则，已经结账的也重算"),
        touched=_touched(competition, change, names) if asked else [],
        differences=differences(competition, before, after),
        # Nobody is to agree by who gains.
        moved=_moved_units(competition, change, request.args.get("period", ""))
        if change.state is CorrectionState.AGREED
        else None,
        why_not=rules_word(change).why_not(current_user) if asked else None,
        problem=problem_of(refused),
        typed=posted_reason(),
    )


def _touched(
    competition: Competition, change: LabourRuleChange, names: dict[str, str]
) -> list[str]:
    """Say how many are scored again, never whose."""
    touched = touched_by(competition, change)
    if not touched.periods:
        lines = [_("已经填的数一个也不重新算")]
    else:
        lines = [
            _(
                "重新算分的数 %(n)s 个，%(units)s 家单位",
                n=touched.values,
                units=touched.units,
            )
            if touched.values
            else _("每个数的得分不变，总分、名次和红旗重新算"),
            _(
                "重新合计 %(n)s 期：%(names)s",
                n=len(touched.periods),
                names=_("、").join(names.get(code, code) for code in touched.periods),
            ),
        ]
    if touched.closed:
        lines.append(
            _(
                "其中已经结账的 %(n)s 期、公布过的 %(told)s 期；公布过的，得分变了就要再公布一版",
                n=touched.closed,
                told=touched.published,
            )
        )
    if touched.signed:
        lines.append(
            ngettext(
                "%(num)s 份签核作废，要重新签核", "%(num)s 份签核作废，要重新签核", touched.signed
            )
        )
    return lines


def _moved_units(
    competition: Competition, change: LabourRuleChange, wanted: str
) -> tuple[list[View], list[dict[str, object]]]:
    """The periods in which somebody moved, and the units that moved in one of them."""
    shifts = moved_by(change)
    live = labour_live(competition)
    periods = live.outcome.field.tree.periods
    there = [code for code in periods if any(shift.period == code for shift in shifts)]
    shown = wanted if wanted in there else next(iter(there), "")
    rows = sorted((shift for shift in shifts if shift.period == shown), key=_step)
    views = [
        View(
            label=periods[code].name,
            url=url_for("organiser.rule_change", number=change.id, period=code),
            current=code == shown,
        )
        for code in there
    ]
    return views, shift_rows(live, rows)


def _step(shift: Shift) -> tuple[int, int, str]:
    """Sort key: those that moved most places first, then most points."""
    places, points = shift.ranks, shift.totals
    return (
        -abs((places[0] or 0) - (places[1] or 0)),
        -abs((points[0] or 0) - (points[1] or 0)),
        shift.unit,
    )


@face.get("/<code>/labour/rules/changes/<int:number>")
@guard.may(Right.SEE, of=guard.LABOUR)
def rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Show old rules beside new ones; once they are in force, who moved."""
    return _change_page(competition, number)


@face.post("/<code>/labour/rules/changes/<int:number>/agree")
@guard.may(Right.AGREE, of=guard.LABOUR)
# What was entered since may not fit any more.
@refusal_on(_change_page, only=Refusal.INVALID)
def agree_rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Agree, as the second person: the rules are in force."""
    change = agree_rules(own_row(LabourRuleChange, competition, number), current_user)
    flash(_("同意了，第 %(n)s 版规则生效。公布过、得分变了的要再公布一版", n=change.number), "ok")
    return _to_change(change)


@face.post("/<code>/labour/rules/changes/<int:number>/refuse")
@guard.may(Right.AGREE, of=guard.LABOUR)
@refusal_on(_change_page, only=Refusal.INVALID)
def refuse_rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Refuse as the second person, with a reason."""
    change = own_row(LabourRuleChange, competition, number)
    refuse_rules(change, posted_reason(), current_user)
    flash(_("没同意，规则不变"), "ok")
    return _to_change(change)


@face.post("/<code>/labour/rules/changes/<int:number>/withdraw")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def withdraw_rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Withdraw the change, as the person who asked for it."""
    change = withdraw_rules(own_row(LabourRuleChange, competition, number), current_user)
    flash(_("撤回了，规则不变"), "ok")
    return _to_change(change)


def _to_change(change: LabourRuleChange) -> ResponseReturnValue:
    return redirect(url_for("organiser.rule_change", number=change.id))
