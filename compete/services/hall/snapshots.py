"""Snapshots of a board's rank table, kept in the database.

A table is worked out once for each change.

A screen never causes more than one scoring for one change, whatever the number
of screens and of server processes. `version` is how many rows the audit chain
has: it grows with every change that can move a result.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Select, delete, select

from compete.domain.hall import BoardTable, SnapshotPurpose
from compete.models import BoardSnapshot, Competition, HallBoard, db, utc_now
from compete.services.hall.board_table import board_table
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work

# While marks come in every second, one scoring in so long is enough for a screen.
LEAST = timedelta(seconds=3)
# Live tables older than any delay are thrown away.
LONGEST_DELAY = timedelta(minutes=30)

_working = threading.Lock()


def live_snapshot(board: HallBoard, *, at_once: bool = False) -> BoardSnapshot:
    """The newest live table; worked out anew where something has changed since.

    `at_once` does not wait out `LEAST`.
    """
    competition = board.event.competition

    def stale(it: BoardSnapshot) -> bool:
        return _is_stale(it.version, it.taken_at, competition, at_once)

    newest = latest_snapshot(board, SnapshotPurpose.LIVE)
    if newest is not None and not stale(newest):
        return newest
    with _working:
        db.session.rollback()
        newest = latest_snapshot(board, SnapshotPurpose.LIVE)
        if newest is not None and not stale(newest):
            return newest
        return _work_out(board)


def shown_snapshot(board: HallBoard) -> BoardSnapshot | None:
    """The live table as old as the board's delay wants it, or None while there is none."""
    number = shown_number(board)
    return db.session.get_one(BoardSnapshot, number) if number is not None else None


def shown_number(board: HallBoard) -> int | None:
    """The row number of `shown_snapshot`; its table is not read where nothing has changed."""
    columns = (BoardSnapshot.id, BoardSnapshot.version, BoardSnapshot.taken_at)
    live = _of(board, SnapshotPurpose.LIVE).with_only_columns(*columns).limit(1)
    newest = db.session.execute(live).first()
    if newest is None or _is_stale(
        newest.version, newest.taken_at, board.event.competition, at_once=False
    ):
        number: int = live_snapshot(board).id
    else:
        number = newest.id
    if not board.delay_seconds:
        return number
    late = utc_now() - timedelta(seconds=board.delay_seconds)
    old = db.session.execute(live.where(BoardSnapshot.taken_at <= late)).first()
    return old.id if old is not None else None


def oldest_table_time(board: HallBoard) -> datetime | None:
    """The time when the oldest live table that is kept was taken."""
    return db.session.scalar(
        select(BoardSnapshot.taken_at)
        .where(BoardSnapshot.board_id == board.id, BoardSnapshot.purpose == SnapshotPurpose.LIVE)
        .order_by(BoardSnapshot.id)
        .limit(1)
    )


def latest_snapshot(board: HallBoard, purpose: SnapshotPurpose) -> BoardSnapshot | None:
    """The last table stored for this purpose."""
    return db.session.scalar(_of(board, purpose).limit(1))


def keep(
    board: HallBoard, purpose: SnapshotPurpose, table: BoardSnapshot | None = None
) -> BoardSnapshot:
    """Store a table for good: a copy of `table`, or what is true at this moment.

    Must be called inside a unit of work.
    """
    if table is None:
        table = _work_out(board)
    copy = BoardSnapshot(
        board_id=board.id,
        purpose=purpose,
        version=table.version,
        content=table.content,
        taken_at=table.taken_at,
    )
    db.session.add(copy)
    db.session.flush()
    return copy


def read_table(snapshot: BoardSnapshot) -> BoardTable:
    """The stored table as a value."""
    return msgspec.convert(snapshot.content, BoardTable)


def _of(board: HallBoard, purpose: SnapshotPurpose) -> Select[tuple[BoardSnapshot]]:
    return (
        select(BoardSnapshot)
        .where(BoardSnapshot.board_id == board.id, BoardSnapshot.purpose == purpose)
        .order_by(BoardSnapshot.id.desc())
    )


def _is_stale(version: int, taken_at: datetime, competition: Competition, at_once: bool) -> bool:
    if version == audit.count(competition):
        return False
    return at_once or utc_now() - taken_at >= LEAST


def _work_out(board: HallBoard) -> BoardSnapshot:
    """Score and store; the table that was newest before stays for delayed screens."""
    competition = board.event.competition
    version = audit.count(competition)
    taken_at = utc_now()
    content = msgspec.to_builtins(board_table(competition, board.event))
    board_id = board.id
    with unit_of_work() as session:
        snapshot = BoardSnapshot(
            board_id=board_id,
            purpose=SnapshotPurpose.LIVE,
            version=version,
            content=content,
            taken_at=taken_at,
        )
        session.add(snapshot)
        session.execute(
            delete(BoardSnapshot)
            .where(
                BoardSnapshot.board_id == board_id,
                BoardSnapshot.purpose == SnapshotPurpose.LIVE,
                BoardSnapshot.taken_at < taken_at - 2 * LONGEST_DELAY,
            )
            .execution_options(synchronize_session=False)
        )
    return snapshot
