"""Rank tables of the hall, who may be named in them, and their snapshots in the database.

A table is worked out once for each change.

A screen never causes more than one scoring for one change, whatever the number
of screens and of server processes. `version` is how many rows the audit chain
has: it grows with every change that can move a result.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from decimal import Decimal

import msgspec
from sqlalchemy import ColumnElement, Select, delete, select

from compete.domain.bundle import event_types
from compete.domain.bundle.results import EventResults, StageRow
from compete.domain.hall import BoardRow, BoardTable, SnapshotPurpose
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.states import HANDED_IN, CompetitionState, SheetState
from compete.models import BoardSnapshot, Competition, Entrant, Event, HallBoard, Sheet, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.module_keys import of_event
from compete.services.kernel.transactions import unit_of_work
from compete.services.scoring.bundle_out import export_bundle

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


def first_taken(board: HallBoard) -> datetime | None:
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


_MOST_COLUMNS = 3
_ANNOUNCED = (CompetitionState.NOTICE, CompetitionState.FINAL)


def names_open(event: Event) -> bool:
    """True if people may be named: always in an open event, else once all is announced."""
    return not event.blind or event.competition.state in _ANNOUNCED


def stage_at_work(event: Event) -> event_types.Stage:
    """The last stage that was begun, or the first: what goes on at the stations."""
    return _last(event, Sheet.state != SheetState.WITHDRAWN)


def _stage_on_show(event: Event) -> event_types.Stage:
    """The last stage of which a sheet is in, or the first."""
    return _last(event, Sheet.state.in_(HANDED_IN))


def _last(event: Event, which: ColumnElement[bool]) -> event_types.Stage:
    rules = rules_of(event)
    codes = set(
        db.session.scalars(select(Sheet.stage).where(of_event(Sheet, event), which).distinct())
    )
    return next((stage for stage in reversed(rules.stages) if stage.code in codes), rules.stages[0])


def board_table(competition: Competition, event: Event) -> BoardTable:
    """The table of everybody who has a rank in the stage on show, best first."""
    stage = _stage_on_show(event)
    scorer = Scorer(export_bundle(competition))
    of_event = next(
        event_results for event_results in scorer.results.events if event_results.code == event.code
    )
    rows = next(
        stage_results.standings
        for stage_results in of_event.stages
        if stage_results.code == stage.code
    )
    ranked = sorted(
        (row for row in rows if row.rank is not None and row.total is not None),
        key=lambda row: (row.rank, row.entrant),
    )
    columns = _columns(rules_of(event), stage)
    carried = _carried(of_event, stage)
    people = _people(event)
    first = Decimal(ranked[0].total or 0) if ranked else Decimal(0)
    return BoardTable(
        rows=tuple(_row(row, columns, people[row.entrant], first, carried) for row in ranked),
        columns=tuple(name for _kind, _code, name in columns),
        stage=stage.name,
    )


def _columns(rules: event_types.Event, stage: event_types.Stage) -> list[tuple[str, str, str]]:
    """The columns (kind, code, name) of the shares of the total; none where they would not fit.

    An earlier stage that counts stands before them where there is room.
    """
    before = stage.carry.from_ if stage.carry else None
    earlier = [("stage", it.code, it.name) for it in rules.stages if it.code == before]
    shares = [("part", part.code, part.name) for part in stage.parts]
    shares += [("module", module.code, module.name) for module in stage.modules if not module.part]
    fits = (it for it in ([*earlier, *shares], shares) if 1 < len(it) <= _MOST_COLUMNS)
    return next(fits, [])


def _carried(results: EventResults, stage: event_types.Stage) -> dict[str, str | None]:
    """The total of an earlier stage that counts in this one's, by entrant."""
    before = stage.carry.from_ if stage.carry else None
    rows = (it.standings for it in results.stages if it.code == before)
    return {row.entrant: row.total for standings in rows for row in standings}


def _people(event: Event) -> dict[str, tuple[str, str, str]]:
    """The number, name and unit of each entrant; in a coded event the code alone."""
    rows = db.session.scalars(select(Entrant).where(Entrant.event_id == event.id)).all()
    if names_open(event):
        return {row.code: (row.code, row.name, row.unit.name) for row in rows}
    pairs = db.session.execute(
        select(Sheet.entrant_id, Sheet.label).where(of_event(Sheet, event)).distinct()
    ).tuples()
    labels = dict(pairs.all())
    return {row.code: (labels.get(row.id, "—"), "", "") for row in rows}


def _row(
    row: StageRow,
    columns: list[tuple[str, str, str]],
    person: tuple[str, str, str],
    first: Decimal,
    carried: dict[str, str | None],
) -> BoardRow:
    assert row.rank is not None
    assert row.total is not None
    number, name, unit = person
    behind = Decimal(row.total) - first
    return BoardRow(
        rank=row.rank,
        number=number,
        name=name,
        unit=unit,
        total=row.total,
        gap=f"{behind}".replace("-", "−") if behind else "",
        values=tuple(_value(row, kind, code, carried) for kind, code, _name in columns),
    )


def _value(row: StageRow, kind: str, code: str, carried: dict[str, str | None]) -> str:
    if kind == "stage":
        return carried.get(row.entrant) or "—"
    if kind == "part":
        return row.parts.get(code) or "—"
    module = row.modules.get(code)
    return (module.score if module else None) or "—"
