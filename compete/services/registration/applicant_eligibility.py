"""Applicants' eligibility: those whom units enter, held against what the events ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from compete.domain.eligibility import Finding, conditions_for, findings
from compete.domain.values.states import ApplicationState
from compete.models import Application, Competition, Unit, db
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
    found = {}
    for row in rows:
        if row.event_id is None:
            continue
        event = codes[row.event_id]
        others = sorted(elsewhere.get(row.id_hash or "", set()) - {event})
        asked = conditions_for(conditions, event, others)
        checked, _problems = check_cells(cells_of(row), offer, row.unit)
        told = [names[other] for other in others]
        facts = facts_said(checked.said, ladders[event], other_events=told)
        broken = [finding for finding in findings(asked, facts, day) if not finding.fits]
        if broken:
            found[row.public_id] = broken
    return found


def _asks_for_one(conditions: Mapping[str, object]) -> bool:
    return any(getattr(each, "one_event", False) for each in conditions.values())


def _events_of(
    competition: Competition, rows: Sequence[Application], own: Unit | None
) -> Mapping[str, set[str]]:
    """The events in which the people are, on the list or entered by a unit."""
    codes = {event.id: event.code for event in competition.events}
    keys = {row.id_hash for row in rows if row.id_hash}
    found: dict[str, set[str]] = defaultdict(set)
    for key, events in events_of_people(competition, keys, own=own).items():
        found[key] |= events
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
            found[entered].add(codes[event_id])
    return found
