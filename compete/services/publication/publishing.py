"""Publishing: a stored snapshot, and reading what it says."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
from sqlalchemy import func, select

from compete.domain import Bundle, Results, score, write_bundle, write_results
from compete.domain.values import COMPETITION_MOVES, CompetitionState, move, msg
from compete.models import Account, Competition, Publication, db, utc_now
from compete.services.closing import find_blockers, recheck_blockers
from compete.services.kernel import Refused, audit, for_update, unit_of_work
from compete.services.scoring import export_bundle

DEFAULT_NOTICE_DAYS = 5
DEFAULT_APPEAL_HOURS = 2


def publish(competition: Competition, by: Account, note: str = "") -> Publication:
    """Store and announce the results as they are locked.

    The snapshot holds the bundle without ID numbers and phones, its results,
    the rule versions and a SHA-256 over all; it is scored from the very bytes
    that are stored. Raises `Refused` when marks are not locked or something
    disputed is left, and before a required re-check is done.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        if competition.kind == "labour":
            to = competition.state
        else:
            to = move(competition.state, CompetitionState.NOTICE, COMPETITION_MOVES)
        bundle = export_bundle(competition, private=False)
        results = score(bundle)
        blockers = [
            *find_blockers(competition, results),
            *recheck_blockers(competition, results),
        ]
        if blockers:
            raise Refused(msg("还不能公布：%(what)s", what=blockers[0].what))
        version = (
            session.scalar(
                select(func.max(Publication.version)).where(
                    Publication.competition_id == competition.id
                )
            )
            or 0
        ) + 1
        bundle_bytes, results_bytes = write_bundle(bundle, "json"), write_results(results)
        now = utc_now()
        publication = Publication(
            competition_id=competition.id,
            version=version,
            bundle=zlib.compress(bundle_bytes, 6),
            results=zlib.compress(results_bytes, 6),
            rule_versions={
                event.code: {"version": event.rules.number, "sha256": event.rules.sha256}
                for event in competition.events
            },
            sha256=digest(bundle_bytes, results_bytes),
            published_at=now,
            published_by=by.id,
            notice_until=after_working_days(now, notice_days(competition)),
            appeals_until=now + timedelta(hours=_whole(competition, "appeal_hours")),
            note=note.strip() or None,
        )
        session.add(publication)
        competition.state = to
        session.flush()
        audit.record(
            competition,
            by,
            "results.publish",
            competition.code,
            after={"version": version, "sha256": publication.sha256},
            reason=publication.note,
        )
    return publication


def notice_days(competition: Competition) -> int:
    """For how many working days results are open to objection."""
    return _whole(competition, "notice_days")


def digest(bundle: bytes, results: bytes) -> str:
    """SHA-256 in hex over both files, each preceded by its length in eight bytes."""
    whole = hashlib.sha256()
    for part in (bundle, results):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def latest_publication(competition: Competition) -> Publication | None:
    """What is announced now, or None while nothing is."""
    return db.session.scalar(
        select(Publication)
        .where(Publication.competition_id == competition.id, Publication.withdrawn_at.is_(None))
        .order_by(Publication.version.desc())
        .limit(1)
    )


def publications(competition: Competition) -> Sequence[Publication]:
    """Every version, newest first."""
    return db.session.scalars(
        select(Publication)
        .where(Publication.competition_id == competition.id)
        .order_by(Publication.version.desc())
    ).all()


def snapshot_files(publication: Publication) -> tuple[bytes, bytes]:
    """The published bundle and results, byte for byte as they were stored."""
    return zlib.decompress(publication.bundle), zlib.decompress(publication.results)


def is_unchanged(publication: Publication) -> bool:
    """Whether the stored snapshot still has the hash it was published with."""
    try:
        return digest(*snapshot_files(publication)) == publication.sha256
    except zlib.error:
        return False


def read_snapshot(publication: Publication) -> tuple[Bundle, Results]:
    """The published bundle and results as types; kept in memory by their hash."""
    return _read(publication.id, publication.sha256)


@lru_cache(maxsize=16)
def _read(publication_id: int, _sha256: str) -> tuple[Bundle, Results]:
    publication = db.session.get_one(Publication, publication_id)
    bundle, results = snapshot_files(publication)
    return (
        msgspec.json.decode(bundle, type=Bundle),
        msgspec.json.decode(results, type=Results),
    )


def after_working_days(start: datetime, days: int) -> datetime:
    """The end of the notice: that many days later, Saturdays and Sundays not counted."""
    at = start
    while days > 0:
        at += timedelta(days=1)
        if at.weekday() < 5:
            days -= 1
    return at


def _whole(competition: Competition, key: str) -> int:
    defaults = {"notice_days": DEFAULT_NOTICE_DAYS, "appeal_hours": DEFAULT_APPEAL_HOURS}
    return int(competition.settings.get(key, defaults[key]))
