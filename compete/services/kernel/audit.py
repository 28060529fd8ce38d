"""The audit chain: one row for every change of consequence, in its transaction.

Each row's hash is HMAC-SHA-256 over the canonical JSON of the row and of the
hash of the row before it in the same competition. Changing or removing a row
breaks every hash after it, and whoever has the database without the
installation's key cannot work them out anew.

That is form 2. In form 1, of the program's first days, the hash was a plain
SHA-256 of the same, which anybody can work out. Each row says its form, and keeps
it for ever. An upgrade ends the rows of form 1 with one of form 2 that names
the last of them, so that nobody makes a chain into one of form 1 afterwards.

Where another field key took the place of the first, records since are of form 3,
and so on with each key (`kernel.former_keys`). Forms only rise, and the newest
record of every chain is of the form of now: whoever has a former key can neither
change what came before the next nor go on from there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection, and_, bindparam, func, insert, select
from sqlalchemy.orm import Session, aliased

from compete.domain.values.canonical import sealed_text
from compete.models import BY_LINK, Account, AuditEntry, CardHandling, Competition, db, utc_now
from compete.models.compiled_statements import Prepared, table_of
from compete.models.types import keyed_hash
from compete.services.kernel.bends import BENDS
from compete.services.kernel.chains import Chain, chain_number
from compete.services.kernel.former_keys import FIRST_FORM, form_now
from compete.services.kernel.news import note_record
from compete.services.kernel.numbering import reserve_ids

SEALED = "rows.seal"
"""The record of seals that no other record of their unit of work vouches for."""

ENDED = "chain.form"
"""The record that ends a chain's rows of form 1: their last number and hash."""

KEY_CHANGED = "key.chain"
"""A chain's first word under another key: its rows are sealed anew. `after` has under `seals`
the number of the last seal of before, which are gone; 0 where they stayed."""

PLAIN, KEYED = 1, FIRST_FORM
GENESIS = "0" * 64
LAST_ENTRIES = "last records"
_INSTALLATION_LOCK = 0x636F6D70
LONGEST_SUBJECT = 200
# The fields that a row's hash is over: the key in the canonical JSON, and the column.
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
    "rows": "rows",
    "prev": "prev_hash",
}
_PUT = Prepared(insert(table_of(AuditEntry)), columns=(*_HASHED.values(), "hash", "form"))
LAST_RECORD = Prepared(
    select(AuditEntry.seq, AuditEntry.hash)
    .where(AuditEntry.competition_id == bindparam("competition"))
    .order_by(AuditEntry.seq.desc())
    .limit(1)
)


class Actor(Protocol):
    """The actor: an account, or what is known of one."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


class End(NamedTuple):
    """The number and the hash of a chain's last row."""

    seq: int
    hash: str


class Reached(NamedTuple):
    """How far a device was told that a competition's chain is."""

    competition_id: int
    seq: int


class SetBackError(Exception):
    """Error: a chain is shorter than a device was told, so the database was set back."""


_REACHED = "reached"


def expect(reached: Reached | None) -> None:
    """Let no record of this session's be the next of a chain that is shorter than it was."""
    if reached is not None:
        db.session().info[_REACHED] = reached


def require_reached(reached: Reached | None, competition_id: int | None, seq: int) -> None:
    """Raise `SetBackError` where a chain ends before what was told of it.

    It is looked at before a call is begun (`backups.generations`); but a transaction that another
    database broke off is done again, and meets the one in its place.
    """
    if reached is not None and reached.competition_id == competition_id and seq < reached.seq:
        raise SetBackError


def record(
    competition: Competition | None,
    by: Actor | None,
    action: str,
    subject: str,
    *,
    before: Any = None,
    after: Any = None,
    reason: str | None = None,
    bends: bool = False,
) -> AuditEntry:
    """Add the next row of the chain; must be called inside a unit of work.

    `before` and `after` are plain JSON values and never hold an ID number, a
    phone or a link's token. It `bends` a promised procedure: everybody reads it, in the
    words of `BENDS`, with its reason.
    """
    if bends and action not in BENDS:
        raise LookupError(action)
    return record_many(competition, by, [Said(action, subject, after, before, reason)])[0]


class Said(NamedTuple):
    """The content of one record: plain JSON in `after` and `before`, as for `record`."""

    action: str
    subject: str
    after: Any
    before: Any = None
    reason: str | None = None


def record_many(
    competition: Competition | None, by: Actor | None, rows: Sequence[Said]
) -> list[AuditEntry]:
    """Add the next rows of a chain with one statement; must be called inside a unit of work."""
    if not rows:
        return []
    number = competition.id if competition else None
    claim_chain(number)
    db.session.flush()
    seq, before = chain_head(competition)
    require_reached(db.session().info.get(_REACHED), number, seq)
    connection = db.session.connection()
    # One gets its number as it is written.
    ids = reserve_ids(connection, AuditEntry, len(rows)) if len(rows) > 1 else None
    form, actor, now = form_now(connection), signer(by) if by else "系统", utc_now()
    entries = []
    for place, row in enumerate(rows):
        entry = AuditEntry(
            competition_id=number,
            seq=seq + 1 + place,
            at=now,
            actor_id=by.id if by else None,
            actor=actor,
            action=row.action,
            subject=row.subject[:LONGEST_SUBJECT],
            before=row.before,
            after=row.after,
            reason=row.reason,
            prev_hash=before,
            form=form,
        )
        if ids is not None:
            entry.id = ids[place]
        before = entry.hash = row_hash(entry)
        entries.append(entry)
    db.session.add_all(entries)
    db.session.flush()
    session = db.session()
    session.info.setdefault(LAST_ENTRIES, {})[number] = entries[-1]
    for entry in entries:
        note_record(session, entry)
    return entries


ON_PAPER: ContextVar[tuple[int, str]] = ContextVar("signed paper", default=(0, ""))
"""The person whose act is done by a signed paper now, and who hands it in."""


SYSTEM = "接口 "
"""Before the name of a token that acts."""
THROUGH: ContextVar[tuple[int, str]] = ContextVar("a token", default=(0, ""))
"""The account whose token another system acts by now, and what the token is called."""


def signer(by: Actor) -> str:
    """The name; with it by whose card or link, where somebody else had it in hand first.

    Of an act that is done for who signed a paper, that; of another system's, its name.
    """
    account, called = THROUGH.get()
    if account == by.id:
        return f"{SYSTEM}{called}"[:LONGEST_SUBJECT]
    handled = db.session.execute(
        select(Account.name, CardHandling.kind)
        .join(CardHandling, CardHandling.by_id == Account.id)
        .where(CardHandling.account_id == by.id)
        .order_by(CardHandling.id.desc())
        .limit(1)
    ).first()
    name = by.name
    if handled is not None:
        way = "链接" if handled.kind in BY_LINK else "卡"
        name = f"{name}（凭{handled.name}发的{way}）"
    signed, hands_in = ON_PAPER.get()
    if signed == by.id:
        name = f"{name}（签字件，{hands_in}交）"
    return name[:LONGEST_SUBJECT]


def vouch(competition: Competition | None, rows: dict[str, Any]) -> None:
    """Let the chain vouch for row seals: in the last record of this unit of work, or one more.

    Call it with the chain claimed.
    """
    entries: dict[int | None, AuditEntry] = db.session().info.get(LAST_ENTRIES, {})
    entry = entries.get(competition.id if competition else None)
    if entry is None or entry.rows is not None or entry.hash != chain_head(competition)[1]:
        entry = record(competition, None, SEALED, "")
    entry.rows = rows
    entry.hash = row_hash(entry)
    db.session.flush()


def forget(session: Session) -> None:
    """The unit of work is over: the next one's seals need a record of its own."""
    session.info.pop(LAST_ENTRIES, None)


def append(
    connection: Connection,
    competition_id: int,
    by: Actor,
    action: str,
    subject: str,
    *,
    after: Any,
    rows: dict[str, Any] | None = None,
    end: End | None = None,
) -> End:
    """Append a record as `record`, but quick; in a unit of work that holds the competition.

    `rows` vouches for row seals that were put just before. `end` is what the last call gave
    in the same unit of work, if nothing was recorded since: then it need not be read.
    """
    seq, hash_before = (
        end or LAST_RECORD.first(connection, competition=competition_id) or (0, GENESIS)
    )
    row = {
        "competition_id": competition_id,
        "seq": seq + 1,
        "at": utc_now(),
        "actor_id": by.id,
        "actor": by.name,
        "action": action,
        "subject": subject[:LONGEST_SUBJECT],
        "before": None,
        "after": after,
        "reason": None,
        "rows": rows,
        "prev_hash": hash_before,
    }
    sealed = _hash(row)
    _PUT.run(connection, **row, hash=sealed, form=form_now(connection))
    return End(seq + 1, sealed)


def claim_chain(competition_id: int | None) -> None:
    """Claim a chain for one writer at a time; SQLite's write lock does this already."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    if competition_id is None:
        db.session.execute(select(func.pg_advisory_xact_lock(_INSTALLATION_LOCK)))
    else:
        db.session.execute(
            select(Competition.id).where(Competition.id == competition_id).with_for_update()
        )


def row_hash(
    entry: AuditEntry, text: Callable[[Any], bytes] = sealed_text, key: bytes | None = None
) -> str:
    """The hash that a row must carry, by the key of its time if that is not the one of now."""
    row = {column: getattr(entry, column) for column in _HASHED.values()}
    return plain_hash(row, text) if entry.form == PLAIN else _hash(row, text, key)


def plain_hash(row: Mapping[str, Any], text: Callable[[Any], bytes] = sealed_text) -> str:
    """The hash of a row of form 1, by its columns."""
    return hashlib.sha256(text(_content(row))).hexdigest()


def _hash(
    row: Mapping[str, Any],
    text: Callable[[Any], bytes] = sealed_text,
    key: bytes | None = None,
) -> str:
    return keyed_hash(text(_content(row)).decode("utf-8", "surrogatepass"), key)


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    content = {key: row[column] for key, column in _HASHED.items()}
    content["at"] = _instant(row["at"])
    # Records from before there were row seals are hashed without them.
    if content["rows"] is None:
        del content["rows"]
    return content


def end_plain_forms() -> None:
    """End the rows of form 1 of every chain that has no end of them; in a unit of work."""
    chains = db.session.scalars(
        select(AuditEntry.competition_id).where(AuditEntry.form == PLAIN).distinct()
    ).all()
    for number in chains:
        of = AuditEntry.competition_id == number
        if db.session.scalar(select(AuditEntry.id).where(of, AuditEntry.action == ENDED).limit(1)):
            continue
        last = db.session.execute(
            select(AuditEntry.seq, AuditEntry.hash)
            .where(of, AuditEntry.form == PLAIN)
            .order_by(AuditEntry.seq.desc())
            .limit(1)
        ).one()
        competition = db.session.get(Competition, number) if number else None
        record(competition, None, ENDED, "1", after={"seq": last.seq, "hash": last.hash})


def chain_head(chain: Chain) -> tuple[int, str]:
    """The number and the hash of a chain's last row; 0 and zeros for an empty one."""
    number = chain_number(chain)
    if number is not None:
        # Every page asks for it many times.
        db.session.flush()
        known = LAST_RECORD.first(db.session.connection(), competition=number)
        return (known[0], known[1]) if known else (0, GENESIS)
    last = db.session.execute(
        select(AuditEntry.seq, AuditEntry.hash)
        .where(AuditEntry.competition_id == number)
        .order_by(AuditEntry.seq.desc())
        .limit(1)
    ).first()
    return (last.seq, last.hash) if last else (0, GENESIS)


def chain_heads(competitions: Collection[Competition]) -> dict[int, tuple[int, str]]:
    """The number and the hash of each competition's last row, by its number, in one statement."""
    db.session.flush()
    other = aliased(AuditEntry)
    last = (
        select(func.max(other.seq))
        .where(other.competition_id == Competition.id)
        .correlate(Competition)
        .scalar_subquery()
    )
    # From the competitions on: each head is one step in the index, however long its chain is.
    query = (
        select(Competition.id, AuditEntry.seq, AuditEntry.hash)
        .join(AuditEntry, and_(AuditEntry.competition_id == Competition.id, AuditEntry.seq == last))
        .where(Competition.id.in_([competition.id for competition in competitions]))
    )
    known = {row.id: (row.seq, row.hash) for row in db.session.execute(query)}
    return {it.id: known.get(it.id, (0, GENESIS)) for it in competitions}


def record_contents(competition: Competition, *actions: str) -> list[dict[str, Any]]:
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
    """Count the rows of the competition's chain."""
    return chain_head(competition)[0]


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
