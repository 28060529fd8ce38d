"""Prize money and allowances as the desk's page shows them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _

from compete.domain.grades.ladder import GRADES, NATIONAL, grade_label_in
from compete.models import Competition
from compete.services.certificates.prize_money import paid_titles, payments_of
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import ladder_of
from compete.web.language import say

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A title or a grade, and what it brings in yuan as it is typed; empty for nothing."""

    field: str
    """Its field's name; a title's own text is in a hidden field beside it."""
    title: str
    yuan: str
    problem: str | None


def prize_money_page(
    competition: Competition,
    typed: Mapping[str, str] | None = None,
    wrong: Collection[str] = (),
    problem: str | None = None,
) -> str:
    """The amounts as they stand, or as `typed` with what is `wrong` among it; who gets them."""
    money, payments = settings_of(competition).money, payments_of(competition)
    ladders = [ladder_of(event) for event in competition.events] or [NATIONAL]

    def line(key: str, field: str, title: str, cents: int) -> MoneyLine:
        stands = yuan(cents) if cents else ""
        why = _("金额写成 3000 或 3000.50 这样") if key in wrong else None
        return MoneyLine(field, title, (typed or {}).get(key, stands), why)

    return render_template(
        "organiser/prize_money/prize_money.html",
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
            if competition.kind != "labour"
            and (str(grade) in money.grades or any(it.of_grade(grade) for it in ladders))
        ],
        problem=problem,
        paid=payments[:MOST_LISTED],
        count=len(payments),
        total=sum(row.cents for row in payments),
        yuan=yuan,
    )


def yuan(cents: int) -> str:
    """An amount as it is read, without zeros behind the point."""
    whole, rest = divmod(cents, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)
