"""Pages of a registration workbook: sent, its columns said, looked at, put right, thrown away.

The desk's and a unit's are alike here; who may, and what becomes of the rows, is theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from compete.domain.identity.masks import mask_numbers
from compete.domain.values.rights import Right
from compete.domain.values.states import ImportState
from compete.models import Account, Competition, ImportBatch
from compete.services.kernel.refusal import Refused
from compete.services.registration.corrections import import_wants_reason
from compete.services.registration.known_layouts import (
    KEPT_DAYS,
    UNNUMBERED,
    columns_of,
    open_columns,
    open_work,
    repairs_in,
    require_waiting,
    rows_alike,
    rows_written,
    say_cell,
    say_column,
    say_new_units,
    say_same_person,
    twin_rows,
    was_looked_through,
)
from compete.services.registration.preview import (
    absent_told,
    discard_upload,
    left_out_in,
    plan_mark,
    table_of_upload,
)
from compete.services.registration.staging import (
    OWN_KEYS,
    TWINS,
    alike_cells,
    answers_changed,
    ask_preview,
    left_to_write,
    list_was_changed,
    notices_of,
    staged_doubts,
    staged_page,
    staged_refused,
    staged_wants_reason,
)
from compete.sheets.reading.answers import NOTHING_SAID, Answers, ColumnRead
from compete.sheets.registration.columns import MAY_STAY_EMPTY, PEOPLE_BY_KEY, PEOPLE_COLUMNS
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.reading import column_of_field, fields_of_columns
from compete.sheets.registration.table import row_name
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.once import only_once
from compete.web.organiser.jobs.job_faces import job_url
from compete.web.pages import or_404
from compete.web.paging import Paging, asked_page, describe_page
from compete.web.refusals import status_of
from compete.web.shapes import choices
from compete.web.templating import day
from compete.web.upload_limit_words import limit_words, most_bytes_of_a_file

_ALWAYS = ("name", "id_number", "unit", "group", "grade")


STATES = {
    RowStatus.ADDED: "added",
    RowStatus.CHANGED: "changed",
    RowStatus.UNCHANGED: "same",
    RowStatus.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewCell:
    """A cell of the workbook."""

    text: str
    old: str | None = None
    """The former value, if the workbook changes it."""
    bad: bool = False
    """True if something is wrong with it."""
    fix: CellFix | None = None
    """The way to put it right on the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFix:
    """A wrong cell as a field in place."""

    row: int
    key: str
    label: str
    why: Sequence[str]
    """The faults, to stand below it."""
    value: str
    """The value; empty if it is not shown whole."""
    hint: str
    best: str
    """The value that most likely belongs there, and in how many rows."""
    alike: int
    for_all: bool
    """True if what is typed may go into all rows in which the same stands, such as nothing."""
    new_unit: bool
    """True if it may be a unit that does not exist yet."""
    empty: str
    """The words for leaving it empty, where a row can do without."""
    same: str
    """The row further up that is the same person's, if they say so; else empty."""
    twins: int
    """The number of rows that repeat one further up in every cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    """A row of the workbook, and what it would do."""

    number: str
    place: int
    """Its number among the rows of all sheets."""
    state: str
    """`added`, `changed`, `same` or `refused`."""
    cells: Mapping[str, PreviewCell]
    """The cells by the key of the column."""
    reasons: Sequence[str]
    put_right: Sequence[str]
    """Keys of the columns that were put right on the page."""
    left: bool
    """True if somebody said that another row of the same person is kept."""


def _columns_of(
    competition: Competition, touched: Collection[str], *, crews: bool
) -> list[tuple[str, str]]:
    """The columns that matter, and those that are touched besides.

    The event matters where there are several, and the crew where the workbook has `crews`.
    """
    matter = {*_ALWAYS, *touched}
    if len(competition.events) > 1:
        matter.add("event")
    if crews:
        matter |= {"crew", "role"}
    return [(column.key, say(column.title)) for column in PEOPLE_COLUMNS if column.key in matter]


def _alike_counts(plan: RegistrationPlan) -> Counter[tuple[str, str]]:
    """Count the refused rows with the same wrong text, by column and text; and the twins."""
    return Counter(cell for row in plan.rows for cell in alike_cells(row))


def _plan_row(
    row: PlannedRow,
    sheets: Sequence[str],
    *,
    alike: Mapping[tuple[str, str], int] | None = None,
    answers: Answers = NOTHING_SAID,
    units: bool = True,
    waits: bool = False,
) -> PreviewRow:
    """Describe one row of the workbook: what it would do, and what is wrong with it.

    `sheets` are those that people were read from. With the counts of `alike` texts wrong cells
    are fields; `answers` has those that were put right; new units can be made with `units`. Where
    the row `waits` to be looked through anew, they stand beside what they were.
    """
    cells = {key: PreviewCell(text=say(value)) for key, value in row.shown.items()}
    for change in row.changes:
        cells[change.column] = PreviewCell(text=say(change.new), old=say(change.old))
    for key in row.bad_columns:
        if waits and (row.number, key) in answers.cells:
            was, now = cells.get(key), answers.cells[row.number, key]
            cells[key] = PreviewCell(text=mask_numbers(now), old=was.text if was else "")
            continue
        cell = replace(cells.get(key, PreviewCell(text="")), bad=True)
        cells[key] = (
            replace(cell, fix=_fix(row, key, cell.text, alike, sheets, units))
            if alike is not None
            else cell
        )
    # Where a cell is a field, what is wrong stands below it.
    fixed = {key for key, cell in cells.items() if cell.fix is not None} & PEOPLE_BY_KEY.keys()
    reasons = [say(it.message) for it in row.problems if it.column not in fixed]
    if row.changes:
        changed = {change.column for change in row.changes}
        names = [say(column.title) for column in PEOPLE_COLUMNS if column.key in changed]
        reasons.append(_("%(what)s改了", what=_("、").join(names)))
    return PreviewRow(
        number=row_name(row.number, sheets),
        state=STATES[row.status],
        cells=cells,
        reasons=reasons + [say(note) for note in row.notes],
        place=row.number,
        put_right=[key for number, key in answers.cells if number == row.number],
        left=row.number in answers.left and row.registration is None and not row.problems,
    )


def _empty_words(key: str, rows: int) -> str:
    if rows > 1:
        return ngettext("%(num)s 行都先空着", "%(num)s 行都先空着", rows)
    return _("以证件为准") if key in ("birth", "gender") else _("先空着")


def _fix(
    row: PlannedRow,
    key: str,
    shown: str,
    alike: Mapping[tuple[str, str], int],
    sheets: Sequence[str],
    units: bool,
) -> CellFix:
    written = str(row.raw.cells.get(key, ""))
    problems = [it for it in row.problems if it.column == key]
    best = next((it.best for it in problems if it.best), "")
    same = next((it for it in problems if it.same), None)
    needed = any(it.needed for it in problems)
    may_be_empty = key in MAY_STAY_EMPTY if written else key == "id_number"
    private = key in ("id_number", "phone")
    many = alike.get((key, written.strip()), 1)
    return CellFix(
        row=row.number,
        key=key,
        label=say(PEOPLE_BY_KEY[key].title) if key in PEOPLE_BY_KEY else key,
        why=[say(it.message) for it in problems],
        value="" if private else written,
        hint=shown if private else "",
        best=best,
        alike=many,
        for_all=many > 1 and key not in OWN_KEYS,
        new_unit=units and key == "unit" and bool(written),
        empty=_empty_words(key, 1 if written else many) if may_be_empty and not needed else "",
        same=row_name(same.same, sheets) if same else "",
        twins=alike.get(TWINS, 0) if same and same.twin else 0,
    )


PAGE_SIZE = 100


def _show_preview(
    side: str, batch: ImportBatch, plan: RegistrationPlan, notices: Sequence[str]
) -> str:
    """Preview a workbook's effects, row by row; further `notices` stand above."""
    shown, number = request.args.get("show", "all"), asked_page()
    rows = [row for row in plan.for_preview if shown in ("all", STATES[row.status])]
    counts = {word: plan.count(status) for status, word in STATES.items()}
    answers, alike = Answers.unpacked(batch.answers), _alike_counts(plan)
    of_desk = side == "organiser"
    touched = {key for row in plan.rows for key in row.bad_columns}
    touched |= {change.column for row in plan.rows for change in row.changes}
    crews = any("crew" in row.raw.cells for row in plan.rows)
    return render_template(
        "organiser/registration/preview.html",
        side=side,
        batch=batch,
        shown=shown,
        counts=counts | {"all": len(plan.rows)},
        page=_page(side, batch, shown, len(rows), number),
        repairs=repairs_in(batch),
        written=rows_written(batch),
        sheet=plan.people.name,
        columns=_columns_of(batch.competition, touched, crews=crews),
        rows=[
            _plan_row(row, plan.people.sheets, alike=alike, answers=answers, units=of_desk)
            for row in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        ],
        units=[unit.name for unit in plan.new_units],
        notices=[
            *map(say, plan.notices),
            *(say(fault.problem.message) for fault in plan.unit_problems),
            *map(say, absent_told(plan)),
            *notices,
        ],
        unknown_units=plan.unknown_units if of_desk else (),
        mark=plan_mark(plan),
        photos=len(table_of_upload(batch).pictures),
        stale=False,
        writable=counts["added"] + counts["changed"],
        # A unit's rows become drafts, which nothing has come of yet.
        wants_reason=of_desk and import_wants_reason(batch.competition, plan.rows),
        # A unit's rows become drafts, whoever they are of: there is nothing to exempt from.
        unfit=sum(row.status is RowStatus.REFUSED and bool(row.unfit) for row in plan.rows),
    )


def _page(side: str, batch: ImportBatch, shown: str, total: int, number: int) -> Paging:
    return describe_page(
        total,
        number,
        PAGE_SIZE,
        f"{side}.preview",
        code=batch.competition.code,
        batch_id=batch.id,
        show=None if shown == "all" else shown,
    )


def _show_staged(batch: ImportBatch, more: Callable[[int], Sequence[str]]) -> str:
    """The same of a large workbook, of which a job left what the page shows.

    `more` says what else is to be said above the rows where so many are added.
    """
    summary = batch.summary or {}
    shown, number = request.args.get("show", "all"), asked_page()
    status = next((status for status, word in STATES.items() if word == shown), None)
    shown = shown if status else "all"
    counts = {word: summary["counts"].get(status.value, 0) for status, word in STATES.items()}
    counts["all"] = summary["rows"]
    last = max(1, -(-counts[shown] // PAGE_SIZE))
    page = _page("organiser", batch, shown, counts[shown], min(number, last))
    rows = staged_page(batch, status, limit=PAGE_SIZE, offset=(page.number - 1) * PAGE_SIZE)
    notices = [*map(say, notices_of(batch)), *more(counts["added"])]
    answers, waits = Answers.unpacked(batch.answers), answers_changed(batch)
    stale = waits or list_was_changed(batch)
    if waits:
        notices.insert(0, _("改好的还没核对：都改完，再核对一遍，再写入"))
    elif stale:
        notices.insert(0, _("名单刚被别人改过，请再核对一遍，这次没有写入"))
    elif batch.written:
        notices.insert(0, _("写到一半停下了：%(n)s 行已经在名单里", n=batch.written))
    crews = summary.get("crews", False)
    # What an earlier program left says nothing of cells: they are put right in the file.
    alike: Mapping[tuple[str, str], int] | None = None
    if "alike" in summary and not batch.written:
        alike = {(key, text): n for key, text, n in summary["alike"]}
    return render_template(
        "organiser/registration/preview.html",
        side="organiser",
        batch=batch,
        shown=shown,
        counts=counts,
        page=page,
        repairs=repairs_in(batch),
        written=rows_written(batch),
        sheet=summary["sheet"],
        columns=_columns_of(batch.competition, summary["touched"], crews=crews),
        rows=[
            _plan_row(*(row, summary.get("sheets", ())), alike=alike, answers=answers, waits=waits)
            for row in rows
        ],
        units=summary["units"],
        notices=notices,
        unknown_units=() if stale else summary.get("unknown_units", ()),
        mark=None,
        photos=summary.get("photos", 0),
        stale=stale,
        writable=0 if stale else left_to_write(batch),
        wants_reason=staged_wants_reason(batch),
        unfit=0 if stale else summary["unfit"],
    )


def show_columns(side: str, batch: ImportBatch) -> str:
    """The page of a file's columns, for the desk or a unit's contact."""
    file = columns_of(batch)
    asked = {it.key for it in file.asked}
    fields = _fields(batch)
    columns = sorted(file.columns, key=lambda column: column.key not in asked)
    grades = ["asked" if it.key in asked else _grade(it, fields) for it in columns]
    return render_template(
        "organiser/registration/columns.html",
        side=side,
        batch=batch,
        columns=[(it, grade, _why(it, fields)) for it, grade in zip(columns, grades, strict=True)],
        grades=[(word, n) for key, word in _grade_words().items() if (n := grades.count(key))],
        left_out=file.left_out,
        choices=choices({"": _("不用"), **{key: column_of_field(key) for key in fields}}),
        question=file.asked[0] if file.asked else None,
        unnumbered=UNNUMBERED if file.asks_unnumbered and not file.asked else "",
        title=_question(file.asked[0]) if file.asked else _("没有证件号码，照样读吗？"),
        understood=sum(it.field in fields and it.key not in asked for it in file.columns),
        questions=len(file.asked) + file.asks_unnumbered,
        remembered=file.remembered,
        lacking=_("、").join(_label(key) for key in file.lacking),
        needs_number="id_number" in file.lacking,
    )


def _grade_words() -> dict[str, str]:
    """How sure it is what columns are, the surest first."""
    return {
        "sure": _("一定"),
        "likely": _("像是，改得了"),
        "asked": _("问你，答了才读"),
        "unread": _("不用"),
    }


def _grade(column: ColumnRead, fields: Sequence[str]) -> str:
    """How sure it is what a column is that need not be asked."""
    if column.field not in fields:
        return "unread"
    return "likely" if column.asked is not None else "sure"


def _take_cell(
    batch: ImportBatch, plan: Callable[[], RegistrationPlan], *, new_units: bool
) -> None:
    """Take the answer about a cell: as typed, as proposed in all like rows, empty, or undone.

    With `new_units` it may be that a unit is new.
    """
    form = request.form
    number, key, act = form.get("row", 0, int), form.get("key", ""), form.get("act", "")
    text = form.get("text", "").strip()
    if key not in PEOPLE_BY_KEY:
        abort(400)
    if act == "unit" and new_units:
        say_new_units(batch, [text])
    elif act == "units" and new_units:
        say_new_units(batch, plan().unknown_units)
    elif act in ("same", "both"):
        say_same_person(batch, [number], leave=act == "same")
    elif act == "twins":
        count = say_same_person(batch, twin_rows(plan()), leave=True)
        flash(_("%(n)s 行和上面的一模一样，没有另写", n=count), "ok")
    elif act == "undo":
        say_cell(batch, [number], key, None)
    elif act == "empty":
        # Nothing stands there: all rows alike are left so.
        rows = [number] if form.get("written") else rows_alike(plan(), number, key)
        say_cell(batch, rows, key, "")
    elif act == "best":
        rows = [number] if key in OWN_KEYS else rows_alike(plan(), number, key)
        count = say_cell(batch, rows, key, form.get("best", ""))
        flash(_("改好 %(n)s 行", n=count), "ok")
    elif act == "all" and text and key not in OWN_KEYS:
        count = say_cell(batch, rows_alike(plan(), number, key), key, text)
        flash(_("改好 %(n)s 行", n=count), "ok")
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
    waiting: Callable[[Competition], Sequence[ImportBatch]]
    """Files of which something waits to be put right or written."""
    keep: Callable[[Competition, str, bytes, Account], ImportBatch]
    find: Callable[[Competition, int], ImportBatch | None]
    plan: Callable[[ImportBatch], RegistrationPlan]
    notices: Callable[[Competition, int], list[str]]
    """What else is to be said above the rows of which so many are added."""
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

    def batch_or_404(self, competition: Competition, batch_id: int) -> ImportBatch:
        """The file; 404 for another's."""
        return or_404(self.find(competition, batch_id))

    def done_already(self, batch: ImportBatch) -> ResponseReturnValue:
        """Say that another tab wrote it or threw it away."""
        competition = batch.competition
        if batch.state is ImportState.DISCARDED and not rows_written(batch):
            text = _(
                "“%(file)s”没有写入：后来又传了别的，或者有人点了不写。要写就再传一次",
                file=batch.filename,
            )
            flash(text, "warn")
            return redirect(url_for(f"{self.face.name}.upload", code=competition.code))
        flash(_("这份报名表已经处理过了，名单就是现在这样"), "info")
        return redirect(url_for(self.end, code=competition.code))

    def url(self, view: str, batch: ImportBatch) -> str:
        """The address of a view of the file."""
        name, code = f"{self.face.name}.{view}", batch.competition.code
        return url_for(name, code=code, batch_id=batch.id)

    def _upload_page(self, competition: Competition, problem: str | None) -> str:
        """The page on which a workbook is chosen, with the faults of the file that was sent."""
        return render_template(
            "organiser/registration/upload.html",
            side=self.face.name,
            competition=competition,
            closed=self.closed(competition),
            problem=problem,
            waiting=[
                (it, day(it.made_at + timedelta(days=KEPT_DAYS)))
                for it in self.waiting(competition)
            ],
            limit=limit_words(),
            limit_bytes=most_bytes_of_a_file(),
        )

    def _too_large(self, competition: Competition) -> ResponseReturnValue:
        """Explain that a workbook is over the limit: it is pictures that make one so large."""
        problem = _("文件太大了，最大 %(limit)s。报名表里不要放照片", limit=limit_words())
        return self._upload_page(competition, problem), 413

    def _upload(self, competition: Competition) -> ResponseReturnValue:
        """Take the workbook in, or a pasted table; what cannot be read is refused with why."""
        if request.method != "POST" or self.closed(competition):
            return self._upload_page(competition, None), 200 if request.method != "POST" else 409
        sent, pasted = request.files.get("workbook"), request.form.get("pasted", "")
        try:
            if sent is not None and sent.filename:
                name = sent.filename
                content = read_upload(sent.stream, declared=request.content_length)
            elif pasted.strip():
                name, content = _("粘贴的表"), pasted.encode()
            else:
                return self._upload_page(competition, _("还没选文件，也没粘贴")), 400
            batch = self.keep(competition, name, content, current_user)
        except (WorkbookError, Refused) as error:
            return self._upload_page(competition, say(error.message)), 400
        return redirect(self.url("preview", batch))

    def _preview(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Preview what the workbook would do, row by row; nothing is written."""
        batch = self.batch_or_404(competition, batch_id)
        if batch.state is not ImportState.PREVIEWED:
            return self.done_already(batch)
        job = open_work(batch) if batch.large else None
        if job is None and open_columns(batch):
            return redirect(self.url("file_columns", batch))
        if batch.large:
            if job is None and not was_looked_through(batch):
                job = ask_preview(batch, current_user)
            more = partial(self.notices, competition)
            return _show_staged(batch, more) if job is None else redirect(job_url(job))
        plan = self.plan(batch)
        more_notices = self.notices(competition, plan.count(RowStatus.ADDED))
        return _show_preview(self.face.name, batch, plan, more_notices)

    def preview_again(
        self, competition: Competition, batch_id: int, refused: Refused
    ) -> ResponseReturnValue:
        """Preview the workbook as it is now, with why nothing was written."""
        if self.batch_or_404(competition, batch_id).state is not ImportState.PREVIEWED:
            raise refused
        flash(say(refused.message), "warn")
        answer = make_response(self._preview(competition, batch_id))
        answer.status_code = status_of(refused)
        return answer

    def _columns(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Show each column with its samples, its meaning and the reason for that."""
        return show_columns(self.face.name, self.waiting_file(competition, batch_id))

    def _say_column(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Say what a column is."""
        batch, field = self.waiting_file(competition, batch_id), request.form.get("field", "")
        if field and field not in _fields(batch):
            abort(400)
        say_column(batch, request.form.get("key", ""), field, current_user)
        return redirect(self.url("file_columns", batch))

    def _put_right(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Put a cell right, or in all rows alike, or say which person a row is."""
        batch = self.waiting_file(competition, batch_id)
        plan = partial(staged_doubts if batch.large else self.plan, batch)
        _take_cell(batch, plan, new_units=batch.unit_id is None)
        return redirect(self.url("preview", batch))

    def _discard(self, competition: Competition, batch_id: int) -> ResponseReturnValue:
        """Write nothing more."""
        batch = self.batch_or_404(competition, batch_id)
        if batch.state is not ImportState.PREVIEWED:
            return self.done_already(batch)
        written = rows_written(batch) if batch.unit_id is None else 0
        discard_upload(batch_id, current_user)
        if written:
            flash(_("没写的不写了，写了的 %(n)s 行留在名单里", n=written), "info")
        else:
            flash(_("没有写入"), "info")
        return redirect(url_for(f"{self.face.name}.upload", code=competition.code))

    def _refused(self, competition: Competition, batch_id: int) -> Response:
        """The refused rows with their reasons, to be mended and uploaded again."""
        from compete.sheets.registration.template import write_refused_workbook

        batch = self.batch_or_404(competition, batch_id)
        plan = staged_refused(batch) if batch.large else self.plan(batch)
        return send_workbook(
            write_refused_workbook(plan), f"要改的行_{self.whose(competition)}.xlsx"
        )

    def waiting_file(self, competition: Competition, batch_id: int) -> ImportBatch:
        """A file of which something can be written still; 404 and 409 else."""
        batch = self.batch_or_404(competition, batch_id)
        require_waiting(batch)
        return batch


def tell_row_counts(plan: RegistrationPlan) -> None:
    """Say how many rows were written, and how many were not."""
    flash(
        _(
            "%(written)s 行已写入，%(refused)s 行拒绝",
            written=len(plan.to_write),
            refused=plan.count(RowStatus.REFUSED),
        ),
        "ok",
    )
