"""A change to a labour competition's rules: looked at, agreed, refused, taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition, LabourRuleChange
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.rule_changes import (
    agree_rules,
    refuse_rules,
    withdraw_rules,
)
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.rule_changes.view_model import describe_change
from compete.web.own_rows import own_row
from compete.web.pages import fields_of


@face.get("/<code>/labour/rules/changes/<int:number>")
@guard.of_labour
@guard.may(Right.SEE)
def rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Old rules beside new ones; once they are in force, who moved."""
    change = own_row(LabourRuleChange, competition, number)
    page = describe_change(competition, change, period=request.args.get("period", ""))
    return render_template("organiser/rule_changes/change.html", **fields_of(page))


@face.post("/<code>/labour/rules/changes/<int:number>/agree")
@guard.of_labour
@guard.may(Right.AGREE)
def agree_rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """The second person agrees: the rules are in force."""
    change = own_row(LabourRuleChange, competition, number)
    try:
        change = agree_rules(change, current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        # What was entered since does not fit any more.
        page = describe_change(competition, change, problem=say(refused.message))
        return render_template("organiser/rule_changes/change.html", **fields_of(page)), 400
    flash(_("同意了，第 %(n)s 版规则生效。公布过、得分变了的要再公布一版", n=change.number), "ok")
    return _back(competition, change)


@face.post("/<code>/labour/rules/changes/<int:number>/refuse")
@guard.of_labour
@guard.may(Right.AGREE)
def refuse_rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """The second person says no, and why."""
    change, why = own_row(LabourRuleChange, competition, number), request.form.get("reason", "")
    try:
        refuse_rules(change, why, current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        page = describe_change(competition, change, problem=say(refused.message), typed=why)
        return render_template("organiser/rule_changes/change.html", **fields_of(page)), 400
    flash(_("没同意，规则不变"), "ok")
    return _back(competition, change)


@face.post("/<code>/labour/rules/changes/<int:number>/withdraw")
@guard.of_labour
@guard.may(Right.SET_UP)
def withdraw_rule_change(competition: Competition, number: int) -> ResponseReturnValue:
    """Who asked takes it back."""
    change = withdraw_rules(own_row(LabourRuleChange, competition, number), current_user)
    flash(_("撤回了，规则不变"), "ok")
    return _back(competition, change)


def _back(competition: Competition, change: LabourRuleChange) -> ResponseReturnValue:
    return redirect(url_for("organiser.rule_change", code=competition.code, number=change.id))
