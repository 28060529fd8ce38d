"""The rules of a labour competition as a form: saved at once, or asked for by two."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.problems import Problem
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.competitions.labour_draft import LabourDraft
from compete.services.competitions.labour_form import labour_draft_in_force, labour_rules_of_draft
from compete.services.competitions.rules_saving import RulesRefused
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.text_limits import LONGEST_REASON, too_long
from compete.services.labour.rule_changes import ask_rules, waiting_rules
from compete.services.labour.rule_fit import RulesMisfit
from compete.services.labour.rules import save_labour_rules, why_labour_rules_stay
from compete.web import guard
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour_form.examples import labour_example
from compete.web.organiser.labour_form.reading import read_labour_draft
from compete.web.organiser.labour_form.shapes import LabourFormPage
from compete.web.organiser.labour_form.view_model import labour_form_page
from compete.web.organiser.labour_rules.view_model import ALL, FROM
from compete.web.pages import fields_of
from compete.web.refusals import status_of

# 130 units, 200 indicators asked in 60 periods and more.
_MOST_FIELDS = 50_000


@face.route("/<code>/labour/rules/form", methods=["GET", "POST"])
@guard.of_labour
@guard.may(Right.SET_UP)
def labour_form(competition: Competition) -> ResponseReturnValue:
    """The rules in force as a form; what cannot be saved stays in its field."""
    before = labour_draft_in_force(competition)
    if request.method == "GET":
        return _shown(labour_form_page(competition, before))
    _refuse_too_much()
    if waiting_rules(competition) is not None:
        raise Refused(msg("已经有一份规则改动在等第二个人，先同意或者撤回它"))
    draft = read_labour_draft(request.form, before)
    act, _colon, more = request.form.get("act", "save").partition(":")
    if act in ("more", "try"):
        return _shown(labour_form_page(competition, draft, request.form, more=more))
    try:
        return _save(competition, draft)
    except RulesRefused as refused:
        page = labour_form_page(
            competition,
            draft,
            request.form,
            problem=say(refused.message),
            problems=refused.problems,
        )
        return _shown(page, status_of(refused))
    except RulesMisfit as misfit:
        page = labour_form_page(
            competition,
            draft,
            request.form,
            problem=_("这样改不了，什么都没有改"),
            misfits=misfit.why,
        )
        return _shown(page, status_of(misfit))
    except Refused as refused:
        page = labour_form_page(competition, draft, request.form, problem=say(refused.message))
        return _shown(page, status_of(refused))


@face.post("/<code>/labour/rules/try")
@guard.of_labour
@guard.may(Right.SET_UP)
def try_labour_form(competition: Competition) -> ResponseReturnValue:
    """What the example comes to under what the form says now; nothing is stored."""
    _refuse_too_much()
    before = labour_draft_in_force(competition)
    # A form that is closed sends its example alone.
    closed = waiting_rules(competition) is not None
    draft = before if closed else read_labour_draft(request.form, before)
    card = labour_example(competition, draft, request.form, before)
    return jsonify(
        card=render_template("organiser/labour_form/_example.html", example=card),
        worked=render_template("organiser/labour_form/_worked.html", worked=card.worked),
        problems={field.name: field.problem for field in card.fields if field.problem},
    )


def _save(competition: Competition, draft: LabourDraft) -> ResponseReturnValue:
    alone = why_labour_rules_stay(competition) is None
    starts, reason = request.form.get("starts", ""), request.form.get("reason", "")
    unsaid = []
    if not alone and starts != ALL and not starts.startswith(FROM):
        unsaid.append(Problem("starts", msg("选新规则从哪一期起")))
    if not alone and not reason.strip():
        unsaid.append(Problem("reason", msg("写明为什么改规则")))
    if not alone and len(reason) > LONGEST_REASON:
        unsaid.append(Problem("reason", too_long(reason, LONGEST_REASON)))
    try:
        rules = labour_rules_of_draft(competition, draft)
    except RulesRefused as refused:
        raise RulesRefused([*unsaid, *refused.problems]) from None
    if unsaid:
        raise RulesRefused(unsaid)
    seen = request.form.get("seen", "")
    if alone:
        changed = save_labour_rules(competition, rules, current_user, seen=seen)
        flash(_("存下了，从现在起照这个") if changed else _("和原来一样，没有要存的"), "ok")
        return redirect(url_for("organiser.labour_form", code=competition.code))
    change = ask_rules(
        competition,
        rules,
        reason,
        current_user,
        starts=None if starts == ALL else starts.removeprefix(FROM),
        seen=seen,
    )
    flash(_("记下了，等另一个人同意后生效"), "ok")
    return redirect(url_for("organiser.rule_change", code=competition.code, number=change.id))


def _shown(page: LabourFormPage, status: int = 200) -> ResponseReturnValue:
    return render_template("organiser/labour_form/form.html", **fields_of(page)), status


def _refuse_too_much() -> None:
    found = sum(len(values) for _name, values in request.form.lists())
    if found > _MOST_FIELDS:
        raise Refused(
            msg("规则一共最多 %(most)s 格，这里有 %(n)s 格", most=_MOST_FIELDS, n=found),
            kind=Refusal.TOO_LARGE,
        )
