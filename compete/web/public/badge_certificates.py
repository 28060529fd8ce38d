"""A badge's holder's certificates: their pages, and what may be taken along of each."""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.values.states import CertificateState
from compete.models import Certificate, Entrant
from compete.services.certificates.credentials import may_have_credential
from compete.services.results.consequences import DOUBTS
from compete.services.results.contestants import certificates_of_entrant
from compete.web.certificate_words import kind_word, shown_number, title_of
from compete.web.language import say
from compete.web.public.certificate import standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeCertificate:
    """A certificate of the holder's."""

    row: Certificate
    name: str
    text: str
    revoked: bool
    doubt: str | None
    """The doubt about one that is neither valid nor revoked: 复核中, 待换发."""
    saved: bool
    """True if its PDF may be taken along."""
    credential: bool
    """True if both forms of its credential may."""


def may_save(certificate: Certificate, standing: str | None = None) -> bool:
    """True if the badge's holder may take the printed certificate along: a valid award.

    Whoever sees the badge can open its page, and a grade certificate bears the
    whole ID number: that one is handed out on paper. Its credential bears none.
    """
    standing = standing or standing_of(certificate)[0]
    return certificate.kind == "award" and standing == "valid"


def badge_certificates(entrant: Entrant) -> list[BadgeCertificate]:
    """List the holder's certificates that were not replaced, in the order of issue."""
    return [
        _certificate(certificate)
        for certificate in certificates_of_entrant(entrant)
        if certificate.state is not CertificateState.REPLACED
    ]


def _certificate(certificate: Certificate) -> BadgeCertificate:
    standing = standing_of(certificate)[0]
    # Of a crew's certificate whose it is.
    member = f"{certificate.face['name']} " if certificate.member_id is not None else ""
    return BadgeCertificate(
        row=certificate,
        name=kind_word(certificate),
        text=f"{member}{title_of(certificate)} {shown_number(certificate)}",
        revoked=standing == "revoked",
        doubt=say(DOUBTS[standing]) if standing in DOUBTS else None,
        saved=may_save(certificate, standing),
        credential=may_have_credential(certificate),
    )
