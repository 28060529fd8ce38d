"""Prize money and allowances as the desk's page shows them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext as _

from compete.domain.grades.ladder import GRADES, NATIONAL, grade_label_in
from compete.models import Competition
from compete.services.certificates.prize_money import paid_titles, payments_of
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import ladder_of
from compete.web.language import say
from compete.web.organiser.prize_money.shapes import MoneyLine, MoneyPage, Paid
from compete.web.organiser.shapes import competition_link

MOST_LISTED = 200


def prize_money_page(
    competition: Competition,
    typed: Mapping[str, str] | None = None,
    wrong: set[str] | None = None,
    problem: str | None = None,
) -> MoneyPage:
    """The amounts as they stand, or as `typed` with what is `wrong` among it; who gets them."""
    money, payments = settings_of(competition).money, payments_of(competition)
    is_labour = competition.kind == "labour"
    ladders = [ladder_of(event) for event in competition.events] or [NATIONAL]

    def line(key: str, field: str, title: str, cents: int) -> MoneyLine:
        stands = _yuan(cents) if cents else ""
        return MoneyLine(
            field=field,
            title=title,
            yuan=typed.get(key, stands) if typed is not None else stands,
            problem=_("金额写成 3000 或 3000.50 这样") if key in (wrong or ()) else None,
        )

    return MoneyPage(
        competition=competition_link(competition),
        is_labour=is_labour,
        titles=[
            line(title, f"title-{number}", title, money.titles.get(title, 0))
            for number, title in enumerate(paid_titles(competition), 1)
        ],
        grades=[]
        if is_labour
        else [
            line(
                f"grade-{grade}",
                f"grade-{grade}",
                say(grade_label_in(grade, ladders)),
                money.grades.get(str(grade), 0),
            )
            for grade in sorted(GRADES)
            if str(grade) in money.grades or any(it.of_grade(grade) for it in ladders)
        ],
        problem=problem,
        paid=[
            Paid(name=row.name, unit=row.unit, title=say(row.title), yuan=_yuan(row.cents))
            for row in payments[:MOST_LISTED]
        ],
        count=len(payments),
        total=_yuan(sum(row.cents for row in payments)),
        save_url=url_for("organiser.save_prize_money", code=competition.code),
        book_url=url_for("organiser.prize_money_book", code=competition.code) if payments else None,
    )


def _yuan(cents: int) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
