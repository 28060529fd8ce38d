"""Certificates as PDF, printed from what each says since it was issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from compete.documents.award_certificate import render_award_certificates
from compete.documents.forms import Form, FormLine, render_form
from compete.documents.grade_certificate import render_grade_certificates
from compete.documents.lists import Stamp
from compete.documents.typesetting import PrintedFile
from compete.domain.identity.masks import mask_id
from compete.domain.values.messages import Message, msg
from compete.domain.values.states import CertificateState
from compete.models import Certificate, Competition, db, utc_now
from compete.services.certificates.certificate_face import paper_of_award, paper_of_grade
from compete.services.certificates.examinees import photos_of
from compete.services.certificates.register import register_ids
from compete.services.certificates.rows import holder_of
from compete.services.jobs.papers.kinds import Asked, printed_as
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.clock import local_time
from compete.services.kernel.installation import fonts
from compete.services.kernel.refusal import Refused
from compete.services.registration.portraits import pictures_of
from compete.services.results.consequences import doubts_about
from compete.services.results.withdrawn_notices import on_taken_down

ALL_OF_A_KIND, HANDING_OUT = "certificates", "handing_out"


def print_certificates(certificates: Sequence[Certificate]) -> PrintedFile:
    """Certificates of one kind as PDF, in the order given, never none; across one that does not
    hold, why.
    """
    doubts = doubts_about(certificates)
    if certificates[0].kind == "grade":
        photos = _photos(certificates)
        return render_grade_certificates(
            [
                paper_of_grade(
                    certificate, photos.get(holder_of(certificate)), doubts.get(certificate.id)
                )
                for certificate in certificates
            ],
            fonts=fonts(),
            author=certificates[0].face["body"],
        )
    known: dict[str, bytes] = {}
    return render_award_certificates(
        [
            paper_of_award(certificate, known, doubts.get(certificate.id))
            for certificate in certificates
        ],
        fonts=fonts(),
        author=certificates[0].competition.issuer,
    )


def _valid_certificates(asked: Asked) -> list[int]:
    """List the valid ones of a kind, without those that wait to be settled."""
    return register_ids(asked.competition, state="valid", kind=asked.of["kind"])


@printed_as(ALL_OF_A_KIND, at_once=300, portion=500, keys=_valid_certificates)
def _print_all(asked: Asked, rows: Sequence[int]) -> PrintedFile:
    certificates = still_valid(rows)
    if not certificates:
        raise Refused(_why_none_valid(asked.competition, asked.of["kind"]))
    return print_certificates(certificates)


def _why_none_valid(competition: Competition, kind: str) -> Message:
    """Say why no certificate of a kind can be printed: none was issued, or none holds now."""
    query = select(Certificate.state).where(
        Certificate.competition_id == competition.id, Certificate.kind == kind
    )
    states = db.session.scalars(query).all()
    down = db.session.scalars(
        query.where(Certificate.state == CertificateState.VALID, on_taken_down())
    ).all()
    if not states:
        return msg("还没有证书，先发证")
    waiting = states.count(CertificateState.VALID)
    if down:
        return msg("公示撤下了，%(n)s 张证书都在复核中，重新公布以后才能印", n=waiting)
    if waiting:
        return msg("%(n)s 张证书都在复核中或者等换发，办完以后才能印", n=waiting)
    return msg("发过的证书都撤销了，没有有效的")


@printed_as(HANDING_OUT, at_once=1000, keys=_valid_certificates)
def print_handing_out(asked: Asked, rows: Sequence[int]) -> PrintedFile:
    """The list on which valid grade certificates are signed for when they are handed out."""
    competition, translate = asked.competition, asked.translate
    return render_form(
        Form.HANDING_OUT,
        handing_out_lines(competition, still_valid(rows)),
        title=msg("%(name)s 证书发放登记表", name=competition.name).render(translate),
        stamp=Stamp(local_time(utc_now())),
        fonts=fonts(),
        translate=translate,
        author=competition.issuer,
    )


def still_valid(rows: Sequence[int]) -> Sequence[Certificate]:
    """List those still valid as this file is printed, by number of the row."""
    certificates: list[Certificate] = []
    for chunk in in_chunks(rows):
        query = select(Certificate).where(
            Certificate.id.in_(chunk),
            Certificate.state == CertificateState.VALID,
        )
        certificates += db.session.scalars(query.order_by(Certificate.id))
    return certificates


def handing_out_lines(
    competition: Competition, certificates: Sequence[Certificate]
) -> list[FormLine]:
    """A line for each valid grade certificate among them. Raises `Refused` where there is none."""
    lines = [
        FormLine(
            name=certificate.face["name"],
            id_number=mask_id(certificate.id_number or ""),
            occupation=certificate.face["occupation"],
            trade=certificate.face["trade"],
            grade=certificate.face["level"],
            certificate_number=certificate.number,
            issued_on=certificate.issued_on.isoformat(),
        )
        for certificate in certificates
        if certificate.kind == "grade" and certificate.state is CertificateState.VALID
    ]
    if not lines:
        raise Refused(_why_none_valid(competition, "grade"))
    return lines


def _photos(certificates: Sequence[Certificate]) -> Mapping[tuple[str, int], bytes]:
    """The holders' photos as they are now: no face of a certificate says which it was."""
    holders = [holder_of(certificate) for certificate in certificates]
    photos = dict(
        pictures_of(
            [number for kind, number in holders if kind == "entrant"],
            [number for kind, number in holders if kind == "member"],
        )
    )
    for number, photo in photos_of([n for kind, n in holders if kind == "examinee"]).items():
        photos["examinee", number] = photo
    return photos
