"""Application conditions (申报条件): an evaluation's lines of them, held against who applies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select

from compete.domain.bundle import types
from compete.domain.bundle.evaluation_types import ApplyLine, Paper, day_of
from compete.domain.evaluation.conditions import LineState, lines_of, meets, trade_of
from compete.domain.values.kinds import EntrantGroup, Kind
from compete.models import Application, Competition, Entrant, db
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.registration.applications import cells_of, check_cells
from compete.services.registration.preview import offer_of


def conditions_of_entrants(
    competition: Competition, rows: Sequence[Entrant]
) -> dict[str, LineState]:
    """The state of every line of conditions for those on the list, by number."""
    days = _Days(competition)
    return {row.code: lines_of(*days.asked_of(row)) for row in rows}


class Meeting(NamedTuple):
    """The check of an entrant on the list against an event's conditions, by both their codes."""

    event: str
    entrant: str
    eligible: bool


def who_meets(competition: Competition) -> Sequence[Meeting]:
    """List everybody who takes part in an evaluation, by event, then number.

    Of the conditions alone, without marks; worked out once for what is on record.
    """

    def make() -> list[Meeting]:
        days, events = _Days(competition), {each.id: each.code for each in competition.events}
        rows = db.session.execute(
            select(*_ASKED)
            .where(Entrant.competition_id == competition.id, takes_part())
            .order_by(Entrant.code)
        ).all()
        met = [Meeting(events[row.event_id], row.code, meets(*days.asked_of(row))) for row in rows]
        place = {code: number for number, code in enumerate(events.values())}
        return sorted(met, key=lambda each: place[each.event])

    return remembered_beside_check_ins(competition, "who meets", make)


_ASKED = (
    *(Entrant.code, Entrant.event_id, Entrant.grade, Entrant.grade_since, Entrant.months),
    *(Entrant.trade, Entrant.registered_at, Entrant.papers, Entrant.birth),
    Entrant.group.label("group"),
)
"""The columns of an entrant on the list that conditions look at."""


def conditions_of_applications(
    competition: Competition, rows: Sequence[Application]
) -> dict[str, LineState]:
    """The state of the lines for who was handed in, by public number; of a contest nobody."""
    if competition.kind != Kind.EVALUATION:
        return {}
    days, offer, today = _Days(competition), offer_of(competition), local_today()
    found = {}
    for row in rows:
        if row.event_id is not None:
            checked, _problems = check_cells(cells_of(row), offer, row.unit)
            said = checked.said
            found[row.public_id] = lines_of(
                *days.asked(
                    row.event_id,
                    grade=said.grade,
                    grade_since=said.grade_since,
                    months=said.months,
                    trade=None,
                    at=today,
                    papers=said.papers,
                    birth=said.birth,
                    group=said.group or "worker",
                )
            )
    return found


class _Days:
    """The events of a competition, each with its lines and the day on which they are looked at."""

    def __init__(self, competition: Competition) -> None:
        self._rules = {event.id: rules_of(event) for event in competition.events}
        self._competition = competition

    def asked_of(self, row: Any) -> tuple[Sequence[ApplyLine], types.Entrant, date]:
        """The lines asked, as `asked`, of an entrant or of a row of these columns (`_ASKED`)."""
        return self.asked(
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

    def asked(
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
    ) -> tuple[Sequence[ApplyLine], types.Entrant, date]:
        """The lines of the event, of whom they are asked, and on which day."""
        rules = self._rules[event_id]
        day = day_of(rules, self._competition) or local_today()
        facts = types.Entrant(
            code="",
            name="",
            event=rules.code,
            unit="",
            grade=grade,
            grade_since=grade_since,
            trade=trade_of(months, trade, at, day),
            papers=msgspec.convert(papers or (), tuple[Paper, ...]),
            birth=birth,
            group=EntrantGroup(group),
        )
        return rules.apply, facts, day
