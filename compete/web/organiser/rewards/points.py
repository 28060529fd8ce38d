"""积分: rules, trainings and who came, averages of units, and who agreed to be named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import PointRuleRow
from compete.services.kernel.fields import headings
from compete.services.kernel.refusal import Refused
from compete.services.kernel.rows_by_number import find
from compete.services.rewards.attendance import (
    ATTENDANCE_ROWS,
    AttendanceFields,
    attendance_texts,
    courses_of,
    end_course,
    plan_attendance,
)
from compete.services.rewards.attendance import write_attendance as write
from compete.services.rewards.points import (
    SOURCES,
    LastDayFields,
    PointRuleFields,
    add_point_rule,
    agreed_points,
    end_point_rule,
    point_rules_of,
    reckon_points,
    team_points,
)
from compete.sheets.headed_rows import write_headed_rows
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import SentRows, fields_preview, looked_at, write_looked_at
from compete.web.organiser.list_book import send_list
from compete.web.organiser.rewards.schemes import own_scheme_or_404
from compete.web.pages import fields_of, or_404
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, refusal_on
from compete.web.setting_forms import act_form, typed_act

_MOST_SHOWN = 300


def _average_text(average: Fraction) -> str:
    """An average of points with two places, rounded half up."""
    cents = (average * 200 + 1) // 2
    return f"{cents // 100:,}.{cents % 100:02d}"


def _show(number: int, refused: Refused | None = None, **_values: object) -> str:
    scheme = own_scheme_or_404(number)
    return render_template(
        "organiser/rewards/points.html",
        scheme=scheme,
        rules=[(row, say(SOURCES[row.source])) for row in point_rules_of(scheme)],
        courses=[(*it, it[1].isoformat()) for it in courses_of(scheme)],
        teams=[
            (it, _average_text(it.average) if it.average is not None else "")
            for it in team_points(scheme)
        ],
        agreed=len(agreed_points(scheme)),
        rule_form=act_form(PointRuleFields, refused, at="rule"),
        end_form=act_form(LastDayFields, refused, at="end"),
        problem=problem_of(refused),
    )


@face.get("/rewards/<int:number>/points")
@guard.may(Right.KEEP_REWARDS)
def reward_points(number: int) -> ResponseReturnValue:
    """Point rules, trainings, and the averages of units."""
    return _show(number)


@face.post("/rewards/<int:number>/points/rules")
@guard.may(Right.KEEP_REWARDS)
@only_once
@refusal_on(_show)
def add_reward_point_rule(number: int) -> ResponseReturnValue:
    """Add a rule that gives points."""
    row = add_point_rule(own_scheme_or_404(number), typed_act(PointRuleFields), current_user)
    flash(_("加了：%(what)s", what=say(SOURCES[row.source])), "ok")
    return redirect(url_for("organiser.reward_points", number=number))


@face.post("/rewards/<int:number>/points/rules/<int:rule_number>/end")
@guard.may(Right.KEEP_REWARDS)
@refusal_on(_show)
def end_reward_point_rule(number: int, rule_number: int) -> ResponseReturnValue:
    """Write the last day of a rule."""
    scheme = own_scheme_or_404(number)
    row = or_404(find(PointRuleRow, rule_number))
    row = or_404(row if row.scheme_id == scheme.id else None)
    end_point_rule(row, typed_act(LastDayFields), current_user)
    flash(_("存下了"), "ok")
    return redirect(url_for("organiser.reward_points", number=number))


@face.post("/rewards/<int:number>/points/reckon")
@guard.may(Right.KEEP_REWARDS)
@refusal_on(_show)
def reckon_reward_points(number: int) -> ResponseReturnValue:
    """Reckon the points anew."""
    came, ended = reckon_points(own_scheme_or_404(number), current_user)
    flash(_("算好了：新增 %(came)s 笔，不再算的 %(ended)s 笔", came=came, ended=ended), "ok")
    return redirect(url_for("organiser.reward_points", number=number))


@face.get("/rewards/<int:number>/points.xlsx")
@guard.may(Right.KEEP_REWARDS)
def reward_points_book(number: int) -> Response:
    """The people who agreed to be named, with their points."""
    rows = agreed_points(own_scheme_or_404(number))
    columns = [_("姓名"), _("单位"), _("积分")]
    cells: list[list[Value]] = [[person.name, unit, points] for person, unit, points in rows]
    return send_list(None, msg("积分名单"), columns, cells)


@face.post("/rewards/<int:number>/attendance/end")
@guard.may(Right.KEEP_REWARDS)
@refusal_on(_show)
def end_attended_course(number: int) -> ResponseReturnValue:
    """Take a training back with all who came."""
    day = or_404(_day(posted_text("day")))
    scheme = own_scheme_or_404(number)
    count = end_course(scheme, posted_text("course"), day, current_user)
    reckon_points(scheme, current_user)
    flash(ngettext("撤回了 %(num)s 人", "撤回了 %(num)s 人", count), "ok")
    return redirect(url_for("organiser.reward_points", number=number))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@face.route("/rewards/<int:number>/attendance", methods=["GET", "POST"])
@guard.may(Right.KEEP_REWARDS)
@only_once
def upload_attendance(number: int) -> ResponseReturnValue:
    """A list of who came to a training, looked at row by row; nothing is written."""
    return looked_at(ATTENDANCE_ROWS, partial(_preview, number))


@face.post("/rewards/<int:number>/attendance/write")
@guard.may(Right.KEEP_REWARDS)
@only_once
def write_attendance(number: int) -> ResponseReturnValue:
    """Write the rows that were looked at."""
    scheme = own_scheme_or_404(number)

    def write_rows(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        made, changed = write(scheme, rows, current_user)
        reckon_points(scheme, current_user)
        flash(_("记了 %(made)s 人次，更正 %(changed)s 人次", made=made, changed=changed), "ok")
        return redirect(url_for("organiser.reward_points", number=number))

    plan = partial(plan_attendance, scheme)
    return write_looked_at(ATTENDANCE_ROWS, partial(_preview, number), plan, write_rows)


@face.get("/rewards/<int:number>/attendance.xlsx")
@guard.may(Right.KEEP_REWARDS)
def attendance_workbook(number: int) -> Response:
    """All attendance as a workbook, to be filled in and brought back."""
    scheme = own_scheme_or_404(number)
    lines = attendance_texts(scheme, current_user)
    content = write_headed_rows(msg("培训签到"), headings(AttendanceFields), lines)
    return send_workbook(content, f"培训签到_{scheme.organisation.name}.xlsx")


def _preview(number: int, sent: SentRows, problem: str | None) -> str:
    scheme = own_scheme_or_404(number)
    page = fields_preview(
        "attendance",
        headings(AttendanceFields),
        partial(plan_attendance, scheme),
        sent,
        problem,
        _MOST_SHOWN,
        at={"number": number},
        back=url_for("organiser.reward_points", number=number),
    )
    return render_template(
        "organiser/rewards/attendance.html",
        **fields_of(page),
        most_rows=ATTENDANCE_ROWS.most,
    )
