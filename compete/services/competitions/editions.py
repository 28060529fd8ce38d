"""The next edition of a competition: its rules and settings, without people and marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from compete.domain.bundle import types
from compete.domain.bundle.versions import NEWEST
from compete.domain.eligibility import EDITION_OWN
from compete.domain.ranking.next_in_rank import as_ruled
from compete.domain.values.messages import Message
from compete.models import Competition
from compete.services.competitions.drafts import Beginnings
from compete.services.competitions.file_versions import renewed
from compete.services.competitions.shifted_days import MovedDay, moved_plan
from compete.services.scoring.bundle_out import bundle_around

_STAYS = ("demo", "nominations", "note", "schedule")
"""Of the competition's `extra`, what belongs to the edition alone."""
_OWN_SETTINGS = (
    "asked",
    "award_date",
    "body",
    "coding",
    "confirmed",
    "entry_deadlines",
    "flag_days",
    "follow_ups",
    "panels",
    "put_away",
    "set_up",
    "units_from",
    "units_until",
)
"""Of its settings: each edition chooses these itself, or they tell what came of it."""


@dataclass(frozen=True, slots=True)
class NextEdition:
    """The next edition: what comes along, and which days had to give way."""

    bundle: types.Bundle
    settings: Mapping[str, Any]
    gave_way: tuple[MovedDay, ...]
    written: Sequence[Message] = ()
    """The things that the file's newest version wants said and the edition before did not say."""


def next_edition(
    competition: Competition, wanted: Beginnings, *, officials: bool = False
) -> NextEdition:
    """Make the next edition: events with rules, units and settings, another name and first day."""
    old = bundle_around(competition, ())
    own = {unit.code for unit in competition.units}
    sessions, moved = moved_plan(competition, wanted.starts, officials=officials)
    to = moved.to if moved else {}
    year = wanted.year or (wanted.starts.year if wanted.starts else None)
    ends = to.get(old.competition.ends) if old.competition.ends else None
    extra = _kept_extra(old.competition)
    if sessions:
        extra["schedule"] = sessions
    renewal = renewed(msgspec.structs.replace(old, entrants=(), teams=(), playoffs=(), times=()))
    bundle = types.Bundle(
        format=NEWEST,
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
        units=tuple(unit for unit in old.units if unit.code in own),
        judges=old.judges if officials else (),
        events=tuple(map(as_ruled, renewal.bundle.events)),
        overall=old.overall,
    )
    gave_way = moved.gave_way if moved else ()
    return NextEdition(bundle, kept_settings(competition), gave_way, renewal.written)


def same_again(competition: Competition) -> types.Competition:
    """Copy what a competition says of itself, without what belongs to this edition alone."""
    said = bundle_around(competition, ()).competition
    return msgspec.structs.replace(said, extra=_kept_extra(said) or None)


def _kept_extra(said: types.Competition) -> dict[str, Any]:
    return {key: it for key, it in (said.extra or {}).items() if key not in _STAYS}


def kept_settings(competition: Competition) -> dict[str, Any]:
    """The settings but those of this edition alone."""
    settings = {key: it for key, it in competition.settings.items() if key not in _OWN_SETTINGS}
    if conditions := settings.get("conditions"):
        # Ages are of the new edition's first day until its organiser says another.
        settings["conditions"] = {
            code: {key: it for key, it in asked.items() if key not in EDITION_OWN}
            for code, asked in conditions.items()
        }
    return settings
