"""Who sees agreements: administrators all; others their own, and of what is theirs alone."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select, true

from compete.models import Account, Mentorship, Organisation, Unit, db
from compete.services.directory.merged import with_merged
from compete.services.directory.own_competitions import own_competitions, sees_all
from compete.services.directory.tree import organisations_by_number


def own_organisations(account: Account) -> dict[int, Organisation]:
    """The organisations that are units of the account's competitions, by number."""
    query = select(Unit.organisation_id).where(
        Unit.organisation_id.is_not(None), Unit.competition_id.in_(own_competitions(account))
    )
    numbers = {number for number in db.session.scalars(query.distinct()) if number is not None}
    rows = organisations_by_number(numbers).values()
    return {row.id: row for row in sorted(rows, key=lambda row: row.id)}


def _kept_alone(account: Account) -> dict[int, int]:
    """The organisations, and what was merged into them, that no other's competition knows."""
    counted = with_merged(Organisation, own_organisations(account))
    query = select(Unit.organisation_id).where(
        Unit.organisation_id.in_(counted), Unit.competition_id.not_in(own_competitions(account))
    )
    shared = {counted[number] for number in db.session.scalars(query) if number is not None}
    return {number: into for number, into in counted.items() if into not in shared}


def is_seen_by(account: Account) -> ColumnElement[bool]:
    """The condition of the agreements that the account sees, and keeps."""
    if sees_all(account):
        return true()
    alone = _kept_alone(account)
    return or_(Mentorship.made_by == account.id, Mentorship.organisation_id.in_(alone))


def may_make_in(account: Account, organisation: Organisation) -> bool:
    """True if the account may write agreements of the organisation."""
    return sees_all(account) or organisation.id in own_organisations(account)
