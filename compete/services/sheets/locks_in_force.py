"""Which sheets a lock covers. Nothing changes under a lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from compete.domain.values import CompetitionState, msg
from compete.models import Competition, Entrant, Event, LockEntry, Sheet, Slot, db
from compete.services.kernel import Refused

PROVINCIAL_AND_ABOVE = frozenset({"national-1", "national-2", "provincial-1", "provincial-2"})


def must_sign(competition: Competition) -> bool:
    """Whether a module is locked only when every sheet is signed.

    The setting `must_sign` says; without it, provincial and national competitions want it.
    """
    said = competition.settings.get("must_sign")
    return bool(said) if said is not None else competition.level in PROVINCIAL_AND_ABOVE


def standing_locks(competition: Competition) -> list[LockEntry]:
    """The locks that stand now, oldest first."""
    return list(
        db.session.scalars(
            select(LockEntry)
            .where(LockEntry.competition_id == competition.id, LockEntry.unlocked_at.is_(None))
            .order_by(LockEntry.id)
        )
    )


def locked_sheets(competition_id: int, sheets: Sequence[Sheet]) -> set[int]:
    """Of these sheets of one competition the ids of those under a lock."""
    locks = db.session.scalars(
        select(LockEntry).where(
            LockEntry.competition_id == competition_id, LockEntry.unlocked_at.is_(None)
        )
    ).all()
    if not locks:
        return set()
    return {
        sheet.id for sheet in sheets if _covered(locks, sheet.entrant, sheet.stage, sheet.module)
    }


def is_locked(entrant: Entrant, stage: str, module: str | None) -> bool:
    """Whether a lock covers the entrant in the module; without a module, in any of the stage."""
    locks = db.session.scalars(
        select(LockEntry).where(
            LockEntry.event_id == entrant.event_id,
            LockEntry.stage == stage,
            LockEntry.unlocked_at.is_(None),
        )
    ).all()
    if module is not None:
        return _covered(locks, entrant, stage, module)
    return any(_covered([lock], entrant, stage, lock.module) for lock in locks)


def require_open(
    competition: Competition, entrant: Entrant, stage: str, module: str | None
) -> None:
    """Raise `Refused` unless marks are being taken and no lock covers the entrant's module."""
    require_judging(competition)
    if is_locked(entrant, stage, module):
        raise Refused(msg("这个模块已经锁定，要改先由两个人解锁"))


def require_judging(competition: Competition) -> None:
    """Raise `Refused` unless the competition is being judged."""
    if competition.state is CompetitionState.REGISTERING:
        raise Refused(msg("还没开始评分"))
    if competition.state is not CompetitionState.JUDGING:
        raise Refused(msg("评分已经锁定，先解锁"))


def session_of(entrant_id: int, stage: str, module: str) -> str | None:
    """The session an entrant is called up in, for one module."""
    return db.session.scalar(
        select(Slot.session).where(
            Slot.entrant_id == entrant_id, Slot.stage == stage, Slot.module == module
        )
    )


def sessions_of(event: Event, stage: str, module: str) -> list[str]:
    """The sessions of one module, in the order they are called up."""
    rows = db.session.execute(
        select(Slot.session, Slot.starts_at)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(
            Entrant.event_id == event.id,
            Slot.stage == stage,
            Slot.module == module,
            Slot.session.is_not(None),
        )
        .order_by(Slot.starts_at, Slot.session)
    ).tuples()
    return list(dict.fromkeys(session for session, _at in rows if session))


def _covered(locks: Iterable[LockEntry], entrant: Entrant, stage: str, module: str) -> bool:
    near = [
        lock
        for lock in locks
        if (lock.event_id, lock.stage, lock.module) == (entrant.event_id, stage, module)
    ]
    if any(lock.session is None for lock in near):
        return True
    if not near:
        return False
    return session_of(entrant.id, stage, module) in {lock.session for lock in near}
