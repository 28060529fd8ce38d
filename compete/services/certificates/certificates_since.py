"""Certificates that other systems read: in the order of issue, those changed since an instant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from compete.domain.identity.typed_numbers import tidy_certificate_number
from compete.domain.values.states import CertificateState
from compete.models import (
    AuditEntry,
    Certificate,
    Competition,
    Consequence,
    Entrant,
    ResultStand,
    Team,
    db,
)
from compete.services.results.consequences import doubts_about
from compete.services.results.withdrawn_notices import BY_PLACE


def certificates_since(
    competition: Competition, since: datetime | None, after: int | None, most: int
) -> Sequence[Certificate]:
    """List certificates in the order of issue, none of those left out that changed since then.

    All of an event whose results moved since are among them: any of them may hold again or not.
    """
    wanted = (
        select(Certificate)
        .where(Certificate.competition_id == competition.id)
        .order_by(Certificate.id)
        .limit(most)
    )
    if after is not None:
        wanted = wanted.where(Certificate.id > after)
    if since is not None:
        wanted = wanted.where(_changed(competition, since))
    return db.session.scalars(wanted).all()


def certificate_of(competition: Competition, number: str) -> Certificate | None:
    """The competition's certificate of this number, in whatever way it is written."""
    return db.session.scalar(
        select(Certificate).where(
            Certificate.competition_id == competition.id,
            Certificate.number == tidy_certificate_number(number),
        )
    )


def states_of(certificates: Sequence[Certificate]) -> dict[int, str]:
    """How each stands, by row: `valid`, `review`, `replacing`, `replaced` or `revoked`."""
    doubts = doubts_about(certificates)
    return {
        row.id: doubts.get(row.id, "valid")
        if row.state is CertificateState.VALID
        else row.state.value
        for row in certificates
    }


def _changed(competition: Competition, since: datetime) -> ColumnElement[bool]:
    successor = aliased(Certificate)
    about = Consequence.certificate_id == Certificate.id
    touched = or_(
        Consequence.made_at >= since,
        Consequence.settled_at >= since,
        Consequence.agreed_at >= since,
    )
    # Looking at all of them again leaves no instant in the row of one.
    looked_again = db.session.scalar(
        select(AuditEntry.id)
        .where(
            AuditEntry.competition_id == competition.id,
            AuditEntry.action == "consequence.compare",
            AuditEntry.at >= since,
        )
        .limit(1)
    )
    moved = ResultStand.changed_at >= since
    by_person = exists().where(
        Entrant.id == Certificate.entrant_id, ResultStand.event_id == Entrant.event_id, moved
    )
    by_team = exists().where(
        Team.id == Certificate.team_id, ResultStand.event_id == Team.event_id, moved
    )
    return or_(
        Certificate.issued_at >= since,
        Certificate.revoked_at >= since,
        exists().where(successor.replaces_id == Certificate.id, successor.issued_at >= since),
        exists().where(about, or_(touched, false() if looked_again is None else true())),
        BY_PLACE & or_(by_person.correlate(Certificate), by_team.correlate(Certificate)),
    )
