"""The organiser's moves of a whole competition: lock, unlock; a large one locks by a job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import func, select

from compete.domain.bundle.results import Results
from compete.domain.values.messages import msg
from compete.domain.values.states import COMPETITION_MOVES, CompetitionState, move
from compete.models import Account, AuditEntry, Competition, Event, Job, LockEntry, db
from compete.services.closing.blockers import find_blockers
from compete.services.closing.grade_proposals import (
    GradesDue,
    grades_due,
    write_grades,
    write_new_grades,
)
from compete.services.closing.module_locks import (
    lock_module,
    locks_to_set,
    require_lockable,
    set_locks,
    standing_lock,
    sum_up,
    unlocked_modules,
)
from compete.services.closing.results_verification import uncheck
from compete.services.jobs.queue import ask_for
from compete.services.jobs.running import Run, work_for
from compete.services.kernel import audit
from compete.services.kernel.event_rules import module_of, module_title, rules_of
from compete.services.kernel.kinds_with_results import require_results
from compete.services.kernel.refusal import Refused
from compete.services.kernel.text_limits import reason_text
from compete.services.kernel.transactions import changing
from compete.services.kernel.versions import Within, write_prepared
from compete.services.scoring.live import live_results
from compete.services.sheets.counts import is_large
from compete.services.sheets.locks_in_force import standing_locks

LOCK_MARKS = "marks.lock"
LOCK_MODULE = "lock.set"
_SCORING = msg("算出现在的成绩")
_LOCKING = msg("写入锁定")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReadyToLock:
    """What locking all marks comes to, worked out before anything is locked."""

    to: CompetitionState
    locks: Sequence[LockEntry]
    grades: Sequence[GradesDue]


def lock_marks(competition: Competition, by: Account, *, within: Within | None = None) -> None:
    """Lock the marks: none changes from here on; awards and grades are worked out.

    Modules that are not locked yet are locked with it. Raises `Refused` naming
    the first thing that is still missing. `within` opens the unit of work, where it is not
    this act's own.
    """

    def prepare() -> _ReadyToLock:
        require_results(competition)
        to = move(competition.state, CompetitionState.LOCKED, COMPETITION_MOVES)
        results = _complete_results(competition)
        locks = locks_to_set(competition, results)
        return _ReadyToLock(to=to, locks=locks, grades=grades_due(competition, results))

    def write(ready: _ReadyToLock) -> None:
        set_locks(ready.locks, by)
        competition.state = ready.to
        audit.record(competition, by, "marks.lock", competition.code)
        write_grades(competition, ready.grades, by)

    write_prepared(competition, prepare, write, within)


def _complete_results(competition: Competition) -> Results:
    """The results of now; `Refused` naming the first thing that is still missing."""
    results = live_results(competition).results
    blockers = find_blockers(competition, results)
    if blockers:
        raise Refused(msg("还不能锁定：%(what)s", what=blockers[0].what))
    return results


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


def lock_marks_or_ask(competition: Competition, by: Account) -> Job | None:
    """Lock all marks where that is quickly done; else the job that does it.

    Raises `Refused` in either case for what is known to be missing now.
    """
    if not is_large(competition):
        lock_marks(competition, by)
        return None
    _still_open(competition)
    _complete_results(competition)
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
    places = unlocked_modules(run.competition)
    total = len(places) + 3
    run.step(_SCORING, 0, total)
    results = live_results(run.competition).results
    if not find_blockers(run.competition, results):
        run.step(msg("提出等级"), 1, total)
        for due in grades_due(run.competition, results):
            _propose_beforehand(run, due)
    live_results(run.competition)
    for number, (event, stage, module) in enumerate(places, start=2):
        title = module_title(event, stage, module)
        run.step(msg("汇总“%(module)s”的评分表", module=title), number, total)
        sum_up(event, stage, module)
    run.step(_LOCKING, total - 1, total)
    lock_marks(run.competition, run.by, within=partial(_finishing, run))


def _propose_beforehand(run: Run, due: GradesDue) -> None:
    codes, at = list(due.new), 0
    while at < len(codes):
        with run.writing():
            part = codes[at : at + run.portion]
            write_new_grades(run.competition, due, part)
        at += len(part)


@contextmanager
def _finishing(run: Run) -> Iterator[None]:
    """A unit of work that ends the job, if what is written in it is."""
    with run.writing():
        yield
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

    @contextmanager
    def finishing() -> Iterator[None]:
        with run.writing():
            yield
            lock = standing_lock(run.competition, _event(run), stage, module, session)
            assert lock is not None, "set just now"
            run.finish(version=lock.version)

    lock_module(_event(run), stage, module, run.by, session, within=finishing)


def _still_open(competition: Competition) -> None:
    move(competition.state, CompetitionState.LOCKED, COMPETITION_MOVES)


def _event(run: Run) -> Event:
    """The event as the session sees it now: each step begins a new transaction."""
    number = next(e.id for e in run.competition.events if e.code == run.arguments["event"])
    return db.session.get_one(Event, number)
