"""Fingerprints of certificates to compare: by words, by groups, and as devices show them."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from compete.domain.values.hashwords import hash_words

WORDS = 8


def words(certificate: x509.Certificate) -> str:
    """Write eight words for the first 80 bits of SHA-256; for a second look, not for the whole."""
    return " ".join(hash_words(certificate.fingerprint(hashes.SHA256()), WORDS))


def sha256(certificate: x509.Certificate) -> str:
    """Write all of SHA-256 in pairs of hexadecimal digits, as tablets show it: `3F 2A …`."""
    return certificate.fingerprint(hashes.SHA256()).hex(" ").upper()


def sha1(certificate: x509.Certificate) -> str:
    """Write SHA-1 in groups of eight digits, as Windows shows it: `3F2A91BC …`."""
    return certificate.fingerprint(hashes.SHA1()).hex(" ", -4).upper()


def lines(certificate: x509.Certificate) -> tuple[str, ...]:
    """Write SHA-256 in two lines of sixteen pairs, for terminals and narrow pages."""
    pairs = sha256(certificate)
    return pairs[:47], pairs[48:]
