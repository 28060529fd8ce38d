"""The columns of an uploaded file: what each is read as, and one question at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import abort, flash, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import ImportBatch
from compete.services.registration.known_layouts import (
    columns_of,
    rows_alike,
    say_cell,
    say_column,
    say_new_units,
    say_same_person,
    twin_rows,
)
from compete.services.registration.preview import left_out_in
from compete.sheets.reading.answers import ColumnRead
from compete.sheets.registration.columns import PEOPLE_BY_KEY
from compete.sheets.registration.plan import RegistrationPlan
from compete.sheets.registration.reading import column_of_field, fields_of_columns
from compete.web.language import say
from compete.web.shapes import choices

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


def take_column(batch: ImportBatch) -> None:
    """Take the answer about a column."""
    field = request.form.get("field", "")
    if field and field not in _fields(batch):
        abort(400)
    say_column(batch, request.form.get("key", ""), field, current_user)


def take_cell(batch: ImportBatch, plan: Callable[[], RegistrationPlan], *, new_units: bool) -> None:
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
