"""The organiser's moves of a whole competition: lock, unlock."""

from __future__ import annotations

from compete.domain.values import COMPETITION_MOVES, CompetitionState, move, msg
from compete.models import Account, Competition
from compete.services.closing.blockers import find_blockers
from compete.services.closing.grade_proposals import propose_grades
from compete.services.closing.module_locks import lock_rest
from compete.services.kernel import Refused, audit, for_update, reason_text, unit_of_work
from compete.services.scoring import live_results


def lock_marks(competition: Competition, by: Account) -> None:
    """No mark changes from here on; awards and grades are worked out.

    Modules that are not locked yet are locked with it. Raises `Refused` naming
    the first thing that is still missing.
    """
    with unit_of_work():
        competition = for_update(competition)
        to = move(competition.state, CompetitionState.LOCKED, COMPETITION_MOVES)
        live = live_results(competition)
        blockers = find_blockers(competition, live.results)
        if blockers:
            raise Refused(msg("还不能锁定：%(what)s", what=blockers[0].what))
        lock_rest(competition, by)
        competition.state = to
        audit.record(competition, by, "marks.lock", competition.code)
        propose_grades(competition, live.results, by)


def unlock_marks(competition: Competition, reason: str, by: Account) -> None:
    """Back to judging, with a reason; what was published stays as it was.

    Its modules stay locked: each is opened by two people (`locks.ask_unlock`).
    """
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("解锁要写理由"), status=400)
    with unit_of_work():
        competition = for_update(competition)
        before = competition.state
        competition.state = move(before, CompetitionState.JUDGING, COMPETITION_MOVES)
        audit.record(
            competition,
            by,
            "marks.unlock",
            competition.code,
            before={"state": before.value},
            after={"state": competition.state.value},
            reason=reason,
        )
