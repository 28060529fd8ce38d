"""锁定: one module, or one session of it, as it stands; opened again only by two people."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from compete.domain.values import canonical_sha256, msg
from compete.models import Account, Competition, Event, LockEntry, Sheet, db, utc_now
from compete.services.closing.lock_blockers import faults_of_scope, sheets_in_scope
from compete.services.kernel import (
    Refused,
    audit,
    for_update,
    module_of,
    reason_text,
    rules_of,
    unit_of_work,
)
from compete.services.sheets import (
    must_sign,
    require_judging,
    sessions_of,
    standing_locks,
    standing_values,
)


def lock_module(
    event: Event, stage: str, module: str, by: Account, session: str | None = None
) -> LockEntry:
    """Lock a module, or one session of it, when all in it is in, agreed and signed.

    Raises `Refused` naming the first thing that is missing, or where it is
    locked already; KeyError for a module that the rules do not have.
    """
    module_of(rules_of(event), stage, module)
    with unit_of_work() as work:
        competition = for_update(event.competition)
        event = work.get_one(Event, event.id)
        require_judging(competition)
        if session is not None and session not in sessions_of(event, stage, module):
            raise Refused(msg("没有“%(session)s”这一场", session=session), status=400)
        if _standing(competition, event, stage, module, session) is not None:
            raise Refused(msg("已经锁定了"))
        faults = faults_of_scope(event, stage, module, session, signed=must_sign(competition))
        if faults:
            raise Refused(msg("还不能锁定：%(what)s", what=faults[0]))
        return _lock(competition, event, stage, module, session, by)


def lock_rest(competition: Competition, by: Account) -> None:
    """Lock every module with sheets that is not locked yet; inside a unit of work.

    Raises `Refused` naming the module and the first thing that is missing.
    """
    for event in competition.events:
        for stage in rules_of(event).stages:
            for module in stage.modules:
                if _standing(competition, event, stage.code, module.code, None) is not None:
                    continue
                if not sheets_in_scope(event, stage.code, module.code, None):
                    continue
                faults = faults_of_scope(
                    event, stage.code, module.code, None, signed=must_sign(competition)
                )
                if faults:
                    raise Refused(
                        msg("“%(module)s”还不能锁定：%(what)s", module=module.name, what=faults[0])
                    )
                _lock(competition, event, stage.code, module.code, None, by)


def set_must_sign(competition: Competition, wanted: bool, by: Account) -> None:
    """Whether a module is locked only when every sheet in it is signed."""
    with unit_of_work():
        competition = for_update(competition)
        before = must_sign(competition)
        competition.settings = {**competition.settings, "must_sign": wanted}
        audit.record(
            competition,
            by,
            "lock.must_sign",
            competition.code,
            before={"must_sign": before},
            after={"must_sign": wanted},
        )


def ask_unlock(lock: LockEntry, reason: str, by: Account) -> None:
    """The first of the two who open a lock says why; nothing opens yet."""
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("解锁要写理由"), status=400)
    with unit_of_work() as work:
        lock = _open_lock(lock)
        require_judging(work.get_one(Competition, lock.competition_id))
        lock.asked_by, lock.asked_at, lock.asked_why = by.id, utc_now(), reason
        _note(lock, by, "lock.ask_unlock", reason=reason)


def confirm_unlock(lock: LockEntry, by: Account) -> None:
    """The second, another person, opens the lock. The next lock is a new version."""
    with unit_of_work() as work:
        lock = _open_lock(lock)
        require_judging(work.get_one(Competition, lock.competition_id))
        if lock.asked_by is None:
            raise Refused(msg("还没有人申请解锁"))
        if lock.asked_by == by.id:
            raise Refused(msg("申请解锁的是你，要另一个人来确认"))
        lock.unlocked_by, lock.unlocked_at = by.id, utc_now()
        _note(lock, by, "lock.unlock", reason=lock.asked_why)


def drop_unlock(lock: LockEntry, by: Account) -> None:
    """Take back what was asked; the lock stays."""
    with unit_of_work():
        lock = _open_lock(lock)
        if lock.asked_by is None:
            return
        lock.asked_by = lock.asked_at = lock.asked_why = None
        _note(lock, by, "lock.keep")


def _open_lock(lock: LockEntry) -> LockEntry:
    for_update(db.session.get_one(Competition, lock.competition_id))
    lock = db.session.get_one(LockEntry, lock.id, populate_existing=True)
    if lock.unlocked_at is not None:
        raise Refused(msg("已经解锁了"))
    return lock


def _standing(
    competition: Competition, event: Event, stage: str, module: str, session: str | None
) -> LockEntry | None:
    """The lock that covers all that is asked for."""
    for lock in standing_locks(competition):
        here = (lock.event_id, lock.stage, lock.module) == (event.id, stage, module)
        if here and lock.session in (None, session):
            return lock
    return None


def _lock(
    competition: Competition,
    event: Event,
    stage: str,
    module: str,
    session: str | None,
    by: Account,
) -> LockEntry:
    sheets = sheets_in_scope(event, stage, module, session)
    before = db.session.scalar(
        select(func.max(LockEntry.version)).where(
            LockEntry.event_id == event.id,
            LockEntry.stage == stage,
            LockEntry.module == module,
            LockEntry.session == session if session else LockEntry.session.is_(None),
        )
    )
    lock = LockEntry(
        competition_id=competition.id,
        event_id=event.id,
        stage=stage,
        module=module,
        session=session,
        version=(before or 0) + 1,
        sheets=len(sheets),
        sha256=canonical_sha256(_said(sheets)),
        locked_by=by.id,
        locked_at=utc_now(),
    )
    db.session.add(lock)
    db.session.flush()
    _note(lock, by, "lock.set", after={"version": lock.version, "sha256": lock.sha256})
    return lock


def _said(sheets: list[Sheet]) -> list[Any]:
    """What every sheet says, in an order that does not hang on when it was written."""
    values = standing_values([sheet.id for sheet in sheets])
    return sorted(
        [
            sheet.label,
            sheet.judge.code,
            {code: f"{value:f}" for code, value in values[sheet.id].items()},
        ]
        for sheet in sheets
    )


def _note(lock: LockEntry, by: Account, action: str, **said: Any) -> None:
    place = f"{lock.event.code}/{lock.stage}/{lock.module}"
    subject = f"{place}/{lock.session}" if lock.session else place
    competition = db.session.get_one(Competition, lock.competition_id)
    audit.record(competition, by, action, subject, **said)
