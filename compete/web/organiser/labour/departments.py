"""Departments are set up, get their link, and get a sign-off back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.labour_types import Indicator, Labour
from compete.domain.values.messages import listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.rights import Right
from compete.models import Competition, LabourDepartment
from compete.services.kernel.event_rules import labour_of
from compete.services.kernel.refusal import Refused
from compete.services.labour.departments import (
    department_links,
    departments_of,
    end_recorder,
    make_department_link,
    recorders_of,
    save_department,
)
from compete.services.labour.period_progress import closed_periods
from compete.services.labour.sign_off import signed_periods, signer_of, withdraw_sign_off
from compete.services.labour.squares import sure_number
from compete.web import guard
from compete.web.addresses import public_url
from compete.web.labour_words import told_apart
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.list_book import send_list
from compete.web.pages import own_row
from compete.web.posted import posted_reason
from compete.web.refusals import problem_of, refusal_on


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department in the list: its indicators, its people, its sign-offs."""

    id: int
    name: str
    indicators: str
    recorder: str | None
    signed: str


@dataclass(frozen=True, slots=True)
class DepartmentForm:
    """The settings of a department, as they stand or as they were typed."""

    name: str = ""
    over: str = ""
    """Over what loss a reason is wanted."""
    ticked: Collection[str] = ()
    """The codes of its indicators."""
    problem: str | None = None


def _department_rows(competition: Competition) -> list[DepartmentRow]:
    """List all departments, with those who enter for each."""
    known, labour = recorders_of(competition), labour_of(competition)
    periods = labour.period_names
    return [
        DepartmentRow(
            row.id,
            row.name,
            say(listed(told_apart(_entered(labour, row), periods).values())),
            _("、").join(recorder.account.name for recorder in known.get(row.id, ())) or None,
            say(listed(periods.get(it.period, it.period) for it in reversed(signed_periods(row)))),
        )
        for row in departments_of(competition)
    ]


def _entered(labour: Labour, department: LabourDepartment) -> list[Indicator]:
    return [indicator for indicator in labour.indicators if indicator.code in department.indicators]


def form_of(department: LabourDepartment) -> DepartmentForm:
    """Return the form of a department."""
    over = "" if department.reason_over is None else plain(department.reason_over)
    return DepartmentForm(department.name, over, department.indicators)


def taken_by_others(
    competition: Competition, department: LabourDepartment | None = None
) -> dict[str, str]:
    """Return the other department that enters an indicator, by indicator."""
    return {
        code: row.name
        for row in departments_of(competition)
        if department is None or row.id != department.id
        for code in row.indicators
    }


@face.get("/<code>/departments")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def departments(competition: Competition) -> ResponseReturnValue:
    """List the departments and the indicators they enter."""
    return _listed(competition, DepartmentForm())


@face.get("/<code>/departments/list.xlsx")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def departments_book(competition: Competition) -> Response:
    """Download the departments: their indicators, their people, and what is signed off."""
    heads = (_("部门"), _("打分的指标"), _("打分的人"), _("签核了"))
    rows = [
        [row.name, row.indicators, row.recorder or _("还没发链接"), row.signed or "—"]
        for row in _department_rows(competition)
    ]
    return send_list(competition, msg("打分部门"), heads, rows)


@face.post("/<code>/departments")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@only_once
@refusal_on(lambda competition, refused: _listed(competition, _typed_form(refused)))
def add_department(competition: Competition) -> ResponseReturnValue:
    """Add one department; its page, where its link is made, comes next."""
    return _to(_save(competition, _typed_form()))


@face.get("/<code>/departments/<int:number>")
@guard.may(Right.SET_UP, of=guard.LABOUR)
def department(competition: Competition, number: int) -> ResponseReturnValue:
    """Show one department; links while nobody has opened them, and who looks at them is noted."""
    department = own_row(LabourDepartment, competition, number)
    tokens = department_links(department, competition, current_user)
    return _department_page(competition, number, tokens)


@face.post("/<code>/departments/<int:number>")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(lambda refused, **of: _department_page(**of, form=_typed_form(refused)))
def change_department(competition: Competition, number: int) -> ResponseReturnValue:
    """Change its name, its indicators, and over what loss a reason is wanted."""
    department = own_row(LabourDepartment, competition, number)
    _save(competition, _typed_form(), department)
    flash(_("存好了"), "ok")
    return _to(department)


@face.post("/<code>/departments/<int:number>/link")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@only_once
@refusal_on(lambda refused, **of: _department_page(**of, link_problem=refused))
def new_department_link(competition: Competition, number: int) -> ResponseReturnValue:
    """Make a link for one more recorder, or a new one for a known one, whose earlier link ends."""
    department = own_row(LabourDepartment, competition, number)
    recorder = request.form.get("recorder", "")
    make_department_link(department, competition, recorder, current_user)
    return _to(department)


@face.post("/<code>/departments/<int:number>/recorder/end")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(lambda refused, **of: _department_page(**of, end_problem=refused))
def end_department_recorder(competition: Competition, number: int) -> ResponseReturnValue:
    """End the part of one of those who enter."""
    department, form = own_row(LabourDepartment, competition, number), request.form
    end_recorder(department, competition, form.get("recorder", ""), posted_reason(), current_user)
    flash(_("不再打分了，填过的留着"), "ok")
    return _to(department)


@face.post("/<code>/departments/<int:number>/signed/<period>/back")
@guard.may(Right.SET_UP, of=guard.LABOUR)
@refusal_on(lambda refused, period, **of: _department_page(**of, back_problem=refused))
def withdraw_labour_sign(competition: Competition, number: int, period: str) -> ResponseReturnValue:
    """Open the department's squares of the period again."""
    department = own_row(LabourDepartment, competition, number)
    withdraw_sign_off(department, period, posted_reason(), current_user)
    flash(_("签核退回了，可以接着打分"), "ok")
    return _to(department)


def _to(department: LabourDepartment) -> ResponseReturnValue:
    return redirect(url_for("organiser.department", number=department.id))


def _typed_form(refused: Refused | None = None) -> DepartmentForm:
    form = request.form
    return DepartmentForm(
        form.get("name", ""),
        form.get("over", "").strip(),
        form.getlist("indicator"),
        problem_of(refused),
    )


def _save(
    competition: Competition, typed: DepartmentForm, department: LabourDepartment | None = None
) -> LabourDepartment:
    return save_department(
        competition,
        typed.name,
        list(typed.ticked),
        sure_number(typed.over) if typed.over else None,
        current_user,
        department=department,
    )


def _listed(competition: Competition, form: DepartmentForm) -> str:
    taken, labour = taken_by_others(competition), labour_of(competition)
    indicators = told_apart(labour.indicators, labour.period_names)
    return render_template(
        "organiser/labour/departments/departments.html",
        rows=_department_rows(competition),
        form=form,
        indicators=indicators,
        taken=taken,
        free=[name for code, name in indicators.items() if code not in taken],
    )


def _department_page(
    competition: Competition,
    number: int,
    tokens: Mapping[int, str] = MappingProxyType({}),
    *,
    form: DepartmentForm | None = None,
    link_problem: Refused | None = None,
    end_problem: Refused | None = None,
    back_problem: Refused | None = None,
) -> str:
    """The department's page; `tokens` of links that nobody has opened yet, by account."""
    department, labour = own_row(LabourDepartment, competition, number), labour_of(competition)
    periods = labour.period_names
    return render_template(
        "organiser/labour/departments/department.html",
        department=department,
        form=form or form_of(department),
        indicators=told_apart(labour.indicators, periods),
        taken=taken_by_others(competition, department),
        recorders=recorders_of(competition).get(department.id, ()),
        links={who: public_url("auth.use_link", token=token) for who, token in tokens.items()},
        recorder=request.form.get("recorder", "") if link_problem else "",
        link_problem=link_problem,
        end_problem=end_problem,
        signed=[(row, signer_of(row)) for row in signed_periods(department)],
        periods=periods,
        closed=closed_periods(competition),
        back_problem=back_problem,
    )
