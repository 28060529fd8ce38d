"""Appeals' states: which are open, what was decided, and whose marks they touch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import AppealState
from compete.models import (
    Account,
    Appeal,
    AppealDecision,
    Competition,
    Entrant,
    Event,
    Unit,
    db,
    utc_now,
)


class Kind(StrEnum):
    """The matter of an appeal, in the appellant's words."""

    JUDGED = "judged"
    TALLY = "tally"
    EQUIPMENT = "equipment"
    TIMING = "timing"
    OTHER = "other"


KIND_WORDS: dict[Kind, Message] = {
    Kind.JUDGED: msg("判错漏判"),
    Kind.TALLY: msg("登分错"),
    Kind.EQUIPMENT: msg("设备故障"),
    Kind.TIMING: msg("时间不对"),
    Kind.OTHER: msg("别的"),
}


class Outcome(StrEnum):
    """The outcome of an appeal, as arbiters decide it."""

    KEPT = "kept"
    CHANGED = "changed"
    REDONE = "redone"
    DISMISSED = "dismissed"


OUTCOME_WORDS: dict[Outcome, Message] = {
    Outcome.KEPT: msg("维持"),
    Outcome.CHANGED: msg("改判"),
    Outcome.REDONE: msg("重做这一项"),
    Outcome.DISMISSED: msg("不受理"),
}
ORDERING = (Outcome.CHANGED, Outcome.REDONE)
"""The outcomes that the chief judge has to carry out."""


def appeals_of(competition: Competition) -> list[Appeal]:
    """List all appeals, those that wait for an answer first, by their deadline."""
    query = (
        select(Appeal)
        .where(Appeal.competition_id == competition.id)
        .options(joinedload(Appeal.entrant), selectinload(Appeal.decisions))
        .order_by(Appeal.id)
    )
    rows = db.session.scalars(query).all()
    return sorted(rows, key=lambda row: (not is_open(row), deadline_of(row) or row.filed_at))


def appeals_of_entrant(entrant: Entrant) -> list[Appeal]:
    """List one contestant's appeals, in the order in which they came."""
    query = select(Appeal).where(Appeal.entrant_id == entrant.id).order_by(Appeal.id)
    return list(db.session.scalars(query.options(selectinload(Appeal.decisions))))


def appeals_of_unit(unit: Unit) -> list[Appeal]:
    """List the appeals that concern a unit's contestants, the newest first."""
    query = (
        select(Appeal)
        .join(Entrant, Entrant.id == Appeal.entrant_id)
        .where(Entrant.unit_id == unit.id)
        .options(joinedload(Appeal.entrant), selectinload(Appeal.decisions))
        .order_by(Appeal.id.desc())
    )
    return list(db.session.scalars(query))


def find_appeal(competition: Competition, public_id: str) -> Appeal | None:
    """The competition's appeal of that id, or None."""
    return db.session.scalar(
        select(Appeal).where(Appeal.competition_id == competition.id, Appeal.public_id == public_id)
    )


def standing_decision(appeal: Appeal) -> AppealDecision | None:
    """The last decision on the appeal that stands, or None."""
    stood = [row for row in appeal.decisions if row.stood_at is not None]
    return stood[-1] if stood else None


def proposed_decision(appeal: Appeal) -> AppealDecision | None:
    """The decision that one arbiter has put forward and another has to agree to, or None."""
    return next(
        (row for row in appeal.decisions if row.stood_at is None and row.dropped_at is None), None
    )


def to_carry_out(appeal: Appeal) -> bool:
    """True if the decision orders something that the chief judge has not done yet."""
    decision = standing_decision(appeal)
    return (
        appeal.state in (AppealState.DECIDED, AppealState.FINAL)
        and decision is not None
        and decision.outcome in ORDERING
        and appeal.carried_at is None
    )


def may_go_on(appeal: Appeal, now: datetime | None = None) -> bool:
    """True if the decision may still be taken to the second instance."""
    until = appeal.second_until
    return appeal.state is AppealState.DECIDED and until is not None and (now or utc_now()) <= until


def may_accept(appeal: Appeal, by: Account | None) -> bool:
    """True if the decision may be accepted by the contestant (`by` None), or by the unit's contact.

    The unit accepts what the unit filed; the contestant alone what the contestant did.
    """
    return may_go_on(appeal) and (by is None or appeal.filed_by is not None)


def was_accepted(appeal: Appeal) -> bool:
    """True if it ended with the first instance, because who appealed was content."""
    return appeal.state is AppealState.FINAL and appeal.second_at is None


def is_open(appeal: Appeal) -> bool:
    """True if results may still change by it: not answered, not final, or not carried out."""
    if appeal.state in (AppealState.FILED, AppealState.SECOND):
        return True
    return may_go_on(appeal) or to_carry_out(appeal)


def next_window_end(competition: Competition) -> datetime | None:
    """The time when the next decision can be taken no further, and its result loses its flag."""
    return db.session.scalar(
        select(func.min(Appeal.second_until)).where(
            Appeal.competition_id == competition.id,
            Appeal.state == AppealState.DECIDED,
            Appeal.second_until >= utc_now(),
        )
    )


def deadline_of(appeal: Appeal) -> datetime | None:
    """The deadline of those whose turn it is to answer; None while it is nobody's."""
    if appeal.state is AppealState.FILED:
        return appeal.answer_by
    return appeal.second_by if appeal.state is AppealState.SECOND else None


def open_appeals(competition: Competition, event: Event | None) -> int:
    """Count the appeals that may still change results: of one event, or of all."""
    return len(_open(competition, event))


def under_appeal(competition: Competition) -> dict[int, list[Appeal]]:
    """The open appeals by entrant id; who has none is not in it."""
    appeals: dict[int, list[Appeal]] = {}
    for appeal in _open(competition, None):
        appeals.setdefault(appeal.entrant_id, []).append(appeal)
    return appeals


def is_module_under_appeal(entrant: Entrant, stage: str, module: str) -> bool:
    """True if an appeal about this module of the entrant's is open."""
    return any(
        (appeal.stage, appeal.module) == (stage, module) and is_open(appeal)
        for appeal in appeals_of_entrant(entrant)
    )


def codes_under_appeal(competition: Competition) -> frozenset[str]:
    """The numbers of contestants by whose appeals results may still change."""
    ids = {appeal.entrant_id for appeal in _open(competition, None)}
    if not ids:
        return frozenset()
    return frozenset(db.session.scalars(select(Entrant.code).where(Entrant.id.in_(ids))))


def _open(competition: Competition, event: Event | None) -> Sequence[Appeal]:
    query = (
        select(Appeal)
        .where(Appeal.competition_id == competition.id, Appeal.state != AppealState.WITHDRAWN)
        .options(selectinload(Appeal.decisions))
        .order_by(Appeal.id)
    )
    if event is not None:
        query = query.join(Entrant, Entrant.id == Appeal.entrant_id).where(
            Entrant.event_id == event.id
        )
    return [row for row in db.session.scalars(query) if is_open(row)]
