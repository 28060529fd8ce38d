"""The next edition of a competition: its rules and settings, without people and marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from compete.domain import bundle as b
from compete.models import Competition
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.moving_days import MovedDay, move_days
from compete.services.publication import working_days
from compete.services.scoring import bundle_around

_STAYS = ("demo", "nominations", "note")
"""Of the competition's `extra`, what belongs to the edition alone."""
_OWN_SETTINGS = ("award_date", "body", "confirmed", "put_away", "units_from", "units_until")
"""Of its settings: each edition confirms and chooses these itself."""


@dataclass(frozen=True, slots=True)
class NextEdition:
    """What comes along, and which days had to give way."""

    bundle: b.Bundle
    settings: Mapping[str, Any]
    gave_way: tuple[MovedDay, ...]


def next_edition(
    competition: Competition, wanted: Beginnings, *, officials: bool = False
) -> NextEdition:
    """Its events with their rules, units and settings, under another name and from another day."""
    old = bundle_around(competition, ())
    sessions = _sessions(old.competition)
    days = [day for session in sessions for day in _days_of(session)]
    days += [day for day in (old.competition.starts, old.competition.ends) if day]
    moved = None
    if days and wanted.starts:
        first = old.competition.starts or min(days)
        moved = move_days(days, first, wanted.starts, working_days())
    to = moved.to if moved else {}
    year = wanted.year or (wanted.starts.year if wanted.starts else None)
    ends = to.get(old.competition.ends) if old.competition.ends else None
    extra = {key: it for key, it in (old.competition.extra or {}).items() if key not in _STAYS}
    extra.pop("schedule", None)
    if sessions:
        extra["schedule"] = [_moved_session(it, to, officials=officials) for it in sessions]
    bundle = b.Bundle(
        format="compete-bundle/1",
        competition=msgspec.structs.replace(
            old.competition,
            code=wanted.code,
            name=wanted.name,
            level=wanted.level or old.competition.level,
            year=year,
            starts=wanted.starts,
            ends=wanted.ends or ends,
            extra=extra or None,
        ),
        units=old.units,
        judges=old.judges if officials else (),
        events=old.events,
    )
    settings = {key: it for key, it in competition.settings.items() if key not in _OWN_SETTINGS}
    if conditions := settings.get("conditions"):
        # Ages are of the new edition's first day until its organiser says another.
        settings["conditions"] = {
            code: {key: it for key, it in asked.items() if key != "age_on"}
            for code, asked in conditions.items()
        }
    return NextEdition(bundle, settings, moved.gave_way if moved else ())


def _sessions(competition: b.Competition) -> list[dict[str, Any]]:
    found = (competition.extra or {}).get("schedule")
    return [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []


_TIMES = ("check_in", "starts", "ends")


def _day_in(session: Mapping[str, Any], key: str) -> date | None:
    """The day at the head of a time such as `2022-09-16T10:20`."""
    text = session.get(key)
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _days_of(session: Mapping[str, Any]) -> list[date]:
    return [day for key in _TIMES if (day := _day_in(session, key))]


def _moved_session(
    session: dict[str, Any], to: Mapping[date, date], *, officials: bool
) -> dict[str, Any]:
    """The same session on its new day; nobody is expected there yet."""
    moved = {**session, "entrants": []}
    for key in _TIMES:
        day = _day_in(session, key)
        if day is not None and day in to:
            moved[key] = to[day].isoformat() + session[key][10:]
        else:
            # Last year's time must not stand in this year's plan.
            moved.pop(key, None)
    if not officials:
        moved["judges"] = []
    return moved
