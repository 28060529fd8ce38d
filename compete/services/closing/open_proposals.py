"""What somebody has begun that waits for another: asked before a role is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from compete.domain.values.period_states import CorrectionState
from compete.domain.values.states import DecisionState
from compete.models import (
    Account,
    Competition,
    Decision,
    LockEntry,
    PaperEntry,
    RuleChange,
    Sheet,
    db,
)


@dataclass(frozen=True)
class Begun:
    """How many asked-for unlocks, decisions, half-read papers and rules wait for a second."""

    unlocks: int
    decisions: int
    papers: int
    rules: int


def begun_by(competition: Competition, account: Account) -> Begun:
    """What the account began in the competition, and nobody has finished or dropped."""
    return Begun(
        unlocks=_count(
            LockEntry.id,
            LockEntry.competition_id == competition.id,
            LockEntry.asked_by == account.id,
            LockEntry.unlocked_at.is_(None),
        ),
        decisions=_count(
            Decision.id,
            Decision.competition_id == competition.id,
            Decision.proposed_by == account.id,
            Decision.state == DecisionState.PROPOSED,
        ),
        papers=_count(
            PaperEntry.sheet_id,
            PaperEntry.sheet_id == Sheet.id,
            Sheet.competition_id == competition.id,
            PaperEntry.account_id == account.id,
            PaperEntry.settled_at.is_(None),
        ),
        rules=_count(
            RuleChange.id,
            RuleChange.competition_id == competition.id,
            RuleChange.asked_by == account.id,
            RuleChange.state == CorrectionState.ASKED,
        ),
    )


def _count(what: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(what.distinct())).where(*where)) or 0
