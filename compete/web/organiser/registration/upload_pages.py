"""Pages of a registration workbook: sent, its columns said, looked at, put right, thrown away.

The desk's and a unit's are alike here; who may, and what becomes of the rows, is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Account, Competition, ImportBatch
from compete.services.kernel.refusal import Refused
from compete.services.registration.known_layouts import (
    columns_of,
    open_columns,
    require_waiting,
    rows_alike,
    say_cell,
    say_column,
    say_new_units,
    say_same_person,
    twin_rows,
)
from compete.services.registration.preview import left_out_in
from compete.services.registration.staging import ask_preview, open_work, staged_refused
from compete.sheets.reading.answers import ColumnRead
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.plan import RegistrationPlan, RowStatus
from compete.sheets.registration.reading import column_of_field, fields_of_columns
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.jobs.view_model import job_url
from compete.web.organiser.registration.uploading import show_preview, show_staged, show_upload
from compete.web.pages import or_404
from compete.web.shapes import choices
from compete.web.upload_limit_words import limit_words

_NEEDED = ("name", "id_number")


def show_columns(side: str, batch: ImportBatch) -> str:
    """The page of a file's columns, for the desk or a unit's contact."""
    file = columns_of(batch)
    asked = {it.key for it in file.asked}
    read, fields = {it.field for it in file.columns}, _fields(batch)
    columns = sorted(file.columns, key=lambda column: column.key not in asked)
    return render_template(
        "organiser/registration/columns.html",
        side=side,
        batch=batch,
        columns=[(it, it.key in asked, _why(it, fields)) for it in columns],
        choices=choices({"": _("不用"), **{key: column_of_field(key) for key in fields}}),
        question=file.asked[0] if file.asked else None,
        title=_question(file.asked[0]) if file.asked else "",
        understood=sum(it.field in fields and it.key not in asked for it in file.columns),
        questions=len(file.asked),
        remembered=file.remembered,
        lacking=_("、").join(_label(key) for key in _NEEDED if key not in read),
    )


def _take_column(batch: ImportBatch) -> None:
    """Take the answer about a column."""
    field = request.form.get("field", "")
    if field and field not in _fields(batch):
        abort(400)
    say_column(batch, request.form.get("key", ""), field, current_user)


def _take_cell(
    batch: ImportBatch, plan: Callable[[], RegistrationPlan], *, new_units: bool
) -> None:
    """Take the answer about a cell: as typed, as proposed in all like rows, empty, or undone.

    With `new_units` it may be that a unit is new.
    """
    form = request.form
    number, key, act = form.get("row", 0, int), form.get("key", ""), form.get("act", "")
    text = form.get("text", "").strip()
    if batch.large or key not in PEOPLE_BY_KEY:
        abort(400)
    if act == "unit" and new_units:
        say_new_units(batch, [text])
    elif act == "units" and new_units:
        say_new_units(batch, plan().unknown_units)
    elif act in ("same", "both"):
        say_same_person(batch, [number], leave=act == "same")
    elif act == "twins":
        said = say_same_person(batch, twin_rows(plan()), leave=True)
        flash(_("%(n)s 行和上面的一模一样，没有另写", n=said), "ok")
    elif act == "undo":
        say_cell(batch, [number], key, None)
    elif act == "empty":
        say_cell(batch, [number], key, "")
    elif act == "best":
        said = say_cell(batch, rows_alike(plan(), number, key), key, form.get("best", ""))
        flash(_("改好 %(n)s 行", n=said), "ok")
    elif text:
        say_cell(batch, [number], key, text)
    else:
        flash(_("%(what)s还空着", what=say(PEOPLE_BY_KEY[key].title)), "warn")


def _fields(batch: ImportBatch) -> list[str]:
    return fields_of_columns(left_out_in(batch.competition))


def _why(column: ColumnRead, fields: Sequence[str]) -> str:
    if why := column.asked or column.why:
        return say(why)
    if column.answered:
        return _("你定的")
    return _("表头") if column.field in fields else ""


def _question(column: ColumnRead) -> str:
    if not column.field:
        return _("%(cell)s 不用，对吗？", cell=column.cell)
    return _("%(cell)s 是不是%(field)s？", cell=column.cell, field=_label(column.field))


def _label(key: str) -> str:
    return say(column_of_field(key))


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPages:
    """The pages of one side; both name their addresses alike."""

    face: Blueprint
    right: Right
    at: str
    """The address of the page on which a file is chosen."""
    end: str
    """The view that has the people who were written."""
    closed: Callable[[Competition], str | None]
    """Says why nobody can be entered."""
    waiting: Callable[[Competition], Sequence[tuple[ImportBatch, str]]] = lambda _competition: ()
    """Files of which some rows wait to be put right, and until when."""
    keep: Callable[[Competition, str, bytes, Account], ImportBatch]
    find: Callable[[Competition, int], ImportBatch | None]
    plan: Callable[[ImportBatch], RegistrationPlan]
    notices: Callable[[Competition, RegistrationPlan], list[str]]
    """What else is to be said above the rows."""
    drop: Callable[[ImportBatch, Account], None]
    whose: Callable[[Competition], str]
    """Whose the refused rows are, in the name of their file."""

    def hang(self) -> None:
        """Hang the views on their side."""
        face, may, file = self.face, guard.may(self.right), f"{self.at}/<int:batch_id>"
        send = face.route(self.at, endpoint="upload", methods=["GET", "POST"])
        send(may(only_once(self._upload)))
        face.get(file, endpoint="preview")(may(self._preview))
        face.get(f"{file}/columns", endpoint="file_columns")(may(self._columns))
        face.post(f"{file}/columns", endpoint="say_file_column")(may(self._say_column))
        face.post(f"{file}/cell", endpoint="put_cell_right")(may(self._put_right))
        face.post(f"{file}/discard", endpoint="discard")(may(self._discard))
        face.get(f"{file}/refused.xlsx", endpoint="refused")(may(self._refused))

    def refuse_large(self, **named: str) -> ResponseReturnValue:
        """A file over the limit is refused before it is read, on the page it was sent from."""
        guarded: Callable[..., ResponseReturnValue] = guard.may(self.right)(self._too_large)
        return guarded(**named)

    def found(self, competition: Competition, batch_id: int) -> ImportBatch:
        """The file; 404 for another's."""
        return or_404(self.find(competition, batch_id))

    def done_already(self, competition: Competition) -> ResponseReturnValue:
        """Say that another tab wrote it or threw it away."""
        flash(_("这份报名表已经处理过了，名单就是现在这样"), "info")
        return redirect(url_for(self.end, code=competition.code))

    def url(self, view: str, batch: ImportBatch) -> str:
        """The address of a view of the file."""
        name, code = f"{self.face.name}.{view}", batch.competition.code
        return url_for(name, code=code, batch_id=batch.id)

    def _chosen(self, competition: Competition, problem: str | None) -> str:
        closed, waiting = self.closed(competition), self.waiting(competition)
        return show_upload(self.face.name, competition, closed, problem, waiting)

    def _too_large(self, competition: Competition) -> ResponseReturnValue:
        """Explain that a workbook is over the limit: it is pictures that make one so large."""
        problem = _("文件太大了，最大 %(limit)s。报名表里不要放照片", limit=limit_words())
        return self._chosen(competition, problem), 413

    def _upload(self, competition: Competition) -> ResponseReturnValue:
        """Take the workbook in, or a pasted table; what cannot be read is refused with why."""
        if request.method == "GET" or self.closed(competition):
            return self._chosen(competition, None), 200 if request.method == "GET" else 409
        sent, pasted = request.files.get("workbook"), request.form.get("pasted", "")
        try:
            if sent is not None and sent.filename:
                name = sent.filename
                content = read_upload(sent.stream, declared=request.content_length)
            elif pasted.strip():
                name, content = _("粘贴的表"), pasted.encode()
            else:
                return self._chosen(competition, _("还没选文件，也没粘贴")), 400
            batch = self.keep(competition, name, content, current_user)
        except (WorkbookError, Refused) as error:
            return self._chosen(competition, say(error.message)), 400
        return redirect(self.url("preview", batch))

    def _preview(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Preview what the workbook would do, row by row; nothing is written."""
        batch = self.found(competition, batch_id)
        if batch.state is not ImportState.PREVIEWED:
            return self.done_already(competition)
        if batch.large:
            job = open_work(batch)
            if job is None and batch.summary is None:
                job = ask_preview(batch, current_user)
            return show_staged(batch) if job is None else redirect(job_url(job))
        if open_columns(batch):
            return redirect(self.url("file_columns", batch))
        plan = self.plan(batch)
        return show_preview(self.face.name, batch, plan, self.notices(competition, plan))

    def _columns(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Show each column with its samples, its meaning and the reason for that."""
        return show_columns(self.face.name, self.waiting_file(competition, batch_id))

    def _say_column(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Say what a column is."""
        batch = self.waiting_file(competition, batch_id)
        _take_column(batch)
        return redirect(self.url("file_columns", batch))

    def _put_right(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Put a cell right, or in all rows alike, or say which person a row is."""
        batch = self.waiting_file(competition, batch_id)
        _take_cell(batch, partial(self.plan, batch), new_units=batch.unit_id is None)
        return redirect(self.url("preview", batch))

    def _discard(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Write nothing more."""
        batch = self.found(competition, batch_id)
        if batch.state is not ImportState.PREVIEWED:
            return self.done_already(competition)
        written = batch.written if batch.unit_id is None else 0
        self.drop(batch, current_user)
        if written:
            flash(_("没写的不写了，写了的 %(n)s 行留在名单里", n=written), "info")
        else:
            flash(_("没有写入"), "info")
        return redirect(url_for(f"{self.face.name}.upload", code=competition.code))

    def _refused(self, competition: Competition, batch_id: int) -> Response:
        """The refused rows with their reasons, to be mended and uploaded again."""
        from compete.sheets.registration.template import write_refused_workbook

        batch = self.found(competition, batch_id)
        plan = staged_refused(batch) if batch.large else self.plan(batch)
        return send_workbook(
            write_refused_workbook(plan), f"要改的行_{self.whose(competition)}.xlsx"
        )

    def waiting_file(self, competition: Competition, batch_id: int) -> ImportBatch:
        """A file of which something can be written still; 404 and 409 else."""
        batch = self.found(competition, batch_id)
        require_waiting(batch)
        return batch


def tell_written(plan: RegistrationPlan) -> None:
    """Say how many rows were written, and how many were not."""
    flash(
        _(
            "%(written)s 行已写入，%(refused)s 行拒绝",
            written=len(plan.to_write),
            refused=plan.count(RowStatus.REFUSED),
        ),
        "ok",
    )
