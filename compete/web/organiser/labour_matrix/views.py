"""A month on one page, as a workbook and on paper: what is seen is what is handed out."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from compete.documents.lists import render_list
from compete.domain.values.rights import Right
from compete.models import Competition, utc_now
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import fonts
from compete.services.labour.cells import leaves_of
from compete.services.labour.deadlines import first_open_leaf
from compete.services.scoring.live_labour import LabourLive, labour_live
from compete.sheets.workbook.tables import Value
from compete.web import guard
from compete.web.downloads import send_pdf
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.labour_matrix.squares import Asked, Matrix, Shown
from compete.web.organiser.labour_matrix.view_model import (
    figures_of,
    heads_of,
    matrix_page,
    paper_of,
    title_of,
)
from compete.web.organiser.list_book import send_list


@face.get("/<code>/labour/month")
@guard.of_labour
@guard.may(Right.SEE)
def labour_matrix(competition: Competition) -> ResponseReturnValue:
    """Units by indicators of a leaf period."""
    live = labour_live(competition)
    period = _leaf(competition, live)
    return matrix_page(competition, live, period, _asked(live, period))


@face.get("/<code>/labour/month.xlsx")
@guard.of_labour
@guard.may(Right.SEE)
def labour_matrix_book(competition: Competition) -> Response:
    """The same as a workbook."""
    matrix = _matrix(competition)
    rows: list[list[Value]] = [[row[0], *map(_as_number, row[1:])] for row in figures_of(matrix)]
    return send_list(competition, title_of(matrix), [say(head) for head in heads_of(matrix)], rows)


@face.get("/<code>/labour/month.pdf")
@guard.of_labour
@guard.may(Right.SEE)
def labour_matrix_paper(competition: Competition) -> Response:
    """The same to be printed."""
    matrix = _matrix(competition)
    printed = render_list(
        paper_of(matrix, local_time(utc_now())),
        fonts=fonts(),
        translate=gettext,
        author=competition.host or competition.name,
    )
    return send_pdf(printed, f"{say(title_of(matrix))}_{competition.name}.pdf")


def _as_number(text: str) -> Value:
    """A figure as one that a workbook sums; words stay words."""
    try:
        return Decimal(text.replace("−", "-"))
    except InvalidOperation:
        return text


def _matrix(competition: Competition) -> Matrix:
    live = labour_live(competition)
    period = _leaf(competition, live)
    return Matrix(competition, live, period, _asked(live, period))


def _leaf(competition: Competition, live: LabourLive) -> str:
    """The leaf period asked for, the last one filled of a whole; without one what is entered now.

    404 for one that the competition has not.
    """
    wanted = request.args.get("period") or first_open_leaf(competition)
    if wanted not in live.standings:
        abort(404)
    leaves = leaves_of(live.labour, wanted)
    filled = [leaf for leaf in leaves if any(row.total for row in live.standings[leaf])]
    return (filled or leaves)[-1]


def _asked(live: LabourLive, period: str) -> Asked:
    args = request.args
    groups = sorted({row.group for row in live.standings[period] if row.group is not None})
    group = args.get("group")
    shown = args.get("show", "")
    return Asked(
        group=group if group in groups else next(iter(groups), None),
        shown=Shown(shown) if shown in list(Shown) else Shown.SCORE,
        by_rank=args.get("order") == "rank",
        cell=args.get("cell", ""),
    )
