"""A seal over who takes part, who judges and by which rules: whose a mark is, what it is worth.

Every act that writes people or rules puts the seal over all of them into its
record, under `people`. So marks cannot be given to another by changing the
name that stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from compete.domain.values import Message, msg, sealed_text
from compete.models import Competition, Entrant, Event, Judge, Member, RuleVersion, Unit, db
from compete.models.types import keyed_hash
from compete.services.kernel import audit, is_keyed_hash


def seal_people(competition: Competition) -> dict[str, str]:
    """Keyed hashes over entrants, judges and rules as they stand, for a record; after a flush.

    Keyed, since they cover ID numbers, which nobody must be able to try out.
    """
    return {kind: keyed_hash(text) for kind, text in _texts(competition).items()}


def _texts(competition: Competition) -> dict[str, str]:
    return {
        "entrants": _text(
            select(
                *(Entrant.id, Entrant.code, Entrant.name, Entrant.id_number, Entrant.birth),
                *(Entrant.group, Entrant.grade, Entrant.promoted, Event.code, Unit.code, Unit.name),
            )
            .join(Event, Event.id == Entrant.event_id)
            .join(Unit, Unit.id == Entrant.unit_id)
            .where(Entrant.competition_id == competition.id)
            .order_by(Entrant.id)
        ),
        "members": _text(
            select(
                *(Member.id, Member.entrant_id, Member.position, Member.code, Member.name),
                *(Member.role, Member.id_number, Member.birth, Member.group, Member.grade),
                Member.promoted,
            )
            .where(Member.competition_id == competition.id)
            .order_by(Member.id)
        ),
        "judges": _text(
            select(Judge.id, Judge.code, Judge.name, Judge.role, Judge.unit_id)
            .where(Judge.competition_id == competition.id)
            .order_by(Judge.id)
        ),
        "rules": _text(
            select(Event.code, RuleVersion.number, RuleVersion.sha256)
            .join(Event, Event.id == RuleVersion.event_id)
            .where(Event.competition_id == competition.id)
            .order_by(Event.code, RuleVersion.number)
        ),
    }


_SEALED_BY = (
    *("competition.load", "entrants.import", "entrant.correct", "judge.add"),
    "application.accept",
    *("event.add", "event.remove", "event.rules", "unit.add", "unit.rename", "unit.remove"),
)


def check_people(competition: Competition) -> Iterator[Message]:
    """What of them no longer fits the newest seal; nothing where none was ever written."""
    records = audit.told(competition, *_SEALED_BY)
    seals = [record["people"] for record in records if "people" in record]
    if not seals:
        return
    words = {
        "entrants": msg("选手名单"),
        "members": msg("组合的成员"),
        "judges": msg("裁判名单"),
        "rules": msg("评分规则"),
    }
    for kind, now in _texts(competition).items():
        # A seal from before there were crews says nothing of members.
        if kind in seals[-1] and not is_keyed_hash(seals[-1][kind], now):
            yield msg("%(what)s在登记以后被改过", what=words[kind])


def _text(query: Any) -> str:
    rows = [[_plain(value) for value in row] for row in db.session.execute(query)]
    return sealed_text(rows).decode()


def _plain(value: Any) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
