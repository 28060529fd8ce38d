"""Prize money and allowances: the amounts, and the list of people to be paid."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.grades.ladder import GRADES, NATIONAL, grade_label_in
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.rights import Right
from compete.models import Competition
from compete.services.awards.prize_money import paid_titles, set_money, write_payments
from compete.services.awards.prize_money_payments import notes_on_payments, payments_of
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import ladder_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import ungrouped
from compete.web import guard
from compete.web.downloads import send_workbook
from compete.web.language import say
from compete.web.organiser.blueprint import face
from compete.web.refusals import problem_of, refusal_on

MOST_LISTED = 200


def _prize_money_page(competition: Competition, refused: Refused | None = None) -> str:
    """Render the amounts as set, or as typed with the wrong ones; and those who get them."""
    titles, grades = _typed_amounts() if request.method == "POST" else ({}, {})
    typed = titles | {f"grade-{grade}": text for grade, text in grades.items()}
    money, payments = settings_of(competition).money, payments_of(competition)
    ladders = [ladder_of(event) for event in competition.events] or [NATIONAL]

    def line(key: str, field: str, title: str, cents: int) -> dict[str, Any]:
        stands = yuan(cents) if cents else ""
        text = typed.get(key, stands)
        why = _("金额写成 3000 或 3000.50 这样") if _cents(typed.get(key, "")) is None else None
        return {"field": field, "title": title, "yuan": text, "problem": why}

    return render_template(
        "organiser/awards/prize_money.html",
        competition=competition,
        titles=[
            line(title, f"title-{number}", title, money.titles.get(title, 0))
            for number, title in enumerate(paid_titles(competition), 1)
        ],
        grades=[
            line(
                f"grade-{grade}",
                f"grade-{grade}",
                say(grade_label_in(grade, ladders)),
                money.grades.get(str(grade), 0),
            )
            for grade in sorted(GRADES)
            if competition_kind(competition).of_people
            and (str(grade) in money.grades or any(it.of_grade(grade) for it in ladders))
        ],
        problem=problem_of(refused),
        notes=[say(note) for note in notes_on_payments(competition)],
        paid=payments[:MOST_LISTED],
        count=len(payments),
        total=sum(row.cents for row in payments),
        yuan=yuan,
    )


def yuan(cents: int) -> str:
    """An amount as it is read, without zeros behind the point."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


_YUAN = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,2}))?")


@face.get("/<code>/prize-money")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def prize_money(competition: Competition) -> ResponseReturnValue:
    """Show the money for each title and grade, and who is to be paid."""
    return _prize_money_page(competition)


@face.post("/<code>/prize-money")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
@refusal_on(_prize_money_page)
def save_prize_money(competition: Competition) -> ResponseReturnValue:
    """Set the amounts as the form has them; nothing typed is nothing paid."""
    titles, grades = _typed_amounts()
    if any(_cents(text) is None for text in (*titles.values(), *grades.values())):
        # Beside its own field: what is said of the whole form would keep the rest unsaved.
        return _prize_money_page(competition), 400
    changed = set_money(
        competition,
        {title: _cents(text) or 0 for title, text in titles.items()},
        {grade: _cents(text) or 0 for grade, text in grades.items()},
        current_user,
    )
    flash(_("金额定好了") if changed else _("没有改动"), "ok")
    return redirect(url_for("organiser.prize_money"))


@face.get("/<code>/prize-money.xlsx")
@guard.may(Right.DECIDE_AWARDS, of=guard.SKILLS | guard.LABOUR)
def prize_money_book(competition: Competition) -> Response:
    """Download who is to be paid how much, as a workbook with room to sign."""
    content = write_payments(competition, current_user, say)
    return send_workbook(content, f"奖金和补贴发放表_{competition.name}.xlsx")


def _typed_amounts() -> tuple[dict[str, str], dict[int, str]]:
    """The typed amounts of titles and of grades."""
    titles, yuan = request.form.getlist("title"), request.form.getlist("yuan")
    if len(titles) != len(yuan) or len(titles) != len(set(titles)):
        abort(400)
    grades = {grade: request.form.get(f"grade-{grade}", "") for grade in GRADES}
    return dict(zip(titles, yuan, strict=True)), grades


def _cents(text: str) -> int | None:
    """Read an amount in any width, with or without thousands' commas; None if it is none."""
    text = ungrouped(unicodedata.normalize("NFKC", text).strip())
    if not text:
        return 0
    match = _YUAN.fullmatch(text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None
