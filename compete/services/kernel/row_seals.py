"""Seals over rows, taken as the unit of work that changed them ends.

Whatever a unit of work adds, changes or deletes in a sealed table is noted at
the flush; before the commit each such row is read back as the database keeps
it, and a `RowSeal` is added with a keyed digest of each sealed column that was
written: of a new row all, of another those that changed, so that what somebody
else changed meanwhile is not sealed with them. The seals of one competition are
vouched for by one record of its audit chain, in its column `rows`:
`{"first", "last", "count", "sha256"}`. So neither a row
nor its seal can be changed, slipped in, taken away or brought back to an
earlier state without `row_checks` telling it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Text, bindparam, delete, event, insert, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session

from compete.models import Competition, RowSeal, db
from compete.models.compiled_statements import Prepared, table_of
from compete.services.kernel import audit
from compete.services.kernel.batch_seals import GrowingSeal, batch_seal
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.numbering import reserve_ids
from compete.services.kernel.row_digests import DigestedRow, digests_of, rows_of, sealed_tables

_NOTED = "rows changed"
_BEGUN = "seals put before the end"
_COLUMNS = ("competition_id", "table_name", "row_id", "columns", "gone")
_PUT = Prepared(insert(table_of(RowSeal)).returning(RowSeal.id), columns=_COLUMNS)
_LAST = (
    select(RowSeal.competition_id)
    .where(RowSeal.table_name == bindparam("table"), RowSeal.row_id == bindparam("row"))
    .order_by(RowSeal.id.desc())
    .limit(1)
)
_SEALED = frozenset(sealed_tables())
_CHUNK = 500
_COMPETITIONS = "competition"
_FIRST = "sealed for the first time"
_AS_JSON = msgspec.json.Encoder().encode
_PUT_ALL = insert(table_of(RowSeal)).values(columns=bindparam("columns", type_=Text))
"""For SQLite, which keeps JSON as a text: this one is made several times faster."""
_PUT_MANY = insert(table_of(RowSeal)).returning(RowSeal.id, sort_by_parameter_order=True)
Noted = dict[str, dict[int, frozenset[str]]]
"""By table and row, the columns that were written; `_WHOLE` for all of them."""
_WHOLE = frozenset({"*"})
_Seal = dict[str, Any]


class UnsealedWriteError(RuntimeError):
    """A sealed table was written past the session without a word: a mistake in the program."""


# --- what changed -----------------------------------------------------------


def note(table: str, row: int, *columns: str) -> None:
    """Say that a row was written past the session; it is sealed as the unit of work ends.

    `columns` are those that were written; none for a row that is new.
    """
    _remember(_session_notes(db.session()), table, row, frozenset(columns) or _WHOLE)


def delete_noted(table: type[Any], rows: Sequence[int]) -> None:
    """Take these rows of a sealed table away, noted, in few statements."""
    for row in rows:
        note(table.__tablename__, row)
    for chunk in in_chunks(rows):
        db.session.execute(
            delete(table).where(table.id.in_(chunk)),
            execution_options={"noted": True},
        )


def _remember(noted: Noted, table: str, row: int, columns: frozenset[str]) -> None:
    rows = noted.setdefault(table, {})
    rows[row] = rows.get(row, frozenset()) | columns


def _session_notes(session: Session) -> Noted:
    noted: Noted = session.info.setdefault(_NOTED, {})
    return noted


def forget(session: Session) -> None:
    """Drop what was noted: the unit of work is over, or was rolled back."""
    session.info.pop(_NOTED, None)
    session.info.pop(_BEGUN, None)
    audit.forget(session)


@event.listens_for(Session, "after_flush")
def _note_flushed(session: Session, _context: object) -> None:
    noted = _session_notes(session)
    for row in (*session.new, *session.deleted):
        if row.__tablename__ in _SEALED:
            _remember(noted, row.__tablename__, row.id, _WHOLE)
    for row in session.dirty:
        if row.__tablename__ in _SEALED and (columns := _columns_written(row)):
            _remember(noted, row.__tablename__, row.id, columns)


def _columns_written(row: Any) -> frozenset[str]:
    """The columns of a row that this flush writes."""
    state = inspect(row)
    return frozenset(
        kept.columns[0].name
        for kept in state.mapper.column_attrs
        if state.attrs[kept.key].history.has_changes()
    )


@event.listens_for(Session, "do_orm_execute")
def _refuse_silent_writes(state: ORMExecuteState) -> None:
    """Refuse statements that write a sealed table without `execution_options(noted=True)`."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    table = mapper.local_table.name if mapper is not None else ""  # type: ignore[attr-defined]
    if table in _SEALED and not state.execution_options.get("noted"):
        raise UnsealedWriteError(f"{table} is sealed: note the rows that this writes")


# --- taking seals -----------------------------------------------------------


def seal_changes(session: Session) -> None:
    """Seal all rows that the unit of work has changed so far, and record that it did."""
    session.flush()
    noted: Noted = session.info.pop(_NOTED, {})
    if noted or session.info.get(_BEGUN):
        _seal(session.connection(), noted)


def _seal(connection: Connection, noted: Noted) -> None:
    by_home: dict[int | None, list[_Kept]] = defaultdict(list)
    for table in sorted(noted):
        sealed = set()
        of_table = noted[table]
        for row in rows_of(
            connection, table, of_table, wanted_of=partial(_column_choice, of_table)
        ):
            sealed.add(row.id)
            written = of_table[row.id]
            if row.digests:
                by_home[row.home].append(
                    _row_to_keep(row_seal(row.home, table, row.id, row.digests))
                )
            if table == _COMPETITIONS and written >= _WHOLE:
                by_home[None].append(_row_to_keep(_seal_there(row)))
        for number in sorted(noted[table].keys() - sealed):
            last = connection.execute(_LAST, {"table": table, "row": number}).first()
            # What was added and deleted in one unit of work never was.
            if last is not None:
                by_home[last[0]].append(
                    _row_to_keep(row_seal(last[0], table, number, {}, gone=True))
                )
    for home in dict.fromkeys([*by_home, *seals_begun(db.session())]):
        _vouch(connection, home, map(_whole, by_home[home]))


class _Kept(NamedTuple):
    """A seal that waits to be put: of many thousands a dict each would be a tenth of the memory."""

    home: int | None
    table: str
    row: int
    columns: tuple[str, ...]
    digests: str
    gone: bool


def _row_to_keep(seal: _Seal) -> _Kept:
    home, table, row, columns, gone = (seal[key] for key in _COLUMNS)
    return _Kept(home, table, row, _alike(tuple(columns)), " ".join(columns.values()), gone)


@lru_cache(maxsize=2000)
def _alike(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns as one object for all rows in which the same ones were written."""
    return columns


def _whole(kept: _Kept) -> _Seal:
    digests = dict(zip(kept.columns, kept.digests.split(), strict=True))
    return row_seal(kept.home, kept.table, kept.row, digests, gone=kept.gone)


def seals_begun(session: Session) -> dict[int | None, GrowingSeal]:
    """The seal, by chain, over seals that were put already in this unit of work."""
    seals: dict[int | None, GrowingSeal] = session.info.setdefault(_BEGUN, {})
    return seals


def _column_choice(noted: Mapping[int, frozenset[str]], row: int) -> Callable[[str], bool]:
    """Choose which columns of a row are sealed: those that were written."""
    written = noted[row]
    return _every if written >= _WHOLE else written.__contains__


def _every(_column: str) -> bool:
    return True


def _seal_there(competition: DigestedRow) -> _Seal:
    """The installation's own seal over there being that competition: its chain may be cut away."""
    return row_seal(None, _COMPETITIONS, competition.id, {"id": competition.digests["id"]})


def _vouch(
    connection: Connection, home: int | None, seals: Iterable[_Seal], first_of: str | None = None
) -> None:
    """Put seals of one chain, by its last record here, or by one more for the first of a table."""
    competition = None if home is None else db.session.get_one(Competition, home)
    audit.claim_chain(home)
    if first_of is not None:
        audit.record(competition, None, audit.SEALED, first_of, reason=_FIRST)
    begun = seals_begun(db.session()).pop(home, None)
    if begun is None:
        audit.vouch(competition, put_seals(connection, seals))
        return
    begun.add(put_portion(connection, seals))
    audit.vouch(competition, begun.seal())


def seal_columns(competition: int, table: str, row: int, changed: Mapping[str, Any]) -> _Seal:
    """The seal over the columns that a statement past the session wrote; not yet put."""
    return row_seal(competition, table, row, digests_of(table, row, changed))


def put_seals(connection: Connection, seals: Iterable[_Seal]) -> dict[str, Any]:
    """Add seals of one competition; what its record says of them under `rows`.

    Call it with the competition's chain claimed, so that its numbers lie together. They are
    read once and not kept.
    """
    return batch_seal(put_portion(connection, seals))


def put_portion(connection: Connection, seals: Iterable[_Seal]) -> Iterator[tuple[Any, ...]]:
    """Add seals; each as the record's hash has it."""
    waiting = iter(seals)
    while chunk := list(islice(waiting, _CHUNK)):
        if len(chunk) == 1:
            numbers = [int(_PUT.rows(connection, **chunk[0])[0][0])]
        elif ids := reserve_ids(connection, RowSeal, len(chunk)):
            numbers = list(ids)
            numbered = [
                {"id": number, **seal, "columns": _AS_JSON(seal["columns"]).decode()}
                for number, seal in zip(ids, chunk, strict=True)
            ]
            connection.execute(_PUT_ALL, numbered)
        else:
            result = connection.execute(_PUT_MANY, chunk)
            numbers = list(result.scalars())
        for number, seal in zip(numbers, chunk, strict=True):
            yield number, *seal.values()


def row_seal(
    home: int | None, table: str, row: int, digests: Mapping[str, str], *, gone: bool = False
) -> _Seal:
    return {
        "competition_id": home,
        "table_name": table,
        "row_id": row,
        "columns": dict(digests),
        "gone": gone,
    }


# --- the first seals of a database from before there were any ----------------


def seal_what_has_none(session: Session) -> int:
    """Seal each row of a chain that has no seals yet, and columns that came with an upgrade.

    Returns how many rows. Where a chain has seals already, a row without one
    was slipped in and stays so, and so does a chain without any beside others.
    """
    connection = session.connection()
    begun = _sealed_so_far(connection)
    there = [
        _seal_there(row)
        for row in rows_of(connection, _COMPETITIONS, None)
        if not begun or row.home in begun
    ]
    if there and (_COMPETITIONS, "id") not in begun.get(None, ()):
        _vouch(connection, None, there, _COMPETITIONS)
    total = 0
    for table in sorted(_SEALED):
        by_home: dict[int | None, list[_Seal]] = defaultdict(list)
        for row in rows_of(connection, table, None):
            known = begun.get(row.home, set())
            digests = dict(row.digests)
            if begun:
                digests = {
                    name: digest
                    for name, digest in digests.items()
                    if (table, name) not in known and (table, "id") in known
                }
            if digests:
                by_home[row.home].append(row_seal(row.home, table, row.id, digests))
        for home, seals in by_home.items():
            _vouch(connection, home, seals, table)
            total += len(seals)
    return total


def _sealed_so_far(connection: Connection) -> dict[int | None, set[tuple[str, str]]]:
    """The columns, by table, that any seal of each chain covers."""
    sealed: dict[int | None, set[tuple[str, str]]] = defaultdict(set)
    query = select(RowSeal.competition_id, RowSeal.table_name, RowSeal.columns)
    for home, table, columns in connection.execute(query).yield_per(_CHUNK):
        sealed[home] |= {(table, name) for name in columns}
    return sealed
