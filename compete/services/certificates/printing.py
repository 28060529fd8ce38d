"""Certificates as PDF, printed from what each says since it was issued."""

from __future__ import annotations

from collections.abc import Sequence

from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.grade_certificate import GradeCertificate, render_grade_certificates
from compete.domain.identity import Paper, paper_name
from compete.domain.values import msg
from compete.models import Certificate
from compete.services.kernel import Refused, fonts, public_url


def print_certificates(certificates: Sequence[Certificate]) -> bytes:
    """Certificates of one kind as PDF, in the order given."""
    if not certificates:
        raise Refused(msg("还没有证书，先发证"))
    if certificates[0].kind == "grade":
        return render_grade_certificates(
            [_grade(certificate) for certificate in certificates], fonts=fonts()
        )
    return render_award_certificates(
        [_award(certificate) for certificate in certificates], fonts=fonts()
    )


def _verify_url(certificate: Certificate) -> str:
    return public_url("public.verify_link", token=certificate.token)


def _grade(certificate: Certificate) -> GradeCertificate:
    face = certificate.face
    return GradeCertificate(
        name=face["name"],
        id_type=paper_name(Paper(face["id_type"])).render(),
        id_number=certificate.id_number or "",
        occupation=face["occupation"],
        trade=face["trade"],
        level=face["level"],
        number=certificate.number,
        body=face["body"],
        issued_on=certificate.issued_on,
        verify_url=_verify_url(certificate),
    )


def _award(certificate: Certificate) -> AwardCertificate:
    face = certificate.face
    several = len(certificate.competition.events) > 1
    return AwardCertificate(
        recipient=face["name"],
        unit=face["unit"],
        members=tuple(face.get("members", ())),
        competition=face["competition"],
        event=face["event"] if several else "",
        award=" ".join(part for part in (face.get("item"), face["award"]) if part),
        rank=face.get("rank"),
        score=face.get("total"),
        team=certificate.team_id is not None,
        honour=bool(face.get("honour")),
        issuer=certificate.competition.host or certificate.competition.name + "组委会",
        issued_on=certificate.issued_on,
        number=certificate.number,
        verify_url=_verify_url(certificate),
    )
