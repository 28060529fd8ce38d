"""The rules of a labour competition: looked at, saved as a workbook, read from one."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message, msg
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.refusal import Refused, invalid
from compete.services.labour.rule_changes import ask_rules, waiting_rules
from compete.services.labour.rule_fit import RulesMisfit
from compete.services.labour.rule_sheets import rules_book
from compete.services.labour.rules import rules_problems, save_labour_rules, why_labour_rules_stay
from compete.services.labour.rules_upload import read_rules_book
from compete.services.labour.stored_rules import LabourRules, rules_of_text, rules_text
from compete.services.labour.stored_rules import labour_rules as labour_rules_of
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.downloads import send_workbook
from compete.web.language import other_languages, say
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour_rules.differences import differences
from compete.web.organiser.labour_rules.shapes import BookFault, RulesPreview
from compete.web.organiser.labour_rules.view_model import ALL, FROM, describe_rules
from compete.web.pages import fields_of
from compete.web.refusals import status_of


@face.get("/<code>/labour/rules")
@guard.may(Right.SEE, of=guard.LABOUR)
def labour_rules(competition: Competition) -> ResponseReturnValue:
    """Show the rules in force, with examples."""
    page = describe_rules(competition)
    return render_template("organiser/labour_rules/rules.html", **fields_of(page))


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
    if by_two and waiting_rules(competition) is not None:
        raise Refused(msg("已经有一份规则改动在等第二个人，先同意或者撤回它"))
    if not by_two and "looked_at" in request.form:
        return _save(competition, request.form["looked_at"])
    sent = request.files.get("rules")
    if sent is None or not sent.filename:
        return _again(competition, _("先选一个 Excel 文件"))
    try:
        found = read_rules_book(
            read_upload(sent.stream, declared=request.content_length), other_languages()
        )
    except WorkbookError as error:
        return _again(competition, say(error.message))
    for notice in found.notices:
        flash(say(notice), "info")
    faults = [
        BookFault(place=each.place, what=say(Message(each.what)), why=say(each.why))
        for each in found.problems
    ]
    if found.rules is not None:
        faults = [
            BookFault(place=place_words(each.path), what="", why=say(each.message))
            for each in rules_problems(competition, found.rules.labour)
        ]
    if faults or found.rules is None:
        problem = _("表里有 %(n)s 处没读懂，什么都没有改", n=len(faults))
        return _again(competition, problem, faults)
    try:
        if by_two:
            return _ask(competition, found.rules)
    except RulesMisfit as misfit:
        faults = [BookFault(place="", what="", why=say(each.why)) for each in misfit.why]
        return _again(competition, _("照这张表改不了，什么都没有改"), faults)
    except Refused as refused:
        return _again(competition, say(refused.message), status=status_of(refused))
    shown = differences(competition, labour_rules_of(competition), found.rules)
    if not shown:
        flash(_("和原来一样，没有要存的"), "ok")
        return redirect(url_for("organiser.labour_rules", code=competition.code))
    preview = RulesPreview(differences=shown, rules=rules_text(found.rules))
    page = describe_rules(competition, preview=preview)
    return render_template("organiser/labour_rules/rules.html", **fields_of(page))


def _save(competition: Competition, text: str) -> ResponseReturnValue:
    """Put the rules that were looked at in force."""
    try:
        rules = rules_of_text(text)
        if rules_problems(competition, rules.labour):
            raise ValueError
    except ValueError:
        return _again(competition, _("没读懂，再传一次规则表"))
    try:
        changed = save_labour_rules(competition, rules, current_user)
    except Refused as refused:
        return _again(competition, say(refused.message), status=status_of(refused))
    flash(_("存下了，从现在起照这个") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.labour_rules", code=competition.code))


def _ask(competition: Competition, rules: LabourRules) -> ResponseReturnValue:
    starts = request.form.get("starts", "")
    if starts != ALL and not starts.startswith(FROM):
        raise invalid(msg("选新规则从哪一期起"))
    change = ask_rules(
        competition,
        rules,
        request.form.get("reason", ""),
        current_user,
        starts=None if starts == ALL else starts.removeprefix(FROM),
    )
    flash(_("记下了，等另一个人同意后生效"), "ok")
    return redirect(url_for("organiser.rule_change", code=competition.code, number=change.id))


def _again(
    competition: Competition, problem: str, faults: list[BookFault] | None = None, status: int = 400
) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in ("reason", "starts")}
    page = describe_rules(competition, problem, faults or [], typed)
    return render_template("organiser/labour_rules/rules.html", **fields_of(page)), status
