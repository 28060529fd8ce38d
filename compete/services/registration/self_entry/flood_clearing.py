"""Flood clearing: many self-entries, deleted before anybody has seen them: a machine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from compete.domain.values.messages import msg
from compete.models import Account, Application, Competition, Unit, db
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.registration.portraits import drop_of
from compete.services.registration.self_entry.own_entry import UNSEEN

NO_UNIT = "*"
"""The mark of those whose unit is not on the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """The people who came for a unit (its code, `NO_UNIT`, empty for any) between two moments."""

    unit: str
    since: datetime | None
    until: datetime | None


def count_unseen(competition: Competition, flood: Flood) -> int:
    """Count those of whom neither unit nor organiser has said anything."""
    query = select(func.count(Application.id)).where(*_of(competition, flood))
    return db.session.scalar(query) or 0


def clear_unseen(
    competition: Competition, flood: Flood, seen: int, reason: str, by: Account
) -> int:
    """Delete all of them with their photos; their links open nothing then. How many.

    `seen` is the number that was shown. Raises `Refused`: INVALID for none or without a
    reason, CONFLICT where the number is another now.
    """
    reason = reason_text(reason, msg("为什么清掉，要写上"))
    with changing(competition) as competition:
        rows: Sequence[Application] = db.session.scalars(
            select(Application).where(*_of(competition, flood)).order_by(Application.id)
        ).all()
        if not rows:
            raise invalid(msg("没有要清掉的人"))
        if len(rows) != seen:
            raise Refused(msg("刚又有人报名，或者有人处理了，再看一遍是几个人"))
        for row in rows:
            drop_of(row)
            db.session.delete(row)
        db.session.flush()
        audit.record(
            competition,
            by,
            "application.clear",
            flood.unit or competition.code,
            after={
                "people": len(rows),
                "since": flood.since.isoformat() if flood.since else None,
                "until": flood.until.isoformat() if flood.until else None,
            },
            reason=reason,
        )
    return len(rows)


def _of(competition: Competition, flood: Flood) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Application.competition_id == competition.id,
        Application.by_person.is_(True),
        Application.state.in_(UNSEEN),
        Application.confirmed_at.is_(None),
    ]
    if flood.unit == NO_UNIT:
        found.append(Application.unit_id.is_(None))
    elif flood.unit:
        own = select(Unit.id).where(Unit.competition_id == competition.id, Unit.code == flood.unit)
        found.append(Application.unit_id.in_(own))
    if flood.since is not None:
        found.append(Application.submitted_at >= flood.since)
    if flood.until is not None:
        found.append(Application.submitted_at <= flood.until)
    return found
