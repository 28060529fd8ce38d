"""Moving an installation's data from one database into another, of either kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    func,
    insert,
    inspect,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.types import TypeEngine

from compete.domain.values.messages import msg
from compete.models import Base
from compete.models.types import EncryptedBytes, EncryptedText
from compete.services.backups.facts import Facts, engine_for, facts_of
from compete.services.backups.manifest import KeepingError
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.progress import passed

_CHUNK = 500


def refuse_unless_empty(url: str) -> None:
    """Raise `KeepingError` if there is any table already: nothing is ever written over."""
    engine = engine_for(url)
    with engine.connect() as connection:
        if inspect(connection).get_table_names():
            raise KeepingError(
                msg(
                    "目标数据库里已经有表了，换一个空的；只对它运行过 compete db upgrade 的，"
                    "删掉重建（dropdb、createdb）。什么也没有改"
                )
            )


def make_private(url: str) -> None:
    """See to it that a database which is a file can be read by its owner alone."""
    path = make_url(url).database
    if url.startswith("sqlite") and path:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        Path(path).chmod(0o600)


def copy_rows(source: str, target: str) -> Facts:
    """Copy every row of every table into a database that has the same tables; what it held.

    All or nothing; each row is read back, and held to what it was. What is sealed stays sealed,
    and texts of JSON keep every character, since records are hashed over what they say. Raises
    `KeepingError` if a table is not copied whole, or a row is not what it was.
    """
    tables = list(plain_tables())
    with (
        engine_for(source).connect() as reading,
        engine_for(target).connect() as writing,
    ):
        if reading.dialect.name == "postgresql":
            reading = reading.execution_options(isolation_level="REPEATABLE READ")
        with writing.begin():
            for table in reversed(tables):
                writing.execute(table.delete())
            for table in tables:
                _copy_table(reading, writing, table)
                _number_on(writing, table)
            before, after = facts_of(reading), facts_of(writing)
            if before.tables != after.tables or before.chains != after.chains:
                raise KeepingError(msg("搬过去的行数或记录链和原来的不一样，没有写入"))
    return after


def plain_tables() -> Iterator[Table]:
    """The tables in the order of their references, with types that leave values as they lie."""
    plain = MetaData()
    for table in Base.metadata.sorted_tables:
        columns = [
            Column(column.name, _as_it_lies(column.type), primary_key=column.primary_key)
            for column in table.columns
        ]
        yield Table(table.name, plain, *columns)


def _as_it_lies(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, EncryptedText | EncryptedBytes):
        return LargeBinary()
    if isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, JSON):
        return JSON()
    return kind


def _copy_table(reading: Connection, writing: Connection, table: Table) -> None:
    columns = [
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    ]
    query = select(*columns).order_by(*table.primary_key.columns)
    rows = reading.execution_options(yield_per=_CHUNK).execute(query)
    values = {
        column.name: cast(bindparam(f"{column.name}_", type_=Text), JSON)
        if isinstance(column.type, JSON) and writing.dialect.name == "postgresql"
        else bindparam(
            f"{column.name}_", type_=Text() if isinstance(column.type, JSON) else column.type
        )
        for column in table.columns
    }
    put = insert(table).values(values)
    # A row may point to one of its own table that comes later: such columns follow at the end.
    own = _own_references(table.name)
    later = []
    names = [f"{column.name}_" for column in table.columns]
    (key,) = table.primary_key.columns
    back = query.where(key.between(bindparam("first"), bindparam("last")))
    for chunk in rows.partitions():
        whole = [dict(zip(names, row, strict=True)) for row in chunk]
        for row in whole if own else ():
            if any(row[f"{name}_"] is not None for name in own):
                later.append({name: row[name] for name in ("id_", *(f"{it}_" for it in own))})
                row |= {f"{name}_": None for name in own}
        writing.execute(put, whole)
        ends = {"first": whole[0][f"{key.name}_"], "last": whole[-1][f"{key.name}_"]}
        there = writing.execute(back, ends).all()
        if [tuple(row) for row in there] != [tuple(row.values()) for row in whole]:
            raise KeepingError(
                msg("“%(table)s”搬过去再读，和原来不一样，没有写入", table=table.name)
            )
        passed(len(whole))
    for part in in_chunks(later):
        change = update(table).where(table.c.id == bindparam("id_"))
        writing.execute(change.values({name: bindparam(f"{name}_") for name in own}), part)


def _own_references(table: str) -> list[str]:
    """The columns of a table that point to rows of the same one."""
    return [
        key.parent.name
        for key in Base.metadata.tables[table].foreign_keys
        if key.column.table.name == table
    ]


def _number_on(writing: Connection, table: Table) -> None:
    """Set PostgreSQL to count on after the last number that was copied."""
    if writing.dialect.name != "postgresql" or "id" not in table.columns:
        return
    last = writing.scalar(select(func.max(table.c.id)))
    counter = writing.scalar(
        text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": f'"{table.name}"'}
    )
    if last is not None and counter is not None:
        writing.execute(text("SELECT setval(:counter, :last)"), {"counter": counter, "last": last})
