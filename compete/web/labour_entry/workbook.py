"""A department's squares as a workbook: saved, and brought back to be looked at before writing."""

from __future__ import annotations

import msgspec
from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.kernel.event_rules import labour_of
from compete.services.labour.workbooks import department_book, preview_book
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.errors import answer
from compete.web.extensions import limiter
from compete.web.labour_entry.writers import answer_json, entered_leaf, face, writer_of
from compete.web.language import say


@face.get("/<code>/<period>/workbook.xlsx")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute")
def book(competition: Competition, period: str) -> Response:
    """The department's squares of the period, to be filled in."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    content = department_book(writer, period)
    name = labour_of(competition).period_names[period]
    return send_workbook(content, f"{name}_{writer.name}_打分表.xlsx")


@face.post("/<code>/<period>/workbook")
@guard.may(Right.ENTER_VALUES, of=guard.ANY_KIND)
@limiter.limit("30 per minute", key_func=lambda: f"book:{current_user.get_id()}")
def preview(competition: Competition, period: str) -> ResponseReturnValue:
    """Preview a workbook's values: multipart with `file`, and `columns` as somebody said them."""
    writer = writer_of(competition)
    period = entered_leaf(writer, period)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return answer(400, _("先选一个 Excel 文件"))
    try:
        content = read_upload(sent.stream, declared=request.content_length)
        book_preview = preview_book(writer, period, content, _answers(), current_user)
    except WorkbookError as error:
        return answer(400, say(error.message))
    return answer_json(
        {
            "cells": book_preview.cells,
            "problems": book_preview.problems,
            "same": book_preview.same,
            # What of it was filled, and what was not read.
            "told": book_preview.notices,
            # What is asked about: `said` is what a column is, empty for not read.
            "columns": [
                msgspec.to_builtins(it) | {"said": book_preview.said.get(it.key, "")}
                for it in book_preview.unknown
            ],
            "choices": book_preview.choices,
        }
    )


def _answers() -> dict[str, str]:
    """Read the form's choices for columns, by their headings; 400 for what no page sends."""
    try:
        return msgspec.json.decode(request.form.get("columns", "{}"), type=dict[str, str])
    except msgspec.DecodeError:
        abort(400)
