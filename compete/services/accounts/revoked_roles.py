"""Roles that were taken back: whose, when, by whom and why, as the records tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Judge, Membership, db


@dataclass(frozen=True)
class LostRole:
    """A role that somebody had; `judge` is the official's code, for a role with a card."""

    competition: Competition
    role: Role
    judge: str | None
    account: int
    at: datetime
    by: str
    reason: str | None


def lost_roles(account: Account) -> Sequence[LostRole]:
    """List the roles taken back from the account and not given again, the newest first."""
    present = {(membership.competition_id, membership.role) for membership in account.memberships}
    roles: dict[tuple[int, Role], LostRole] = {}
    for lost in _records(AuditEntry.subject == account.name):
        key = (lost.competition.id, lost.role)
        if lost.account == account.id and key not in present:
            roles.setdefault(key, lost)
    return list(roles.values())


def lost_officials(competition: Competition) -> dict[str, LostRole]:
    """The officials, by code, whose role was taken back and for whom nobody stands now."""
    standing = set(
        db.session.scalars(
            select(Judge.code)
            .join(Membership, Membership.judge_id == Judge.id)
            .where(Membership.competition_id == competition.id)
        )
    )
    roles: dict[str, LostRole] = {}
    for lost in _records(AuditEntry.competition_id == competition.id):
        if lost.judge is not None and lost.judge not in standing:
            roles.setdefault(lost.judge, lost)
    return roles


def _records(which: ColumnElement[bool]) -> Iterator[LostRole]:
    """The records of taking back, the newest first; older ones that name no account not."""
    query = (
        select(AuditEntry, Competition)
        .join(Competition, Competition.id == AuditEntry.competition_id)
        .where(AuditEntry.action == "role.revoke", which)
        .order_by(AuditEntry.id.desc())
    )
    for entry, competition in db.session.execute(query).tuples():
        before = entry.before or {}
        if "account" in before:
            yield LostRole(
                competition=competition,
                role=Role(before["role"]),
                judge=before["judge"],
                account=before["account"],
                at=entry.at,
                by=entry.actor,
                reason=entry.reason,
            )
