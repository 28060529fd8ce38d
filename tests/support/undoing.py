"""Undoing what two decided: one asks, another agrees."""

from __future__ import annotations

from compete.domain.values.rights import Right
from compete.domain.values.roles import Role
from compete.models import Account, Competition, Decision, Playoff, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.second_persons import SecondWord, holders_of
from compete.services.closing.penalties_and_outcomes import (
    settle_withdrawal,
    withdraw_proposal,
    withdrawal_word,
)
from compete.services.closing.playoffs import playoff_end_word, settle_playoff, withdraw_playoff


def undo_decision(decision: Decision, reason: str, by: Account) -> Decision:
    """Take back a confirmed decision: `by` asks, whoever can agrees."""
    asked = withdraw_proposal(decision, reason, by, seen="confirmed")
    if asked.waits_to_end:
        competition = db.session.get_one(Competition, asked.competition_id)
        assert settle_withdrawal(asked, _second(competition, withdrawal_word(asked)))
    return asked


def undo_playoff(playoff: Playoff, reason: str, by: Account) -> Playoff:
    """Take back a confirmed order of equals: `by` asks, whoever can agrees."""
    asked = withdraw_playoff(playoff, reason, by)
    if asked.waits_to_end:
        assert settle_playoff(asked, _second(asked.event.competition, playoff_end_word(asked)))
    return asked


def _second(competition: Competition, word: SecondWord) -> Account:
    able = [it for it in holders_of(competition, Right.AGREE) if word.why_not(it) is None]
    if able:
        return able[0]
    other = create_account("另一位组委会")
    grant_role(other, competition, Role.ORGANISER)
    return other
