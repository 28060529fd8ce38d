"""Doubtful values that the chief judge has looked at and found right, read.

They are looked at in `judging/accepted_doubts.py`. The chain's records say it and nothing
else does: each goes with the value that was looked at, so that another value is doubtful again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from compete.models import AuditEntry, Competition, db

FOUND_RIGHT, TAKEN_BACK = "doubt.right", "doubt.again"
LOOKED = frozenset({FOUND_RIGHT, TAKEN_BACK})
Doubt = tuple[int, str | None]
"""A sheet's row and the code of an aspect; None for the sheet's total."""


@dataclass(frozen=True)
class LookedAt:
    """A value that is right: who says so, and when."""

    sheet: int
    aspect: str | None
    value: Decimal
    who: str
    at: datetime


def looked_at(competition: Competition) -> dict[Doubt, LookedAt]:
    """The accepted doubts of the competition."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action.in_(LOOKED))
        .order_by(AuditEntry.seq)
    )
    found: dict[Doubt, LookedAt] = {}
    follow_looks(found, db.session.scalars(query))
    return found


def follow_looks(found: dict[Doubt, LookedAt], records: Iterable[AuditEntry]) -> None:
    """Bring what stands up to date with the records since."""
    for record in records:
        told = record.after
        if record.action not in LOOKED or not isinstance(told, dict):
            continue
        doubt = told["row"], told["aspect"]
        if record.action == TAKEN_BACK:
            found.pop(doubt, None)
        else:
            value = Decimal(told["value"])
            found[doubt] = LookedAt(*doubt, value, record.actor, record.at)
