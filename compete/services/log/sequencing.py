"""Sequencing: leaves get their places: all that chains tell and the log does not have yet.

Nothing waits for it: who signs a sheet writes the record and no more. Who publishes,
certifies, asks for a checkpoint or mirrors the log brings it up to date, and a thread of
the server does now and then (`keep_log_up`), one at a time
under the log's lock, a piece in each transaction. One that dies leaves the log as it was,
and the next begins where the last checkpoint says.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from functools import wraps
from itertools import accumulate
from typing import ParamSpec, TypeVar

from sqlalchemy import func, select

from compete.domain.values.messages import msg
from compete.models import AuditEntry, Competition, LogCheckpoint, db
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.kernel.versions import is_writing
from compete.services.log.leaves_of_records import ACTIONS, Record, Told, leaves_of, records_after
from compete.services.log.store import (
    append,
    is_signed_now,
    newest_checkpoint,
    sign_too,
)

_log = logging.getLogger(__name__)
_LOCK = 0x636F6D70_6C6F67
_PIECE = 100
"""Records in one transaction: a hall on SQLite waits for it, some hundredths of a second."""

_HEAVY = 500
"""Leaves after which a piece ends; a record of many certificates has one for each of them."""

LOGGING = msg("记进总账")
"""The step of a job while what it has done goes into the log."""

P = ParamSpec("P")
T = TypeVar("T")


def is_behind() -> bool:
    """True if any chain tells of something that has no leaf yet; reads alone."""
    newest = newest_checkpoint()
    reached = newest.reached if newest else {}
    return any(
        db.session.scalar(
            select(AuditEntry.id)
            .where(
                AuditEntry.competition_id == number,
                AuditEntry.seq > reached.get(str(number), 0),
                AuditEntry.action.in_(ACTIONS),
            )
            .limit(1)
        )
        is not None
        for number in db.session.scalars(select(Competition.id)).all()
    )


def catch_up() -> LogCheckpoint | None:
    """Bring the log up to date; its newest checkpoint, None while there is nothing in it.

    Raises `store.LogBrokenError` where what is kept is not what was signed, and nothing is added.
    """
    while is_behind():
        with unit_of_work():
            _claim_log()
            if not _next_piece():
                break
    newest = newest_checkpoint()
    if newest is not None and not is_signed_now(newest):
        # Another key took the place of the one that signed it: both can be checked by it.
        with unit_of_work():
            _claim_log()
            newest = newest_checkpoint()
            if newest is not None and not is_signed_now(newest):
                sign_too(newest)
    return newest


def catch_up_quietly() -> None:
    """The same after an act that is done already: a fault is logged, and told by `verify`."""
    try:
        catch_up()
    except Exception:
        # What was done is done and on record; the log takes it in when it can.
        db.session.rollback()
        _log.exception("the log was not brought up to date")


def then_logged(act: Callable[P, T]) -> Callable[P, T]:
    """An act whose record has a leaf: once it is stored, the log is brought up to date.

    Within another's unit of work nothing is done, for nothing is stored yet.
    """

    @wraps(act)
    def done(*args: P.args, **keys: P.kwargs) -> T:
        result = act(*args, **keys)
        if not is_writing():
            catch_up_quietly()
        return result

    return done


def _claim_log() -> None:
    """Claim the log for one at a time, in all processes; SQLite's write lock does this already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _next_piece() -> bool:
    """Take in the next records, competition by competition; False where there were none."""
    newest = newest_checkpoint()
    reached = dict(newest.reached) if newest else {}
    told: list[Told] = []
    room, looked = _PIECE, False
    for competition in db.session.scalars(select(Competition).order_by(Competition.id)):
        key = str(competition.id)
        records = _not_too_many(records_after(competition.id, reached.get(key, 0), room))
        if not records:
            continue
        looked = True
        reached[key] = records[-1].seq
        leaves = list(leaves_of(competition, records))
        told += leaves
        room -= max(len(records), len(leaves) * _PIECE // _HEAVY)
        if room <= 0:
            break
    if not looked:
        return False
    if told or newest is None:
        append(told, reached)
    else:
        newest.reached = reached
    return True


def _not_too_many(records: Sequence[Record]) -> Sequence[Record]:
    """The first of them, at least one, up to about `_HEAVY` leaves."""
    leaves = accumulate(_leaves(record.after) for record in records)
    light = sum(1 for so_far in leaves if so_far <= _HEAVY)
    return records[: max(1, light)]


def _leaves(after: object) -> int:
    values = after.values() if isinstance(after, dict) else ()
    return max((len(each) for each in values if isinstance(each, list)), default=1)


SECONDS = 30.0


class KeepingUp:
    """The thread of one process; `stop` ends it. Of several processes each finds what is left."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._here, self._seconds = installation_here(), seconds
        self._over = threading.Event()
        self._seen = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)

    def start(self) -> None:
        """Begin; in a process that doesn't fork any more."""
        self._thread.start()

    def stop(self) -> None:
        """Stop keeping up, and wait for the end of that."""
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._seconds):
            try:
                with self._here.inside():
                    self._look()
            except Exception:
                # A database put back, a full disk: the next turn will see.
                _log.exception("the log was not looked after")

    def _look(self) -> None:
        newest = db.session.scalar(select(func.max(AuditEntry.id))) or 0
        if newest == self._seen:
            return
        if is_behind():
            catch_up_quietly()
        if not is_behind():
            self._seen = newest


def keep_log_up(seconds: float = SECONDS) -> KeepingUp:
    """Start keeping up for this process and the installation that the session belongs to."""
    found = KeepingUp(seconds)
    found.start()
    return found
