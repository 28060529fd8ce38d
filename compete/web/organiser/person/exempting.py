"""A condition that a person does not meet is waived with a reason, or no longer waived."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.eligibility import Rule
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.registration.exempting import end_exemption, exempt_person
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.person.finding import find_entrant, find_holder, in_the_list
from compete.web.organiser.person.views import page_of
from compete.web.pages import fields_of


@face.post("/<code>/entrants/<who>/exempt")
@guard.may(Right.REGISTER)
@only_once
def exempt(competition: Competition, who: str) -> ResponseReturnValue:
    """Let the person take part all the same; the reason is on record."""
    entrant, rule = find_entrant(competition, who), _rule()
    holder = find_holder(entrant, request.form.get("of", who))
    try:
        exempt_person(holder, rule, request.form.get("reason", ""), current_user)
    except Refused as refused:
        if refused.kind is not Refusal.INVALID:
            raise
        page = page_of(entrant, asked=f"#{holder.code}-{rule.value}", problem=say(refused.message))
        return render_template("organiser/person/person.html", **fields_of(page)), 400
    flash(_("特准了，记下来了"), "ok")
    return _back(competition, who)


@face.post("/<code>/entrants/<who>/exempt/end")
@guard.may(Right.REGISTER)
def end_exempt(competition: Competition, who: str) -> ResponseReturnValue:
    """The word taken back; the person stays on the list and does not fit."""
    entrant, rule = find_entrant(competition, who), _rule()
    holder = find_holder(entrant, request.form.get("of", who))
    end_exemption(holder, rule, current_user)
    flash(_("收回了特准。人还在名单里，这一条不符合"), "ok")
    return _back(competition, who)


def _rule() -> Rule:
    text = request.form.get("rule", "")
    if text not in list(Rule):
        abort(404)
    return Rule(text)


def _back(competition: Competition, who: str) -> ResponseReturnValue:
    url = url_for("organiser.person", code=competition.code, who=who)
    return redirect(f"{in_the_list(url)}#eligibility")
