"""Locks in force: the sheets that a lock covers. Nothing changes under a lock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, exists, or_, select

from compete.domain.values.messages import listed, msg
from compete.domain.values.states import CompetitionState
from compete.models import Competition, Entrant, Event, LockEntry, Sheet, Slot, db
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.competition_settings import settings_of
from compete.services.kernel.event_rules import module_title, modules_in
from compete.services.kernel.module_keys import of_event, same_place
from compete.services.kernel.participants import takes_part
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import claimed
from compete.services.kernel.versions import remembered_beside_marks

PROVINCIAL_AND_ABOVE = frozenset({"national-1", "national-2", "provincial-1", "provincial-2"})


def must_sign(competition: Competition) -> bool:
    """True if a module is locked only when every sheet is signed.

    The setting `must_sign` says; without it, provincial and national competitions want it.
    """
    setting = settings_of(competition).must_sign
    return setting if setting is not None else competition.level in PROVINCIAL_AND_ABOVE


def standing_locks(competition: Competition) -> list[LockEntry]:
    """The locks that stand now, in the competition's order; of one module the oldest first."""
    locks = db.session.scalars(
        select(LockEntry)
        .where(LockEntry.competition_id == competition.id, LockEntry.unlocked_at.is_(None))
        .order_by(LockEntry.id)
    ).all()
    if len(locks) < 2:
        return list(locks)
    order = {
        (event.id, stage, module): number
        for number, (event, stage, module) in enumerate(modules_in(competition))
    }
    return sorted(
        locks,
        key=lambda lock: order.get((lock.event_id, lock.stage, lock.module), len(order)),
    )


def locked_sheets(competition_id: int, sheets: Sequence[Sheet]) -> set[int]:
    """The ids of those of these sheets of one competition that are under a lock."""
    standing = select(LockEntry.id).where(
        LockEntry.competition_id == competition_id, LockEntry.unlocked_at.is_(None)
    )
    if db.session.scalar(standing.limit(1)) is None:
        return set()
    query = select(Sheet.id).join(Entrant, Entrant.id == Sheet.entrant_id).where(under_lock())
    return set(rows_among(query, Sheet.id, [sheet.id for sheet in sheets]))


def under_lock() -> ColumnElement[bool]:
    """The condition that a lock covers a sheet, in a statement with its entrant."""
    session = (
        select(Slot.session).where(*same_place(Slot, Sheet)).correlate(Sheet).scalar_subquery()
    )
    return (
        exists(LockEntry.id)
        .where(
            LockEntry.event_id == Entrant.event_id,
            LockEntry.stage == Sheet.stage,
            LockEntry.module == Sheet.module,
            LockEntry.unlocked_at.is_(None),
            or_(LockEntry.session.is_(None), LockEntry.session == session),
        )
        .correlate(Entrant, Sheet)
    )


def is_locked(entrant: Entrant, stage: str, module: str | None) -> bool:
    """True if a lock covers the entrant in the module; without a module, in any of the stage."""
    return bool(_locked_modules(entrant, stage, module))


def lock_over(entrant: Entrant, stage: str, module: str | None) -> LockEntry | None:
    """The oldest lock that covers the entrant there, as `is_locked` asks; None where none does."""
    return next(
        (
            lock
            for lock in _locks_of(entrant, stage)
            if module in (None, lock.module) and _covered([lock], entrant, stage, lock.module)
        ),
        None,
    )


def _locked_modules(entrant: Entrant, stage: str, module: str | None) -> list[str]:
    """The codes of the modules, of the stage or the one, in which a lock covers the entrant."""
    locks = _locks_of(entrant, stage)
    asked = [module] if module is not None else list(dict.fromkeys(lock.module for lock in locks))
    return [code for code in asked if _covered(locks, entrant, stage, code)]


def _locks_of(entrant: Entrant, stage: str) -> Sequence[LockEntry]:
    return db.session.scalars(
        select(LockEntry)
        .where(
            LockEntry.event_id == entrant.event_id,
            LockEntry.stage == stage,
            LockEntry.unlocked_at.is_(None),
        )
        .order_by(LockEntry.id)
    ).all()


def require_open(
    competition: Competition, entrant: Entrant, stage: str, module: str | None
) -> None:
    """Raise `Refused` unless marks are being taken and no lock covers the entrant's module."""
    require_judging(competition)
    require_unlocked(entrant, stage, module)


def claim_open(sheet: Sheet) -> Competition:
    """Claim a sheet's competition and read the sheet as it stands; inside a unit of work.

    Raises `Refused` unless marks are being taken and no lock covers it.
    """
    sheet, competition = claimed(sheet)
    require_open(competition, sheet.entrant, sheet.stage, sheet.module)
    return competition


def require_unlocked(entrant: Entrant, stage: str, module: str | None) -> None:
    """Raise `Refused`, with the way to open it, where a lock covers the entrant's module."""
    locked = _locked_modules(entrant, stage, module)
    if locked:
        raise _under_lock(entrant.event, stage, locked)


def require_all_unlocked(event: Event, stage: str, module: str, entrants: Collection[int]) -> None:
    """Raise `Refused` as `require_unlocked` where a lock covers any of many in one module."""
    sessions = db.session.scalars(
        select(LockEntry.session).where(
            LockEntry.event_id == event.id,
            LockEntry.stage == stage,
            LockEntry.module == module,
            LockEntry.unlocked_at.is_(None),
        )
    ).all()
    if not sessions or not entrants:
        return
    if None not in sessions:
        covered = select(Slot.entrant_id).where(
            Slot.stage == stage, Slot.module == module, Slot.session.in_(sessions)
        )
        if set(entrants).isdisjoint(db.session.scalars(covered)):
            return
    raise _under_lock(event, stage, [module])


def _under_lock(event: Event, stage: str, modules: Iterable[str]) -> Refused:
    return Refused(
        msg(
            "%(modules)s已经锁定，要改先由两个人解锁：裁判长或组委会在评分进度的那个模块下面"
            "申请，另一个人同意",
            modules=listed(module_title(event, stage, code) for code in modules),
        )
    )


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
    name = ("sessions", event.id, stage, module)
    return list(
        remembered_beside_marks(event.competition, name, lambda: _sessions(event, stage, module))
    )


def _sessions(event: Event, stage: str, module: str) -> list[str]:
    rows = db.session.scalars(
        select(Slot.session)
        .join(Entrant, Entrant.id == Slot.entrant_id)
        .where(of_event(Slot, event, stage, module), takes_part(), Slot.session.is_not(None))
        .order_by(Slot.starts_at, Slot.session)
    )
    return list(dict.fromkeys(session for session in rows if session))


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
