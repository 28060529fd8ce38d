"""Sheets that closed because somebody no longer goes on to their stage, until they do again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from compete.domain.values.messages import Message, msg
from compete.models import AuditEntry, Competition, db
from compete.services.kernel.versions import remembered_beside_marks

STAGE_FOLLOW = "stage.follow"
"""The record of a stage that follows the stage before: `closed` and `again` name its sheets."""


def closed_by_stage(competition: Competition) -> frozenset[str]:
    """The public ids of those sheets: what stands on them is kept and does not count."""
    return remembered_beside_marks(
        competition, "closed by stage", lambda: _closed_by_stage(competition.id)
    )


def _closed_by_stage(competition_id: int) -> frozenset[str]:
    return closed_in(db.session.scalars(followings(competition_id)))


def followings(competition_id: int) -> Select[tuple[Any]]:
    """The content of the records of stages that followed, in order."""
    return (
        select(AuditEntry.after)
        .where(AuditEntry.competition_id == competition_id, AuditEntry.action == STAGE_FOLLOW)
        .order_by(AuditEntry.id)
    )


def closed_in(records: Iterable[Any]) -> frozenset[str]:
    """The sheets that these records of a stage that followed leave closed, in their order."""
    closed: set[str] = set()
    for after in records:
        closed |= set((after or {}).get("closed", ()))
        closed -= set((after or {}).get("again", ()))
    return frozenset(closed)


def not_in_stage(label: str) -> Message:
    """The message to whoever marked somebody; `E1 改分以后没有进这个赛段`."""
    return msg("%(code)s 改分以后没有进这个赛段，评过的分留着，不算", code=label)
