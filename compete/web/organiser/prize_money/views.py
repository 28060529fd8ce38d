"""Prize money and allowances: the amounts, and the list of who is to be paid."""

from __future__ import annotations

import re
import unicodedata

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.certificates.prize_money import set_money, write_payments
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import ungrouped
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.organiser.prize_money.view_model import prize_money_page
from compete.web.refusals import status_of

_YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


@face.get("/<code>/prize-money")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
def prize_money(competition: Competition) -> ResponseReturnValue:
    """What each title and grade brings, and who is to be paid."""
    return prize_money_page(competition)


@face.post("/<code>/prize-money")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
def save_prize_money(competition: Competition) -> ResponseReturnValue:
    """Set the amounts as the form has them; nothing typed is nothing paid."""
    titles = request.form.getlist("title")
    yuan = request.form.getlist("yuan")
    if len(titles) != len(yuan) or len(titles) != len(set(titles)):
        abort(400)
    typed = dict(zip(titles, yuan, strict=True))
    grades = {f"grade-{grade}": request.form.get(f"grade-{grade}", "") for grade in GRADES}
    wrong = {name for name, text in (typed | grades).items() if _cents(text) is None}
    if wrong:
        # Beside its own field: what is said of the whole form would keep the rest unsaved.
        return prize_money_page(competition, typed | grades, wrong), 400
    try:
        changed = set_money(
            competition,
            {title: _cents(text) or 0 for title, text in typed.items()},
            {grade: _cents(grades[f"grade-{grade}"]) or 0 for grade in GRADES},
            current_user,
        )
    except Refused as refused:
        return prize_money_page(
            competition, typed | grades, problem=say(refused.message)
        ), status_of(refused)
    flash(_("金额定好了") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.prize_money", code=competition.code))


@face.get("/<code>/prize-money.xlsx")
@guard.of_contests
@guard.of_any_kind
@guard.may(Right.DECIDE_AWARDS)
def prize_money_book(competition: Competition) -> Response:
    """Who is to be paid what, as a workbook with room to sign."""
    content = write_payments(competition, current_user, say)
    return send_workbook(content, f"奖金和补贴发放表_{competition.name}.xlsx")


def _cents(text: str) -> int | None:
    """In any width, with or without thousands' commas; None for what is no amount."""
    text = ungrouped(unicodedata.normalize("NFKC", text).strip())
    if not text:
        return 0
    found = _YUAN.fullmatch(text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None
