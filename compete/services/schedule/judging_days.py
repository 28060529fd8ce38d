"""Judging days of a module, and the judges of the pool who cannot come on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from compete.models import Competition, Event, Expert, Judge, Slot, db
from compete.services.directory.expert_fields import days_away
from compete.services.kernel.clock import local_time
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part

_MOST_DAYS = 100
"""So many days of a competition are looked at; a labour competition is a year."""


def days_of(competition: Competition) -> list[date]:
    """The competition's own days; none while it has none."""
    first, last = competition.starts, competition.ends
    if first is None:
        return []
    days = ((last or first) - first).days + 1
    return [first + timedelta(days=n) for n in range(min(days, _MOST_DAYS))]


def days_judged(event: Event, stage: str, module: str) -> list[date]:
    """The days on which somebody is expected in a module; the competition's while nobody is."""
    slots = select(Slot.starts_at).where(of_event(Slot, event, stage, module), takes_part())
    times = db.session.scalars(slots.where(Slot.starts_at.is_not(None)).distinct())
    found = sorted({local_time(at).date() for at in times if at is not None})
    return found or days_of(event.competition)


def away_by_judge(
    judges: Sequence[Judge], known: Mapping[int, Sequence[Expert]], days: Sequence[date]
) -> dict[int, Sequence[date]]:
    """The days on which each judge cannot come, by every row that the pool has of them."""
    found: dict[int, Sequence[date]] = {}
    for judge in judges:
        told = [set(days_away(row, days)) for row in known.get(judge.person_id or 0, ())]
        away = sorted(set.intersection(*told)) if told else []
        if away:
            found[judge.id] = away
    return found
