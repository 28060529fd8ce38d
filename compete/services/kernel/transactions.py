"""The unit of work: the only place that opens and commits a transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from sqlalchemy import Connection, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from compete.models import Base, Competition, db
from compete.models.write_queue import place_in_write_queue
from compete.services.kernel.news import forget_news, outbox_bell, put_out
from compete.services.kernel.row_seals import forget, seal_changes
from compete.services.kernel.submissions import claim_submission
from compete.services.kernel.text_limits import refuse_long_texts
from compete.services.kernel.write_holds import hold_measured

Owned = TypeVar("Owned", bound=Base)


class OutsideWorkError(RuntimeError):
    """A write was tried outside a unit of work: a mistake in the program."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """Begin a unit of work, all or nothing: commits at the end, rolls back on any error.

    Ends what the request has read so far, so that what is read inside is
    current; on SQLite the write lock is taken at once (BEGIN IMMEDIATE).
    Inside another unit of work it joins that one.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    later: list[Callable[[], None]] = []
    session.info[_LATER] = later
    with place_in_write_queue(db.engine), hold_measured():
        try:
            connection = session.connection(execution_options={"writing": True})
            session.info["writing"] = connection
            claim = claim_submission(connection)
            yield session
            session.flush()
            rings = put_out(session)
            seal_changes(session)
            session.commit()
            if rings:
                outbox_bell().set()
            if claim is not None:
                claim.stored = True
            _count_unrecorded(session)
        except BaseException:
            session.rollback()
            raise
        finally:
            forget(session)
            forget_news(session)
            for key in ("writing", "changed", "recorded"):
                session.info.pop(key, None)
    for act in later:
        act()


def afterwards(act: Callable[[], None]) -> None:
    """Do this once the unit of work that is open has committed, and never where it has not."""
    db.session().info[_LATER].append(act)


_LATER = "afterwards"


@contextmanager
def statements_alone() -> Iterator[Connection]:
    """A unit of work without the mapper, whose session around it costs as much as ten statements.

    For work that reads and writes on the given connection alone and seals what it writes
    itself; the session can write nothing meanwhile. Inside a unit of work it joins that one.
    """
    if db.session.registry.has():
        session = db.session()
        if session.info.get("writing"):
            session.flush()
            yield connection_of(session)
            return
        session.rollback()
    engine = db.engine
    try:
        with place_in_write_queue(engine), hold_measured(), engine.connect() as connection:
            connection.execution_options(writing=True)
            with connection.begin():
                yield connection
    finally:
        # What the session read meanwhile (rules, for the first time), it read from before.
        if db.session.registry.has():
            db.session.rollback()


def connection_of(session: Session) -> Connection:
    """The connection on which the unit of work writes, for statements past the session."""
    connection = session.info["writing"]
    assert isinstance(connection, Connection)
    return connection


def for_update(competition: Competition) -> Competition:
    """The competition as it stands now, claimed until the unit of work ends.

    Whoever decides by the competition's state claims it first: so no mark slips
    in while marks are being locked. SQLite's write lock does this already; on
    PostgreSQL the row is locked. Always the first lock that is taken.
    """
    # By its key, which needs no statement where the session has ended what it read.
    return db.session.get_one(
        Competition, inspect(competition).identity, with_for_update=True, populate_existing=True
    )


@contextmanager
def changing(competition: Competition, *rows: object) -> Iterator[Competition]:
    """A unit of work in a competition, claimed as `for_update` does; with `rows` as they stand."""
    with unit_of_work() as session:
        competition = for_update(competition)
        for row in rows:
            session.refresh(row)
        yield competition


def claimed(row: Owned) -> tuple[Owned, Competition]:
    """A competition's row as it stands now, with the competition, claimed as `for_update` does."""
    competition = for_update(db.session.get_one(Competition, getattr(row, "competition_id", None)))
    number = getattr(row, "id", None)
    return db.session.get_one(type(row), number, populate_existing=True), competition


_SHOWN = frozenset(
    {
        *("competition", "unit", "judge", "event", "rule_version", "team", "entrant", "slot"),
        *("blind_code", "assignment", "sheet", "act", "outcome_entry", "penalty_entry"),
        *("time_entry", "labour_value", "labour_adjustment", "labour_veto", "decision"),
        *("lock_entry", "paper_entry", "recheck_round", "recheck_entry", "recusal"),
        *("publication", "grade_decision", "ruling", "signed_sheet", "field_record"),
        *("period_stand", "period_correction", "playoff", "difficulty_entry"),
        *("certificate", "labour_department", "labour_sign_off"),
    }
)
"""Tables that enter what a competition's pages count or score."""

_unrecorded = count()
_works = next(_unrecorded)


def unrecorded_works() -> int:
    """Count this process's units of work that changed something and recorded nothing of it."""
    return _works


def _note_change(session: Session, table: object) -> None:
    if table == "audit_entry":
        session.info["recorded"] = True
    elif table in _SHOWN:
        session.info["changed"] = True


def _count_unrecorded(session: Session) -> None:
    global _works
    if session.info.get("changed") and not session.info.get("recorded"):
        _works = next(_unrecorded)


@event.listens_for(Session, "do_orm_execute")
def _note_statements(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        table = getattr(state.statement, "table", None)
        _note_change(state.session, getattr(table, "name", None))


@event.listens_for(Session, "before_flush")
def check_writes(session: Session, _context: object, _instances: object) -> None:
    """Refuse a flush outside a unit of work, which would write without the lock.

    Texts longer than their column are refused too, in words and on every database.
    """
    if not (session.new or session.dirty or session.deleted):
        return
    if not session.info.get("writing"):
        raise OutsideWorkError("writes belong in a unit of work")
    for row in (*session.new, *session.dirty, *session.deleted):
        _note_change(session, getattr(row, "__tablename__", None))
    refuse_long_texts((*session.new, *session.dirty))
