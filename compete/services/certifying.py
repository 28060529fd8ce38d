"""Certificates: numbers, issue, revocation, and the public answer to "is it genuine?"."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from compete.domain.identity import CertificateNumber, IdentityError
from compete.domain.ladder import grade_face
from compete.domain.messages import msg
from compete.domain.states import GRADE_MOVES, CertificateState, GradeState, move
from compete.models import (
    Account,
    Certificate,
    Competition,
    Entrant,
    GradeDecision,
    IssuingBody,
    NumberSeries,
    db,
    utc_now,
)
from compete.models.types import token_hash
from compete.services import audit
from compete.services.errors import Refused
from compete.services.issuing import check_issue
from compete.services.lengths import reason_text
from compete.services.record_checks import seal_certificate
from compete.services.rules import rules_of
from compete.services.work import held, unit_of_work


def issue_grade_certificates(
    competition: Competition, body: IssuingBody, by: Account, reason: str = ""
) -> list[Certificate]:
    """Number and issue a certificate for every approved grade of the competition.

    All or none. `reason` says why, where the notice still runs. Raises
    `Refused` where `check_issue` does, for an occupation or grade outside the
    body's filed scope, and for a person without ID number.
    """
    with unit_of_work() as session:
        competition = held(competition)
        why = check_issue(competition, reason)
        decisions = session.scalars(
            select(GradeDecision)
            .join(Entrant)
            .where(
                Entrant.competition_id == competition.id,
                GradeDecision.state == GradeState.APPROVED,
            )
            .order_by(GradeDecision.grade, GradeDecision.rank, Entrant.code)
            .with_for_update(of=GradeDecision)
        ).all()
        if not decisions:
            raise Refused(msg("没有已批准、等发证的人"))
        issued = [_issue_grade(competition, body, decision) for decision in decisions]
        session.flush()
        for certificate in issued:
            audit.record(
                competition,
                by,
                "certificate.issue",
                certificate.subject,
                after={
                    "number": certificate.number,
                    "kind": certificate.kind,
                    "seal": seal_certificate(certificate),
                },
                reason=why,
            )
    return issued


def _issue_grade(
    competition: Competition, body: IssuingBody, decision: GradeDecision
) -> Certificate:
    entrant = decision.entrant
    occupation = rules_of(entrant.event).occupation
    if occupation is None:
        raise Refused(msg("赛项“%(event)s”没有写职业，不能发等级证书", event=entrant.event.name))
    if not _in_scope(body, occupation.code, decision.grade):
        raise Refused(
            msg(
                "“%(body)s”没有备案 %(occupation)s %(grade)s，不能发证",
                body=body.name,
                occupation=occupation.name,
                grade=grade_face(decision.grade),
            )
        )
    if not entrant.id_number:
        raise Refused(msg("%(name)s 没有证件号码，不能发等级证书", name=entrant.name))
    today = local_today()
    number = CertificateNumber.build(
        kind=body.kind,
        body=body.body_code,
        province=body.province,
        site=body.site,
        year=today.year,
        level=decision.grade,
        serial=next_number(f"grade/{body.id}/{today.year}/{decision.grade}"),
    )
    decision.state = move(decision.state, GradeState.ISSUED, GRADE_MOVES)
    face = {
        "name": entrant.name,
        "id_type": entrant.id_type,
        "occupation": occupation.name,
        "occupation_code": occupation.code,
        "trade": occupation.track or "--",
        "level": grade_face(decision.grade),
        "body": body.name,
        "rule": decision.rule,
    }
    return new_certificate(
        "grade", str(number), competition, face, entrant=entrant, body=body, on=today
    )


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


def next_number(series: str) -> int:
    """The next number of a series, from 1; inside the transaction that uses it."""
    known = select(NumberSeries.id).where(NumberSeries.series == series)
    if db.session.scalar(known) is None:
        # Two who begin a series at once must not both make its row.
        insert = postgresql.insert if _is_postgresql() else sqlite.insert
        db.session.execute(
            insert(NumberSeries).values(series=series, last=0).on_conflict_do_nothing()
        )
    return db.session.scalars(
        update(NumberSeries)
        .where(NumberSeries.series == series)
        .values(last=NumberSeries.last + 1)
        .returning(NumberSeries.last)
        .execution_options(synchronize_session=False)
    ).one()


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def revoke_certificate(certificate: Certificate, reason: str, by: Account) -> None:
    """Make a certificate void for good; the public page says so, with the reason."""
    reason = reason_text(reason)
    if not reason:
        raise Refused(msg("撤销要写原因，查询的人会看到"), status=400)
    with unit_of_work() as session:
        competition = held(certificate.competition)
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


def find_by_token(token: str) -> Certificate | None:
    """The certificate behind a QR code, or None."""
    return db.session.scalar(select(Certificate).where(Certificate.token_hash == token_hash(token)))


def find_by_number(number: str, name: str) -> Certificate | None:
    """The certificate with exactly that number and holder's name, or None.

    A grade number that cannot be one raises `IdentityError`, which says what
    is wrong with it, so that a slip of the finger is not taken for a forgery.
    """
    text = "".join(number.split())
    certificate = db.session.scalar(select(Certificate).where(Certificate.number == text))
    if certificate is None and text[:1].isascii() and text[:1].isalnum():
        text = str(CertificateNumber.parse(text))
        certificate = db.session.scalar(select(Certificate).where(Certificate.number == text))
    if certificate is None or certificate.face["name"] != name.strip():
        return None
    return certificate


def certificates_of(competition: Competition, kind: str | None = None) -> Sequence[Certificate]:
    """The competition's certificates in the order of issue."""
    query = select(Certificate).where(Certificate.competition_id == competition.id)
    if kind:
        query = query.where(Certificate.kind == kind)
    return db.session.scalars(query.order_by(Certificate.id)).all()


def create_body(
    *,
    name: str,
    kind: str,
    body_code: str,
    province: str,
    site: str,
    phone: str | None,
    scope: list[dict[str, Any]],
    by: Account | None,
    competition: Competition | None = None,
) -> IssuingBody:
    """Enter an issuing body, for a competition where one is given.

    `Refused` when its parts make no certificate number.
    """
    try:
        CertificateNumber.build(
            kind=kind, body=body_code, province=province, site=site, year=2000, level=3, serial=1
        )
    except IdentityError as error:
        raise Refused(error.message, status=400) from None
    with unit_of_work() as session:
        if session.scalar(select(IssuingBody.id).where(IssuingBody.name == name)):
            raise Refused(msg("已经有“%(name)s”这个评价机构", name=name))
        body = IssuingBody(
            name=name,
            kind=kind,
            body_code=body_code,
            province=province,
            site=site,
            phone=phone,
            scope=scope,
        )
        session.add(body)
        session.flush()
        audit.record(None, by, "body.create", name, after={"id": body.id})
        if competition is not None:
            competition = held(competition)
            competition.settings = competition.settings | {"body": body.id}
            audit.record(competition, by, "body.choose", name, after={"id": body.id})
    return body


def body_for(competition: Competition) -> IssuingBody | None:
    """Who issues the competition's grade certificates, or None while there is nobody.

    The one that its own organiser entered; else the first ever entered that is
    filed for one of its occupations. So what another competition's organiser
    enters later does not come to stand on this one's certificates.
    """
    known = sorted(bodies(), key=lambda body: body.id)
    chosen = competition.settings.get("body")
    occupations = [rules_of(event).occupation for event in competition.events]
    codes = {one.code for one in occupations if one is not None}
    own = [body for body in known if body.id == chosen]
    filed = [body for body in known if codes & {entry["code"] for entry in body.scope}]
    return next(iter(own or filed or known), None)


def bodies() -> Sequence[IssuingBody]:
    """Every issuing body, by name."""
    return db.session.scalars(select(IssuingBody).order_by(IssuingBody.name)).all()


def local_today() -> date:
    """Today in the installation's time zone: the date that stands on paper."""
    return datetime.now(ZoneInfo(current_app.extensions["compete.config"].timezone)).date()


def _in_scope(body: IssuingBody, occupation: str, grade: int) -> bool:
    return any(entry["code"] == occupation and grade in entry["grades"] for entry in body.scope)
