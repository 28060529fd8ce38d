"""Experts back: take back one's last act in the pool: added, changed, taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.models import Account, AuditEntry, Expert, db, utc_now
from compete.services.directory.expert_fields import check_fields
from compete.services.directory.experts import (
    may_change_expert,
    put_expert,
    stands_alike,
    told_of_expert,
)
from compete.services.kernel import audit
from compete.services.kernel.last_records import LastDone, require_seen
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work

_ADDED, _CHANGED, _ENDED, _BACK = "expert.add", "expert.change", "expert.end", "expert.back"
TOGETHER = "together"
"""In a record, of how many that were done at once it is one."""
SEVERAL = "several"
"""The word of the act, where a workbook added some and corrected others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastExpert(LastDone):
    """The last act on an expert: `done` in a word, and to whom."""

    done: str
    names: Sequence[str]


def last_expert_change(by: Account) -> LastExpert | None:
    """This account's last act; None if there is nothing, or others changed it since."""
    rows = _last_rows(by)
    if not rows:
        return None
    experts = []
    for row, expert in _rows_with(rows):
        if expert is None or not _is_as_told(expert, row) or not may_change_expert(expert, by):
            return None
        experts.append(expert)
    names = [expert.person.name for expert in experts]
    actions = {row.action for row in rows}
    done = actions.pop() if len(actions) == 1 else SEVERAL
    why = None
    ended = (expert for row, expert in zip(rows, experts, strict=True) if row.action == _ENDED)
    if any(map(stands_alike, ended)):
        why = msg("%(name)s 这一条已经在库里了", name=names[0])
    return LastExpert(entry=rows[0], done=done, names=names, why_not=why)


def undo_expert(seen: str, by: Account) -> None:
    """Make the pool as it was before what this account did last.

    `seen` is the mark that the page showed. Raises `Refused` (CONFLICT) where something else was
    done since. What is judged by them stays.
    """
    with unit_of_work() as session:
        audit.claim_chain(None)
        require_seen(last_expert_change(by), seen)
        rows = _rows_with(_last_rows(by))
        for row, expert in reversed(rows):
            assert expert is not None
            action, before = _put_back(row, expert, by)
            session.flush()
            after = told_of_expert(expert) | _together(len(rows))
            audit.record(None, by, action, str(expert.id), before=before, after=after)


def _put_back(row: AuditEntry, expert: Expert, by: Account) -> tuple[str, Any]:
    """Undo one record; how that is recorded, with what stood before where it is a change."""
    if row.action == _CHANGED:
        before = told_of_expert(expert)
        checked, _faults = check_fields({**_texts(row.before), "name": expert.person.name})
        if checked is None:
            raise Refused(msg("原来那样现在写不进去了，自己再改一次"))
        put_expert(expert, checked)
        return _CHANGED, before
    if row.action == _ENDED:
        expert.ended_at, expert.ended_by = None, None
        return _BACK, None
    expert.ended_at, expert.ended_by = utc_now(), by.id
    return _ENDED, None


def _rows_with(rows: Sequence[AuditEntry]) -> list[tuple[AuditEntry, Expert | None]]:
    """Pair each record with the row of the pool that it is about."""
    return [(row, db.session.get(Expert, int(row.subject))) for row in rows]


def _last_rows(by: Account) -> list[AuditEntry]:
    """The last record of this account, with those that were made together with it."""
    query = select(AuditEntry).where(
        AuditEntry.competition_id.is_(None),
        AuditEntry.actor_id == by.id,
        AuditEntry.action.in_((_ADDED, _CHANGED, _ENDED, _BACK)),
    )
    newest = query.order_by(AuditEntry.seq.desc())
    entry = db.session.scalar(newest.limit(1))
    if entry is None:
        return []
    many = int(_texts(entry.after).get(TOGETHER, "1"))
    return list(db.session.scalars(newest.limit(many)))


def _is_as_told(expert: Expert, row: AuditEntry) -> bool:
    """True if the row of the pool still is what the record left."""
    said = {key: text for key, text in _texts(row.after).items() if key != TOGETHER}
    gone = row.action == _ENDED
    if (expert.ended_at is not None) is not gone:
        return False
    if gone and expert.ended_by != row.actor_id:
        return False
    return said == told_of_expert(expert)


def _together(many: int) -> dict[str, str]:
    return {TOGETHER: str(many)} if many > 1 else {}


def _texts(said: Any) -> dict[str, str]:
    return said if isinstance(said, dict) else {}
