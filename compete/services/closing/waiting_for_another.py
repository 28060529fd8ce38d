"""What somebody has begun that waits for another: asked before a role is taken back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select

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
            select(func.count(LockEntry.id)).where(
                LockEntry.competition_id == competition.id,
                LockEntry.asked_by == account.id,
                LockEntry.unlocked_at.is_(None),
            )
        ),
        decisions=_count(
            select(func.count(Decision.id)).where(
                Decision.competition_id == competition.id,
                Decision.proposed_by == account.id,
                Decision.state == DecisionState.PROPOSED,
            )
        ),
        papers=_count(
            select(func.count(PaperEntry.sheet_id.distinct()))
            .join(Sheet, Sheet.id == PaperEntry.sheet_id)
            .where(
                Sheet.competition_id == competition.id,
                PaperEntry.account_id == account.id,
                PaperEntry.settled_at.is_(None),
            )
        ),
        rules=_count(
            select(func.count(RuleChange.id)).where(
                RuleChange.competition_id == competition.id,
                RuleChange.asked_by == account.id,
                RuleChange.state == CorrectionState.ASKED,
            )
        ),
    )


def _count(query: Select[tuple[int]]) -> int:
    return db.session.scalar(query) or 0
