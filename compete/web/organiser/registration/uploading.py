"""A registration workbook sent by the desk or by a unit: taken in, looked at, settled.

The two are alike here; who may, and what becomes of the rows, is theirs. `side` is the name of
the blueprint, `organiser` or `unit`: both name their addresses alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from flask_babel import gettext as _

from compete.domain.values.messages import some_of
from compete.models import Competition, ImportBatch
from compete.services.registration.preview import plan_mark
from compete.services.registration.staging import (
    left_to_write,
    list_was_changed,
    notices_of,
    staged_page,
)
from compete.sheets.reading.answers import NOTHING_SAID, Answers
from compete.sheets.registration.columns import MAY_STAY_EMPTY, PEOPLE_BY_KEY, PEOPLE_COLUMNS
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.table import row_name
from compete.web.language import say
from compete.web.paging import Paging, asked_page, describe_page
from compete.web.upload_limit_words import limit_words, most_bytes_of_a_file

_TWINS = ("", "")
"""The key that counts the rows that say the same as one further up."""
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


def show_upload(
    side: str,
    competition: Competition,
    closed: str | None,
    problem: str | None,
    waiting: Sequence[tuple[ImportBatch, str]] = (),
) -> str:
    """The page on which a workbook is chosen, with the faults of the file that was sent.

    `closed` says why nobody can be registered any more; `waiting` are files of which some rows
    wait to be put right, and until when.
    """
    return render_template(
        "organiser/registration/upload.html",
        side=side,
        competition=competition,
        closed=closed,
        problem=problem,
        waiting=waiting,
        limit=limit_words(),
        limit_bytes=most_bytes_of_a_file(),
    )


def show_preview(
    side: str, batch: ImportBatch, plan: RegistrationPlan, notices: Sequence[str]
) -> str:
    """Preview a workbook's effects, row by row; further `notices` stand above."""
    shown, number = request.args.get("show", "all"), asked_page()
    rows = [row for row in plan.for_preview if shown in ("all", STATES[row.status])]
    counts = {word: plan.count(status) for status, word in STATES.items()}
    said, alike, of_desk = Answers.unpacked(batch.answers), _alike_counts(plan), side == "organiser"
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
        sheet=plan.people.name,
        columns=_columns_of(batch.competition, touched, crews=crews),
        rows=[
            _plan_row(row, plan.people.sheets, alike=alike, said=said, units=of_desk)
            for row in rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        ],
        units=[unit.name for unit in plan.new_units],
        notices=[
            *map(say, plan.notices),
            *(say(fault.problem.message) for fault in plan.unit_problems),
            *notices,
            *_absent(plan),
        ],
        unknown_units=plan.unknown_units if of_desk else (),
        mark=plan_mark(plan),
        stale=False,
        writable=counts["added"] + counts["changed"],
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
    summary = batch.summary or {}
    shown, number = request.args.get("show", "all"), asked_page()
    status = next((status for status, word in STATES.items() if word == shown), None)
    shown = shown if status else "all"
    counts = {word: summary["counts"].get(status.value, 0) for status, word in STATES.items()}
    counts["all"] = summary["rows"]
    last = max(1, -(-counts[shown] // PAGE_SIZE))
    page = _page("organiser", batch, shown, counts[shown], min(number, last))
    rows = staged_page(batch, status, limit=PAGE_SIZE, offset=(page.number - 1) * PAGE_SIZE)
    notices = [say(notice) for notice in notices_of(batch)]
    stale = list_was_changed(batch)
    if stale:
        notices.insert(0, _("名单刚被别人改过，请再核对一遍，这次没有写入"))
    elif batch.written:
        notices.insert(0, _("写到一半停下了：%(n)s 行已经在名单里", n=batch.written))
    crews = summary.get("crews", False)
    return render_template(
        "organiser/registration/preview.html",
        side="organiser",
        batch=batch,
        shown=shown,
        counts=counts,
        page=page,
        sheet=summary["sheet"],
        columns=_columns_of(batch.competition, summary["touched"], crews=crews),
        rows=[_plan_row(row, summary.get("sheets", ())) for row in rows],
        units=summary["units"],
        notices=notices,
        unknown_units=(),
        mark=None,
        stale=stale,
        writable=0 if stale else left_to_write(batch),
        unfit=0 if stale else summary["unfit"],
    )
