"""Row digests: one keyed digest for each sealed column of a row, and the row's competition.

Digests are over the values that the program reads, not over the bytes a
database keeps: so they hold on SQLite and on PostgreSQL alike, and after a move.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property, lru_cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    bindparam,
    null,
    select,
)

from compete.domain.values.canonical import SEALED_TEXTS, sealed_text
from compete.models import Base
from compete.models.types import seal_key
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.sealed_columns import TABLES, Protection

_HOME = "competition"
_CHUNK = 400
_DIGEST_BYTES = 8
_KNOWN = 100_000
_TREES = frozenset({dict, list})
UNREADABLE = "-"
"""Stands for the digest of a value that cannot even be read."""


@dataclass(frozen=True, slots=True)
class DigestedRow:
    """A row's number, its competition's (None: of the installation), and {column: digest}.

    `trees` are its values of JSON, whose digests an earlier version of the program made otherwise.
    """

    table: str
    home: int | None
    id: int
    digests: dict[str, str]
    trees: dict[str, Any]

    def is_digest(self, column: str, digest: str) -> bool:
        """True if it is the column's digest, or the one that the earlier version gave."""
        if self.digests[column] == digest:
            return True
        if column not in self.trees or self.digests[column] == UNREADABLE:
            return False
        tree = {column: self.trees[column]}
        return digests_of(self.table, self.id, tree, SEALED_TEXTS[-1])[column] == digest


@cache
def sealed_tables() -> dict[str, Table]:
    """The tables whose rows are sealed one by one, by name."""
    return {
        name: Base.metadata.tables[name]
        for name, kept in TABLES.items()
        if kept.protection is Protection.SEALED and kept.protected
    }


def sealed_columns(table: str) -> list[str]:
    """The names of a table's sealed columns, in the table's order."""
    kept = TABLES[table].protected
    columns = Base.metadata.tables[table].columns
    # Plain texts, not what the mapper makes of a name that it may have to quote: these are
    # written down as they are.
    return ["".join(column.name) for column in columns if column.name in kept]


def digests_of(
    table: str, row: int, values: Mapping[str, Any], text: Callable[[Any], bytes] = sealed_text
) -> dict[str, str]:
    """The digests in hex by column of a row's given columns; `text` writes values of JSON."""
    # Rows are sealed by the ten thousand: what each of their digests begins with is read once.
    begun = _keyed(seal_key()).copy()
    begun.update(f"{table}\0{row}\0".encode())
    digests = {}
    for name, value in values.items():
        if isinstance(value, Unreadable):
            digests[name] = UNREADABLE
            continue
        digest = begun.copy()
        digest.update(f"{name}\0{_text(value, text)}".encode("utf-8", "surrogatepass"))
        digests[name] = digest.hexdigest()
    return digests


def new_digests(table: str) -> Callable[[int, Mapping[str, Any]], dict[str, str]]:
    """Make the function that digests a new row, as `digests_of` does and several times faster.

    It is called with the row's number and its values as the database keeps them; a column that
    is not told is null.
    """
    begun = hashlib.blake2b(key=seal_key(), digest_size=_DIGEST_BYTES)
    columns = [(name, f"{name}\0".encode()) for name in sealed_columns(table) if name != "id"]
    # Of most columns there are few values.
    known: dict[tuple[type, Any], bytes] = {}

    def text_of(value: Any) -> bytes:
        kind = type(value)
        if kind is not str and kind is not Decimal and kind is not datetime:
            return _text(value, sealed_text).encode("utf-8", "surrogatepass")
        text = known.get((kind, value))
        if text is None:
            text = _text(value, sealed_text).encode("utf-8", "surrogatepass")
            if len(known) < _KNOWN:
                known[kind, value] = text
        return text

    def digests(row: int, values: Mapping[str, Any]) -> dict[str, str]:
        place = f"{table}\0{row}\0".encode()
        whole = begun.copy()
        whole.update(b"%bid\0i%d" % (place, row))
        digests = {"id": whole.hexdigest()}
        for name, column in columns:
            value = values.get(name)
            whole = begun.copy()
            whole.update(place + column if value is None else place + column + text_of(value))
            digests[name] = whole.hexdigest()
        return digests

    return digests


def rows_of(
    connection: Connection,
    table: str,
    numbers: Collection[int] | None,
    home: Any = ...,
    wanted_of: Callable[[int], Callable[[str], bool]] | None = None,
) -> Iterator[DigestedRow]:
    """The rows of these numbers, or all (of one competition), in their order.

    A value that cannot be read has the digest `UNREADABLE`. `wanted_of` says of a row by its
    number which columns are wanted; without it all are.
    """
    _query, columns = _select(table)
    reading = _reading(table, "any" if home is ... else "none" if home is None else "one")
    parameters: dict[str, Any] = {} if home is None or home is ... else {"of_home": home}
    known = connection.scalars(reading.numbers, parameters) if numbers is None else sorted(numbers)
    wanted = list(known)
    for chunk in in_chunks(wanted, _CHUNK):
        for row in _read(connection, reading, chunk, parameters):
            wants = wanted_of(row["id"]) if wanted_of is not None else None
            values = {name: row[name] for name in columns if wants is None or wants(name)}
            digests = _digests_if_any(table, row["id"], values)
            trees = {name: it for name, it in values.items() if type(it) in _TREES}
            yield DigestedRow(table, row["home"], row["id"], digests, trees)


def _digests_if_any(table: str, row: int, values: Mapping[str, Any]) -> dict[str, str]:
    try:
        return digests_of(table, row, values)
    except (ValueError, OverflowError, RecursionError):
        # JSON that no canonical text is of, as with a number beyond all bounds.
        if len(values) == 1:
            return dict.fromkeys(values, UNREADABLE)
        one_by_one = (_digests_if_any(table, row, {name: it}) for name, it in values.items())
        return {name: digest for row in one_by_one for name, digest in row.items()}


def numbers_of(connection: Connection, table: str, home: int | None) -> Iterator[int]:
    """The numbers of a table's rows of one competition (None: of the installation)."""
    reading = _reading(table, "none" if home is None else "one")
    yield from connection.scalars(reading.numbers, {} if home is None else {"of_home": home})


def homes_of(connection: Connection, table: str) -> set[Any]:
    """The numbers of all competitions that rows of a table say they are of, and None."""
    return set(connection.scalars(_homes(table)))


@cache
def _homes(table: str) -> Select[Any]:
    query, _columns = _select(table)
    return query.with_only_columns(query.selected_columns["home"]).distinct()


class Unreadable:
    """A stand-in for a value that its column's type refuses."""


def read_rows(
    connection: Connection, query: Select[Any], numbers: list[int]
) -> Iterator[Mapping[str, Any]]:
    """The rows of a query with these numbers (its column `id`), in their order.

    A value that cannot be read is `Unreadable`.
    """
    yield from _read(connection, Reading(query), numbers, {})


def _read(
    connection: Connection, reading: Reading, numbers: Sequence[int], parameters: dict[str, Any]
) -> Iterator[Mapping[str, Any]]:
    try:
        answer = connection.execute(reading.rows, parameters | {"numbers": numbers})
        keys = tuple(answer.keys())
        yield from [dict(zip(keys, row, strict=True)) for row in answer.all()]
    except Exception:
        if len(numbers) > 1:
            half = len(numbers) // 2
            yield from _read(connection, reading, numbers[:half], parameters)
            yield from _read(connection, reading, numbers[half:], parameters)
        else:
            yield _piecemeal(connection, reading, parameters | {"numbers": numbers})


def _piecemeal(
    connection: Connection, reading: Reading, parameters: dict[str, Any]
) -> dict[str, Any]:
    """Read one row column by column: what cannot be read is told as such."""
    values: dict[str, Any] = {}
    for column, single in reading.singles.items():
        try:
            values[column] = connection.scalar(single, parameters)
        except Exception:
            values[column] = Unreadable()
    return values


class Reading:
    """A query with a column `id`, limited to the numbers that are told when it is asked.

    Made once for each table: to build such a statement and to know it again costs more
    than to carry it out, and every act has its row read for its seal.
    """

    def __init__(self, query: Select[Any]) -> None:
        number = query.selected_columns["id"]
        numbers = bindparam("numbers", expanding=True, type_=number.type)
        self._query = query.where(number.in_(numbers))
        self.numbers = query.with_only_columns(number).order_by(number)
        self.rows = self._query.order_by(number)

    @cached_property
    def singles(self) -> dict[str, Select[Any]]:
        """The statements, one for each column."""
        columns = self._query.selected_columns
        return {column.key or "": self._query.with_only_columns(column) for column in columns}


@cache
def _reading(table: str, whose: Literal["any", "none", "one"]) -> Reading:
    query, _columns = _select(table)
    place = query.selected_columns["home"]
    if whose == "none":
        query = query.where(place.is_(None))
    elif whose == "one":
        query = query.where(place == bindparam("of_home", type_=place.type))
    return Reading(query)


@cache
def _select(name: str) -> tuple[Select[Any], list[str]]:
    """A statement for a table's sealed columns and `home`, and the columns' names."""
    table = Base.metadata.tables[name]
    plain = sealed_columns(name)
    home, source = _home(table)
    columns = [table.c[column] for column in plain]
    return select(*columns, home.label("home")).select_from(source), plain


def _home(table: Table) -> tuple[ColumnElement[Any], FromClause]:
    """The competition of a row, by the shortest way of foreign keys that are never null."""
    if table.name == _HOME:
        return table.c.id, table
    waiting: deque[tuple[Table, FromClause]] = deque([(table, table)])
    seen = {table.name}
    while waiting:
        here, source = waiting.popleft()
        ways = [
            (column, key.column.table) for column in here.columns for key in column.foreign_keys
        ]
        for column, target in ways:
            if target.name == _HOME:
                return column, source
        for column, target in ways:
            if not column.nullable and target.name not in seen:
                seen.add(target.name)
                waiting.append((target, source.outerjoin(target, column == target.c.id)))
    return null(), table


@lru_cache(maxsize=4)
def _keyed(key: bytes) -> hashlib.blake2b:
    """A hash that has read the key and nothing yet; to be copied."""
    return hashlib.blake2b(key=key, digest_size=_DIGEST_BYTES)


@lru_cache(maxsize=2000)
def _instant(at: datetime) -> str:
    """An instant as a text; rows that were written together share it."""
    return f"t{at.astimezone(UTC).isoformat(timespec='microseconds')}"


def _text(value: Any, text: Callable[[Any], bytes]) -> str:
    """A value as a text that no value of another kind has."""
    kind = type(value)
    # Most values are of these two, and every row of the database is read.
    if kind is str:
        return "s" + value  # type: ignore[no-any-return]
    if value is None:
        return ""
    match value:
        case Enum():
            return f"s{value.value}"
        case str():
            return f"s{value}"
        case bool():
            return f"b{int(value)}"
        case int():
            return f"i{value}"
        case Decimal():
            return f"d{value.normalize():f}"
        case datetime():
            return _instant(value)
        case date():
            return f"a{value.isoformat()}"
        case bytes():
            return f"y{value.hex()}"
        case _:
            return f"j{text(value).decode('utf-8', 'surrogatepass')}"
