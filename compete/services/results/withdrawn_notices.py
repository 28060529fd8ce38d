"""Certificates whose results were announced and taken back: none holds until the next notice."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_

from compete.models import Certificate, Entrant, ResultStand, Team

BY_PLACE = Certificate.distinction_id.is_(None) & Certificate.claim_id.is_(None)
"""Certificates by place: what was given by hand, or on other grounds, follows no results."""


def on_taken_down() -> ColumnElement[bool]:
    """The condition on certificates whose results were announced and taken back."""
    withdrawn = ResultStand.withdrawn_why.is_not(None)
    # Whoever looks one up reads its own event alone, not everybody who took part.
    of_person = exists().where(
        Entrant.id == Certificate.entrant_id, ResultStand.event_id == Entrant.event_id, withdrawn
    )
    of_team = exists().where(
        Team.id == Certificate.team_id, ResultStand.event_id == Team.event_id, withdrawn
    )
    return BY_PLACE & or_(of_person.correlate(Certificate), of_team.correlate(Certificate))
