"""A closed sheet, by its judge or since nobody is waited for: what the old address tells."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from compete.models import Judge
from compete.services.judging.recusal import closing_of
from compete.services.sheets.stage_closings import not_in_stage
from compete.web.guard import judge_mark
from compete.web.pages import or_404


def closed_page(judge: Judge, public_id: str) -> ResponseReturnValue:
    """The page of a sheet that 回避 closed, GONE; any other's is not found."""
    found = or_404(closing_of(judge, public_id))
    sheet, recusal, by = found.sheet, found.recusal, found.by
    own = by is not None and by.id == current_user.id
    page = render_template(
        "judge/recused.html",
        judge_id=judge_mark(judge),
        code=sheet.label,
        passed_over=not_in_stage(sheet.label) if found.passed_over else None,
        recusal=recusal if by is not None else None,
        by=by,
        own=own,
        # Another's reason may name the unit, which beside a blind code would tell whose it is.
        tells=own or not sheet.entrant.event.blind,
    )
    return page, 410
