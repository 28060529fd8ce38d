"""Sealing all rows of a chain anew, as another key takes the place of the one before.

What no longer fits its seal keeps a seal that it does not fit: nothing that others
changed is sealed with the rest. The seals of before go, since whoever had the former
key could try out with them what a row says; where they do not fit the chain themselves
they stay, so that it is still seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from compete.models import AuditEntry, Competition, RowSeal
from compete.models.compiled_statements import table_of
from compete.models.types import hashed_by
from compete.services.kernel import audit
from compete.services.kernel.former_keys import form_now
from compete.services.kernel.row_checks import StandingSeal, standing_seals
from compete.services.kernel.row_digests import UNREADABLE, DigestedRow, rows_of, sealed_tables
from compete.services.kernel.row_seals import put_seals, row_seal

_REASON = "sealed by the new key"
Rewrite = Callable[[str, Collection[int]], None]
"""Called with a table and rows of it: what in them is hashed by the key is to be so anew."""


def seal_chain_anew(
    session: Session, competition: Competition | None, former: bytes, rewrite: Rewrite
) -> bool:
    """Seal every row of a competition, or of the installation, by the key of now.

    To be called in a unit of work of its own. `rewrite` is called between the two
    looks at each table's rows. False, and nothing is done, where it was done already.
    """
    home = None if competition is None else competition.id
    connection = session.connection()
    audit.claim_chain(home)
    if _is_done(session, home):
        return False
    standing = standing_seals(connection, home)
    of = RowSeal.competition_id == home
    last = connection.scalar(select(func.max(RowSeal.id)).where(of)) or 0
    for table in sorted(sealed_tables()):
        seals = _seals_of(connection, table, home, former, standing.rows[table], rewrite)
        if seals:
            audit.record(competition, None, audit.SEALED, table, reason=_REASON)
            audit.vouch(competition, put_seals(connection, seals))
    kept = bool(standing.faults)
    audit.record(
        competition, None, audit.KEY_CHANGED, "field", after={"seals": 0 if kept else last}
    )
    if not kept:
        connection.execute(delete(table_of(RowSeal)).where(of, RowSeal.id <= last))
    return True


def _is_done(session: Session, home: int | None) -> bool:
    done = select(AuditEntry.id).where(
        AuditEntry.competition_id == home,
        AuditEntry.action == audit.KEY_CHANGED,
        AuditEntry.form == form_now(session.connection()),
    )
    return session.scalar(done.limit(1)) is not None


def _seals_of(
    connection: Connection,
    table: str,
    home: int | None,
    former: bytes,
    standing: dict[int, StandingSeal],
    rewrite: Rewrite,
) -> list[dict[str, Any]]:
    """The seals by the key of now over all that the seals of a table's rows say."""
    spoilt: dict[int, set[str]] = {}
    with hashed_by(former):
        for row in _rows(connection, table, home, standing):
            if (stands := standing.get(row.id)) is not None:
                spoilt[row.id] = _spoilt(row, stands)
    rewrite(table, spoilt.keys())
    seals = []
    for row in _rows(connection, table, home, standing):
        if (stands := standing.get(row.id)) is not None:
            columns = {
                name: digest if name in spoilt[row.id] else row.digests[name]
                for name, digest in stands.columns.items()
            }
            seals.append(row_seal(home, table, row.id, columns, gone=stands.gone))
    for number in sorted(standing.keys() - spoilt.keys()):
        gone = standing[number]
        # Taken away by the program, or behind its back: the seal goes on saying which.
        columns = {} if gone.gone else gone.columns
        seals.append(row_seal(home, table, number, columns, gone=gone.gone))
    return seals


def _rows(
    connection: Connection, table: str, home: int | None, standing: dict[int, StandingSeal]
) -> list[DigestedRow]:
    """A chain's rows of a table, and those of elsewhere that its seals name."""
    own = list(rows_of(connection, table, None, home))
    absent = standing.keys() - {row.id for row in own}
    return [*own, *(rows_of(connection, table, absent) if absent else ())]


def _spoilt(row: DigestedRow, stands: StandingSeal) -> set[str]:
    """The columns of a row that are not what its seals say."""
    return {
        name
        for name, digest in stands.columns.items()
        if row.digests.get(name, UNREADABLE) == UNREADABLE or not row.is_digest(name, digest)
    }
