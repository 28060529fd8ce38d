"""Row checks: whether every sealed row still says what the program last wrote."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Select, select

from compete.domain.values.canonical import SEALED_TEXTS
from compete.domain.values.messages import Message, msg
from compete.models import AuditEntry, Base, RowSeal, db
from compete.services.kernel import audit
from compete.services.kernel.batch_seals import GrowingSeal
from compete.services.kernel.chain_checks import sound_records
from compete.services.kernel.chains import Chain, chain_number
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.progress import passed
from compete.services.kernel.row_digests import (
    UNREADABLE,
    DigestedRow,
    Unreadable,
    numbers_of,
    read_rows,
    rows_of,
    sealed_tables,
)
from compete.services.kernel.sealed_columns import TABLES, Protection

_COLUMNS = (
    *(RowSeal.id, RowSeal.competition_id, RowSeal.table_name, RowSeal.row_id),
    *(RowSeal.columns, RowSeal.gone),
)

_CHUNK, _PORTION = 400, 4000
_SPOILT = msg("读不出来，写入后被改过")
_NEW = "id"
"""The column that is sealed with a new row alone."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that is not what was sealed: table, row, and column where one is known."""

    table: str
    row: int
    column: str | None
    fault: Message

    @property
    def place(self) -> str:
        """The place: table, row and column as `compete verify` prints them."""
        return " ".join(filter(None, (self.table, str(self.row), self.column)))


@dataclass(slots=True)
class StandingSeal:
    """The content that the seals of one row give together, the later over the earlier."""

    columns: dict[str, str]
    gone: bool


def check_rows(
    chain: Chain,
    tables: Collection[str] | None = None,
    *,
    broken: bool = False,
    filled: Collection[str] | None = None,
) -> Iterator[RowFault]:
    """Find every row of a competition (None: of the installation) that differs from its seals.

    `tables` narrows what is looked at. Where it is known which tables have rows of the chain at
    all (`filled`), of the others those are looked at that a seal names. A database from before
    there were seals has none to compare with; where there are any, every chain has its own.

    Of a `broken` chain the records count that hold by themselves. Seals that none of them
    vouches for are taken at their word, since nobody makes any without the key, and told in one
    line: some of them may be gone, and then what the program wrote last looks changed.
    """
    home = chain_number(chain)
    connection = db.session.connection()
    batches = _told_by(sound_records(chain)) if broken else _batch_records(home)
    if not batches and connection.scalar(select(RowSeal.id).limit(1)) is None:
        return
    named: set[str] = set()
    yield from _check_seals(connection, home, batches, None, named, broken=broken)
    of_batches = None if broken else _Batches(batches)
    for table in sorted(sealed_tables()):
        if filled is not None and table not in filled and table not in named:
            continue
        if tables is None or table in tables:
            yield from _check_table(connection, table, home, of_batches)
    if home is None:
        yield from _check_homeless(connection, tables)


@dataclass(frozen=True, slots=True)
class StandingSeals:
    """The content of a chain's seals: by table and row, and what is wrong with the seals."""

    rows: dict[str, dict[int, StandingSeal]]
    faults: list[RowFault]


def standing_seals(connection: Connection, home: int | None) -> StandingSeals:
    """Put together the seals of a competition (None: of the installation)."""
    standing: dict[str, dict[int, StandingSeal]] = defaultdict(dict)
    return StandingSeals(
        standing, list(_check_seals(connection, home, _batch_records(home), standing))
    )


def unreadable_cells() -> Iterator[str]:
    """Find every value of the database that cannot be read: table, row and column."""
    connection = db.session.connection()
    for table in Base.metadata.sorted_tables:
        if "id" not in table.columns:
            continue
        query = select(table).order_by(table.columns.id)
        try:
            connection.execute(query).all()
        except Exception:
            numbers = list(connection.scalars(query.with_only_columns(table.columns.id)))
            for chunk in in_chunks(numbers, _CHUNK):
                for row in read_rows(connection, query, list(chunk)):
                    spoilt = (name for name in row if isinstance(row[name], Unreadable))
                    yield from (
                        RowFault(table.name, row["id"], name, _SPOILT).place for name in spoilt
                    )


def _batch_records(home: int | None) -> list[dict[str, Any]]:
    """List the chain's records of its batches of seals; those of former keys are gone."""
    query = (
        select(AuditEntry.rows, AuditEntry.action, AuditEntry.after)
        .where(AuditEntry.competition_id == home)
        .order_by(AuditEntry.seq)
    )
    return _told_by(db.session.execute(query).tuples())


def _told_by(records: Iterable[tuple[Any, str, Any]]) -> list[dict[str, Any]]:
    """The same of these records: what they vouch for, their action, and what they say."""
    batches, before = [], 0
    for rows, action, after in records:
        if isinstance(rows, dict):
            batches.append(rows)
        if action == audit.KEY_CHANGED and isinstance(after, dict):
            before = max(before, after.get("seals", 0))
    return [rows for rows in batches if rows["last"] > before]


def _check_seals(
    connection: Connection,
    home: int | None,
    records: list[dict[str, Any]],
    standing: dict[str, dict[int, StandingSeal]] | None,
    named: set[str] | None = None,
    *,
    broken: bool = False,
) -> Iterator[RowFault]:
    """Compare the seals with the chain, and gather what they say in `standing`, if it is given.

    The tables that they name are added to `named`.
    """
    query = select(*_COLUMNS).where(RowSeal.competition_id == home)
    batches = _Batches(records)
    nobodys, first_nobody = 0, 0
    for row in _all_seals(connection, query):
        number = row["id"]
        if named is not None:
            named.add(row["table_name"])
        batch = batches.of(number)
        if batch is None:
            nobodys, first_nobody = nobodys + 1, first_nobody or number
            if not broken:
                yield RowFault("row_seal", number, None, msg("多出没有登记的封存"))
                continue
        else:
            batches.add(batch, tuple(row.values()))
        if standing is not None:
            _lay_over(standing[row["table_name"]], row)
    if broken and nobodys:
        what = msg("%(n)s 条封存没有作数的记录登记，照它们对照的可能不全", n=nobodys)
        yield RowFault("row_seal", first_nobody, None, what)
    for record in batches.unfitting():
        first, last = record["first"], record["last"]
        # Sealed by an earlier version, perhaps.
        again = _all_seals(connection, query.where(RowSeal.id.between(first, last)))
        if _is_batch(record, again, SEALED_TEXTS[-1]):
            continue
        what = msg("第 %(first)s 到 %(last)s 条封存写入后被改过", first=first, last=last)
        yield RowFault("row_seal", first, None, what)


def _lay_over(standing: dict[int, StandingSeal], row: Mapping[str, Any]) -> None:
    """Lay what a seal says over what earlier ones of its row say."""
    columns, number = row["columns"], row["row_id"]
    if isinstance(columns, dict) and isinstance(number, int):
        # Else it is no longer what its batch was sealed with, which is told of the batch.
        stands = standing.setdefault(number, StandingSeal({}, gone=False))
        stands.columns |= columns
        stands.gone = row["gone"]


class _Batches:
    """The batches of a chain's seals, each with the seal over those seen so far."""

    def __init__(self, records: list[dict[str, Any]]) -> None:
        self._records = records
        self._firsts = [record["first"] for record in records]
        self._seen: dict[int, GrowingSeal] = {}
        self._spoilt: set[int] = set()

    def of(self, number: int) -> int | None:
        """The batch that a seal of this number belongs to; None where nobody vouches for it."""
        batch = bisect_right(self._firsts, number) - 1
        return None if batch < 0 or number > self._records[batch]["last"] else batch

    def add(self, batch: int, row: tuple[Any, ...]) -> None:
        """Add the next seal of a batch."""
        seal = self._seen.setdefault(batch, GrowingSeal())
        if not _is_added(seal, row):
            self._spoilt.add(batch)

    def unfitting(self) -> Iterator[dict[str, Any]]:
        """The records whose batches are no longer what they were written with."""
        for batch, record in enumerate(self._records):
            seal = self._seen.get(batch)
            if seal is None or batch in self._spoilt or seal.seal() != record:
                yield record


def _is_batch(
    record: dict[str, Any], rows: Iterable[Mapping[str, Any]], text: Callable[[Any], bytes]
) -> bool:
    """True if the record's seal is over these rows, as `text` writes them."""
    seal, any_there = GrowingSeal(text), False
    for row in rows:
        any_there = True
        if not _is_added(seal, tuple(row.values())):
            return False
    return any_there and seal.seal() == record


def _is_added(seal: GrowingSeal, row: tuple[Any, ...]) -> bool:
    """Add a row to a seal; False where it cannot be read, or has no text."""
    if any(isinstance(value, Unreadable) for value in row):
        return False
    try:
        seal.add([row])
    except ValueError:
        return False
    return True


def _all_seals(connection: Connection, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    """The seals of a query in the order of their numbers, some at a time."""
    after = 0
    while True:
        here = query.where(RowSeal.id > after).order_by(RowSeal.id).limit(_PORTION)
        portion = list(_seals(connection, here))
        yield from portion
        passed(len(portion))
        if len(portion) < _PORTION:
            return
        after = portion[-1]["id"]


def _seals(connection: Connection, query: Select[Any]) -> Iterator[Mapping[str, Any]]:
    try:
        answer = connection.execute(query)
        keys = tuple(answer.keys())
        yield from [dict(zip(keys, row, strict=True)) for row in answer.all()]
    except Exception:
        # One of them was spoilt: the others are read without it.
        numbers = connection.scalars(query.with_only_columns(RowSeal.id)).all()
        for chunk in in_chunks(numbers, _CHUNK):
            yield from read_rows(connection, query.limit(None), list(chunk))


def _check_homeless(connection: Connection, tables: Collection[str] | None) -> Iterator[RowFault]:
    """Find rows of what is sealed by the batch that hang on a row which is not there."""
    for name, kept in TABLES.items():
        if kept.protection is Protection.BATCHED and (tables is None or name in tables):
            for row in rows_of(connection, name, None, None):
                yield RowFault(name, row.id, None, msg("所属的那一行不存在"))


def _check_table(
    connection: Connection, table: str, home: int | None, batches: _Batches | None
) -> Iterator[RowFault]:
    """Compare a table's rows with their seals, so many numbers at a time.

    Seals that none of the `batches` vouches for count nothing; without it all do.
    """
    there = array("q", numbers_of(connection, table, home))
    own = (RowSeal.competition_id == home, RowSeal.table_name == table)
    of_row = select(RowSeal.row_id).where(*own).distinct()
    named = connection.scalars(of_row.order_by(RowSeal.row_id))
    # Eight bytes a number, of however many rows.
    sealed = array("q", (number for number in named if isinstance(number, int)))
    numbers = (number for number, _same in groupby(merge(sealed, there)))
    while part := list(islice(numbers, _PORTION)):
        standing: dict[int, StandingSeal] = {}
        query = select(*_COLUMNS).where(*own, RowSeal.row_id.between(part[0], part[-1]))
        for row in _seals(connection, query.order_by(RowSeal.id)):
            if batches is None or batches.of(row["id"]) is not None:
                _lay_over(standing, row)
        yield from _check_part(connection, table, home, part, standing)
        passed(len(part))


def _check_part(
    connection: Connection,
    table: str,
    home: int | None,
    part: Sequence[int],
    standing: dict[int, StandingSeal],
) -> Iterator[RowFault]:
    there = {row.id: row for row in rows_of(connection, table, part, home)}
    absent = standing.keys() - there.keys()
    # A row whose way to its competition was changed is found by its number.
    moved = {row.id: row for row in rows_of(connection, table, absent)} if absent else {}
    if home is None:
        # What hangs on a row that was taken away is compared where it belonged.
        elsewhere = _sealed_elsewhere(connection, table, there.keys() - standing.keys())
        there = {number: row for number, row in there.items() if number not in elsewhere}
    gone = {number for number in moved if standing[number].gone}
    given_again = _given_again(connection, table, home, gone)
    for number in sorted((standing.keys() | there.keys()) - given_again):
        stands = standing.get(number)
        row = there.get(number) or moved.get(number)
        if stands is None or (row is not None and _NEW not in stands.columns):
            # Also one that the program has written since, not knowing whose it was.
            yield RowFault(table, number, None, msg("多出没有登记的一行"))
        elif row is None:
            if not stands.gone:
                yield RowFault(table, number, None, msg("登记过的一行不见了"))
        elif stands.gone:
            yield RowFault(table, number, None, msg("删掉的一行又回来了"))
        else:
            yield from _compare(table, row, stands.columns)


def _given_again(
    connection: Connection, table: str, home: int | None, numbers: Collection[int]
) -> set[int]:
    """Those numbers of deleted rows that the database has given to a row elsewhere since.

    That row is compared where its own last seal stands.
    """
    if not numbers:
        return set()
    query = (
        select(RowSeal.row_id, RowSeal.competition_id, RowSeal.gone)
        .where(RowSeal.table_name == table, RowSeal.row_id.in_(list(numbers)))
        .order_by(RowSeal.id)
    )
    last = {row: (where, gone) for row, where, gone in connection.execute(query).tuples()}
    return {row for row, (where, gone) in last.items() if where != home and not gone}


def _sealed_elsewhere(connection: Connection, table: str, numbers: Collection[int]) -> set[int]:
    if not numbers:
        return set()
    query = select(RowSeal.row_id).where(
        RowSeal.table_name == table,
        RowSeal.competition_id.is_not(None),
        RowSeal.row_id.between(min(numbers), max(numbers)),
    )
    return set(connection.scalars(query)) & set(numbers)


def _compare(table: str, row: DigestedRow, sealed: dict[str, str]) -> Iterator[RowFault]:
    for column, digest in row.digests.items():
        # A column that came with an upgrade is sealed by `compete db upgrade`.
        if column not in sealed:
            continue
        if digest == UNREADABLE:
            yield RowFault(table, row.id, column, _SPOILT)
        elif not row.is_digest(column, sealed[column]):
            yield RowFault(table, row.id, column, msg("写入后被改过"))
