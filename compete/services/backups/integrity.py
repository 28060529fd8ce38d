"""Integrity of the database's own pages: read whole, and told in words where one is damaged.

SQLite looks through every page. PostgreSQL has nothing of the kind for whoever is no superuser:
every row of every table is read, which finds pages that cannot be read or whose checksum is
wrong, and its own count of wrong checksums is asked; indexes by `amcheck`, where that is there.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from compete.domain.values.messages import Message, listed, msg
from compete.models import utc_now
from compete.services.backups.facts import engine_for
from compete.services.jobs.one_at_a_time import worker_lock
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import installation_here

if TYPE_CHECKING:
    from compete.config import Config
    from compete.services.kernel.installation import Installation

CHECKED = "integrity.json"
"""The file in the data folder that says when the night's check was, and what it found."""
_MOST = 5
_NIGHT = time(3)
_OURS = 0
"""The turn of the night's check, which is of no competition."""
_SPOILT = (
    *("malformed", "not a database", "disk I/O error", "invalid page", "checksum"),
    *("could not read block", "missing chunk", "unexpected chunk", "invalid memory alloc"),
)
"""What databases say of what they cannot read."""
_log = logging.getLogger("compete.integrity")


def is_damage(error: BaseException) -> bool:
    """True if a database says by this error that what it keeps is damaged."""
    return any(words in str(error) for words in _SPOILT)


def damaged_words(where: str | Message, why: str | Message) -> Message:
    """The sentence for whoever runs the site: what is damaged, and what to do."""
    return msg(
        "数据库坏了：%(where)s（%(why)s）。先停网站，以前的备份一份都别删、别覆盖，"
        "用 compete restore 恢复最近一份好的",
        where=where,
        why=why,
    )


def damage_of(url: str) -> Message | None:
    """Read the whole database; say what is damaged, or None. One that is not there is not."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        path = Path(address.database or "")
        faults = sqlite_faults(path) if path.is_file() else []
        where = str(path)
    else:
        faults, where = _postgres_faults(url), str(address.database)
    return damaged_words(where, listed(faults)) if faults else None


def sqlite_faults(path: Path, *, alone: bool = False) -> list[str]:
    """What SQLite finds wrong with a file, some of it; `alone`: nobody writes it meanwhile."""
    options = "mode=ro&immutable=1" if alone else "mode=ro"
    try:
        with closing(sqlite3.connect(f"file:{path}?{options}", uri=True)) as database:
            rows = database.execute(f"PRAGMA integrity_check({_MOST})").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    # One answer may hold several lines, the first of which only names the database.
    return [] if rows == [("ok",)] else [str(row[0]).splitlines()[-1] for row in rows]


def _postgres_faults(url: str) -> list[str]:
    faults: list[str] = []
    try:
        opened = engine_for(url).connect()
    except DBAPIError:
        # That it does not answer is said by whoever needs it.
        return []
    with opened as connection:
        names = sorted(inspect(connection).get_table_names())
        reads = [(name, f'SELECT count(t::text) FROM "{name}" AS t') for name in names]
        if connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'")):
            indexes = connection.scalars(
                text(
                    "SELECT c.relname FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                    " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    " WHERE a.amname = 'btree' AND c.relkind = 'i' AND n.nspname = 'public'"
                )
            ).all()
            reads += [(name, f"SELECT bt_index_check('\"{name}\"')") for name in sorted(indexes)]
        connection.rollback()
        for name, statement in reads:
            fault = _fault_of(connection, statement)
            if fault is not None:
                faults.append(f"{name}: {fault}")
        wrong = connection.scalar(
            text(
                "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
            )
        )
    if wrong:
        faults.append(f"checksum_failures: {wrong}")
    return faults[:_MOST]


def _fault_of(connection: Connection, statement: str) -> str | None:
    try:
        connection.execute(text(statement))
    except DBAPIError as error:
        connection.rollback()
        if is_damage(error):
            return str(error.orig).splitlines()[0]
        # Who may not look at an index is told nothing of it.
        return None
    connection.rollback()
    return None


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The night's last check: when it was, and what it found; empty for nothing."""

    at: datetime
    damage: str


def last_check(config: Config) -> LastCheck | None:
    """What the last check found, or None before the first."""
    try:
        content = json.loads((config.data_dir / CHECKED).read_text(encoding="utf-8"))
        return LastCheck(datetime.fromisoformat(content["at"]), str(content["damage"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_now(config: Config) -> LastCheck:
    """Read the database whole, keep what was found, and log what is damaged."""
    damage = damage_of(config.database_url)
    if damage is not None:
        _log.error("%s", damage.render())
    checked = LastCheck(utc_now(), damage.render() if damage is not None else "")
    part = config.data_dir / f".{CHECKED}.part"
    part.write_text(
        json.dumps({"at": checked.at.isoformat(), "damage": checked.damage}, ensure_ascii=False),
        encoding="utf-8",
    )
    part.replace(config.data_dir / CHECKED)
    return checked


def is_due(now: datetime, last: LastCheck | None) -> bool:
    """True if the night's hour has passed since the last check."""
    here = local_time(now)
    night = datetime.combine(here.date(), _NIGHT, here.tzinfo)
    if here < night:
        night -= timedelta(days=1)
    return last is None or local_time(last.at) < night


def watch_at_night(config: Config, every: float = 600) -> threading.Event:
    """Check once a night, by one process of the server, in a thread of its own.

    Return what ends it once it is set.
    """
    over = threading.Event()
    arguments = installation_here(), config, every, over
    threading.Thread(target=_watch, args=arguments, name="integrity", daemon=True).start()
    return over


def _watch(here: Installation, config: Config, every: float, over: threading.Event) -> None:
    # Without a check before, the first is in the night to come: a start is not slowed by it.
    begun = LastCheck(utc_now(), "")
    while not over.wait(every):
        try:
            with here.inside():
                _check_if_due(config, begun)
        except Exception:
            _log.exception("the night's check was not done")


def _check_if_due(config: Config, begun: LastCheck) -> None:
    if not is_due(utc_now(), last_check(config) or begun):
        return
    with worker_lock(_OURS) as mine:
        if mine and is_due(utc_now(), last_check(config) or begun):
            check_now(config)


def pending_damage(config: Config) -> Sequence[str]:
    """What the last night's check found, for who watches the server and for administrators."""
    last = last_check(config)
    return [last.damage] if last is not None and last.damage else []
