"""Finding certificates: by their link, by number and name, and all of a competition."""

from __future__ import annotations

import hmac
import unicodedata

from sqlalchemy import select

from compete.domain.identity.certificate_number import CertificateNumber
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import same_name_key
from compete.domain.identity.typed_numbers import lacks_year, tidy_certificate_number
from compete.domain.values.messages import msg
from compete.models import Certificate, db
from compete.models.types import token_hash
from compete.sheets.texts import tidy, tidy_name


def find_by_token(token: str) -> Certificate | None:
    """The certificate behind a QR code, or None."""
    return db.session.scalar(select(Certificate).where(Certificate.token_hash == token_hash(token)))


def find_by_number(number: str, name: str) -> Certificate | None:
    """The certificate with that number and holder's name, or None.

    Both are read as an import reads them: full-width forms, blanks, brackets of
    any kind and the dots of minority names make no difference. A number that cannot
    be one raises `IdentityError`, which says what is wrong with it,
    so that a slip of the finger is not taken for a forgery.
    """
    text = tidy_certificate_number(number)
    certificate = db.session.scalar(select(Certificate).where(Certificate.number == text))
    if certificate is None and lacks_year(text):
        raise IdentityError(
            msg("编号要写全：获奖证书有年份，像〔2022〕第001号；等级证书是 1 个字母加 21 位数字")
        )
    if certificate is None and text[:1].isascii() and text[:1].isalnum():
        text = str(CertificateNumber.parse(text))
        certificate = db.session.scalar(select(Certificate).where(Certificate.number == text))
    if certificate is None or holder_key(certificate.face["name"]) != holder_key(name):
        return None
    return certificate


def is_holders_number(certificate: Certificate, typed: str) -> bool:
    """True if this is the holder's ID number: the certificate's, else as it is registered.

    Full-width forms, blanks and a small x make no difference.
    """
    person = certificate.person
    known = certificate.id_number or (person.id_number if person is not None else None)
    return known is not None and hmac.compare_digest(_id_key(known), _id_key(typed))


def _id_key(text: str) -> bytes:
    return unicodedata.normalize("NFKC", "".join(tidy(text).split())).upper().encode()


def number_key(text: str) -> str:
    """The key that is one for all ways to write one number; for counting who tries out which."""
    return tidy_certificate_number(text).upper().replace("-", "")


def holder_key(text: str) -> str:
    """The key that is one for all ways to write one name; for counting who tries out whose."""
    name, _note = tidy_name(text)
    # With the dot between the parts of a name, another sign in its place, or none.
    return same_name_key(name).replace(".", "·").replace("·", "")
