"""Facts to weigh before a step that cannot be taken back, counted and named."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from compete.domain.values import CompetitionState, Message
from compete.models import Competition, Entrant, Sheet, db
from compete.services.closing import (
    decision_label,
)
from compete.services.scoring import Live
from compete.web.language import say

Facts = list[dict[str, str]]


NAMES_SHOWN = 12


def sheets_fact(count: int, unsigned: int, whose: str = "") -> dict[str, str]:
    """How many sheets there are, and how many of them nobody has signed."""
    what = _("锁住 %(n)s 张评分表", n=count)
    if not unsigned:
        return make_fact(what, "")
    return make_fact(what, _("其中 %(n)s 张没签名", n=unsigned) + (f"：{whose}" if whose else ""))


def placed_facts(competition: Competition, live: Live) -> Facts:
    """How many are ranked, who is not, and what the rules then give."""
    people: dict[tuple[str, str], Entrant] = {
        (entrant.event.code, entrant.code): entrant
        for entrant in db.session.scalars(
            select(Entrant).where(Entrant.competition_id == competition.id)
        )
    }
    ranked, left, awards, promoted = 0, [], 0, 0
    coded = competition.state is CompetitionState.JUDGING
    for event in live.results.events:
        awards += len(event.awards or ())
        promoted += sum(row.change == "promoted" for row in event.grades or ())
        for row in event.standings:
            if row.rank is not None:
                ranked += 1
                continue
            person = people[event.code, row.entrant]
            left.append(decision_label(person) if coded else f"{person.code} {person.name}")
    facts = [
        make_fact(
            _("%(n)s 人有名次", n=ranked),
            _("获奖 %(awards)s 个，拟晋升 %(grades)s 人", awards=awards, grades=promoted),
        )
    ]
    if left:
        facts.append(make_fact(_("没有名次 %(n)s 人", n=len(left)), some_names(left)))
    return facts


def entrant_labels(sheets: list[Sheet]) -> str:
    """The labels of these sheets with their judges, the first few of them."""
    return some_names([f"{sheet.label}（{sheet.judge.code}）" for sheet in sheets])


def some_names(names: list[str]) -> str:
    """The first few names, and how many more."""
    shown = "、".join(names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return _("%(names)s 等 %(n)s 个", names=shown, n=len(names))


def make_fact(what: str, detail: str | Message) -> dict[str, str]:
    """One line of what will happen, with what stands under it."""
    return {"what": what, "detail": say(detail)}
