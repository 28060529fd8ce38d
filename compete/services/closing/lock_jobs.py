"""Locking in a large competition: a job, with its progress."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.domain.values.states import COMPETITION_MOVES, CompetitionState, move
from compete.models import Account, Competition, Event, Job, LockEntry, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.grade_proposals import propose_some
from compete.services.closing.module_locks import (
    lock_module,
    places_left,
    require_lockable,
    sum_up,
)
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel.event_rules import module_of, module_title, rules_of
from compete.services.kernel.refusal import Refused
from compete.services.scoring.live import live_results
from compete.services.sheets.counts import is_large

LOCK_MARKS = "marks.lock"
LOCK_MODULE = "lock.set"
_SCORING = msg("算出现在的成绩")
_LOCKING = msg("写入锁定")


def lock_marks_or_ask(competition: Competition, by: Account) -> Job | None:
    """Lock all marks where that is quickly done; else the job that does it.

    Raises `Refused` in either case for what is known to be missing now.
    """
    if not is_large(competition):
        lock_marks(competition, by)
        return None
    _still_open(competition)
    blockers = find_blockers(competition, live_results(competition).results)
    if blockers:
        raise Refused(msg("还不能锁定：%(what)s", what=blockers[0].what))
    return ask_for(competition, LOCK_MARKS, by, still=_still_open)


def lock_module_or_ask(
    event: Event, stage: str, module: str, by: Account, session: str | None = None
) -> LockEntry | Job:
    """The same for one module, or one session of it; KeyError as `lock_module`."""
    competition = event.competition
    if not is_large(competition):
        return lock_module(event, stage, module, by, session)
    module_of(rules_of(event), stage, module)
    require_lockable(event, stage, module, session)
    place = {"event": event.code, "stage": stage, "module": module, "session": session}
    what = "/".join(filter(None, place.values()))
    return ask_for(
        *(competition, LOCK_MODULE, by, what, place),
        still=lambda _competition: require_lockable(event, stage, module, session),
    )


@work_for(LOCK_MARKS)
def _lock_marks(run: Run) -> None:
    places = places_left(run.competition)
    total = len(places) + 3
    run.step(_SCORING, 0, total)
    while not find_blockers(run.competition, results := live_results(run.competition).results):
        run.step(msg("提出等级"), 1, total)
        with run.writing():
            proposed = propose_some(run.competition, results, run.portion)
        db.session.rollback()
        if not proposed:
            break
    live_results(run.competition)
    for number, (event, stage, module) in enumerate(places, start=2):
        title = module_title(event, stage, module)
        run.step(msg("汇总“%(module)s”的评分表", module=title), number, total)
        sum_up(event, stage, module)
    run.step(_LOCKING, total - 1, total)
    with run.writing():
        lock_marks(run.competition, run.by)
        run.finish()


@work_for(LOCK_MODULE)
def _lock_module(run: Run) -> None:
    place = run.arguments
    stage, module, session = place["stage"], place["module"], place["session"]
    run.step(_SCORING, 0, 3)
    live_results(run.competition)
    title = module_title(_event(run), stage, module)
    run.step(msg("汇总“%(module)s”的评分表", module=title), 1, 3)
    sum_up(_event(run), stage, module, session)
    run.step(_LOCKING, 2, 3)
    with run.writing():
        lock = lock_module(_event(run), stage, module, run.by, session)
        run.finish(version=lock.version)


def _still_open(competition: Competition) -> None:
    move(competition.state, CompetitionState.LOCKED, COMPETITION_MOVES)


def _event(run: Run) -> Event:
    """The event as the session sees it now: each step begins a new transaction."""
    number = next(e.id for e in run.competition.events if e.code == run.arguments["event"])
    return db.session.get_one(Event, number)
