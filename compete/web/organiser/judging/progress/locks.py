"""锁定 in words: the module, its sessions, and who must still say yes to open one."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import gettext as _
from flask_login import current_user

from compete.domain.bundle.results import EventResults
from compete.domain.values.states import CompetitionState
from compete.models import Competition, LockEntry
from compete.models.accounts import Account
from compete.services.accounts.card_handlers import signed_as
from compete.services.accounts.second_persons import second_now
from compete.services.closing.lock_blockers import faults_of_scope
from compete.services.closing.module_locks import unlock_word, was_published
from compete.services.judging.signing import signature_words
from compete.services.kernel.rows_by_number import find
from compete.services.schedule.stage_moves import begun_after
from compete.services.sheets.blind_codes import coding_settings
from compete.services.sheets.coding_layers import signed_to_lock
from compete.services.sheets.locks_in_force import sessions_of, standing_locks
from compete.web.guard import allowed_url
from compete.web.language import say
from compete.web.organiser.judging.progress.shapes import LockRow
from compete.web.organiser.places import BoardModule
from compete.web.templating import moment


def describe_locks(
    competition: Competition,
    place: BoardModule,
    results: EventResults,
    *,
    judging: bool,
    acting: bool,
) -> list[LockRow]:
    """The rows of the card 锁定: the whole module first, then each of its sessions."""
    here = place.row
    locks = {
        lock.session: lock
        for lock in standing_locks(competition)
        if (lock.event_id, lock.stage, lock.module) == here
    }
    sessions = sessions_of(*place.codes)
    scopes = [None, *(sessions if len(sessions) > 1 and None not in locks else [])]
    return [
        _locked(lock, judging=judging, acting=acting)
        if (lock := locks.get(scope))
        else _open(place, results, scope, judging=judging, acting=acting)
        for scope in scopes
    ]


def signing_url(competition: Competition, place: BoardModule, whole: LockRow) -> str | None:
    """Address to choose if a lock wants signatures; None if that decides nothing.

    So it is of a module or competition that is locked, and where coders keep the codes.
    """
    open_yet = competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING)
    if not open_yet or whole.locked or coding_settings(place.event).closed:
        return None
    return allowed_url("organiser.must_sign_setting")


def _name(session: str | None) -> str:
    return session or _("整个模块")


def _open(
    place: BoardModule,
    results: EventResults,
    session: str | None,
    *,
    judging: bool,
    acting: bool,
) -> LockRow:
    row = LockRow(name=_name(session), locked=False, text="")
    if not judging:
        return row
    faults = faults_of_scope(
        place.event,
        place.stage.code,
        place.module.code,
        session,
        signed=signed_to_lock(place.event),
        results=results,
    )
    if faults:
        return replace(
            row,
            text=say(faults[0].what),
            blocked=True,
            faults=[say(fault.what) for fault in faults],
        )
    if not acting:
        return row
    return replace(row, text=_("都齐了"), session=session, may_lock=True)


def _locked(lock: LockEntry, *, judging: bool, acting: bool) -> LockRow:
    row = LockRow(
        name=_name(lock.session),
        locked=True,
        number=lock.id,
        text=_(
            "第 %(n)s 版，%(who)s %(at)s 锁定，%(count)s 张",
            n=lock.version,
            who=lock.locker.name,
            at=moment(lock.locked_at),
            count=lock.sheets,
        ),
        words=signature_words(lock.sha256),
    )
    if not judging:
        return row
    later = begun_after(lock.event, lock.stage)
    if later is not None:
        warning = _(
            "“%(stage)s”已经在评：解锁改分，进的人可能变，再锁定时写明谁进谁不进", stage=later
        )
        row = replace(row, text=_("%(what)s。%(detail)s", what=row.text, detail=warning))
    asker = find(Account, lock.asked_by)
    if asker is None or lock.asked_at is None:
        competition = lock.event.competition
        grave = was_published(competition)
        second = say(second_now(competition, current_user, grave=grave)) if acting else ""
        return replace(row, may_ask=acting, second=second)
    why_not = unlock_word(lock).why_not(current_user)
    return replace(
        row,
        asked=_(
            "%(who)s 申请解锁：%(why)s",
            who=say(signed_as(asker, lock.asked_at)),
            why=lock.asked_why or "",
        ),
        may_confirm=why_not is None,
        why_not=say(why_not),
        may_keep=acting,
    )
