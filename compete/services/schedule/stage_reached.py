"""Stage reached: how far somebody came, by the stages begun, for the contestant's own page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Entrant, Sheet, db
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.participants import takes_part
from compete.services.sheets.locks_in_force import locked_sheets
from compete.services.sheets.stage_closings import closed_by_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The last stage that somebody is in, and what is known of the one after it."""

    code: str
    name: str
    first: bool
    """True if it is the first stage, in which everybody is."""
    following: str | None
    """The name of the stage after it; None where it is the last."""
    stopped: bool
    """True if the one after it began without them, and what decided that is locked."""


def how_far(entrant: Entrant) -> Reached | None:
    """Say how far somebody came; None in an event of one stage, and before anybody is judged."""
    event, competition = entrant.event, entrant.competition
    stages = rules_of(event).stages
    if len(stages) == 1:
        return None
    query = select(Sheet.stage).join(Entrant, Entrant.id == Sheet.entrant_id)
    begun = set(
        db.session.scalars(query.where(Entrant.event_id == event.id, takes_part()).distinct())
    )
    if not begun:
        return None
    away = closed_by_stage(competition)
    own = [
        sheet
        for sheet in db.session.scalars(select(Sheet).where(Sheet.entrant_id == entrant.id))
        if sheet.state is not SheetState.WITHDRAWN or sheet.public_id not in away
    ]
    there = {sheet.stage for sheet in own}
    at = max((n for n, stage in enumerate(stages) if stage.code in there), default=0)
    stage, later = stages[at], stages[at + 1] if at + 1 < len(stages) else None
    here = [sheet for sheet in own if sheet.stage == stage.code]
    judging = competition.state is CompetitionState.JUDGING
    settled = not judging or len(locked_sheets(competition.id, here)) == len(here)
    return Reached(
        code=stage.code,
        name=stage.name,
        first=at == 0,
        following=later.name if later else None,
        stopped=later is not None and later.code in begun and settled,
    )
