"""Applicant names for records: one who may never come on the list is not named."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from compete.models import Application, db
from compete.services.kernel.chunks import in_chunks


def names_of_applications(public_ids: Collection[str]) -> dict[str, str]:
    """The names by public number of those who are still kept."""
    wanted, found = sorted(public_ids), dict[str, str]()
    for chunk in in_chunks(wanted):
        query = select(Application.public_id, Application.name).where(
            Application.public_id.in_(chunk)
        )
        found |= dict(db.session.execute(query).tuples().all())
    return found
