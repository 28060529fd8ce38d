"""Generations of the database: each restore begins one (tablets meet it in judge/keeping)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from compete.models import Competition, Contact, Generation, Judge, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work

_KNOWN = "compete.generation"
# A restore wants the server stopped; where it was not, this is how long the old name lives on.
_SECONDS = 10.0
_TOLD = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored lately, and which judges' tablets came back since.

    `missing` holds judges' codes that were heard of on that day before, and not since.
    """

    at: datetime
    backup: str
    back: int
    missing: tuple[str, ...]


def begin_generation(backup: str) -> str:
    """Give a restored database a life of its own; its name. `backup` says what was restored."""
    name = secrets.token_hex(8)
    with unit_of_work() as session:
        session.add(Generation(name=name, restored_from=backup[:200]))
        audit.record(None, None, "installation.restored", backup, after={"generation": name})
    return name


def generation_now() -> str:
    """The name of the database's generation, asked for at most every few seconds."""
    known: tuple[str, float] | None = installation_here().memory.get(_KNOWN)
    if known is not None and monotonic() - known[1] < _SECONDS:
        return known[0]
    query = select(Generation.name).order_by(Generation.id.desc()).limit(1)
    name = db.session.scalar(query) or ""
    installation_here().memory[_KNOWN] = (name, monotonic())
    return name


def lately_restored(competition: Competition) -> Restored | None:
    """The restore that the desk tells of for the rest of the day; None if there was none."""
    last = db.session.scalar(select(Generation).order_by(Generation.id.desc()).limit(1))
    if last is None or last.restored_from is None or utc_now() - last.since > _TOLD:
        return None
    heard = db.session.execute(
        select(Judge.code, Contact.heard_at)
        .join(Judge, Judge.id == Contact.judge_id)
        .where(
            Judge.competition_id == competition.id,
            Contact.heard_at > last.since - _TOLD,
        )
        .order_by(Judge.code)
    ).all()
    missing = tuple(row.code for row in heard if row.heard_at < last.since)
    return Restored(last.since, last.restored_from, len(heard) - len(missing), missing)


def database_answers() -> bool:
    """True if the database can be read, and has been set up."""
    try:
        db.session.scalar(select(Generation.id).limit(1))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True
