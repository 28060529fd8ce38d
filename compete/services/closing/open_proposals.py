"""Open proposals: acts begun by somebody that wait for another; read before a role goes."""

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
    """The counts of unlocks, decisions, half-read papers and rules that wait for a second."""

    unlocks: int
    decisions: int
    papers: int
    rules: int


def begun_by(competition: Competition, account: Account) -> Begun:
    """Count what the account began in the competition, and nobody has finished or dropped."""
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
