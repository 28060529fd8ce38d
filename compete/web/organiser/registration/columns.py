"""The columns of an uploaded file: what each is read as, and one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Competition, ImportBatch
from compete.services.kernel.refusal import Refused
from compete.services.registration.event_capacity import plan_with_places
from compete.services.registration.known_layouts import (
    FileColumns,
    columns_of,
    forget_arrangement,
    rows_alike,
    say_cell,
    say_column,
    say_new_units,
    say_same_person,
    twin_rows,
)
from compete.services.registration.preview import find_batch
from compete.sheets.reading.answers import ColumnRead
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.reading import column_of_field, fields_of_columns
from compete.web import guard
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.registration.shapes import (
    ColumnQuestion,
    ColumnsPage,
    FieldChoice,
    ShownColumn,
)
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.pages import fields_of, or_404

_NEEDED = ("name", "id_number")


@face.get("/<code>/entrants/upload/<int:batch_id>/columns")
@guard.may(Right.REGISTER)
def file_columns(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Show each column with its samples, its meaning and the reason for that."""
    batch = _waiting_batch(competition, batch_id)
    return show_columns("organiser", competition_link(competition), batch)


@face.post("/<code>/entrants/upload/<int:batch_id>/columns")
@guard.may(Right.REGISTER)
def say_file_column(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Say what a column is."""
    return take_column("organiser", _waiting_batch(competition, batch_id))


@face.post("/<code>/entrants/upload/<int:batch_id>/columns/forget")
@guard.may(Right.REGISTER)
@only_once
def forget_file_columns(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Read this kind of file from the start again, now and from now on."""
    batch = _waiting_batch(competition, batch_id)
    forget_arrangement(batch, current_user)
    flash(_("忘掉了，重新认这些列"), "ok")
    return redirect(_url("organiser.file_columns", batch))


@face.post("/<code>/entrants/upload/<int:batch_id>/cell")
@guard.may(Right.REGISTER)
def put_cell_right(competition: Competition, batch_id: int) -> ResponseReturnValue:
    """Put a cell right, or say which person a row is."""
    batch = _waiting_batch(competition, batch_id)
    return take_cell("organiser", batch, partial(plan_with_places, batch))


def show_columns(face: str, home: CompetitionLink, batch: ImportBatch) -> str:
    """The page of a file's columns, for the desk or a unit's contact."""
    page = _page(face, home, batch, columns_of(batch))
    return render_template("organiser/registration/columns.html", **fields_of(page))


def take_column(face: str, batch: ImportBatch) -> ResponseReturnValue:
    """Take the answer about a column."""
    field = request.form.get("field", "")
    if field and field not in fields_of_columns():
        abort(400)
    say_column(batch, request.form.get("key", ""), field, current_user)
    return redirect(_url(f"{face}.file_columns", batch))


def take_cell(
    face: str, batch: ImportBatch, plan: Callable[[], RegistrationPlan]
) -> ResponseReturnValue:
    """Take the answer about a cell: as typed, as proposed in all like rows, empty, or undone."""
    form = request.form
    number, key, act = form.get("row", 0, int), form.get("key", ""), form.get("act", "")
    text = form.get("text", "").strip()
    if batch.large or key not in PEOPLE_BY_KEY:
        abort(400)
    if act == "unit" and face == "organiser":
        say_new_units(batch, [text])
    elif act == "units" and face == "organiser":
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
    return redirect(_url(f"{face}.preview", batch))


def _url(view: str, batch: ImportBatch) -> str:
    return url_for(view, code=batch.competition.code, batch_id=batch.id)


def _waiting_batch(competition: Competition, batch_id: int) -> ImportBatch:
    """A file of this competition of which something can be written still; 404 and 409 else."""
    batch = or_404(find_batch(competition, batch_id))
    if batch.state is not ImportState.PREVIEWED:
        raise Refused(msg("这份报名表已经处理过了，请重新上传"))
    return batch


def _page(face: str, home: CompetitionLink, batch: ImportBatch, file: FileColumns) -> ColumnsPage:
    def here(what: str) -> str:
        return _url(f"{face}.{what}", batch)

    asked = {it.key for it in file.asked}
    read = {it.field for it in file.columns}
    rows = [_shown(it, it.key in asked) for it in file.columns]
    return ColumnsPage(
        competition=home,
        filename=batch.filename,
        columns=sorted(rows, key=lambda row: not row.asked),
        choices=[FieldChoice(value="", label=_("不用"))]
        + [FieldChoice(value=key, label=_label(key)) for key in fields_of_columns()],
        question=_question(file.asked[0]) if file.asked else None,
        understood=sum(bool(it.field) and it.key not in asked for it in file.columns),
        questions=len(file.asked),
        remembered=file.remembered,
        lacking=_("、").join(_label(key) for key in _NEEDED if key not in read),
        say_url=here("say_file_column"),
        forget_url=here("forget_file_columns") if face == "organiser" else None,
        next_url=here("preview"),
        upload_url=url_for(f"{face}.upload", code=batch.competition.code),
    )


def _shown(column: ColumnRead, asked: bool) -> ShownColumn:
    if column.why is not None:
        why = say(column.why)
    elif column.answered:
        why = _("你定的")
    else:
        why = _("表头") if column.field else ""
    return ShownColumn(
        key=column.key,
        letters=column.letters,
        heading=column.heading,
        upper=column.upper,
        samples=column.samples,
        field=column.field,
        why=say(column.asked) if column.asked else why,
        asked=asked,
    )


def _question(column: ColumnRead) -> ColumnQuestion:
    title = (
        _("%(cell)s 是不是%(field)s？", cell=column.cell, field=_label(column.field))
        if column.field
        else _("%(cell)s 不用，对吗？", cell=column.cell)
    )
    return ColumnQuestion(
        key=column.key,
        title=title,
        why=say(column.asked) if column.asked else "",
        yes=column.field,
        no="" if column.field else column.other,
    )


def _label(key: str) -> str:
    return say(column_of_field(key))
