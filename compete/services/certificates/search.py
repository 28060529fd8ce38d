"""Finding certificates: by their link, by number and name, and all of a competition."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from compete.domain.identity import CertificateNumber
from compete.models import Certificate, Competition, db
from compete.models.types import token_hash


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
