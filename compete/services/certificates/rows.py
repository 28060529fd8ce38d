"""A certificate as it is kept: made with a random link of its own, made void with a reason."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from sqlalchemy import select

from compete.domain.values import CertificateState, GradeState, msg
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    GradeDecision,
    IssuingBody,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services.kernel import Refused, audit, for_update, reason_text, unit_of_work


def new_certificate(
    kind: str,
    number: str,
    competition: Competition,
    face: dict[str, Any],
    *,
    on: date,
    entrant: Entrant | None = None,
    team_id: int | None = None,
    body: IssuingBody | None = None,
) -> Certificate:
    """Add one certificate with a random link of its own; inside a unit of work."""
    token = secrets.token_urlsafe(18)
    certificate = Certificate(
        kind=kind,
        number=number,
        token_hash=token_hash(token),
        token=token,
        competition_id=competition.id,
        entrant_id=entrant.id if entrant else None,
        team_id=team_id,
        body_id=body.id if body else None,
        subject=entrant.code if entrant else str(face["name"]),
        face=face,
        id_number=entrant.id_number if entrant and kind == "grade" else None,
        issued_on=on,
    )
    db.session.add(certificate)
    return certificate


def revoke_certificate(certificate: Certificate, reason: str, by: Account) -> None:
    """Make a certificate void for good; the public page says so, with the reason."""
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("撤销要写原因，查询的人会看到"), status=400)
    with unit_of_work() as session:
        competition = for_update(certificate.competition)
        session.refresh(certificate)
        if certificate.state is CertificateState.REVOKED:
            raise Refused(msg("这张证书已经撤销过了"))
        certificate.state = CertificateState.REVOKED
        certificate.revoked_at, certificate.revoke_reason = utc_now(), reason
        if certificate.kind == "grade":
            decision = session.scalar(
                select(GradeDecision).where(GradeDecision.entrant_id == certificate.entrant_id)
            )
            if decision and decision.state is GradeState.ISSUED:
                decision.state = GradeState.REVOKED
        audit.record(
            competition,
            by,
            "certificate.revoke",
            certificate.number,
            before={"state": "valid"},
            after={"state": "revoked"},
            reason=reason,
        )
