"""Chains: each competition's, the installation's, and those of what is gone.

A competition whose row was taken away leaves a chain, seals and rows behind, and a row
that was slipped in may name a competition that never was. They are found by asking
every table whose they are, not the table of competitions alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from compete.models import AuditEntry, Competition, RowSeal, db
from compete.services.kernel.row_digests import homes_of, sealed_tables

Chain = Competition | int | None
"""A chain by its competition, by its competition's number, or None: the installation's."""


class KnownChain(NamedTuple):
    """A chain's number (None: the installation's), its name for people, and if its row is there.

    `tables` are the sealed ones that have rows of it.
    """

    number: int | None
    name: str
    there: bool
    tables: frozenset[str]


def chain_number(chain: Chain) -> int | None:
    """The number of a chain's competition; None of the installation's."""
    return chain.id if isinstance(chain, Competition) else chain


def known_chains() -> list[KnownChain]:
    """List every chain; the installation's comes last."""
    connection = db.session.connection()
    competitions = connection.execute(select(Competition.id, Competition.code)).all()
    there = {number: str(code) for number, code in competitions}
    named = {
        *db.session.scalars(select(AuditEntry.competition_id).distinct()),
        *db.session.scalars(select(RowSeal.competition_id).distinct()),
    }
    filled: dict[Any, set[str]] = defaultdict(set)
    for table in sealed_tables():
        for home in homes_of(connection, table):
            filled[home].add(table)
    gone = (named | filled.keys()) - there.keys() - {None}

    def chain(number: int | None, name: str, *, there: bool = True) -> KnownChain:
        return KnownChain(number, name, there, frozenset(filled[number]))

    return [
        *(chain(number, there[number]) for number in sorted(there)),
        *(chain(number, f"competition {number}", there=False) for number in sorted(gone, key=str)),
        chain(None, "-"),
    ]


def record_numbers(competition: Competition) -> Sequence[int]:
    """List every row's number, the newest first."""
    query = select(AuditEntry.id).where(AuditEntry.competition_id == competition.id)
    return db.session.scalars(query.order_by(AuditEntry.seq.desc())).all()


def records_of_numbers(numbers: Sequence[int]) -> list[AuditEntry]:
    """List the records of these numbers, in this order."""
    query = select(AuditEntry).where(AuditEntry.id.in_(numbers))
    known = {row.id: row for row in db.session.scalars(query)}
    return [known[number] for number in numbers]
