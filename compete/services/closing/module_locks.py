"""Module locks (锁定): one module or session as it stands; opened by who leads and another.

Who counts as another person: `accounts/second_persons.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select

from compete.domain.bundle.results import Results
from compete.domain.values.canonical import canonical_sha256
from compete.domain.values.messages import msg
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition, Event, LockEntry, Publication, db, utc_now
from compete.services.accounts.second_persons import SecondWord
from compete.services.closing.lock_blockers import faults_of_scope, has_sheets, sheets_in_scope
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.event_rules import module_of, module_title, modules_in, rules_of
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing, claimed, unit_of_work
from compete.services.kernel.versions import Within, remembered, write_prepared
from compete.services.sheets.coding_layers import signed_to_lock
from compete.services.sheets.counts import sheet_counts
from compete.services.sheets.locks_in_force import (
    must_sign,
    require_judging,
    sessions_of,
    standing_locks,
)
from compete.services.sheets.values import standing_values


def lock_module(
    event: Event,
    stage: str,
    module: str,
    by: Account,
    session: str | None = None,
    *,
    within: Within | None = None,
) -> LockEntry:
    """Lock a module, or one session of it, when all in it is in, agreed and signed.

    Raises `Refused` naming the first thing that is missing, or where it is
    locked already; KeyError for a module that the rules do not have.
    """
    module_of(rules_of(event), stage, module)

    def prepare() -> LockEntry:
        require_lockable(event, stage, module, session)
        return _ready(event, stage, module, session)

    return write_prepared(event.competition, prepare, partial(_lock, by=by), within)


def require_lockable(event: Event, stage: str, module: str, session: str | None = None) -> None:
    """Raise `Refused` naming the first thing that is missing, or where it is locked already."""
    competition = event.competition
    require_judging(competition)
    if session is not None and session not in sessions_of(event, stage, module):
        raise invalid(msg("没有“%(session)s”这一场", session=session))
    if standing_lock(competition, event, stage, module, session) is not None:
        raise Refused(msg("已经锁定了"))
    faults = faults_of_scope(event, stage, module, session, signed=signed_to_lock(event))
    if faults:
        raise Refused(msg("还不能锁定：%(what)s", what=faults[0].what))


def sum_up(event: Event, stage: str, module: str, session: str | None = None) -> str:
    """The SHA-256 over what every sheet there says; worked out once a version."""
    return remembered(
        event.competition,
        ("said", event.id, stage, module, session),
        lambda: canonical_sha256(_sheet_values(event, stage, module, session)),
    )


def unlocked_modules(competition: Competition) -> list[tuple[Event, str, str]]:
    """The modules with sheets that are not locked as a whole: codes of stage and module."""
    return [
        (event, stage, module)
        for event, stage, module in modules_in(competition)
        if standing_lock(competition, event, stage, module, None) is None
        and has_sheets(event, stage, module, None)
    ]


def locks_to_set(competition: Competition, results: Results) -> list[LockEntry]:
    """The locks of every module with sheets that is not locked yet; not kept yet.

    `results` are those of now. Raises `Refused` naming the module and the first
    thing that is missing.
    """
    of_event = {event.code: event for event in results.events}
    ready = []
    for event, stage, module in unlocked_modules(competition):
        faults = faults_of_scope(
            event,
            stage,
            module,
            None,
            signed=signed_to_lock(event),
            results=of_event[event.code],
        )
        if faults:
            raise Refused(
                msg(
                    "“%(module)s”还不能锁定：%(what)s",
                    module=module_title(event, stage, module),
                    what=faults[0].what,
                )
            )
        ready.append(_ready(event, stage, module, None))
    return ready


def set_locks(locks: Sequence[LockEntry], by: Account) -> None:
    """Set these locks, all of them at once; inside a unit of work, at the version they are of."""
    for lock in locks:
        _lock(lock, by)


def set_must_sign(competition: Competition, wanted: bool, by: Account) -> None:
    """Set whether a module is locked only when every sheet in it is signed.

    Raises `Refused` (CONFLICT) once all marks are locked: nothing would follow from it.
    """
    with changing(competition) as competition:
        if competition.state not in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
            raise Refused(msg("评分已经锁定，改了也没有用了"))
        before = must_sign(competition)
        change_settings(competition, must_sign=wanted)
        audit.record(
            competition,
            by,
            "lock.must_sign",
            competition.code,
            before={"must_sign": before},
            after={"must_sign": wanted},
            bends=True,
        )


def ask_unlock(lock: LockEntry, reason: str, by: Account) -> None:
    """The first of the two who open a lock says why; nothing opens yet."""
    reason = reason_text(reason, msg("解锁要写理由"))
    with unit_of_work():
        lock, competition = _open_lock(lock)
        require_judging(competition)
        lock.asked_by, lock.asked_at, lock.asked_why = by.id, utc_now(), reason
        _note(lock, by, "lock.ask_unlock", reason=reason)


def confirm_unlock(lock: LockEntry, by: Account) -> None:
    """The second, another person, opens the lock. The next lock is a new version."""
    with unit_of_work():
        lock, competition = _open_lock(lock)
        require_judging(competition)
        if lock.asked_by is None:
            raise Refused(msg("还没有人申请解锁"))
        unlock_word(lock).require(by)
        lock.unlocked_by, lock.unlocked_at = by.id, utc_now()
        _note(lock, by, "lock.unlock", reason=lock.asked_why)


def unlock_word(lock: LockEntry) -> SecondWord:
    """The conditions of opening an asked-for lock."""
    competition = lock.event.competition
    own, grave = msg("申请解锁的是你，要另一个人来确认"), was_published(competition)
    return SecondWord(competition, lock.asked_by, grave=grave, own=own)


def was_published(competition: Competition) -> bool:
    """True if a version is out: opening what it says is graver than before."""
    query = select(Publication.id).where(Publication.competition_id == competition.id)
    return db.session.scalar(query.limit(1)) is not None


def open_alone(competition: Competition, reason: str, by: Account) -> None:
    """Open every lock that stands, of a contest on whose marks no grade hangs.

    Inside the unit of work in which what is out is corrected; the next lock is a new version.
    """
    for lock in standing_locks(competition):
        lock.unlocked_by, lock.unlocked_at = by.id, utc_now()
        _note(lock, by, "lock.unlock", reason=reason)


def drop_unlock(lock: LockEntry, by: Account) -> None:
    """Take back what was asked; the lock stays."""
    with unit_of_work():
        lock, _competition = _open_lock(lock)
        if lock.asked_by is None:
            return
        lock.asked_by = lock.asked_at = lock.asked_why = None
        _note(lock, by, "lock.keep")


def _open_lock(lock: LockEntry) -> tuple[LockEntry, Competition]:
    lock, competition = claimed(lock)
    if lock.unlocked_at is not None:
        raise Refused(msg("已经解锁了"))
    return lock, competition


def standing_lock(
    competition: Competition, event: Event, stage: str, module: str, session: str | None
) -> LockEntry | None:
    """The lock that covers all that is asked for."""
    for lock in standing_locks(competition):
        here = (lock.event_id, lock.stage, lock.module) == (event.id, stage, module)
        if here and lock.session in (None, session):
            return lock
    return None


def _ready(event: Event, stage: str, module: str, session: str | None) -> LockEntry:
    """The lock of a module, or one session of it, in which all is as it must be; not kept yet."""
    return LockEntry(
        competition_id=event.competition_id,
        event_id=event.id,
        stage=stage,
        module=module,
        session=session,
        sheets=sheet_counts(event.competition).of(event, stage, module, session).all,
        sha256=sum_up(event, stage, module, session),
    )


def _lock(lock: LockEntry, by: Account) -> LockEntry:
    before = db.session.scalar(
        select(func.max(LockEntry.version)).where(
            LockEntry.event_id == lock.event_id,
            LockEntry.stage == lock.stage,
            LockEntry.module == lock.module,
            LockEntry.session == lock.session if lock.session else LockEntry.session.is_(None),
        )
    )
    lock.version, lock.locked_by, lock.locked_at = (before or 0) + 1, by.id, utc_now()
    db.session.add(lock)
    db.session.flush()
    _note(lock, by, "lock.set", after={"version": lock.version, "sha256": lock.sha256})
    return lock


def _sheet_values(event: Event, stage: str, module: str, session: str | None) -> list[Any]:
    """List what every sheet says, in an order that does not hang on when it was written."""
    sheets = sheets_in_scope(event, stage, module, session)
    values = standing_values([number for number, _label, _judge in sheets])
    return sorted(
        [label, judge, {code: f"{value:f}" for code, value in values[number].items()}]
        for number, label, judge in sheets
    )


def _note(lock: LockEntry, by: Account, action: str, **details: Any) -> None:
    place = f"{lock.event.code}/{lock.stage}/{lock.module}"
    subject = f"{place}/{lock.session}" if lock.session else place
    competition = db.session.get_one(Competition, lock.competition_id)
    audit.record(competition, by, action, subject, **details)
