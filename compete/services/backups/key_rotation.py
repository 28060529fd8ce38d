"""Putting another field key in the place of the one that seals the data, part by part.

Each part is a transaction of its own, and what is done already is passed over: so a
change that was broken off is taken up again by asking for it once more. Meanwhile
both keys are needed and nothing else runs on the database (`settle_keys` refuses).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    Column,
    LargeBinary,
    MetaData,
    Table,
    delete,
    inspect,
    select,
    text,
)
from sqlalchemy.engine import make_url

from compete.config import Config
from compete.data_folder import (
    NEXT_KEY_FILE,
    keep_key,
    new_key,
    put_next_key,
    read_key,
)
from compete.domain.values.messages import Message, msg
from compete.models import (
    Base,
    Competition,
    FormerKey,
    KeyCheck,
    MessageAddress,
    StoredPage,
    db,
    utc_now,
)
from compete.models.compiled_statements import table_of
from compete.models.types import (
    EncryptedBytes,
    EncryptedText,
    hashed_by,
    keys_of_change,
    look_up_key,
    sealed_anew,
)
from compete.services.backups.keys import (
    change_under_way,
    check_value,
    settle_keys,
    with_key,
)
from compete.services.backups.manifest import KeepingError
from compete.services.backups.rehashing import Rehash, write_values
from compete.services.jobs.job_seals import seal_jobs_anew
from compete.services.kernel import audit
from compete.services.kernel.file_store import UPLOADS, store_of
from compete.services.kernel.former_keys import form_now
from compete.services.kernel.installation import config_here
from compete.services.kernel.new_seals import seal_chain_anew
from compete.services.kernel.transactions import unit_of_work

_CHUNK = 200
_SHOWN = 8
Told = Callable[[str, int, int], None]
"""Called with what is being done (a table, or a competition's code), how far, and of how many."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """The number of values sealed anew, and the settings with the key of now.

    `kept` is the file with the key of before, if any has it; `cleared` is False
    where bytes under that key still lie unused in SQLite's file.
    """

    values: int
    kept: Path | None
    now: Config
    cleared: bool


def rotate(reason: str | None, tell: Told) -> Rotated:
    """Put a new field key in the place of this installation's, or do what is left of that.

    The new one stands in a file of its own from before the first row is written until
    all are. Raises `KeepingError` if a key is missing or somebody else works on the
    database, `CannotStartError` if the keys are not the database's; nothing is changed then.
    """
    config = config_here()
    try:
        former, following, is_written = _both_keys(config)
        count = 0
        if not is_written:
            refuse_company()
            with keys_of_change(config.field_key, following.field_key):
                count = _change_all(config, following, reason, tell)
        kept = put_next_key(config.data_dir, former)
        return Rotated(count, kept, following, _forget_what_was(config))
    finally:
        db.session.remove()
        db.engine.dispose()


def _change_all(config: Config, following: Config, reason: str | None, tell: Told) -> int:
    if change_under_way(inspect(db.engine)) is None:
        _begin(config, following, reason)
    count = sum(_seal_columns(config.field_key, tell))
    _seal_chains(config.field_key, tell)
    _finish(following)
    return count


def _both_keys(config: Config) -> tuple[str, Config, bool]:
    """A name for the former key, settings with the next, and if all but files is done."""
    path = config.data_dir / NEXT_KEY_FILE
    key = read_key(path)
    if isinstance(key, Message):
        raise KeepingError(key)
    change = change_under_way(inspect(db.engine))
    known = db.session.scalar(select(KeyCheck.value).where(KeyCheck.name == "field"))
    db.session.rollback()
    if change is None:
        if key is not None and known == check_value("field", with_key(config, key)):
            last = select(FormerKey.value).order_by(FormerKey.form.desc()).limit(1)
            return (db.session.scalar(last) or "")[:_SHOWN], with_key(config, key), True
        settle_keys(config)
        if key is None:
            keep_key(path, new_key())
            key = read_key(path)
        return check_value("field", config)[:_SHOWN], with_key(config, str(key)), False
    following = None if key is None else with_key(config, key)
    if following is None or check_value("field", following) != change.next:
        raise KeepingError(
            msg(
                "换钥匙做了一半，找不到新的那一把（校验值 %(value)s…）：它应该在 %(path)s",
                value=change.next[:_SHOWN],
                path=str(path),
            )
        )
    if check_value("field", config) != change.former:
        raise KeepingError(
            msg(
                "换钥匙做了一半，%(place)s 不是原来的那一把（校验值 %(value)s…）",
                value=change.former[:_SHOWN],
                place=config.place_of("field"),
            )
        )
    return change.former[:_SHOWN], following, False


def refuse_company() -> None:
    """Refuse to run beside servers of other folders: on PostgreSQL they show as connections.

    Raises `KeepingError`.
    """
    if db.session.get_bind().dialect.name != "postgresql":
        return
    others = db.session.execute(
        text(
            "SELECT coalesce(client_addr::text, '-'), coalesce(application_name, '') "
            "FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).all()
    db.session.rollback()
    if others:
        raise KeepingError(
            msg(
                "还有 %(n)s 个连接在用这个数据库（%(who)s）。先停掉所有的网站和别的程序",
                n=len(others),
                who=" ".join(others[0]).strip(),
            )
        )


def _begin(former: Config, following: Config, reason: str | None) -> None:
    with hashed_by(former.field_key):
        look_up, form = look_up_key(), form_now(db.session.connection())
    with unit_of_work() as session:
        session.add(
            FormerKey(
                form=form,
                look_up=look_up,
                value=check_value("field", former),
                next_value=check_value("field", following),
                reason=reason,
            )
        )
        session.flush()
        before = {"check": check_value("field", former)[:_SHOWN]}
        after = {"check": check_value("field", following)[:_SHOWN]}
        audit.record(None, None, "key.begin", "field", before=before, after=after, reason=reason)


# --- what is sealed ------------------------------------------------------------


def _seal_columns(former: bytes, tell: Told) -> Iterator[int]:
    """Seal every sealed value of every table with the key of now, some rows at a time."""
    with unit_of_work() as session:
        session.connection().execute(delete(table_of(StoredPage)))
    tables = [(table, names) for table in _sealed_tables() if (names := _sealed_names(table))]
    for number, (table, names) in enumerate(tables):
        tell(table.name, number, len(tables))
        last = 0
        while True:
            count, last = _seal_some(_as_it_lies(table, names), names, last, former)
            yield count
            if not last:
                break


def _sealed_tables() -> list[Table]:
    there = set(inspect(db.engine).get_table_names())
    return [table for table in Base.metadata.sorted_tables if table.name in there]


def _sealed_names(table: Table) -> list[str]:
    return [c.name for c in table.columns if isinstance(c.type, EncryptedText | EncryptedBytes)]


def _as_it_lies(table: Table, names: list[str]) -> Table:
    columns = [Column(name, LargeBinary()) for name in names]
    return Table(table.name, MetaData(), Column("id", table.c.id.type, primary_key=True), *columns)


def _seal_some(table: Table, names: list[str], after: int, former: bytes) -> tuple[int, int]:
    """Seal some rows: the number of values sealed and the last row seen; 0 if none are left."""
    with unit_of_work() as session:
        connection = session.connection()
        query = select(table).where(table.c.id > after).order_by(table.c.id).limit(_CHUNK)
        rows = connection.execute(query).mappings().all()
        count = 0
        for name in names:
            changed = {
                row["id"]: sealed
                for row in rows
                if row[name] is not None
                and (sealed := sealed_anew(bytes(row[name]), former)) is not None
            }
            write_values(connection, table.c[name], changed)
            count += len(changed)
    return count, rows[-1]["id"] if rows else 0


# --- what is hashed ------------------------------------------------------------


def _seal_chains(former: bytes, tell: Told) -> None:
    """Make every row's seal and every hash anew by the key of now, one competition at a time."""
    rehash = Rehash(former)
    competitions = db.session.execute(
        select(Competition.id, Competition.code).order_by(Competition.id)
    ).all()
    chains: list[tuple[int | None, str]] = [(None, "-"), *map(tuple, competitions)]
    for number, (competition, code) in enumerate(chains):
        tell(code, number, len(chains))
        with unit_of_work() as session:
            of = session.get_one(Competition, competition) if competition is not None else None
            if seal_chain_anew(session, of, former, rehash) and of is None:
                # Where messages go stands under no seal: its hashes go with the installation's.
                rehash("message_address", session.scalars(select(MessageAddress.id)).all())
    with unit_of_work():
        seal_jobs_anew(former)


def _finish(following: Config) -> None:
    value = check_value("field", following)
    with unit_of_work() as session:
        change = session.scalars(select(FormerKey).where(FormerKey.done_at.is_(None))).one()
        change.done_at = utc_now()
        known = session.scalars(select(KeyCheck).where(KeyCheck.name == "field")).one()
        known.value, known.since = value, utc_now()
        before = {"check": change.value[:_SHOWN]}
        after = {"check": value[:_SHOWN]}
        audit.record(
            None, None, "key.done", "field", before=before, after=after, reason=change.reason
        )


def _forget_what_was(config: Config) -> bool:
    """Clear what is under the former key and wanted no more; False where that failed.

    Uploads that wait, and what SQLite no longer uses in its file.
    """
    store = store_of(config)
    for upload in store.files(UPLOADS):
        store.remove(upload.name)
    db.session.remove()
    db.engine.dispose()
    url = make_url(config.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return True
    try:
        with closing(sqlite3.connect(url.database, isolation_level=None)) as file:
            file.execute("VACUUM")
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return False
    return True
