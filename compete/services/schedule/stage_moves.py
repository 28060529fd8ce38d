"""Stage moves: people in a stage by the results of now, against those its sheets were for.

And how far somebody came, by the stages begun, for the contestant's own page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select

from compete.domain.bundle.results import EventResults
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import AuditEntry, Entrant, Event, OutcomeEntry, Sheet, Slot, db
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.participants import takes_part
from compete.services.kernel.versions import remembered_beside_marks
from compete.services.sheets.locks_in_force import locked_sheets
from compete.services.sheets.stage_closings import closed_by_stage

_OPENED = ("stage.open", "stage.follow")


@dataclass(frozen=True, slots=True)
class StageMoves:
    """The moves of a stage that has begun, by entrants' codes; empty if sheets fit the results."""

    coming: tuple[str, ...] = ()
    """The people who go on now and have no sheet in force there."""
    leaving: tuple[str, ...] = ()
    """The people with sheets in force there who do not go on any more."""
    marked: tuple[str, ...] = ()
    """The ones of them on whose sheets something stands."""

    def __bool__(self) -> bool:
        return bool(self.coming or self.leaving)


def people_of_stage(results: EventResults, stage: str) -> list[str]:
    """The codes of who is in a stage, as results stand."""
    rows = (it.standings for it in results.stages if it.code == stage)
    return [row.entrant for standings in rows for row in standings]


def moves_of(event: Event, stage: str, results: EventResults) -> StageMoves:
    """Find who newly goes on to a later stage that has begun, and who no longer does."""
    if stage == rules_of(event).stages[0].code:
        return StageMoves()
    away = closed_by_stage(event.competition)
    rows = db.session.execute(
        select(Entrant.code, Sheet.public_id, Sheet.state).where(of_event(Sheet, event, stage))
    ).tuples()
    standing: dict[str, set[SheetState]] = defaultdict(set)
    for code, public_id, state in rows:
        if public_id not in away or state is not SheetState.WITHDRAWN:
            standing[code].add(state)
    if not standing and not away:
        return StageMoves()
    inside = set(people_of_stage(results, stage))
    excused = db.session.scalars(
        select(Entrant.code).where(
            of_event(OutcomeEntry, event, stage),
            OutcomeEntry.module.is_(None),
            OutcomeEntry.withdrawn_at.is_(None),
        )
    ).all()
    left = {
        code: states - {SheetState.WITHDRAWN}
        for code, states in standing.items()
        if code not in inside and states - {SheetState.WITHDRAWN}
    }
    if not _by_hand(event):
        # What came with a file and is complete is read as the file means it: it is ignored.
        left = {code: states for code, states in left.items() if states - set(HANDED_IN)}
        if not left:
            # Nor did the desk settle who goes on: who lacks sheets there is given them as ever.
            return StageMoves()
    here = select(Entrant.code).where(Entrant.event_id == event.id, takes_part())
    present = set(db.session.scalars(here.where(Entrant.code.in_(inside))))
    return StageMoves(
        coming=tuple(sorted(present - standing.keys() - set(excused))),
        leaving=tuple(sorted(left)),
        marked=tuple(
            sorted(code for code, states in left.items() if states - {SheetState.NOT_BEGUN})
        ),
    )


def begun_after(event: Event, stage: str) -> str | None:
    """The name of the stage after this one, where it has begun: others may go on to it."""
    stages = rules_of(event).stages
    later = next((it for before, it in pairwise(stages) if before.code == stage), None)
    if later is None:
        return None
    query = select(Sheet.id).where(of_event(Sheet, event, later.code), takes_part())
    return later.name if db.session.scalar(query.limit(1)) is not None else None


def in_later_stages(event: Event) -> frozenset[tuple[int, str]]:
    """The later stages, as entrant and code, that somebody has a sheet in force in."""
    return remembered_beside_marks(
        event.competition, ("in later stages", event.id), lambda: _in_later_stages(event)
    )


def _in_later_stages(event: Event) -> frozenset[tuple[int, str]]:
    first = rules_of(event).stages[0].code
    query = (
        select(Sheet.entrant_id, Sheet.stage)
        .where(of_event(Sheet, event), Sheet.stage != first, takes_part())
        .where(Sheet.public_id.not_in(closed_by_stage(event.competition)))
        .distinct()
    )
    return frozenset(db.session.execute(query).tuples())


def vacated(event: Event, stage: str, inside: set[str]) -> list[Slot]:
    """The places in a later stage of those who are not in it."""
    query = select(Slot).where(of_event(Slot, event, stage), Entrant.code.not_in(inside))
    return list(db.session.scalars(query.order_by(Slot.id)))


def _by_hand(event: Event) -> bool:
    """True if the desk began a later stage, so that its sheets were made for who went on."""
    query = select(AuditEntry.id).where(
        AuditEntry.competition_id == event.competition_id,
        AuditEntry.action.in_(_OPENED),
        AuditEntry.subject == event.code,
    )
    return db.session.scalar(query.limit(1)) is not None


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
