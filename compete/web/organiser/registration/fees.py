"""认定费: who owes what and whether it was paid, as a workbook that comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.language import FIRST, worded
from compete.models import Competition
from compete.services.registration.fees import (
    FEE_FIELDS,
    FEE_ROWS,
    enter_fees,
    fee_lines,
    fee_sums,
    plan_fees,
    yuan,
)
from compete.sheets.headed_rows import write_headed_rows
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.once import only_once
from compete.web.organiser.blueprint import face
from compete.web.organiser.headed_rows import SentRows, fields_preview, looked_at, write_looked_at
from compete.web.pages import fields_of

_MOST_SHOWN = 300


@face.route("/<code>/fees", methods=["GET", "POST"])
@guard.may(Right.SET_UP, of=guard.EVALUATIONS)
@only_once
def upload_fees(competition: Competition) -> ResponseReturnValue:
    """What is owed and paid in all; a workbook looked at row by row; nothing is written."""
    return looked_at(FEE_ROWS, partial(_page, competition))


@face.post("/<code>/fees/write")
@guard.may(Right.SET_UP, of=guard.EVALUATIONS)
@only_once
def write_fees(competition: Competition) -> ResponseReturnValue:
    """Write the rows that were looked at."""

    def write_rows(rows: Sequence[Mapping[str, str]]) -> ResponseReturnValue:
        flash(_("记了 %(n)s 人", n=enter_fees(competition, rows, current_user)), "ok")
        return redirect(url_for("organiser.upload_fees", code=competition.code))

    plan = partial(plan_fees, competition)
    return write_looked_at(FEE_ROWS, partial(_page, competition), plan, write_rows)


@face.get("/<code>/fees/workbook.xlsx")
@guard.may(Right.SET_UP, of=guard.EVALUATIONS)
def fees_workbook(competition: Competition) -> Response:
    """Download everybody with what is owed and paid, to be filled in and brought back."""

    def in_words(text: str) -> str:
        return worded(text, competition.kind, FIRST.code)

    lines = fee_lines(competition)
    content = write_headed_rows(msg("认定费"), FEE_FIELDS, lines, in_words)
    return send_workbook(content, f"认定费_{competition.name}.xlsx")


def _page(competition: Competition, sent: SentRows, problem: str | None) -> str:
    page = fields_preview(
        "fees",
        FEE_FIELDS,
        partial(plan_fees, competition),
        sent,
        problem,
        _MOST_SHOWN,
        of=competition.code,
        back=url_for("organiser.entrants"),
    )
    sums = fee_sums(competition)
    return render_template(
        "organiser/registration/fees.html",
        most_rows=FEE_ROWS.most,
        sums=sums,
        owed=yuan(sums.cents),
        paid=yuan(sums.paid_cents),
        left=yuan(sums.left_cents),
        **fields_of(page),
    )
