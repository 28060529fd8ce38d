"""A closed sheet, by its judge or since nobody is waited for: what the old address tells."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.models import Judge
from compete.services.judging.recusal import Closing, closing_of
from compete.services.sheets.stage_closings import not_in_stage
from compete.web.guard import judge_mark
from compete.web.language import say
from compete.web.pages import fields_of
from compete.web.templating import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedSheet:
    """What the page says."""

    code: str
    title: str
    who: str | None
    """Who closed it, and when."""
    reason: str | None
    home_url: str
    passed_over: bool = False
    """Nobody withdrew: the contestant no longer goes on."""


def closed_page(judge: Judge, public_id: str) -> ResponseReturnValue:
    """The page of a sheet that 回避 closed, GONE; any other's is not found."""
    found = closing_of(judge, public_id)
    if found is None:
        abort(404)
    page = render_template(
        "judge/recused.html", judge_id=judge_mark(judge), **fields_of(_describe(found))
    )
    return page, 410


def _describe(closing: Closing) -> ClosedSheet:
    sheet, recusal, by = closing.sheet, closing.recusal, closing.by
    home = url_for("judge.home")
    title = _("你回避了 %(code)s", code=sheet.label)
    if closing.passed_over:
        why = say(not_in_stage(sheet.label))
        return ClosedSheet(
            code=sheet.label,
            title=_("%(code)s 没有进这个赛段", code=sheet.label),
            who=why,
            reason=None,
            home_url=home,
            passed_over=True,
        )
    if recusal is None or by is None:
        return ClosedSheet(code=sheet.label, title=title, who=None, reason=None, home_url=home)
    own, at = by.id == current_user.id, moment(recusal.made_at)
    return ClosedSheet(
        code=sheet.label,
        title=title,
        who=_("你自己 %(at)s 登记的", at=at)
        if own
        else _("%(who)s %(at)s 给你登记的", who=by.name, at=at),
        # Another's reason may name the unit, which beside a blind code would tell whose it is.
        reason=recusal.reason if own or not sheet.entrant.event.blind else None,
        home_url=home,
    )
