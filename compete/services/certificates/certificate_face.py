"""The paper of a certificate: its face as it was issued, and where it stands now."""

from __future__ import annotations

from compete.documents.award_certificate import AwardCertificate
from compete.documents.grade_certificate import GradeCertificate
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.values.states import CertificateState, state_words
from compete.models import Certificate
from compete.services.certificates.award_faces import (
    approval_words,
    emblem_of,
    issuer_on,
    worded,
    words_on,
)
from compete.services.kernel.installation import Page, address_of
from compete.services.results.consequences import DOUBTS


def paper_of_grade(
    certificate: Certificate, photo: bytes | None, doubt: str | None = None
) -> GradeCertificate:
    """A grade's, with the photo given and the `doubt` about it, as in `doubts_about`."""
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
        void=_void(certificate, doubt),
    )


def paper_of_award(
    certificate: Certificate, known: dict[str, bytes], doubt: str | None = None
) -> AwardCertificate:
    """An award's; `known` keeps emblems that were read, `doubt` as in `doubts_about`."""
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
        approved=approval_words(face),
        distinction=distinction,
        issuer=issuer_on(certificate.competition, words),
        issued_on=certificate.issued_on,
        number=certificate.number,
        verify_url=_verify_url(certificate),
        emblem=emblem_of(words.emblem, known),
        second=emblem_of(words.second, known),
        void=_void(certificate, doubt),
    )


def _void(certificate: Certificate, doubt: str | None) -> str:
    """The words across the page of a certificate that does not hold, as on its public page.

    On paper always Chinese.
    """
    if certificate.state is not CertificateState.VALID:
        return state_words(certificate.state).render()
    return DOUBTS[doubt].render() if doubt else ""


def _verify_url(certificate: Certificate) -> str:
    return address_of(Page.VERIFY, token=certificate.token)
