"""成绩单: a list of marks brought as a workbook or pasted, looked at, then one of two readings."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, replace

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values import Right, msg
from compete.models import Competition, Job
from compete.services.closing import (
    LIST_FIELDS,
    MOST_LISTED,
    OTHER_LIST_HEADINGS,
    ListTaken,
    MarkedModule,
    differing_of,
    enter_list_or_ask,
    listed_people,
    plan_marks_list,
    takes_list,
    why_no_list,
)
from compete.services.kernel import Refused
from compete.sheets.headed_rows import HeadedRows, read_headed_rows, write_headed_rows
from compete.sheets.workbook import WorkbookError, read_upload
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import SentRows, planned_row, rows_preview
from compete.web.organiser.jobs.view_model import job_url
from compete.web.organiser.paper.view_model import page_head, sheet_row
from compete.web.organiser.progress.places import Place, chosen_place, place_key, places_of
from compete.web.pages import fields_of
from compete.web.refusals import problem_of, status_of

_MOST_BYTES = 1024 * 1024
_MOST_SHOWN = 300


@dataclass(frozen=True)
class _Brought:
    """What was brought, as it came, and its rows."""

    content: bytes = b""
    rows: SentRows = ()


@face.route("/<code>/marks-list", methods=["GET", "POST"])
@guard.may(Right.FOLLOW_PAPER)
@only_once
def upload_marks_list(competition: Competition) -> ResponseReturnValue:
    """A list of one module's marks, looked at row by row; nothing is written."""
    place = _place(competition)
    if request.method == "GET":
        return _shown(place, _Brought())
    try:
        content = _content()
        rows = _rows(content)
    except WorkbookError as error:
        return _shown(place, _Brought(), say(error.message)), 400
    for notice in rows.notices:
        flash(say(notice), "info")
    return _shown(place, _Brought(content, rows))


@face.post("/<code>/marks-list/write")
@guard.may(Right.READ_AGAIN)
@only_once
def write_marks_list(competition: Competition) -> ResponseReturnValue:
    """The list that was looked at is this recorder's reading of each sheet."""
    place = _place(competition)
    try:
        content = base64.b64decode(request.form.get("rows", ""), validate=True)
        rows = _rows(content)
    except (binascii.Error, WorkbookError):
        abort(400)
    try:
        signed = "signed" in request.form
        taken = enter_list_or_ask(_module(place), content, rows, current_user, signed=signed)
    except Refused as refused:
        return _shown(place, _Brought(content, rows), problem_of(refused)), status_of(refused)
    if isinstance(taken, Job):
        return redirect(job_url(taken))
    _tell(taken)
    return redirect(_url("upload", place))


@face.get("/<code>/marks-list/workbook.xlsx")
@guard.may(Right.READ_AGAIN)
def marks_list_workbook(competition: Competition) -> Response:
    """Who of the module has no mark yet, for the marks to be written beside the names."""
    place = _place(competition)
    if why_no_list(_module(place), current_user) is not None:
        abort(403)
    rows = [
        {"name": entrant.name, "number": entrant.code} for entrant in listed_people(_module(place))
    ]
    content = write_headed_rows(msg("成绩单"), LIST_FIELDS, rows)
    return send_workbook(content, f"成绩单_{_module(place).title}.xlsx")


def _place(competition: Competition) -> Place:
    return chosen_place([each for each in places_of(competition) if takes_list(each.module)])


def _module(place: Place) -> MarkedModule:
    return MarkedModule(place.event, place.stage.code, place.module)


def _url(what: str, place: Place) -> str:
    views = {"upload": "upload_marks_list", "write": "write_marks_list"}
    view = f"organiser.{views.get(what, 'marks_list_workbook')}"
    return url_for(view, code=place.event.competition.code, module=place_key(place))


def _content() -> bytes:
    """The file that was sent, or what was pasted. Raises `WorkbookError` where neither was."""
    if pasted := request.form.get("pasted", "").strip("\r\n"):
        content = pasted.encode()
    else:
        sent = request.files.get("workbook")
        if sent is None or not sent.filename:
            raise WorkbookError(msg("选一个 Excel 文件，或者把表贴在下面"))
        content = read_upload(sent.stream, declared=request.content_length)
    if len(content) > _MOST_BYTES:
        raise WorkbookError(msg("成绩单太大了，最多 1 MB：只留要的列，或者分开传"))
    return content


def _rows(content: bytes) -> HeadedRows:
    return read_headed_rows(content, LIST_FIELDS, OTHER_LIST_HEADINGS, MOST_LISTED)


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


def _shown(place: Place, brought: _Brought, problem: str | None = None) -> str:
    competition, module = place.event.competition, _module(place)
    barred = why_no_list(module, current_user)
    plan = plan_marks_list(module, brought.rows, current_user) if brought.rows else None
    words = {key: say(title) for key, title in LIST_FIELDS.items()}
    page = rows_preview(
        "marks_list",
        list(words.values()),
        [
            planned_row(row, [row.texts.get(key, "") for key in LIST_FIELDS], words)
            for row in (plan.rows if plan else ())
        ],
        (),
        problem or (say(barred) if barred is not None else None),
        most=_MOST_SHOWN,
        of=competition.code,
        back=url_for("organiser.paper", code=competition.code),
    )
    does = page.fresh + page.changed and not page.wrong and barred is None
    return render_template(
        "organiser/paper/marks_list.html",
        competition=page_head(competition),
        module=module.title,
        without=[f"{entrant.code} {entrant.name}" for entrant in (plan.without if plan else ())],
        differing=[sheet_row(competition, sheet) for sheet in differing_of(module)],
        **fields_of(
            replace(
                page,
                packed=base64.b64encode(brought.content).decode() if does else "",
                upload_url=_url("upload", place),
                write_url=_url("write", place),
                workbook_url=_url("workbook", place),
            )
        ),
    )
