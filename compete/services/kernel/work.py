"""The unit of work: the only place that opens and commits a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from compete.models import Competition, db
from compete.models.write_queue import place_in_write_queue
from compete.services.kernel.text_limits import refuse_long_texts


class OutsideWorkError(RuntimeError):
    """A write was tried outside a unit of work: a mistake in the program."""


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """All or nothing: commits at the end, rolls back on any error.

    Ends what the request has read so far, so that what is read inside is
    current; on SQLite the write lock is taken at once (BEGIN IMMEDIATE).
    Inside another unit of work it joins that one.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    with place_in_write_queue(db.engine):
        try:
            connection = session.connection(execution_options={"writing": True})
            session.info["writing"] = connection
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


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
    return db.session.get_one(
        Competition, competition.id, with_for_update=True, populate_existing=True
    )


@event.listens_for(Session, "before_flush")
def check_writes(session: Session, _context: object, _instances: object) -> None:
    """Refuse a flush outside a unit of work, which would write without the lock.

    Texts longer than their column are refused too, in words and on every database.
    """
    if not (session.new or session.dirty or session.deleted):
        return
    if not session.info.get("writing"):
        raise OutsideWorkError("writes belong in a unit of work")
    refuse_long_texts((*session.new, *session.dirty))
