"""The organiser's moves of a whole competition: lock, unlock."""

from __future__ import annotations

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.domain.values.states import COMPETITION_MOVES, CompetitionState, move
from compete.models import Account, AuditEntry, Competition, LockEntry, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.grade_proposals import propose_grades
from compete.services.closing.module_locks import lock_rest
from compete.services.closing.results_verification import uncheck
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.scoring.live import live_results
from compete.services.sheets.locks_in_force import standing_locks


def lock_marks(competition: Competition, by: Account) -> None:
    """Lock the marks: none changes from here on; awards and grades are worked out.

    Modules that are not locked yet are locked with it. Raises `Refused` naming
    the first thing that is still missing.
    """
    with changing(competition) as competition:
        to = move(competition.state, CompetitionState.LOCKED, COMPETITION_MOVES)
        live = live_results(competition)
        blockers = find_blockers(competition, live.results)
        if blockers:
            raise Refused(msg("还不能锁定：%(what)s", what=blockers[0].what))
        lock_rest(competition, live.results, by)
        competition.state = to
        audit.record(competition, by, "marks.lock", competition.code)
        propose_grades(competition, live.results, by)


def left_locked(competition: Competition) -> list[LockEntry]:
    """The locks from before the marks were opened again, in the competition's order.

    None while the marks were never opened again, or are not being taken.
    """
    locks = standing_locks(competition)
    if not locks or competition.state is not CompetitionState.JUDGING:
        return []
    opened = db.session.scalar(
        select(func.max(AuditEntry.at)).where(
            AuditEntry.competition_id == competition.id, AuditEntry.action == "marks.unlock"
        )
    )
    return [lock for lock in locks if opened is not None and lock.locked_at <= opened]


def unlock_marks(
    competition: Competition,
    reason: str,
    by: Account,
    *,
    asked: Account | None = None,
    correction: int | None = None,
) -> None:
    """Unlock the marks, with a reason: back to judging; what was published stays as it was.

    Its modules stay locked (`left_locked`): each is opened by two people (`ask_unlock`).
    `asked` is who asked for it, where `by` agreed to it; `correction` numbers what tells of
    it instead, where one act opens, corrects and publishes.
    """
    reason = reason_text(reason, msg("解锁要写理由"))
    with changing(competition) as competition:
        before = competition.state
        competition.state = move(before, CompetitionState.JUDGING, COMPETITION_MOVES)
        uncheck(competition)
        audit.record(
            competition,
            by,
            "marks.unlock",
            competition.code,
            before={"state": before.value},
            after={"state": competition.state.value}
            | ({"asked": audit.signer(asked)} if asked is not None else {})
            | ({"correction": correction} if correction is not None else {}),
            reason=reason,
            bends=True,
        )
