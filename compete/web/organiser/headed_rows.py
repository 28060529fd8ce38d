"""Rows of a workbook or a pasted table: looked at, put right on the page, and written.

Nothing is kept meanwhile: the form carries the file, what its columns are, and what was put right.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, TypeAlias

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import whole_number
from compete.domain.values.upload_limits import LARGEST_TYPED_ROWS, MIB
from compete.services.kernel.catalogues import Planned
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.remembered_columns import remember_columns, remembered_columns
from compete.sheets.headed_rows import HeadedRows, RowsKind, read_headed_rows
from compete.sheets.reading.answers import NOTHING_SAID, Answers, ColumnRead, arrangement
from compete.sheets.registration.table import row_name
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web.language import say
from compete.web.posted import posted_text
from compete.web.refusals import problem_of, status_of

SentRows: TypeAlias = Sequence[tuple[int, Mapping[str, str]]]
Show: TypeAlias = Callable[[SentRows, str | None], str]
"""The page of the rows that were sent, with the fault of the file as a whole."""
_STATES = ("refused", "changed", "added", "same")
"""The states in the order in which they are shown."""
_COLUMN, _CELL, _FILL = "column:", "cell:", "fill:"
_NO_ROWS = HeadedRows(RowsKind("", {}, {}, 0), b"", NOTHING_SAID)
"""The value if no file was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRow:
    """A row as the preview shows it."""

    number: str
    state: str
    """`refused`, `changed`, `added` or `same`."""
    texts: Sequence[str]
    remarks: Sequence[str]
    """The changes it would make, or the faults."""
    fields: Mapping[int, str] = dataclass_field(default_factory=dict)
    """The form's field that puts a text right, by the place among `texts`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownColumn:
    """A column of the file: what stands above and in it, and which field it is."""

    name: str
    """The name of the form's field that says it."""
    letters: str
    heading: str
    samples: Sequence[str]
    field: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsPreview:
    """The values of `organiser/_rows_upload.html`."""

    rows: Sequence[PlannedRow]
    more: int
    """The number that are not shown."""
    headings: Sequence[str]
    read: int
    fresh: int
    changed: int
    same: int
    wrong: int
    packed: str
    """The file, to be looked at again or written; empty where there is none."""
    put_right: Sequence[tuple[str, str]]
    """The corrections, as fields of the form."""
    fills: Sequence[tuple[str, str, str, int]]
    """What one text may fill: (the form's field, its word, the text, in how many rows it lacks)."""
    columns: Sequence[ShownColumn]
    choices: Sequence[tuple[str, str]]
    """The choices for a column: (field, word)."""
    whole: bool
    """True if all rows are written or none."""
    missing: str
    remembered: bool
    problem: str | None
    upload_url: str
    write_url: str
    back_url: str
    workbook_url: str | None


def looked_at(
    kind: RowsKind,
    show: Show,
    large: Callable[[bytes], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    """Show the page of a workbook: empty, with its rows' effects, or with its faults.

    A file too large for a page goes to `large`; without it, it is refused.
    """
    if request.method != "POST":
        return show((), None)
    try:
        content = _brought_content()
        if len(content) > LARGEST_TYPED_ROWS and large is not None:
            return large(content)
        rows = brought_rows(kind, _small_enough(content))
    except WorkbookError as error:
        return show((), say(error.message)), 400
    for notice in rows.notices:
        flash(say(notice), "info")
    return show(rows, None)


def write_looked_at(
    kind: RowsKind,
    show: Show,
    plan: Callable[[SentRows], Sequence[Planned[Any, Any, Any]]] | None,
    write: Callable[[Any], ResponseReturnValue],
) -> ResponseReturnValue:
    """Write the rows that are in order; the page stays for those that are not.

    `write` gets what `plan` says that these rows are, and answers with the page after them.
    Without a `plan` it gets all of them, and writes all or none.
    """
    rows: HeadedRows = _looked_at_rows(kind)
    fine: Sequence[Any] = rows
    if plan is not None:
        fine = [it.texts for it in plan(rows) if not it.faults and it.number not in rows.faults]
    try:
        if plan is None and rows.faults:
            raise invalid(msg("有的行要改，一行都没有写"))
        answer = write(fine)
    except Refused as refused:
        return show(rows, problem_of(refused)), status_of(refused)
    remember_columns(kind.name, arrangement(rows.columns), rows.answers.columns, current_user)
    if left := len(rows) - len(fine):
        flash(_("还有 %(n)s 行没写，改好再写", n=left), "warn")
        return show(rows, None)
    return answer


def _looked_at_rows(kind: RowsKind) -> HeadedRows:
    """The rows of the file that the preview's form carries; 400 for what it cannot carry."""
    try:
        return brought_rows(kind, _carried_file(request.form["rows"]))
    except WorkbookError:
        abort(400)


def _carried_file(rows: str) -> bytes:
    """The file as a preview's form carries it; 400 for what it cannot carry."""
    try:
        return base64.b64decode(rows, validate=True)
    except ValueError:
        abort(400)


def _brought_content() -> bytes:
    """The file that was sent, pasted or looked at. Raises `WorkbookError` where there is none."""
    if carried := request.form.get("rows"):
        return _carried_file(carried)
    if pasted := request.form.get("pasted", "").strip("\r\n"):
        content = pasted.encode()
    else:
        sent = request.files.get("workbook")
        if sent is None or not sent.filename:
            raise WorkbookError(msg("选一个 Excel 文件，或者把表贴在下面"))
        content = read_upload(sent.stream, declared=request.content_length)
    return content


def _small_enough(content: bytes) -> bytes:
    if len(content) > LARGEST_TYPED_ROWS:
        most = LARGEST_TYPED_ROWS // MIB
        raise WorkbookError(
            msg("这个文件太大了，最多 %(n)s MB：只留要的列，或者把表贴在下面", n=most)
        )
    return content


def brought_rows(kind: RowsKind, content: bytes) -> HeadedRows:
    """The rows of a file, as the form or an earlier file like it says what they are."""
    forget = request.form.get("act") == "forget"
    remembered = False

    def answered(columns: Sequence[ColumnRead]) -> Answers:
        nonlocal remembered
        heads = arrangement(columns)
        if forget:
            remember_columns(kind.name, heads, {}, current_user)
        earlier = remembered_columns(kind.name, heads)
        remembered = earlier is not None
        if "rows" in request.form and not forget:
            return _typed_answers(kind, columns)
        return Answers(earlier.columns) if earlier is not None else NOTHING_SAID

    rows = read_headed_rows(content, kind, answered)
    rows.remembered = remembered
    rows.fill({key: posted_text(_FILL + key) for key in kind.alike})
    return rows


def planned_row(
    plan: Planned[Any, Any, Any],
    texts: Sequence[str],
    words: Mapping[str, str],
    sent: SentRows = (),
) -> PlannedRow:
    """Describe what a row would do; `words` are the names of its fields.

    Where `texts` are the fields of a row that was `sent`, what is wrong can be put right in place.
    """
    brought = sent if isinstance(sent, HeadedRows) else _NO_ROWS
    faults = {**brought.faults.get(plan.number, {})}
    # Of a cell with words in it the plan knows better what they should be; what stood in a file
    # without columns only its reader knows.
    faults |= {
        key: it
        for key, it in plan.faults.items()
        if key not in faults or (brought.columns and plan.texts.get(key))
    }
    notes = [
        _("%(field)s：%(why)s", field=words[field], why=say(why)) for field, why in faults.items()
    ]
    for field, was in (plan.changes or {}).items() if not notes else ():
        lines = _("；").join(was.splitlines()) or "—"
        notes.append(_("%(field)s：原来是 %(was)s", field=words[field], was=lines))
    return PlannedRow(
        number=row_name(plan.number, brought.sheets),
        state="refused" if faults else plan.state,
        texts=texts,
        remarks=notes,
        fields={
            place: f"{_CELL}{plan.number}:{field}"
            for place, field in enumerate(words)
            if field in faults and field in _open_fields(brought.kind)
        },
    )


def rows_preview(
    name: str,
    headings: Sequence[str],
    planned: Sequence[PlannedRow],
    sent: SentRows,
    problem: str | None,
    *,
    most: int | None = None,
    whole: bool = False,
    of: str | None = None,
    at: Mapping[str, int] | None = None,
    back: str | None = None,
) -> RowsPreview:
    """Preview a workbook's effects, the refused first; rows that stay the same are only counted.

    `name` is the catalogue's in the names of its views, `of` the competition whose it is, `at` what
    else their addresses name, `back` where its list stands under another name.
    """
    count = {state: sum(row.state == state for row in planned) for state in _STATES}
    doing = [row for row in planned if row.state != "same"]
    shown = sorted(doing, key=lambda row: row.state != "refused")
    brought = sent if isinstance(sent, HeadedRows) else _NO_ROWS

    def to(view: str) -> str:
        names: dict[str, str | int] = {**(at or {}), **({} if of is None else {"code": of})}
        return url_for(f"organiser.{view}", **names)  # type: ignore[arg-type]

    return RowsPreview(
        rows=shown[:most],
        more=len(shown) - len(shown[:most]),
        headings=headings,
        read=len(planned),
        fresh=count["added"],
        changed=count["changed"],
        same=count["same"],
        wrong=count["refused"],
        packed=base64.b64encode(brought.content).decode(),
        put_right=_put_right(brought, shown[:most]),
        fills=[
            (_FILL + key, say(brought.kind.headings[key]), brought.filled[key], n)
            for key, n in brought.lacking.items()
            if n
        ],
        columns=[_shown_column(it) for it in brought.columns],
        choices=_choices(brought.kind),
        missing=_("、").join(say(it) for it in brought.missing),
        remembered=brought.remembered,
        whole=whole,
        problem=problem,
        upload_url=to(f"upload_{name}"),
        write_url=to(f"write_{name}"),
        back_url=back or to(name),
        workbook_url=to(f"{name}_workbook"),
    )


def fields_preview(
    name: str,
    fields: Mapping[str, Message],
    plan: Callable[[SentRows], Sequence[Planned[Any, Any, Any]]],
    sent: SentRows,
    problem: str | None,
    most: int | None = None,
    of: str | None = None,
    at: Mapping[str, int] | None = None,
    back: str | None = None,
) -> RowsPreview:
    """Preview a workbook whose columns are the fields of a row."""
    words = {key: say(title) for key, title in fields.items()}
    planned = [
        planned_row(it, [it.texts.get(key, "") for key in fields], words, sent)
        for it in (plan(sent) if sent else ())
    ]
    return rows_preview(
        name, list(words.values()), planned, sent, problem, most=most, of=of, at=at, back=back
    )


def _typed_answers(kind: RowsKind, columns: Sequence[ColumnRead]) -> Answers:
    """Read the form's corrections of columns and of cells."""
    form, known = request.form, {it.key: it.field for it in columns}
    chosen = {
        key: form[_COLUMN + key]
        for key, field in known.items()
        if form.get(_COLUMN + key, field) != field
    }
    if not {*chosen.values()} <= {"", *kind.headings}:
        abort(400)
    cells = {}
    for name, text in form.items():
        if name.startswith(_CELL):
            number, _colon, field = name.removeprefix(_CELL).partition(":")
            place = whole_number(number)
            if place is None or field not in _open_fields(kind):
                abort(400)
            cells[place, field] = " ".join(text.split())
    return Answers(chosen, cells)


def _open_fields(kind: RowsKind) -> list[str]:
    """The fields whose cells may be put right on the page."""
    return [key for key in kind.headings if key not in kind.as_in_file]


def _put_right(rows: HeadedRows, shown: Sequence[PlannedRow]) -> list[tuple[str, str]]:
    """The cells that were put right and are no field of the page any more."""
    fields = {name for row in shown for name in row.fields.values()}
    cells = {
        f"{_CELL}{number}:{field}": text for (number, field), text in rows.answers.cells.items()
    }
    return [(name, text) for name, text in cells.items() if name not in fields]


def _shown_column(column: ColumnRead) -> ShownColumn:
    why = column.asked or column.why
    return ShownColumn(
        name=_COLUMN + column.key,
        letters=column.letters,
        heading=f"{column.upper}{column.heading}",
        samples=column.samples,
        field=column.field,
        why=_("你定的") if column.answered else say(why) if why is not None else "",
    )


def _choices(kind: RowsKind) -> list[tuple[str, str]]:
    return [("", _("不用")), *((key, say(title)) for key, title in kind.headings.items())]
