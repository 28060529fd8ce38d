"""What is announced of a competition now."""

from __future__ import annotations

from sqlalchemy import func, select

from compete.models import Competition, Publication, db


def latest_publication(competition: Competition) -> Publication | None:
    """The publication announced now, or None while nothing is."""
    return db.session.scalar(
        select(Publication)
        .where(Publication.competition_id == competition.id, Publication.withdrawn_at.is_(None))
        .order_by(Publication.version.desc())
        .limit(1)
    )


def next_version(competition: Competition) -> int:
    """The number of the version that is announced next; one that was withdrawn kept its own."""
    newest = db.session.scalar(
        select(func.max(Publication.version)).where(Publication.competition_id == competition.id)
    )
    return (newest or 0) + 1
