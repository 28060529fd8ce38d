"""Certificates for other systems: those of a competition, and whether one is genuine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

import msgspec
from flask_babel import gettext as _

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.masks import mask_name
from compete.domain.values.distinction_states import DistinctionKind
from compete.domain.values.messages import msg
from compete.models import Certificate, Competition
from compete.services.accounts.api_tokens import Scope
from compete.services.certificates.certificates_since import (
    certificate_of,
    certificates_since,
    states_of,
)
from compete.web.api_v1.operations import (
    Body,
    Instant,
    Operation,
    Page,
    PagedQuery,
    Query,
    instant_of,
    number_after,
    operation,
    own_competition,
    part_of,
    reads_people,
)
from compete.web.language import say
from compete.web.problems import Fault, refuse
from compete.web.public.certificate import standing_of
from compete.web.public.look_up import MoreIsAskedError, found_certificate

_OF_SEVERAL = (DistinctionKind.UNIT.value, DistinctionKind.TEAM.value)
_VERDICTS: Mapping[str, Literal["valid", "under_review", "void"]] = {
    "valid": "valid",
    "review": "under_review",
    "replacing": "under_review",
    "replaced": "void",
    "revoked": "void",
}


class CertificateOut(msgspec.Struct, frozen=True):
    """A certificate: of a grade or of an award."""

    number: str
    name: str
    """Of a person masked without `people:read`; of a team or unit whole."""
    kind: Literal["grade", "award"]
    grade: str | None
    award: str | None
    entrant: str | None
    """The code under which the person took part."""
    state: str
    """`valid`, `review`, `replacing`, `replaced` or `revoked`."""
    issued: date
    replaces: str | None
    """The number of the certificate in whose stead it was issued."""


class CertificatesQuery(PagedQuery, frozen=True, kw_only=True):
    """Those issued, or standing otherwise, since an instant (`2026-09-18T00:00:00Z`)."""

    since: Instant | None = None


class VerifyBody(Body, frozen=True, kw_only=True):
    """A certificate as it is written on paper; the ID number need not be given."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    id_number: Annotated[str, msgspec.Meta(max_length=30)] = ""


class VerdictOut(msgspec.Struct, frozen=True):
    """What the register says of a certificate; of one that is void why stands on its page."""

    state: Literal["valid", "under_review", "void", "unknown"]
    number: str | None
    issued: date | None
    detail: str | None


_CERTIFICATE = {
    "number": "S000037230012265000001",
    "name": "赵*明",
    "kind": "grade",
    "grade": "三级/高级工",
    "award": None,
    "entrant": "A01",
    "state": "valid",
    "issued": "2026-09-25",
    "replaces": None,
}


@operation(
    Operation(
        name="certificates",
        path="/competitions/<code>/certificates",
        scope=Scope.CERTIFICATES_READ,
        summary=msg("发过的证书和现在的状态；since 以后没有变过的不列；姓名要 people:read"),
        query=CertificatesQuery,
        answer=Page[CertificateOut],
        example={"data": [_CERTIFICATE], "next": None},
    )
)
def certificates(code: str, query: CertificatesQuery) -> Page[CertificateOut]:
    """List certificates, in the order of issue."""
    row = own_competition(code, Scope.CERTIFICATES_READ)
    since = instant_of("since", query.since)
    rows = certificates_since(row, since, number_after(query.cursor), query.limit + 1)
    shown, following = part_of(rows, query, lambda certificate: certificate.id)
    return Page(_certificates(row, shown), following)


@operation(
    Operation(
        name="certificate",
        path="/competitions/<code>/certificates/<number>",
        scope=Scope.CERTIFICATES_READ,
        summary=msg("一张证书，作废的也在"),
        answer=CertificateOut,
        example=_CERTIFICATE,
    )
)
def certificate(code: str, number: str, query: Query) -> CertificateOut:
    """Tell of one certificate."""
    row = own_competition(code, Scope.CERTIFICATES_READ)
    issued = certificate_of(row, number)
    if issued is None:
        refuse(404, _("没有编号为“%(number)s”的证书", number=number))
    return _certificates(row, [issued])[0]


@operation(
    Operation(
        name="verify_certificate",
        path="/certificates/verify",
        method="POST",
        scope=None,
        summary=msg("证书真伪：编号和姓名都对才查得到，查错太多次要带证件号码"),
        body=VerifyBody,
        sent={"number": "S000037230012265000001", "name": "赵启明"},
        answer=VerdictOut,
        example={
            "state": "valid",
            "number": "S000037230012265000001",
            "issued": "2026-09-25",
            "detail": None,
        },
    )
)
def verify_certificate(query: Query, body: VerifyBody) -> VerdictOut:
    """Say whether a certificate of this number and name is genuine and holds."""
    try:
        issued = found_certificate(body.number, body.name, body.id_number.strip())
    except IdentityError as error:
        detail = say(error.message)
        refuse(422, detail, [Fault("/number", "certificate_number", detail)])
    except MoreIsAskedError:
        detail = _("查不到的次数太多了，光有编号和姓名不再查，要带 id_number")
        refuse(429, detail, [Fault("/id_number", "needed", detail)])
    if issued is None:
        return VerdictOut("unknown", None, None, None)
    standing, detail_of_state = standing_of(issued)
    return VerdictOut(_VERDICTS[standing], issued.number, issued.issued_on, detail_of_state)


def _certificates(competition: Competition, rows: Sequence[Certificate]) -> list[CertificateOut]:
    whole = reads_people(competition, count=len(rows))
    states = states_of(rows)
    return [_certificate(row, states[row.id], whole=whole) for row in rows]


def _certificate(row: Certificate, state: str, *, whole: bool) -> CertificateOut:
    name = str(row.face["name"])
    of_several = row.team_id is not None or row.face.get("distinction") in _OF_SEVERAL
    is_grade = row.kind == "grade"
    return CertificateOut(
        number=row.number,
        name=name if whole or of_several else mask_name(name),
        kind="grade" if is_grade else "award",
        grade=row.face["level"] if is_grade else None,
        award=None if is_grade else row.face["award"],
        entrant=row.person.code if row.person is not None else None,
        state=state,
        issued=row.issued_on,
        replaces=row.replaces.number if row.replaces is not None else None,
    )
