"""申报条件: the lines of an evaluation's conditions, held against who applies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from compete.domain import bundle as b
from compete.domain.evaluation import LineState, lines_of, trade_of
from compete.domain.values import EntrantGroup, Kind
from compete.models import Application, Competition, Entrant
from compete.services.kernel import local_time, local_today, rules_of
from compete.services.registration.applications import cells_of, check_cells
from compete.services.registration.preview import offer_of


def conditions_of_entrants(
    competition: Competition, rows: Sequence[Entrant]
) -> dict[str, LineState]:
    """By number, every line of conditions as it stands for those on the list."""
    days = _Days(competition)
    return {
        row.code: days.lines(
            row.event_id,
            grade=row.grade,
            grade_since=row.grade_since,
            months=row.months,
            trade=row.trade,
            at=local_time(row.registered_at).date(),
            papers=row.papers,
            birth=row.birth,
            group=row.group,
        )
        for row in rows
    }


def conditions_of_applications(
    competition: Competition, rows: Sequence[Application]
) -> dict[str, LineState]:
    """By public number, the same for those who were handed in; of a contest nobody."""
    if competition.kind != Kind.EVALUATION:
        return {}
    days, offer, today = _Days(competition), offer_of(competition), local_today()
    found = {}
    for row in rows:
        if row.event_id is not None:
            checked, _problems = check_cells(cells_of(row), offer, row.unit)
            entry = checked.entry
            found[row.public_id] = days.lines(
                row.event_id,
                grade=entry.grade,
                grade_since=entry.grade_since,
                months=entry.months,
                trade=None,
                at=today,
                papers=entry.papers,
                birth=checked.person.birth,
                group=entry.group or "worker",
            )
    return found


class _Days:
    """The events of a competition, each with its lines and the day on which they are looked at."""

    def __init__(self, competition: Competition) -> None:
        self._rules = {event.id: rules_of(event) for event in competition.events}
        self._starts = competition.starts

    def lines(
        self,
        event_id: int,
        *,
        grade: int | None,
        grade_since: date | None,
        months: int | None,
        trade: dict[str, object] | None,
        at: date,
        papers: Sequence[dict[str, object]] | None,
        birth: date | None,
        group: str,
    ) -> LineState:
        rules = self._rules[event_id]
        day = rules.on or self._starts or local_today()
        facts = b.Entrant(
            code="",
            name="",
            event=rules.code,
            unit="",
            grade=grade,
            grade_since=grade_since,
            trade=trade_of(months, trade, at, day),
            papers=msgspec.convert(papers or (), tuple[b.Paper, ...]),
            birth=birth,
            group=EntrantGroup(group),
        )
        return lines_of(rules.apply, facts, day)
