"""Certificates as PDF, printed from what each says since it was issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from compete.documents.award_certificate import AwardCertificate, render_award_certificates
from compete.documents.forms import Form, FormLine, render_form
from compete.documents.grade_certificate import GradeCertificate, render_grade_certificates
from compete.documents.lists import Stamp
from compete.documents.typesetting import PrintedFile
from compete.domain.identity import Paper, mask_id, paper_name
from compete.domain.values import CertificateState, Translate, msg, state_words
from compete.models import Certificate, Competition, db, utc_now
from compete.services.certificates.award_faces import emblem_of, issuer_on, worded, words_on
from compete.services.certificates.examinees import photos_of
from compete.services.certificates.register import register_ids
from compete.services.kernel import Page, Refused, address_of, fonts, local_time
from compete.services.papers import Asked, printed_as
from compete.services.registration import pictures_of

ALL_OF_A_KIND, HANDING_OUT = "certificates", "handing_out"
_CHUNK = 500


def print_certificates(certificates: Sequence[Certificate]) -> PrintedFile:
    """Certificates of one kind as PDF, in the order given."""
    if not certificates:
        raise Refused(msg("还没有证书，先发证"))
    if certificates[0].kind == "grade":
        photos = _photos(certificates)
        return render_grade_certificates(
            [_grade(certificate, photos.get(_holder(certificate))) for certificate in certificates],
            fonts=fonts(),
            author=certificates[0].face["body"],
        )
    known: dict[str, bytes] = {}
    return render_award_certificates(
        [_award(certificate, known) for certificate in certificates],
        fonts=fonts(),
        author=_host(certificates[0].competition),
    )


def _standing(asked: Asked) -> list[int]:
    """Those of a kind that are valid, and none that waits to be settled."""
    return register_ids(asked.competition, state="valid", kind=asked.of["kind"])


@printed_as(ALL_OF_A_KIND, at_once=300, portion=500, keys=_standing)
def _print_all(_asked: Asked, rows: Sequence[int]) -> PrintedFile:
    return print_certificates(still_valid(rows))


@printed_as(HANDING_OUT, at_once=1000, keys=_standing)
def _print_handing_out(asked: Asked, rows: Sequence[int]) -> PrintedFile:
    return print_handing_out(asked.competition, still_valid(rows), asked.translate)


def still_valid(rows: Sequence[int]) -> Sequence[Certificate]:
    """Those of them that are valid as this file is printed, by number of the row."""
    found: list[Certificate] = []
    for start in range(0, len(rows), _CHUNK):
        query = select(Certificate).where(
            Certificate.id.in_(rows[start : start + _CHUNK]),
            Certificate.state == CertificateState.VALID,
        )
        found += db.session.scalars(query.order_by(Certificate.id))
    return found


def print_handing_out(
    competition: Competition,
    certificates: Sequence[Certificate],
    translate: Translate | None = None,
) -> PrintedFile:
    """The list on which valid grade certificates are signed for when they are handed out."""
    return render_form(
        Form.HANDING_OUT,
        handing_out_lines(certificates),
        title=msg("%(name)s 证书发放登记表", name=competition.name).render(translate),
        stamp=Stamp(local_time(utc_now())),
        fonts=fonts(),
        translate=translate,
        author=_host(competition),
    )


def handing_out_lines(certificates: Sequence[Certificate]) -> list[FormLine]:
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
        raise Refused(msg("还没有证书，先发证"))
    return lines


def _host(competition: Competition) -> str:
    return competition.host or competition.name


def _void(certificate: Certificate) -> str:
    """What stands across the page of one that is no longer valid; on paper always Chinese."""
    if certificate.state is CertificateState.VALID:
        return ""
    return state_words(certificate.state).render()


def _verify_url(certificate: Certificate) -> str:
    return address_of(Page.VERIFY, token=certificate.token)


def _holder(certificate: Certificate) -> tuple[str, int]:
    if certificate.member_id is not None:
        return "member", certificate.member_id
    if certificate.claim is not None and certificate.claim.examinee_id is not None:
        return "examinee", certificate.claim.examinee_id
    return "entrant", certificate.entrant_id or 0


def _photos(certificates: Sequence[Certificate]) -> Mapping[tuple[str, int], bytes]:
    """The holders' photos as they are now: no face of a certificate says which it was."""
    holders = [_holder(certificate) for certificate in certificates]
    found = dict(
        pictures_of(
            [number for kind, number in holders if kind == "entrant"],
            [number for kind, number in holders if kind == "member"],
        )
    )
    for number, photo in photos_of([n for kind, n in holders if kind == "examinee"]).items():
        found["examinee", number] = photo
    return found


def _grade(certificate: Certificate, photo: bytes | None) -> GradeCertificate:
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
        photo=photo,
        void=_void(certificate),
    )


def _award(certificate: Certificate, known: dict[str, bytes]) -> AwardCertificate:
    face, words = certificate.face, words_on(certificate.face)
    several = len(certificate.competition.events) > 1
    honour, distinction = bool(face.get("honour")), face.get("distinction", "")
    return AwardCertificate(
        **worded(words, given=bool(distinction), honour=honour),
        recipient=face["name"],
        unit=face["unit"],
        members=tuple(face.get("members", ())),
        crew=face.get("crew", ""),
        competition=face["competition"],
        event=face["event"] if several else "",
        item=face.get("item") or "",
        award=face["award"],
        rank=face.get("rank"),
        score=face.get("total"),
        team=certificate.team_id is not None,
        honour=honour,
        distinction=distinction,
        issuer=issuer_on(certificate.competition, words),
        issued_on=certificate.issued_on,
        number=certificate.number,
        verify_url=_verify_url(certificate),
        emblem=emblem_of(words.emblem, known),
        second=emblem_of(words.second, known),
        void=_void(certificate),
    )
