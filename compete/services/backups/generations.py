"""Generations of the database: each setting back begins one (devices meet it in static/js/keeping).

Each answer to a device says how far its competition's chain was then (`standing`), under our
seal; the device brings the newest of these back with each call (`met_by`). A record
that was there once and is not now says that the database was set back, by whatever means.
"""

from __future__ import annotations

import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple, TypedDict

from sqlalchemy import bindparam, select
from sqlalchemy.exc import SQLAlchemyError

from compete.domain.values.numerals import whole_number
from compete.models import AuditEntry, Competition, Contact, Generation, Judge, db, utc_now
from compete.models.compiled_statements import Prepared
from compete.models.types import keyed_hash
from compete.services.kernel import audit
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.deliveries import hold_back, stop
from compete.services.outbox.webhooks import all_webhooks

_KNOWN = "compete.generation"
# A restore wants the server stopped; where it was not, this is how long the old name lives on.
_SECONDS = 10.0
_TOLD = timedelta(hours=16)
_DIGITS = 32
_RECORD = Prepared(
    select(AuditEntry.hash).where(
        AuditEntry.competition_id == bindparam("competition"), AuditEntry.seq == bindparam("seq")
    )
)
log = logging.getLogger(__name__)


class Standing(TypedDict):
    """The generation of the database, and how far a competition's chain is in it, sealed."""

    generation: str
    reached: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored lately, and which judges' tablets came back since.

    `backup` is empty where the database was set back otherwise. `missing` holds judges' codes
    that were heard of on that day before, and not since.
    """

    at: datetime
    backup: str
    back: int
    missing: tuple[str, ...]


def begin_generation(backup: str) -> str:
    """Give a restored database a life of its own; its name. `backup` says what was restored."""
    with unit_of_work():
        name = _begin(backup)
        # What waited may have gone out since, and this may be a copy that nobody should hear of.
        for hook in all_webhooks():
            stop(hook, "restored")
        hold_back()
        audit.record(None, None, "installation.restored", backup, after={"generation": name})
    return name


def begin_generation_by_hand() -> str:
    """Let every device send again what it keeps, as the operator knows of a loss; the name."""
    with unit_of_work():
        name = _begin("")
        audit.record(None, None, "installation.generation", "", after={"generation": name})
    return name


def _begin(backup: str) -> str:
    name = secrets.token_hex(8)
    db.session.add(Generation(name=name, restored_from=backup[:200]))
    return name


def standing(competition_id: int, end: audit.End | None = None) -> Standing:
    """Say to a device how far the server is; `end` is the chain's last record, if it is known.

    Only of what is committed: what was said once must be there for ever.
    """
    generation = generation_now()
    if end is None:
        last = audit.LAST_RECORD.first_alone(db.engine, competition=competition_id)
        end = audit.End(*last) if last else audit.End(0, audit.GENESIS)
    word = f"{generation}.{competition_id}.{end.seq}.{end.hash[:_DIGITS]}"
    return {"generation": generation, "reached": f"{word}.{_seal(word)}"}


def _seal(word: str) -> str:
    return keyed_hash(f"reached {word}")[:_DIGITS]


class _Word(NamedTuple):
    """What a device was told: in which generation, of which chain, which record, its beginning."""

    generation: str
    at: audit.Reached
    mark: str


def _read_word(reached: str | None) -> _Word | None:
    """What `standing` said; None for what did not come from here."""
    word, _dot, seal = (reached or "").rpartition(".")
    if not word or not hmac.compare_digest(seal.encode(), _seal(word).encode()):
        return None
    generation, competition, seq, mark = word.split(".")
    number, place = whole_number(competition), whole_number(seq)
    return _Word(generation, audit.Reached(number, place), mark) if number and place else None


class Met(NamedTuple):
    """How a device knows the database: as another generation, or how far it was told that it is."""

    is_of_another: bool
    reached: audit.Reached | None


def met_by(reached: str | None) -> Met:
    """How the device that says this knows the database; one that says nothing knows no other.

    A generation begins here if the record that the device was once told of is not there any more.
    """
    word = _read_word(reached)
    if word is None:
        return Met(is_of_another=False, reached=None)
    generation, (number, place), mark = word
    known = generation_now()
    if generation != known:
        # Another process of ours may have begun it since.
        installation_here().memory.pop(_KNOWN, None)
        known = generation_now()
    if generation == known:
        row = _RECORD.first_alone(db.engine, competition=number, seq=place)
        lost = row is None or row[0][:_DIGITS] != mark
    else:
        # Over and done with, unless the database has never heard of it.
        query = select(Generation.id).where(Generation.name == generation)
        lost = db.session.scalar(query) is None
    if lost:
        _begin_after_loss(known, number, place)
    is_of_another = lost or generation != known
    return Met(is_of_another, None if is_of_another else word.at)


def _begin_after_loss(before: str, competition_id: int, seq: int) -> None:
    """Begin the generation after `before`, once, however many devices notice the loss."""
    with unit_of_work() as session:
        audit.claim_chain(None)
        newest = session.scalar(select(Generation.name).order_by(Generation.id.desc()).limit(1))
        competition = session.get(Competition, competition_id)
        # Of a competition that is gone no device has anything to send again.
        if (newest or "") == before and competition is not None:
            name, code = _begin(""), competition.code
            hold_back()
            after = {"generation": name, "seq": seq}
            audit.record(None, None, "installation.set_back", code, after=after)
            log.warning(
                "the database was set back: record %s of %s is gone; devices send again", seq, code
            )
    installation_here().memory.pop(_KNOWN, None)


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
