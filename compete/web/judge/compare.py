"""Two of a judge's own sheets side by side, to look at and not to change."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.domain.values.rights import Right
from compete.services.judging.tablet_data import HomeRow
from compete.services.judging.tablet_view import find_sheet, home_data
from compete.web import guard
from compete.web.guard import judge_mark
from compete.web.judge.sheet_json import whole_sheet
from compete.web.judge.views import face, this_judge
from compete.web.script_translations import tablet_words


@face.get("/compare")
@guard.may(Right.MARK)
def compare() -> ResponseReturnValue:
    """The sheets `a` and `b`, of one module; without them, two that have marks."""
    judge = this_judge()
    rows = home_data(judge)["sheets"]
    first = _compared_row(rows, request.args.get("a"))
    near = [row for row in rows if first and row["module_code"] == first["module_code"]]
    others = [row for row in near if row is not first]
    second = _compared_row(others, request.args.get("b"))
    shown = []
    for row in (first, second):
        sheet = find_sheet(judge, row["id"]) if row else None
        if sheet is not None:
            shown.append(whole_sheet(sheet, current_user))
    return render_template(
        "judge/compare.html",
        judge_id=judge_mark(judge),
        sheets=shown,
        firsts=rows,
        seconds=others,
        words=tablet_words(),
    )


def _compared_row(rows: list[HomeRow], wanted: str | None) -> HomeRow | None:
    """The row asked for, else the first that has marks, else the first."""
    if wanted:
        chosen = next((row for row in rows if row["id"] == wanted), None)
        if chosen is None and wanted == request.args.get("a"):
            abort(404)
        if chosen is not None:
            return chosen
    marked = (row for row in rows if row["total"] is not None)
    return next(marked, None) or next(iter(rows), None)
