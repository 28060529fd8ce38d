"""Precedents (以前怎么裁的): earlier decisions on like matters, where the reader may open them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from compete.domain.bundle import event_types
from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import Role
from compete.domain.values.states import AppealState
from compete.models import Account, Appeal, AppealDecision, Competition, Entrant, Event, db
from compete.services.accounts.access import memberships_with
from compete.services.appeals.appeal_states import standing_decision
from compete.services.appeals.arbiter_recusals import instance_of
from compete.services.appeals.windows import module_and_aspect
from compete.services.kernel.event_rules import rules_of

_ROLES = (Role.ORGANISER, Role.ARBITER, Role.HEAD_ARBITER)
_SETTLED = (AppealState.DECIDED, AppealState.FINAL)
"""Withdrawn ones were not decided, and what is before the second instance is not settled."""


class Likeness(StrEnum):
    """The likeness of two matters, the nearest first."""

    SAME = "same"
    MODULE = "module"
    CLAUSE = "clause"


LIKENESS_WORDS: dict[Likeness, Message] = {
    Likeness.SAME: msg("同一项"),
    Likeness.MODULE: msg("同一模块"),
    Likeness.CLAUSE: msg("同一条标准"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LikeCase:
    """An earlier appeal with the decision that stands."""

    appeal: Appeal
    decision: AppealDecision
    decided_at: datetime
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class _Subject:
    """The subject of an appeal, comparable between events and competitions.

    Codes are an event's own: what is called alike within one occupation is alike.
    """

    field: str
    module: str
    aspect: str | None
    clause: str


def like_cases(appeal: Appeal, by: Account) -> list[LikeCase]:
    """List decided cases like this one: the same aspect first, then module or clause.

    Of this competition, which the reader is taken to have a right to, and of those that `by`
    organises or arbitrates; the newest first. Of an appeal that is decided itself only what
    was decided before it.
    """
    subject = _subject(appeal)
    if subject is None:
        return []
    own = standing_decision(appeal) if instance_of(appeal) is None else None
    cases = []
    for other in _settled(appeal, by):
        decision = standing_decision(other)
        if decision is None or decision.stood_at is None:
            continue
        if own is not None and own.stood_at is not None and decision.stood_at >= own.stood_at:
            continue
        likeness = _likeness(subject, _subject(other))
        if likeness is not None:
            cases.append(
                LikeCase(
                    appeal=other,
                    decision=decision,
                    decided_at=decision.stood_at,
                    likeness=likeness,
                )
            )
    cases.sort(key=lambda case: (case.decided_at, case.appeal.id), reverse=True)
    return sorted(cases, key=lambda case: case.likeness is not Likeness.SAME)


def _settled(appeal: Appeal, by: Account) -> list[Appeal]:
    where = {membership.competition_id for membership in memberships_with(by, _ROLES)}
    query = (
        select(Appeal)
        .where(
            Appeal.competition_id.in_(where | {appeal.competition_id}),
            Appeal.id != appeal.id,
            Appeal.state.in_(_SETTLED),
        )
        .options(
            joinedload(Appeal.entrant)
            .joinedload(Entrant.event)
            .options(
                joinedload(Event.competition).selectinload(Competition.events),
                selectinload(Event.versions),
            ),
            selectinload(Appeal.decisions),
        )
    )
    return list(db.session.scalars(query))


def _subject(appeal: Appeal) -> _Subject | None:
    """The subject of the appeal; None where the rules know the module no more."""
    event = appeal.entrant.event
    try:
        module, aspect = module_and_aspect(appeal)
    except KeyError:
        return None
    if aspect is None and appeal.aspect is not None:
        return None
    return _Subject(
        field=_field(rules_of(event)),
        module=_plain(module.name),
        aspect=_plain(aspect.name) if aspect is not None else None,
        clause=_plain(aspect.standard or "") if aspect is not None else "",
    )


def _likeness(subject: _Subject, other: _Subject | None) -> Likeness | None:
    if other is None:
        return None
    if (subject.field, subject.module) == (other.field, other.module):
        return Likeness.SAME if subject.aspect == other.aspect else Likeness.MODULE
    return Likeness.CLAUSE if subject.clause and subject.clause == other.clause else None


def _field(rules: event_types.Event) -> str:
    """The occupation by its code; where none is named, what the event is called."""
    return rules.occupation.code if rules.occupation is not None else _plain(rules.name)


def _plain(text: str) -> str:
    return "".join(text.split())
