"""Applicants' eligibility: what events ask, and an evaluation's conditions (申报条件)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import select

from compete.domain.bundle import evaluation_types, types
from compete.domain.eligibility import Finding, conditions_for, findings
from compete.domain.evaluation.conditions import LineState, lines_of, meets, trade_of
from compete.domain.values.kinds import EntrantGroup, Kind
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Entrant, Unit, db
from compete.services.kernel.clock import local_time, local_today
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.kernel.versions import remembered_beside_check_ins
from compete.services.registration.applications import cells_of, check_cells
from compete.services.registration.eligibility import (
    conditions_of,
    day_of,
    events_of_people,
    facts_said,
)
from compete.services.registration.preview import offer_of

_COUNTED = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.WAITING,
    ApplicationState.RETURNED,
)


def unmet_by(
    competition: Competition, rows: Sequence[Application], *, own: Unit | None = None
) -> Mapping[str, Sequence[Finding]]:
    """The conditions that people do not meet, by public number; who meets all is left out.

    `own`: what is told to a unit, which learns nothing of others' people.
    """
    conditions = conditions_of(competition)
    if not conditions:
        return {}
    offer, day = offer_of(competition), day_of(competition)
    names = {event.code: event.name for event in competition.events}
    codes = {event.id: event.code for event in competition.events}
    ladders = {event.code: event.ladder for event in offer.events}
    elsewhere = _events_of(competition, rows, own) if _asks_for_one(conditions) else {}
    unmet = {}
    for row in rows:
        if row.event_id is None:
            continue
        event = codes[row.event_id]
        others = sorted(elsewhere.get(row.id_hash or "", set()) - {event})
        asked = conditions_for(conditions, event, others)
        checked, _problems = check_cells(cells_of(row), offer, row.unit)
        other_names = [names[other] for other in others]
        facts = facts_said(checked.said, ladders[event], other_events=other_names)
        broken = [finding for finding in findings(asked, facts, day) if not finding.fits]
        if broken:
            unmet[row.public_id] = broken
    return unmet


def _asks_for_one(conditions: Mapping[str, object]) -> bool:
    return any(getattr(condition, "one_event", False) for condition in conditions.values())


def _events_of(
    competition: Competition, rows: Sequence[Application], own: Unit | None
) -> Mapping[str, set[str]]:
    """The events in which the people are, on the list or entered by a unit."""
    codes = {event.id: event.code for event in competition.events}
    keys = {row.id_hash for row in rows if row.id_hash}
    events_of: dict[str, set[str]] = defaultdict(set)
    for key, events in events_of_people(competition, keys, own=own).items():
        events_of[key] |= events
    query = select(Application.id_hash, Application.event_id).where(
        Application.competition_id == competition.id, Application.state.in_(_COUNTED)
    )
    if own is not None:
        query = query.where(Application.unit_id == own.id)
    else:
        # Drafts are the units' own affair.
        query = query.where(Application.state != ApplicationState.DRAFT)
    for entered, event_id in db.session.execute(query).tuples():
        if entered in keys and entered is not None and event_id is not None:
            events_of[entered].add(codes[event_id])
    return events_of


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
        days, events = _Days(competition), {event.id: event.code for event in competition.events}
        rows = db.session.execute(
            select(*_ASKED)
            .where(Entrant.competition_id == competition.id, takes_part())
            .order_by(Entrant.code)
        ).all()
        met = [Meeting(events[row.event_id], row.code, meets(*days.asked_of(row))) for row in rows]
        place = {code: number for number, code in enumerate(events.values())}
        return sorted(met, key=lambda meeting: place[meeting.event])

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
    states = {}
    for row in rows:
        if row.event_id is not None:
            checked, _problems = check_cells(cells_of(row), offer, row.unit)
            fields = checked.said
            states[row.public_id] = lines_of(
                *days.asked(
                    row.event_id,
                    grade=fields.grade,
                    grade_since=fields.grade_since,
                    months=fields.months,
                    trade=None,
                    at=today,
                    papers=fields.papers,
                    birth=fields.birth,
                    group=fields.group or "worker",
                )
            )
    return states


class _Days:
    """The events of a competition, each with its lines and the day on which they are looked at."""

    def __init__(self, competition: Competition) -> None:
        self._rules = {event.id: rules_of(event) for event in competition.events}
        self._competition = competition

    def asked_of(
        self, row: Any
    ) -> tuple[Sequence[evaluation_types.ApplyLine], types.Entrant, date]:
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
    ) -> tuple[Sequence[evaluation_types.ApplyLine], types.Entrant, date]:
        """The lines of the event, of whom they are asked, and on which day."""
        rules = self._rules[event_id]
        day = evaluation_types.day_of(rules, self._competition) or local_today()
        facts = types.Entrant(
            code="",
            name="",
            event=rules.code,
            unit="",
            grade=grade,
            grade_since=grade_since,
            trade=trade_of(months, trade, at, day),
            papers=msgspec.convert(papers or (), tuple[evaluation_types.Paper, ...]),
            birth=birth,
            group=EntrantGroup(group),
        )
        return rules.apply, facts, day
