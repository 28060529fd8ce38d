"""Taking back a later stage that was begun too soon, while nothing stands on any sheet of it.

Its sheets go, and with them what keeps its draw as it is: it can be drawn anew, and begun again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Account,
    Base,
    Competition,
    Decision,
    Event,
    LockEntry,
    OutcomeEntry,
    PenaltyEntry,
    Sheet,
    TimeEntry,
    db,
)
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import changing
from compete.services.sheets.locks_in_force import require_judging

STAGE_TAKEN_BACK = "stage.take_back"
_BESIDE = (Decision, LockEntry, OutcomeEntry, PenaltyEntry, TimeEntry)
"""What is written of a stage beside its sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunStage:
    """The last stage of an event that was begun, where it is not the first, and its sheets."""

    event: str
    code: str
    name: str
    sheets: int
    why_not: Message | None
    """Why it cannot be taken back; None while nothing stands in it."""


def begun_stage(event: Event) -> BegunStage | None:
    """The last begun stage of an event, or None where none but the first has begun."""
    if event.competition.state is not CompetitionState.JUDGING:
        return None
    for stage in reversed(rules_of(event).stages[1:]):
        ids = db.session.scalars(select(Sheet.id).where(of_event(Sheet, event, stage.code))).all()
        if ids:
            return BegunStage(
                event=event.code,
                code=stage.code,
                name=stage.name,
                sheets=len(ids),
                why_not=_why_not(event, stage.code, stage.name),
            )
    return None


def take_stage_back(competition: Competition, event: str, stage: str, by: Account) -> int:
    """Undo the beginning of a stage whole: its sheets go. Returns their number.

    Raises `Refused` once anything stands in it, and where it is not the last stage begun.
    """
    with changing(competition) as competition:
        require_judging(competition)
        own = next((it for it in competition.events if it.code == event), None)
        begun = begun_stage(own) if own is not None else None
        if own is None or begun is None or begun.code != stage:
            raise Refused(msg("这个赛段没有开始，或者后面的赛段已经开始了"))
        if begun.why_not is not None:
            raise Refused(begun.why_not)
        for sheet in db.session.scalars(select(Sheet).where(of_event(Sheet, own, stage))):
            db.session.delete(sheet)
        after = {"stage": begun.name, "code": stage, "sheets": begun.sheets}
        audit.record(competition, by, STAGE_TAKEN_BACK, event, after=after)
    return begun.sheets


def _why_not(event: Event, stage: str, name: str) -> Message | None:
    sheets = select(Sheet.id).where(of_event(Sheet, event, stage))
    touched = sheets.where(or_(Sheet.state != SheetState.NOT_BEGUN, Sheet.version != 0))
    queries = [touched]
    queries += [select(table.id).where(of_event(table, event, stage)) for table in _BESIDE]
    # A mark, a photo, a signature: whatever names a sheet.
    queries += [
        select(key.parent).where(key.parent.in_(sheets))
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column is Sheet.__table__.c.id
    ]
    if all(db.session.scalar(query.limit(1)) is None for query in queries):
        return None
    return msg("“%(stage)s”已经有分、扣罚或别的记录，不能撤回", stage=name)
