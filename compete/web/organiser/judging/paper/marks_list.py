"""成绩单: a list of marks brought as a workbook or pasted, looked at, then one of two readings."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.models import Competition, Job
from compete.services.closing.marks_lists import (
    LIST_FIELDS,
    MARKS_ROWS,
    ListTaken,
    MarkedModule,
    differing_of,
    enter_list_or_ask,
    listed_people,
    plan_marks_list,
    rows_of_marks,
    takes_list,
    why_no_list,
)
from compete.sheets.headed_rows import HeadedRows, write_headed_rows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.guard import may_open
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import (
    SentRows,
    looked_at,
    planned_row,
    rows_preview,
    write_looked_at,
)
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.organiser.judging.paper.view_model import sheet_row
from compete.web.organiser.places import BoardModule, chosen_place, place_key, places_of
from compete.web.pages import fields_of

_MOST_SHOWN = 300


@face.route("/<code>/marks-list", methods=["GET", "POST"])
@guard.may(Right.FOLLOW_PAPER)
@only_once
def upload_marks_list(competition: Competition) -> ResponseReturnValue:
    """A list of one module's marks, looked at row by row; nothing is written."""
    place = _place(competition)
    return looked_at(rows_of_marks(_module(place)), partial(_list_page, place))


@face.post("/<code>/marks-list/write")
@guard.may(Right.READ_AGAIN)
@only_once
def write_marks_list(competition: Competition) -> ResponseReturnValue:
    """Write the list as this recorder's reading of each sheet."""
    place = _place(competition)

    def write_rows(rows: HeadedRows) -> ResponseReturnValue:
        signed = "signed" in request.form
        taken = enter_list_or_ask(_module(place), rows.content, rows, current_user, signed=signed)
        if isinstance(taken, Job):
            return redirect(job_url(taken))
        _tell(taken)
        return redirect(_url("upload", place))

    return write_looked_at(
        rows_of_marks(_module(place)), partial(_list_page, place), None, write_rows
    )


@face.get("/<code>/marks-list/workbook.xlsx")
@guard.may(Right.READ_AGAIN)
def marks_list_workbook(competition: Competition) -> Response:
    """Download those of the module without a mark, for the marks to be written beside the names."""
    place = _place(competition)
    if why_no_list(_module(place), current_user) is not None:
        abort(403)
    rows = [
        {"name": entrant.name, "code": entrant.code} for entrant in listed_people(_module(place))
    ]
    content = write_headed_rows(msg("成绩单"), LIST_FIELDS, rows)
    return send_workbook(content, f"成绩单_{_module(place).title}.xlsx")


def _place(competition: Competition) -> BoardModule:
    return chosen_place([place for place in places_of(competition) if takes_list(place.module)])


def _module(place: BoardModule) -> MarkedModule:
    return MarkedModule(place.event, place.stage.code, place.module)


def _url(what: str, place: BoardModule) -> str:
    views = {"upload": "upload_marks_list", "write": "write_marks_list"}
    view = f"organiser.{views.get(what, 'marks_list_workbook')}"
    return url_for(view, code=place.event.competition.code, module=place_key(place))


def _tell(taken: ListTaken) -> None:
    flash(
        _(
            "%(settled)s 张两个人录的一样，算数了；%(waits)s 张等另一位；%(differs)s 张不一样",
            settled=taken.settled,
            waits=taken.waits,
            differs=taken.differs,
        ),
        "warn" if taken.differs else "ok",
    )
    for label, why in taken.left_out:
        flash(_("%(code)s 没有录：%(why)s", code=label, why=say(why)), "warn")


def _list_page(place: BoardModule, sent: SentRows, problem: str | None) -> str:
    competition, module = place.event.competition, _module(place)
    barred = why_no_list(module, current_user)
    plan = plan_marks_list(module, sent, current_user) if sent else None
    words = {key: say(title) for key, title in LIST_FIELDS.items()}
    page = rows_preview(
        "marks_list",
        list(words.values()),
        [
            planned_row(row, [row.texts.get(key, "") for key in LIST_FIELDS], words, sent)
            for row in (plan.rows if plan else ())
        ],
        sent,
        problem or say(barred),
        most=_MOST_SHOWN,
        whole=True,
        of=competition.code,
        back=url_for("organiser.paper"),
    )
    return render_template(
        "organiser/judging/paper/marks_list.html",
        module=module.title,
        most_rows=MARKS_ROWS.most,
        barred=barred is not None,
        without=[f"{entrant.code} {entrant.name}" for entrant in (plan.without if plan else ())],
        differing=[sheet_row(sheet) for sheet in differing_of(module)],
        **fields_of(
            replace(
                page,
                upload_url=_url("upload", place),
                write_url=_url("write", place),
                workbook_url=_url("workbook", place)
                if barred is None and may_open("organiser.marks_list_workbook")
                else None,
            )
        ),
    )
