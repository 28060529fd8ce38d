"""The rules of a labour competition: looked at, saved as a workbook, read from one."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import Right
from compete.models import Competition
from compete.services.kernel import Refused
from compete.services.labour import (
    read_rules_book,
    rules_book,
    rules_problems,
    save_labour_rules,
    why_labour_rules_stay,
)
from compete.sheets.workbook import WorkbookError, read_upload
from compete.web import guard
from compete.web.bundle_places import place_words
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour_rules.shapes import BookFault
from compete.web.organiser.labour_rules.view_model import describe_rules
from compete.web.pages import fields_of
from compete.web.refusals import status_of


@face.get("/<code>/labour/rules")
@guard.of_any_kind
@guard.may(Right.SEE)
def labour_rules(competition: Competition) -> ResponseReturnValue:
    """What is in force, with examples."""
    _require_labour(competition)
    page = describe_rules(competition)
    return render_template("organiser/labour_rules/rules.html", **fields_of(page))


@face.get("/<code>/labour/rules.xlsx")
@guard.of_any_kind
@guard.may(Right.SEE)
def labour_rules_book(competition: Competition) -> Response:
    """The rules as a workbook, to be changed and read again."""
    _require_labour(competition)
    return send_workbook(rules_book(competition), f"规则_{competition.name}.xlsx")


@face.post("/<code>/labour/rules")
@guard.of_any_kind
@guard.may(Right.SET_UP)
def save_labour_rules_book(competition: Competition) -> ResponseReturnValue:
    """Put a workbook's rules in force; where something is wrong, nothing of it."""
    _require_labour(competition)
    why = why_labour_rules_stay(competition)
    if why is not None:
        raise Refused(why)
    sent = request.files.get("rules")
    if sent is None or not sent.filename:
        return _again(competition, _("先选一个 Excel 文件"))
    try:
        found = read_rules_book(read_upload(sent.stream, declared=request.content_length))
    except WorkbookError as error:
        return _again(competition, say(error.message))
    faults = [
        BookFault(place=each.place, what=each.what, why=say(each.why)) for each in found.problems
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
        changed = save_labour_rules(competition, found.rules, current_user)
    except Refused as refused:
        return _again(competition, say(refused.message), status=status_of(refused))
    flash(_("存下了，从现在起照这个") if changed else _("和原来一样，没有要存的"), "ok")
    return redirect(url_for("organiser.labour_rules", code=competition.code))


def _again(
    competition: Competition, problem: str, faults: list[BookFault] | None = None, status: int = 400
) -> ResponseReturnValue:
    page = describe_rules(competition, problem, faults or [])
    return render_template("organiser/labour_rules/rules.html", **fields_of(page)), status


def _require_labour(competition: Competition) -> None:
    if competition.kind != "labour":
        abort(404)
