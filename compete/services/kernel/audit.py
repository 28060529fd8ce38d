"""The audit chain: one row for every change of consequence, in its transaction.

Each row's hash is HMAC-SHA-256 over the canonical JSON of the row and of the
hash of the row before it in the same competition. Changing or removing a row
breaks every hash after it, and whoever has the database without the
installation's key cannot work them out anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, func, insert, select

from compete.domain.values import Message, msg
from compete.models import AuditEntry, Competition, db, utc_now
from compete.models.prepared import Prepared, table_of
from compete.models.types import keyed_hash

GENESIS = "0" * 64
_INSTALLATION_LOCK = 0x636F6D70
_LONGEST_SUBJECT = 200
_CHUNK = 500
# What the hash of a row is over: the key in the canonical JSON, and the column.
_HASHED = {
    "competition": "competition_id",
    "seq": "seq",
    "at": "at",
    "actor_id": "actor_id",
    "actor": "actor",
    "action": "action",
    "subject": "subject",
    "before": "before",
    "after": "after",
    "reason": "reason",
    "prev": "prev_hash",
}
_PUT = Prepared(insert(table_of(AuditEntry)), columns=(*_HASHED.values(), "hash"))
_LAST = Prepared(
    select(AuditEntry.seq, AuditEntry.hash)
    .where(AuditEntry.competition_id == bindparam("competition"))
    .order_by(AuditEntry.seq.desc())
    .limit(1)
)


class Actor(Protocol):
    """Who did it: an account, or what is known of one."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where a chain does not hold: the row's number and what is wrong with it."""

    seq: int
    fault: Message


def record(
    competition: Competition | None,
    by: Actor | None,
    action: str,
    subject: str,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
) -> AuditEntry:
    """Add the next row of the chain; must be called inside a unit of work.

    `before` and `after` are plain JSON values and never hold an ID number, a
    phone or a link's token.
    """
    competition_id = competition.id if competition else None
    _hold_chain(competition_id)
    seq, hash_before = chain_head(competition)
    entry = AuditEntry(
        competition_id=competition_id,
        seq=seq + 1,
        at=utc_now(),
        actor_id=by.id if by else None,
        actor=by.name if by else "系统",
        action=action,
        subject=subject[:_LONGEST_SUBJECT],
        before=before,
        after=after,
        reason=reason,
        prev_hash=hash_before,
    )
    entry.hash = row_hash(entry)
    db.session.add(entry)
    db.session.flush()
    return entry


def append(
    connection: Connection, competition_id: int, by: Actor, action: str, subject: str, *, after: Any
) -> None:
    """As `record`, but quick; inside a unit of work that holds the competition already."""
    last = _LAST.first(connection, competition=competition_id)
    seq, hash_before = last or (0, GENESIS)
    row = {
        "competition_id": competition_id,
        "seq": seq + 1,
        "at": utc_now(),
        "actor_id": by.id,
        "actor": by.name,
        "action": action,
        "subject": subject[:_LONGEST_SUBJECT],
        "before": None,
        "after": after,
        "reason": None,
        "prev_hash": hash_before,
    }
    _PUT.run(connection, **row, hash=_hash(row))


def _hold_chain(competition_id: int | None) -> None:
    """One writer of a chain at a time; SQLite's write lock does this already."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    if competition_id is None:
        db.session.execute(select(func.pg_advisory_xact_lock(_INSTALLATION_LOCK)))
    else:
        db.session.execute(
            select(Competition.id).where(Competition.id == competition_id).with_for_update()
        )


def row_hash(entry: AuditEntry) -> str:
    """The hash that a row must carry."""
    return _hash({column: getattr(entry, column) for column in _HASHED.values()})


def _hash(row: Mapping[str, Any]) -> str:
    content = {key: row[column] for key, column in _HASHED.items()}
    content["at"] = _instant(row["at"])
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return keyed_hash(text)


def verify_chain(competition: Competition | None) -> Iterator[ChainBreak]:
    """Walk a chain from its first row and yield every place where it does not hold.

    Rows cut off at the end leave a chain that holds: against that, `chain_head` is
    written down elsewhere and compared.
    """
    expected_hash, expected_seq = GENESIS, 1
    for seq, row in _rows(competition.id if competition else None):
        if seq != expected_seq:
            yield ChainBreak(seq, msg("前面少了第 %(seq)s 条", seq=expected_seq))
        elif row is not None and row.prev_hash != expected_hash:
            yield ChainBreak(seq, msg("和前一条接不上"))
        if row is None:
            yield ChainBreak(seq, msg("读不出来，写入后被改过"))
        elif row.hash != row_hash(row):
            yield ChainBreak(seq, msg("写入后被改过"))
        expected_hash, expected_seq = row.hash if row else "", seq + 1


def _rows(competition_id: int | None) -> Iterator[tuple[int, AuditEntry | None]]:
    """The rows of a chain by number; None for one that cannot even be read."""
    keys = db.session.execute(
        select(AuditEntry.id, AuditEntry.seq)
        .where(_of(competition_id))
        .order_by(AuditEntry.seq, AuditEntry.id)
    ).all()
    for start in range(0, len(keys), _CHUNK):
        chunk = keys[start : start + _CHUNK]
        found = _read([key.id for key in chunk])
        for key in chunk:
            yield key.seq, found.get(key.id)


def _read(ids: list[int]) -> dict[int, AuditEntry]:
    query = (
        select(AuditEntry).where(AuditEntry.id.in_(ids)).execution_options(populate_existing=True)
    )
    try:
        return {row.id: row for row in db.session.scalars(query)}
    except (ValueError, TypeError):
        # An instant or a JSON text in it was spoilt: find out in which row.
        half = len(ids) // 2
        return {} if not half else _read(ids[:half]) | _read(ids[half:])


def chain_head(competition: Competition | None) -> tuple[int, str]:
    """The number and the hash of a chain's last row; 0 and zeros for an empty one."""
    last = db.session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(_of(competition.id if competition else None))
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def told(competition: Competition, *actions: str) -> list[dict[str, Any]]:
    """The `after` of every record of these actions that has one, oldest first."""
    query = (
        select(AuditEntry.after)
        .where(AuditEntry.competition_id == competition.id, AuditEntry.action.in_(actions))
        .order_by(AuditEntry.seq)
    )
    return [after for after in db.session.scalars(query) if isinstance(after, dict)]


def recent(competition: Competition, limit: int = 20) -> list[AuditEntry]:
    """The last rows, newest first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.competition_id == competition.id)
            .order_by(AuditEntry.seq.desc())
            .limit(limit)
        )
    )


def count(competition: Competition) -> int:
    """How many rows the competition's chain has."""
    return chain_head(competition)[0]


def _of(competition_id: int | None) -> Any:
    if competition_id is None:
        return AuditEntry.competition_id.is_(None)
    return AuditEntry.competition_id == competition_id


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
