"""A registration workbook sent by the desk or by a unit: taken in, looked at, settled.

The two are alike here; who may, and what becomes of the rows, is theirs. `face` is the
blueprint, `organiser` or `unit`: both name their addresses alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compete.domain.values.messages import some_of
from compete.models import Competition, ImportBatch
from compete.services.kernel.refusal import Refused
from compete.services.registration.preview import plan_mark
from compete.services.registration.staged_writing import left_to_write, list_was_changed
from compete.services.registration.staging import notices_of, staged_page
from compete.sheets.reading.answers import NOTHING_SAID, Answers
from compete.sheets.registration.columns import MAY_STAY_EMPTY, PEOPLE_BY_KEY, PEOPLE_COLUMNS
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.table import row_name
from compete.sheets.workbook.limits import read_upload
from compete.sheets.workbook.refusal import WorkbookError
from compete.web.language import say
from compete.web.organiser.registration.shapes import (
    CellFix,
    PreviewCell,
    PreviewColumn,
    PreviewFile,
    PreviewRow,
    PreviewUrls,
    WaitingFile,
)
from compete.web.organiser.shapes import CompetitionLink, competition_link
from compete.web.pages import fields_of
from compete.web.paging import asked_page, describe_page
from compete.web.upload_limit import limit_words, most_bytes_of_a_file

_TWINS = ("", "")
"""The key that counts the rows that say the same as one further up."""
_ALWAYS = ("name", "id_number", "unit", "group", "grade")


STATES = {
    RowStatus.ADDED: "added",
    RowStatus.CHANGED: "changed",
    RowStatus.UNCHANGED: "same",
    RowStatus.REFUSED: "refused",
}


def _describe_columns(competition: Competition, plan: RegistrationPlan) -> list[PreviewColumn]:
    """The columns that matter, and any other in which something is wrong or would change."""
    touched = {key for row in plan.rows for key in row.bad_columns}
    touched |= {change.column for row in plan.rows for change in row.changes}
    crews = any("crew" in row.raw.cells for row in plan.rows)
    return columns_of(competition, touched, crews=crews)


def columns_of(
    competition: Competition, touched: Collection[str], *, crews: bool
) -> list[PreviewColumn]:
    """The columns that matter, and those that are touched besides.

    The event matters where there are several, and the crew where the workbook has `crews`.
    """
    matter = {*_ALWAYS, *touched}
    if len(competition.events) > 1:
        matter.add("event")
    if crews:
        matter |= {"crew", "role"}
    return [
        PreviewColumn(key=column.key, label=say(column.title))
        for column in PEOPLE_COLUMNS
        if column.key in matter
    ]


def _alike_counts(plan: RegistrationPlan) -> Counter[tuple[str, str]]:
    """Count the refused rows with the same wrong text, by column and text; and the twins."""
    found = Counter(
        (key, str(row.raw.cells.get(key, ""))) for row in plan.rows for key in row.bad_columns
    )
    found[_TWINS] = sum(any(it.twin for it in row.problems) for row in plan.rows)
    return found


def _plan_row(
    row: PlannedRow,
    sheets: Sequence[str],
    *,
    alike: Mapping[tuple[str, str], int] | None = None,
    said: Answers = NOTHING_SAID,
    units: bool = True,
) -> PreviewRow:
    """Describe one row of the workbook: what it would do, and what is wrong with it.

    `sheets` are those that people were read from. With the counts of `alike` texts wrong cells
    are fields; `said` has those that were put right; new units can be made with `units`.
    """
    cells = {key: PreviewCell(text=say(value)) for key, value in row.shown.items()}
    for change in row.changes:
        cells[change.column] = PreviewCell(text=say(change.new), old=say(change.old))
    for key in row.bad_columns:
        cell = replace(cells.get(key, PreviewCell(text="")), bad=True)
        cells[key] = (
            replace(cell, fix=_fix(row, key, cell.text, alike, sheets, units)) if alike else cell
        )
    # Where a cell is a field, what is wrong stands below it.
    fixed = {key for key, cell in cells.items() if cell.fix is not None} & PEOPLE_BY_KEY.keys()
    reasons = [say(it.message) for it in row.problems if it.column not in fixed]
    if row.changes:
        names = [
            say(column.title)
            for column in PEOPLE_COLUMNS
            if any(change.column == column.key for change in row.changes)
        ]
        reasons.append(_("%(what)s改了", what=_("、").join(names)))
    return PreviewRow(
        number=row_name(row.number, sheets),
        state=STATES[row.status],
        cells=cells,
        reasons=reasons + [say(note) for note in row.notes],
        place=row.number,
        put_right=[key for number, key in said.cells if number == row.number],
        left=row.number in said.left and row.registration is None and not row.problems,
    )


def _empty_words(key: str) -> str:
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
    private = key in ("id_number", "phone")
    return CellFix(
        row=row.number,
        key=key,
        label=say(PEOPLE_BY_KEY[key].title) if key in PEOPLE_BY_KEY else key,
        why=[say(it.message) for it in problems],
        value="" if private else written,
        hint=shown if private else "",
        best=best,
        alike=alike.get((key, written), 1),
        new_unit=units and key == "unit" and bool(written),
        empty=_empty_words(key) if written and key in MAY_STAY_EMPTY else "",
        same=row_name(same.same, sheets) if same else "",
        twins=alike.get(_TWINS, 0) if same and same.twin else 0,
    )


PAGE_SIZE = 100
_MOST_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """The page on which a workbook is chosen."""

    competition: CompetitionLink
    template_url: str
    """The empty workbook."""
    upload_url: str
    units: int
    entrants: int
    closed: str | None
    """Why nobody can be registered any more."""
    no_events: bool
    asks: bool = False
    """True if doubtful columns are asked."""
    waiting: Sequence[WaitingFile] = ()
    """Files of which some rows wait to be put right."""


def receive(keep: Callable[[str, bytes], ImportBatch]) -> ImportBatch | str:
    """`keep` the file that was sent, or the table that was pasted; else what is wrong with it."""
    sent = request.files.get("workbook")
    pasted = request.form.get("pasted", "")
    try:
        if (sent is None or not sent.filename) and pasted.strip():
            return keep(_("粘贴的表"), pasted.encode())
        if sent is None or not sent.filename:
            return _("还没选文件，也没粘贴")
        return keep(sent.filename, read_upload(sent.stream, declared=request.content_length))
    except (WorkbookError, Refused) as error:
        return say(error.message)


def too_large_words() -> str:
    """Explain that a workbook is over the limit: it is pictures that make one so large."""
    return _("文件太大了，最大 %(limit)s。报名表里不要放照片", limit=limit_words())


def show_upload(page: UploadPage, problem: str | None, status: int) -> ResponseReturnValue:
    """Show the page, with the faults of the file that was sent."""
    shown = render_template(
        "organiser/registration/upload.html",
        problem=problem,
        limit=limit_words(),
        limit_bytes=most_bytes_of_a_file(),
        **fields_of(page),
    )
    return shown, status


def show_preview(
    face: str,
    competition: CompetitionLink,
    code: str,
    batch: ImportBatch,
    plan: RegistrationPlan,
    *,
    units: Sequence[str],
    notices: Sequence[str],
) -> str:
    """Preview a workbook's effects, row by row; `units` would be made, `notices` stand above."""
    shown, number = request.args.get("show", "all"), asked_page()

    def here(what: str, show: str | None = None, plan: str | None = None) -> str:
        return url_for(f"{face}.{what}", code=code, batch_id=batch.id, show=show, plan=plan)

    rows = [row for row in plan.for_preview if shown in ("all", STATES[row.status])]
    counts = {word: plan.count(status) for status, word in STATES.items()}
    said = Answers.unpacked(batch.answers)
    alike = _alike_counts(plan)
    return render_template(
        "organiser/registration/preview.html",
        competition=competition,
        file=PreviewFile(name=batch.filename, sheet=plan.people.name, rows=len(plan.rows)),
        counts=counts | {"all": len(plan.rows)},
        shown=shown,
        filter_urls={
            word: here("preview", show=None if word == "all" else word)
            for word in ("all", *STATES.values())
        },
        columns=_describe_columns(batch.competition, plan),
        rows=[
            _plan_row(row, plan.people.sheets, alike=alike, said=said, units=face == "organiser")
            for row in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        ],
        page=describe_page(
            len(rows),
            number,
            PAGE_SIZE,
            f"{face}.preview",
            code=code,
            batch_id=batch.id,
            show=None if shown == "all" else shown,
        ),
        units=units,
        notices=[*(say(notice) for notice in plan.notices), *notices, *_absent(plan)],
        unknown_units=plan.unknown_units if face == "organiser" else (),
        urls=PreviewUrls(
            upload=url_for(f"{face}.upload", code=code),
            write=here("write", plan=plan_mark(plan)),
            discard=here("discard"),
            refused=here("refused"),
            put_right=here("put_cell_right"),
            columns=here("file_columns"),
        ),
        writable=counts["added"] + counts["changed"],
        begun=batch.written,
        # A unit's rows become drafts, whoever they are of: there is nothing to exempt from.
        unfit=sum(row.status is RowStatus.REFUSED and bool(row.unfit) for row in plan.rows),
        closed=None,
    )


def _absent(plan: RegistrationPlan) -> list[str]:
    """Name those who are registered and not in the file."""
    if not plan.absent:
        return []
    names = [it.name for it in plan.absent]
    return [
        _(
            "名单里有 %(n)s 人不在这份表里，不动他们：%(names)s",
            n=len(names),
            names=say(some_of(names, _MOST_NAMED)),
        )
    ]


def show_staged(batch: ImportBatch) -> str:
    """The same of a large workbook, of which a job left what the page shows."""
    competition = batch.competition
    code, summary = competition.code, batch.summary or {}
    shown, number = request.args.get("show", "all"), asked_page()
    status = next((status for status, word in STATES.items() if word == shown), None)
    shown = shown if status else "all"

    def here(what: str, show: str | None = None) -> str:
        return url_for(f"organiser.{what}", code=code, batch_id=batch.id, show=show)

    counts = {word: summary["counts"].get(status.value, 0) for status, word in STATES.items()}
    counts["all"] = summary["rows"]
    page = describe_page(
        counts[shown],
        min(number, max(1, -(-counts[shown] // PAGE_SIZE))),
        PAGE_SIZE,
        "organiser.preview",
        code=code,
        batch_id=batch.id,
        show=None if shown == "all" else shown,
    )
    rows = staged_page(batch, status, limit=PAGE_SIZE, offset=(page.number - 1) * PAGE_SIZE)
    notices = [say(notice) for notice in notices_of(batch)]
    stale = list_was_changed(batch)
    if stale:
        notices.insert(0, _("名单刚被别人改过，请再核对一遍，这次没有写入"))
    elif batch.written:
        notices.insert(0, _("写到一半停下了：%(n)s 行已经在名单里", n=batch.written))
    return render_template(
        "organiser/registration/preview.html",
        competition=competition_link(competition),
        file=PreviewFile(name=batch.filename, sheet=summary["sheet"], rows=summary["rows"]),
        counts=counts,
        shown=shown,
        filter_urls={
            word: here("preview", None if word == "all" else word)
            for word in ("all", *STATES.values())
        },
        columns=columns_of(competition, summary["touched"], crews=summary.get("crews", False)),
        rows=[_plan_row(row, summary.get("sheets", ())) for row in rows],
        page=page,
        units=summary["units"],
        unknown_units=(),
        notices=notices,
        urls=PreviewUrls(
            upload=url_for("organiser.upload", code=code),
            write=here("write"),
            discard=here("discard"),
            refused=here("refused"),
            again=here("look_again") if stale else None,
        ),
        writable=0 if stale else left_to_write(batch),
        begun=batch.written,
        unfit=0 if stale else summary["unfit"],
        closed=None,
    )


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


def tell_done_already() -> None:
    """Say that another tab wrote it or threw it away."""
    flash(_("这份报名表已经处理过了，名单就是现在这样"), "info")
