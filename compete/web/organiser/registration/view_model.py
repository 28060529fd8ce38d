"""A registration workbook in words: what would be added, changed or refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from compete.models import Competition
from compete.sheets.reading.answers import NOTHING_SAID, Answers
from compete.sheets.registration.columns import MAY_STAY_EMPTY, PEOPLE_BY_KEY, PEOPLE_COLUMNS
from compete.sheets.registration.plan import PlannedRow, RegistrationPlan, RowStatus
from compete.sheets.registration.table import row_name
from compete.web.language import say
from compete.web.organiser.registration.shapes import (
    CellFix,
    PreviewCell,
    PreviewColumn,
    PreviewRow,
)

_TWINS = ("", "")
"""Under which those rows are counted that say the same as one further up."""
_ALWAYS = ("name", "id_number", "unit", "group", "grade")


STATES = {
    RowStatus.ADDED: "added",
    RowStatus.CHANGED: "changed",
    RowStatus.UNCHANGED: "same",
    RowStatus.REFUSED: "refused",
}


def describe_columns(competition: Competition, plan: RegistrationPlan) -> list[PreviewColumn]:
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


def alike_counts(plan: RegistrationPlan) -> Counter[tuple[str, str]]:
    """By column and text in how many refused rows the same wrong text stands; and the twins."""
    found = Counter(
        (key, str(row.raw.cells.get(key, ""))) for row in plan.rows for key in row.bad_columns
    )
    found[_TWINS] = sum(any(it.twin for it in row.problems) for row in plan.rows)
    return found


def plan_row(
    row: PlannedRow,
    sheets: Sequence[str],
    *,
    alike: Mapping[tuple[str, str], int] | None = None,
    said: Answers = NOTHING_SAID,
    units: bool = True,
) -> PreviewRow:
    """One row of the workbook: what it would do, and what is wrong with it.

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
