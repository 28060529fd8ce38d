"""Issuing bodies (评价机构): registered once, and chosen for a competition's certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from compete.domain.bundle.event_types import Occupation
from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import same_name_key
from compete.domain.identity.occupations import NO_CODE, occupation_code, same_occupation
from compete.domain.values.messages import msg
from compete.models import Account, Competition, IssuingBody, db
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import change_settings, settings_of
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import for_update, unit_of_work


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
) -> IssuingBody:
    """Register an issuing body: by an administrator, or on the server itself (`by` is None).

    Raises `Refused`: FORBIDDEN for anybody else, INVALID when its parts make no
    certificate number, CONFLICT when name or codes are another body's: two bodies of
    the same codes would give the same numbers.
    """
    _require_administrator(by)
    name = name.strip()
    try:
        # Codes are kept as they stand in numbers, however they were typed: ００００ is 0000.
        parts = CertificateNumber.build(
            kind=kind, body=body_code, province=province, site=site, year=2000, level=3, serial=1
        )
    except IdentityError as error:
        raise invalid(error.message) from None
    codes = f"{parts.kind}{parts.body}{parts.province}{parts.site}"
    with unit_of_work() as session:
        if session.scalar(select(IssuingBody.id).where(IssuingBody.name == name)):
            raise Refused(msg("已经有“%(name)s”这个评价机构", name=name))
        other = session.scalar(select(IssuingBody).where(IssuingBody.codes == codes))
        if other is not None:
            raise Refused(
                msg("机构代码 %(codes)s 是“%(name)s”的，编号会重", codes=codes, name=other.name)
            )
        body = IssuingBody(
            name=name,
            kind=parts.kind,
            body_code=parts.body,
            province=parts.province,
            site=parts.site,
            codes=codes,
            phone=phone,
            scope=scope,
        )
        session.add(body)
        session.flush()
        audit.record(None, by, "body.create", name, after={"id": body.id, "scope": scope})
    return body


def file_scope(body: IssuingBody, scope: list[dict[str, Any]], by: Account | None) -> None:
    """Set what the body may certify from now on; certificates issued before stay as they are."""
    _require_administrator(by)
    with unit_of_work() as session:
        row = session.get_one(IssuingBody, body.id, with_for_update=True)
        before, row.scope = row.scope, scope
        session.flush()
        audit.record(None, by, "body.scope", row.name, before=before, after=scope)


def choose_body(competition: Competition, body: IssuingBody, by: Account) -> None:
    """Let the body issue the competition's grade certificates.

    Raises `Refused` for one that is filed for none of its occupations.
    """
    with unit_of_work() as session:
        competition = for_update(competition)
        body = session.get_one(IssuingBody, body.id)
        if not may_issue_for(body, competition):
            raise Refused(msg("“%(name)s”没有备案这个竞赛的职业", name=body.name))
        change_settings(competition, body=body.id)
        session.flush()
        audit.record(competition, by, "body.choose", body.name, after={"id": body.id})


def read_scope(text: str) -> list[dict[str, Any]]:
    """The scope from lines of `code name grades`, grades as `5,4,3`.

    The code is `d-dd-dd-dd`; 待核 or -- stands where there is none yet, and the line is
    then for occupations of that name. Raises `Refused` (INVALID) naming the line
    that cannot be read, or for none at all.
    """
    scope: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.split()
        if not parts:
            continue
        grades = sorted(set(re.findall("[1-5]", parts[-1])), reverse=True)
        spelt = set(parts[-1]) <= set("12345,，、/")
        if len(parts) < 3 or not grades or not spelt or len(line) > 200:
            raise invalid(
                msg("备案范围第 %(line)s 行要写：职业编码 职业名称 等级，如 5,4,3", line=number)
            )
        code = occupation_code(parts[0])
        if code is None and parts[0] not in (NO_CODE, "--"):
            raise invalid(
                msg(
                    "备案范围第 %(line)s 行：“%(code)s”不是职业编码，要像 6-30-05-03；"
                    "还没有编码的写“待核”",
                    line=number,
                    code=parts[0],
                )
            )
        # The list of occupations writes flags behind some codes: 6-28-03-03 L.
        flagged = len(parts) > 3 and occupation_code(f"{parts[0]} {parts[1]}") is not None
        name = " ".join(parts[2 if flagged else 1 : -1])
        occupation = code or name
        if occupation in {occupation_code(entry["code"]) or entry["name"] for entry in scope}:
            raise invalid(
                msg("备案范围第 %(line)s 行：%(code)s 前面写过了", line=number, code=occupation)
            )
        scope.append({"code": code or NO_CODE, "name": name, "grades": [int(g) for g in grades]})
    if not scope:
        raise invalid(msg("备案范围没写"))
    return scope


def scope_text(scope: Sequence[dict[str, Any]]) -> str:
    """The scope as `read_scope` reads it."""
    return "\n".join(
        f"{entry['code']} {entry['name']} {','.join(map(str, entry['grades']))}" for entry in scope
    )


def occupations_of(competition: Competition) -> list[Occupation]:
    """The occupations of the competition's events, as their rules write them; each once."""
    occupations = [rules_of(event).occupation for event in competition.events]
    once = {
        (occupation_code(body.code), same_name_key(body.name)): body
        for body in reversed(occupations)
        if body is not None
    }
    return list(once.values())[::-1]


def is_filed(body: IssuingBody, occupation: Occupation, grade: int | None = None) -> bool:
    """True if the body may certify the occupation; with `grade`, that grade of it."""
    return any(
        same_occupation(entry["code"], entry["name"], occupation.code, occupation.name)
        and (grade is None or grade in entry["grades"])
        for entry in body.scope
    )


def may_issue_for(body: IssuingBody, competition: Competition) -> bool:
    """True if the body has codes of its own and is filed for one of the occupations here.

    Where no event names any, grades are of examinees alone, each for its own: any body may.
    """
    wanted = occupations_of(competition)
    return body.codes is not None and (
        not wanted or any(is_filed(body, occupation) for occupation in wanted)
    )


def _require_administrator(by: Account | None) -> None:
    if by is not None and not by.is_admin:
        raise Refused(msg("评价机构由管理员登记"), kind=Refusal.FORBIDDEN)


def body_for(competition: Competition) -> IssuingBody | None:
    """The issuer of the competition's grade certificates, or None while there is none.

    The one that its organiser chose; else the first ever registered that is
    filed for one of its occupations. So what is registered later does not come
    to stand on this one's certificates. Where events name no occupation it must be chosen.
    """
    known = sorted((body for body in bodies() if body.codes), key=lambda body: body.id)
    chosen = settings_of(competition).body
    own = [body for body in known if body.id == chosen]
    if not own and occupations_of(competition):
        own = [body for body in known if may_issue_for(body, competition)]
    return own[0] if own else None


def required_body(competition: Competition, body: IssuingBody | None = None) -> IssuingBody:
    """This body, else the competition's (`body_for`). Raises `Refused` where there is none."""
    issuer = body or body_for(competition)
    if issuer is None:
        raise Refused(msg("还没填评价机构，等级证书编不了号。"))
    return issuer


def bodies() -> Sequence[IssuingBody]:
    """List every issuing body, by name."""
    return db.session.scalars(select(IssuingBody).order_by(IssuingBody.name)).all()
