"""Rows of a workbook with headings: sent to be looked at, and once more to be written."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values import Message, msg
from compete.services.kernel import Planned
from compete.sheets.headed_rows import HeadedRows, read_headed_rows
from compete.sheets.workbook import WorkbookError, read_upload
from compete.web.language import say

SentRows: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]
_STATES = ("refused", "changed", "added", "same")
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A row as the preview shows it."""

    number: int
    state: str
    """`refused`, `changed`, `added` or `same`."""
    texts: Sequence[str]
    told: Sequence[str]
    """What would be another, or what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPreview:
    """What `organiser/_rows_upload.html` wants."""

    rows: Sequence[PlannedRow]
    more: int
    """How many are not shown."""
    headings: Sequence[str]
    read: int
    fresh: int
    changed: int
    same: int
    wrong: int
    packed: str
    """The rows as JSON, to be written as they were looked at; empty where some are wrong."""
    problem: str | None
    upload_url: str
    write_url: str
    back_url: str
    workbook_url: str


def looked_at(
    show: Callable[[SentRows, str | None], str],
    headings: Mapping[str, Message],
    others: Mapping[str, str],
    most: int,
) -> ResponseReturnValue:
    """The page of a workbook: empty, with what its rows would do, or with what is wrong with it."""
    if request.method == "GET":
        return show((), None)
    try:
        rows = _sent_rows(headings, others, most)
        for notice in rows.notices:
            flash(say(notice), "info")
        return show(rows, None)
    except WorkbookError as error:
        return show((), say(error.message)), 400


def planned_row(
    plan: Planned[Any, Any, Any], texts: Sequence[str], words: Mapping[str, str]
) -> PlannedRow:
    """What a row would do; `words` are what its fields are called."""
    told = [
        _("%(field)s：%(why)s", field=words[field], why=say(why))
        for field, why in plan.faults.items()
    ]
    for field, was in (plan.changes or {}).items() if not told else ():
        lines = _("；").join(was.splitlines()) or "—"
        told.append(_("%(field)s：原来是 %(was)s", field=words[field], was=lines))
    return PlannedRow(number=plan.number, state=plan.state, texts=texts, told=told)


def rows_preview(
    name: str,
    headings: Sequence[str],
    planned: Sequence[PlannedRow],
    sent: SentRows,
    problem: str | None,
    *,
    most: int | None = None,
    as_sent: bool = False,
    of: str | None = None,
    back: str | None = None,
) -> RowsPreview:
    """What a workbook would do, the refused first; those that stay the same are only counted.

    With `as_sent` every row is shown, in the order of the sheet. `name` is the catalogue's in the
    names of its views, `of` the competition whose it is, `back` where its list stands under
    another name.
    """
    count = {state: sum(row.state == state for row in planned) for state in _STATES}
    doing = (row for row in planned if row.state != "same")
    shown = list(planned if as_sent else sorted(doing, key=lambda row: _STATES.index(row.state)))

    def to(view: str) -> str:
        place = f"organiser.{view}"
        return url_for(place) if of is None else url_for(place, code=of)

    does = count["added"] + count["changed"]
    packed = json.dumps([dict(texts) for _number, texts in sent], ensure_ascii=False)
    return RowsPreview(
        rows=shown[:most],
        more=len(shown) - len(shown[:most]),
        headings=headings,
        read=len(planned),
        fresh=count["added"],
        changed=count["changed"],
        same=count["same"],
        wrong=count["refused"],
        packed=packed if does and not count["refused"] else "",
        problem=problem,
        upload_url=to(f"upload_{name}"),
        write_url=to(f"write_{name}"),
        back_url=back or to(name),
        workbook_url=to(f"{name}_workbook"),
    )


def looked_at_rows(fields: Collection[str]) -> list[dict[str, str]]:
    """The rows as the preview packed them; 400 for what it cannot have packed."""
    try:
        rows = json.loads(request.form.get("rows", ""))
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(rows, list) or not all(_is_row(row, fields) for row in rows):
        abort(400)
    return rows


def _sent_rows(headings: Mapping[str, Message], others: Mapping[str, str], most: int) -> HeadedRows:
    """The rows of the workbook that was sent, as `read_headed_rows` tells them.

    Raises `WorkbookError` where none was sent, too.
    """
    sent = request.files.get("workbook")
    if sent is None or not sent.filename:
        raise WorkbookError(msg("先选一个 Excel 文件"))
    content = read_upload(sent.stream, declared=request.content_length)
    return read_headed_rows(content, headings, others, most)


def _is_row(row: object, fields: Collection[str]) -> bool:
    return isinstance(row, dict) and all(
        key in fields and isinstance(text, str) for key, text in row.items()
    )
