"""Issuing bodies (评价机构): entered once, and chosen for a competition's certificates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from compete.domain.identity import CertificateNumber, IdentityError
from compete.domain.values import msg
from compete.models import Account, Competition, IssuingBody, db
from compete.services.kernel import Refused, audit, for_update, rules_of, unit_of_work


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
            competition = for_update(competition)
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
    codes = {occupation.code for occupation in occupations if occupation is not None}
    own = [body for body in known if body.id == chosen]
    filed = [body for body in known if codes & {entry["code"] for entry in body.scope}]
    return next(iter(own or filed or known), None)


def bodies() -> Sequence[IssuingBody]:
    """Every issuing body, by name."""
    return db.session.scalars(select(IssuingBody).order_by(IssuingBody.name)).all()
