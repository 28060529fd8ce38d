"""Results verification (核对): somebody says that an event's results may be announced."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.bundle.results import Results
from compete.domain.values.messages import msg
from compete.domain.values.rights import Right
from compete.domain.values.states import RESULT_MOVES, CompetitionState, ResultState, move
from compete.models import Account, Competition, Event, ResultStand, db, utc_now
from compete.services.accounts.access import may
from compete.services.closing.blockers import Blocker, find_blockers
from compete.services.closing.recheck_state import recheck_blockers
from compete.services.kernel import audit
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import changing
from compete.services.scoring.live import live_results


def result_stand(event: Event) -> ResultStand | None:
    """The row of the event's state; None while it never left 暂定."""
    return db.session.scalar(select(ResultStand).where(ResultStand.event_id == event.id))


def result_stand_to_change(event: Event) -> ResultStand:
    """The row, made where there is none; inside a unit of work that holds the competition."""
    row = result_stand(event)
    if row is None:
        row = ResultStand(
            competition_id=event.competition_id, event_id=event.id, state=ResultState.PROVISIONAL
        )
        db.session.add(row)
        db.session.flush()
    return row


def check_blockers(competition: Competition, results: Results) -> list[Blocker]:
    """List what must be done before results count as checked: signatures, disputes, re-check."""
    blockers = [*find_blockers(competition, results), *recheck_blockers(competition, results)]
    if competition.state in (CompetitionState.REGISTERING, CompetitionState.JUDGING):
        blockers.append(Blocker("lock", msg("评分还没锁定")))
    return blockers


def check_event(event: Event, by: Account) -> None:
    """Say that the results were checked. `Refused` while something is missing, or for strangers."""
    with changing(event.competition) as competition:
        if not may(by, competition, Right.CHECK_RESULTS):
            raise Refused(msg("组委会、裁判长或监督才能核对成绩"), kind=Refusal.FORBIDDEN)
        row = result_stand_to_change(event)
        move(row.state, ResultState.CHECKED, RESULT_MOVES)
        missing = check_blockers(competition, live_results(competition).results)
        if missing:
            raise Refused(msg("还不能核对：%(what)s", what=missing[0].what))
        set_state(row, ResultState.CHECKED)
        audit.record(competition, by, "results.check", event.code)


def set_state(row: ResultStand, to: ResultState) -> None:
    """Move it, by the table of moves; who asked for an early end is forgotten."""
    row.state = move(row.state, to, RESULT_MOVES)
    row.asked_by = row.asked_at = row.asked_why = None
    row.changed_at = utc_now()


def uncheck(competition: Competition) -> None:
    """Undo the check as marks are open again: all is to be checked anew; inside a unit of work."""
    rows = db.session.scalars(
        select(ResultStand).where(
            ResultStand.competition_id == competition.id,
            ResultStand.state == ResultState.CHECKED,
        )
    )
    for row in rows:
        set_state(row, ResultState.PROVISIONAL)
