"""A badge's holder's certificates: their pages, and what may be taken along of each."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from compete.domain.values.states import CertificateState
from compete.models import Certificate, Entrant
from compete.services.certificates.credentials import may_have_credential
from compete.services.publication.consequences import DOUBTS
from compete.services.publication.contestants import certificates_of_entrant
from compete.web.certificate_words import kind_word, shown_number, title_of
from compete.web.language import say
from compete.web.public.certificate import CredentialDoor, standing_of


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeCertificate:
    """A certificate of the holder's: `url` is its public page, `file` its PDF."""

    name: str
    text: str
    revoked: bool
    doubt: str | None
    """What is to be said of one that is neither valid nor revoked: 复核中, 待换发."""
    url: str
    file: str | None
    credential: CredentialDoor | None
    """Where both forms of its credential are to be had, if they are."""


def may_save(certificate: Certificate) -> bool:
    """Whether the badge's holder may take the printed certificate along: a valid award.

    Whoever sees the badge can open its page, and a grade certificate bears the
    whole ID number: that one is handed out on paper. Its credential bears none.
    """
    return _may_save(certificate, standing_of(certificate)[0])


def _may_save(certificate: Certificate, standing: str) -> bool:
    return certificate.kind == "award" and standing == "valid"


def badge_certificates(entrant: Entrant, token: str) -> list[BadgeCertificate]:
    """Those of the holder that were not replaced, in the order of issue, under the badge's link."""
    return [
        _certificate(token, certificate, standing_of(certificate)[0])
        for certificate in certificates_of_entrant(entrant)
        if certificate.state is not CertificateState.REPLACED
    ]


def _certificate(token: str, certificate: Certificate, standing: str) -> BadgeCertificate:
    number = certificate.id
    offered = CredentialDoor(
        json=url_for("public.badge_credential", token=token, number=number, form="json"),
        token=url_for("public.badge_credential", token=token, number=number, form="jwt"),
    )
    return BadgeCertificate(
        name=kind_word(certificate),
        text=f"{_whose(certificate)}{title_of(certificate)} {shown_number(certificate)}",
        revoked=standing == "revoked",
        doubt=say(DOUBTS[standing]) if standing in DOUBTS else None,
        url=url_for("public.verify_link", token=certificate.token),
        file=url_for("public.badge_certificate", token=token, number=number)
        if _may_save(certificate, standing)
        else None,
        credential=offered if may_have_credential(certificate) else None,
    )


def _whose(certificate: Certificate) -> str:
    """Of a crew's certificates, the member's name before it."""
    return f"{certificate.face['name']} " if certificate.member_id is not None else ""
