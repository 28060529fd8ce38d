"""Departments are set up, get their link, and get a sign-off back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from types import MappingProxyType

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, LabourDepartment
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.labour.cells import read_number
from compete.services.labour.departments import (
    department_links,
    end_recorder,
    find_department,
    make_department_link,
    save_department,
)
from compete.services.labour.signing_off import withdraw_sign_off
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.departments.view_model import (
    department_page,
    department_rows,
    departments_page,
)
from compete.web.organiser.list_book import send_list
from compete.web.pages import fields_of
from compete.web.refusals import status_of


@face.get("/<code>/departments")
@guard.of_labour
@guard.may(Right.SET_UP)
def departments(competition: Competition) -> ResponseReturnValue:
    """Which department enters which indicators."""
    return render_template(
        "organiser/departments/departments.html",
        **fields_of(departments_page(competition, None, ("", "", ()))),
    )


@face.get("/<code>/departments/list.xlsx")
@guard.of_labour
@guard.may(Right.SET_UP)
def departments_book(competition: Competition) -> Response:
    """Which department enters which indicators, who for it, what it has signed off."""
    heads = (_("部门"), _("打分的指标"), _("打分的人"), _("签核了"))
    rows = [
        [row.name, row.indicators, row.recorder or _("还没发链接"), row.signed or "—"]
        for row in department_rows(competition)
    ]
    return send_list(competition, msg("打分部门"), heads, rows)


@face.post("/<code>/departments")
@guard.of_labour
@guard.may(Right.SET_UP)
@only_once
def add_department(competition: Competition) -> ResponseReturnValue:
    """One more; its page, where its link is made, comes next."""
    name, over, ticked = _typed()
    try:
        made = save_department(competition, name, list(ticked), _limit(over), current_user)
    except Refused as refused:
        page = departments_page(competition, say(refused.message), (name, over, ticked))
        shown = render_template("organiser/departments/departments.html", **fields_of(page))
        return shown, status_of(refused)
    return _to(competition, made)


@face.get("/<code>/departments/<int:number>")
@guard.of_labour
@guard.may(Right.SET_UP)
def department(competition: Competition, number: int) -> ResponseReturnValue:
    """One department; links while nobody has opened them, and who looks at them is noted."""
    found = _found(competition, number)
    tokens = department_links(found, competition, current_user)
    return _shown(competition, found, tokens)


@face.post("/<code>/departments/<int:number>")
@guard.of_labour
@guard.may(Right.SET_UP)
def change_department(competition: Competition, number: int) -> ResponseReturnValue:
    """Its name, its indicators, over what loss a reason is wanted."""
    found = _found(competition, number)
    name, over, ticked = _typed()
    try:
        save_department(
            competition, name, list(ticked), _limit(over), current_user, department=found
        )
    except Refused as refused:
        return _shown(competition, found, problem=refused, typed=(name, over, ticked)), status_of(
            refused
        )
    flash(_("存好了"), "ok")
    return _to(competition, found)


@face.post("/<code>/departments/<int:number>/link")
@guard.of_labour
@guard.may(Right.SET_UP)
@only_once
def new_department_link(competition: Competition, number: int) -> ResponseReturnValue:
    """A link for one more who enters, or a new one for who does: that one's earlier ends."""
    found, recorder = _found(competition, number), request.form.get("recorder", "")
    try:
        make_department_link(found, competition, recorder, current_user)
    except Refused as refused:
        page = _shown(competition, found, link_problem=refused, link_typed=recorder)
        return page, status_of(refused)
    return _to(competition, found)


@face.post("/<code>/departments/<int:number>/recorder/end")
@guard.of_labour
@guard.may(Right.SET_UP)
def end_department_recorder(competition: Competition, number: int) -> ResponseReturnValue:
    """One of those who enter does so no more."""
    found, form = _found(competition, number), request.form
    try:
        end_recorder(
            found, competition, form.get("recorder", ""), form.get("reason", ""), current_user
        )
    except Refused as refused:
        return _shown(competition, found, end_problem=refused), status_of(refused)
    flash(_("不再打分了，填过的留着"), "ok")
    return _to(competition, found)


@face.post("/<code>/departments/<int:number>/signed/<period>/back")
@guard.of_labour
@guard.may(Right.SET_UP)
def withdraw_labour_sign(competition: Competition, number: int, period: str) -> ResponseReturnValue:
    """The department's squares of the period are open again."""
    found = _found(competition, number)
    try:
        withdraw_sign_off(found, period, request.form.get("reason", ""), current_user)
    except Refused as refused:
        return _shown(competition, found, back_problem=refused), status_of(refused)
    flash(_("签核退回了，可以接着打分"), "ok")
    return _to(competition, found)


def _found(competition: Competition, number: int) -> LabourDepartment:
    found = find_department(competition, number)
    if found is None:
        abort(404)
    return found


def _to(competition: Competition, department: LabourDepartment) -> ResponseReturnValue:
    return redirect(url_for("organiser.department", code=competition.code, number=department.id))


def _typed() -> tuple[str, str, Collection[str]]:
    form = request.form
    return form.get("name", ""), form.get("over", "").strip(), form.getlist("indicator")


def _limit(text: str) -> Decimal | None:
    if not text:
        return None
    number = read_number(text)
    if number is None:
        raise Refused(msg("“%(text)s”不是数", text=text[:20]), kind=Refusal.INVALID)
    return number


def _shown(
    competition: Competition,
    department: LabourDepartment,
    tokens: Mapping[int, str] = MappingProxyType({}),
    *,
    problem: Refused | None = None,
    link_problem: Refused | None = None,
    link_typed: str = "",
    end_problem: Refused | None = None,
    back_problem: Refused | None = None,
    typed: tuple[str, str, Collection[str]] | None = None,
) -> str:
    page = department_page(
        competition,
        department,
        tokens,
        problem=_words(problem),
        link_problem=_words(link_problem),
        link_typed=link_typed,
        end_problem=_words(end_problem),
        back_problem=_words(back_problem),
        typed=typed,
    )
    return render_template("organiser/departments/department.html", **fields_of(page))


def _words(refused: Refused | None) -> str | None:
    return None if refused is None else say(refused.message)
