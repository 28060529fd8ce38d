"""Facts of a database: its contents in numbers that another copy of it can be held to."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, column, create_engine, func, inspect, select, table, text
from sqlalchemy.pool import NullPool

from compete.models.poolers import heed_pooler


@dataclass(frozen=True, slots=True)
class Facts:
    """A database at one instant.

    `tables` gives the number of rows by table; `chains` the number and the
    hash of the last row of each chain, by the competition's code, and under
    the empty text for the installation's own; `keys` the check values.
    """

    revision: str | None = None
    generation: str | None = None
    tables: dict[str, int] = field(default_factory=dict)
    chains: dict[str, tuple[int, str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


def facts_of(connection: Connection) -> Facts:
    """Read them, from a database of any version of the program."""
    names = sorted(inspect(connection).get_table_names())
    counts = {
        name: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for name in names
    }
    return Facts(
        revision=revision_of(connection),
        generation=_single(
            connection, names, "generation", "SELECT name FROM {} ORDER BY id DESC LIMIT 1"
        ),
        tables=counts,
        chains=_chains(connection) if {"audit_entry", "competition"} <= set(names) else {},
        keys=_keys(connection) if "key_check" in names else {},
    )


def revision_of(connection: Connection) -> str | None:
    """The migration that a database is at; None before the first."""
    names = inspect(connection).get_table_names()
    return _single(connection, names, "alembic_version", "SELECT version_num FROM {}")


def engine_for(url: str) -> Engine:
    """An engine that keeps no connection open; for looking at a database from outside."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    heed_pooler(engine)
    return engine


def facts_in(url: str) -> Facts:
    """The facts of the database at this address."""
    with engine_for(url).connect() as connection:
        return facts_of(connection)


def _single(connection: Connection, names: list[str], name: str, query: str) -> str | None:
    if name not in names:
        return None
    value = connection.scalar(text(query.format(name)))
    return None if value is None else str(value)


def _chains(connection: Connection) -> dict[str, tuple[int, str]]:
    entries = table(
        "audit_entry", column("id"), column("competition_id"), column("seq"), column("hash")
    )
    competitions = table("competition", column("id"), column("code"))
    last = (
        select(entries.c.competition_id, func.max(entries.c.seq).label("seq"))
        .group_by(entries.c.competition_id)
        .subquery()
    )
    query = (
        select(competitions.c.code, entries.c.seq, entries.c.hash)
        .select_from(entries)
        .join(
            last,
            (last.c.seq == entries.c.seq)
            & last.c.competition_id.is_not_distinct_from(entries.c.competition_id),
        )
        .outerjoin(competitions, competitions.c.id == entries.c.competition_id)
    )
    return {code or "": (int(seq), str(mark)) for code, seq, mark in connection.execute(query)}


def _keys(connection: Connection) -> dict[str, str]:
    checks = table("key_check", column("name"), column("value"))
    query = select(checks.c.name, checks.c.value)
    return {str(name): str(value) for name, value in connection.execute(query)}
