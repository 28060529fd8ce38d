"""Links of people to their own records: which stands, ended with who they lead to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from sqlalchemy import select

from compete.models import Account, PersonLink, PersonShare, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.row_seals import delete_noted

Why = Literal["withdrawn", "renewed", "merged", "missed"]
"""Taken back, given anew, of two records that are one person's, or missed too often."""


def standing_link(person_id: int) -> PersonLink | None:
    """The link that stands of a person, or None."""
    query = select(PersonLink).where(
        PersonLink.person_id == person_id, PersonLink.ended_at.is_(None)
    )
    return db.session.scalar(query)


def end_links(people: Collection[int], by: Account | None, why: Why) -> Sequence[PersonLink]:
    """End the links that stand of these people, and with them their shares.

    Inside a unit of work that holds the chain of the installation.
    """
    query = select(PersonLink).where(
        PersonLink.person_id.in_(list(people)), PersonLink.ended_at.is_(None)
    )
    links = db.session.scalars(query.order_by(PersonLink.id)).all()
    for link in links:
        link.ended_by, link.ended_at, link.ended_why = by.id if by else None, utc_now(), why
        link.entry_hash = link.entry_until = None
        after = {"name": link.person.name, "how": why}
        audit.record(None, by, "person.link_end", str(link.person_id), after=after)
    db.session.flush()
    return links


def drop_links(people: Collection[int]) -> None:
    """Take the links of people away whose records go; inside a unit of work."""
    links = db.session.scalars(
        select(PersonLink.id).where(PersonLink.person_id.in_(list(people)))
    ).all()
    if links:
        shares = select(PersonShare.id).where(PersonShare.link_id.in_(links))
        delete_noted(PersonShare, db.session.scalars(shares).all())
        delete_noted(PersonLink, links)
