"""Certificates whose results were announced and taken back: none holds until the next notice."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from compete.models import Certificate, Entrant, ResultStand, Team


def on_taken_down() -> ColumnElement[bool]:
    """For a statement over certificates: the results they follow were announced and taken back.

    What was given by hand, or granted on other grounds, follows no results.
    """
    events = select(ResultStand.event_id).where(ResultStand.withdrawn_why.is_not(None))
    return (
        Certificate.distinction_id.is_(None)
        & Certificate.claim_id.is_(None)
        & or_(
            Certificate.entrant_id.in_(select(Entrant.id).where(Entrant.event_id.in_(events))),
            Certificate.team_id.in_(select(Team.id).where(Team.event_id.in_(events))),
        )
    )
