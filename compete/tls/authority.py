"""The certificate authority of one installation, and the certificates that it signs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from compete.tls.names import DOMAINS, NETWORKS, Name, constrainable, host_names, is_below

CA_DAYS = 6 * 366
LEAF_DAYS = 396
"""Browsers take no more than 397 days of a certificate; a day of that lies in the past."""

EARLY = timedelta(days=1)
"""The time by which a certificate begins early: tablets without internet have wrong clocks."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)


def make_authority(now: datetime, host: str | None = None) -> Identity:
    """A new authority for local networks and this host, valid six years from `now` (UTC).

    Whoever steals its key can impersonate nobody on the internet: it may sign for
    local addresses and names alone, web servers alone, and no further authority.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    mark = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    own = host_names(host)
    label = own[0].split(".")[0][:40] if own else "LAN"
    name = _common_name(f"竞赛台 CA {label} {mark.digest[:2].hex().upper()}")
    permitted: list[x509.GeneralName] = [x509.IPAddress(network) for network in NETWORKS]
    ours = {
        own_name for own_name in own if constrainable(own_name) and not is_below(own_name, DOMAINS)
    }
    permitted += [x509.DNSName(domain) for domain in (*DOMAINS, *sorted(ours))]
    certificate = (
        _certificate(name, name, key, now, CA_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(mark, critical=False)
        .sign(key, hashes.SHA256())
    )
    return Identity(certificate, key)


def make_leaf(authority: Identity, names: Iterable[Name], now: datetime) -> Identity:
    """A server's certificate with a new key, for about 13 months or to the authority's end."""
    key = ec.generate_private_key(ec.SECP256R1())
    signer = authority.key.public_key()
    days = min(LEAF_DAYS, (authority.certificate.not_valid_after_utc - now).days)
    alternatives = [
        x509.DNSName(name) if isinstance(name, str) else x509.IPAddress(name)
        for name in sorted(names, key=sorting)
    ]
    # The subject is no host name: what counts are the alternatives, which constraints govern.
    subject = _common_name("竞赛台 评分服务器")
    certificate = (
        _certificate(subject, authority.certificate.subject, key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Identity(certificate, key)


def permits(authority: x509.Certificate, name: Name) -> bool:
    """True if the authority's own constraints let it sign for `name`."""
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = [
        permitted_subtree.value for permitted_subtree in constraints.permitted_subtrees or ()
    ]
    if isinstance(name, str):
        return is_below(name, [domain for domain in permitted if isinstance(domain, str)])
    return any(name in network for network in permitted if isinstance(network, IPv4Network))


def names_of(certificate: x509.Certificate) -> set[Name]:
    """The hosts and addresses that a server's certificate stands for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    addresses = names.get_values_for_type(x509.IPAddress)
    local: set[Name] = {address for address in addresses if isinstance(address, IPv4Address)}
    return local | set(names.get_values_for_type(x509.DNSName))


def called(certificate: x509.Certificate) -> str:
    """The name by which a tablet lists the certificate."""
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def sorting(name: Name) -> tuple[bool, str]:
    """A sort key: addresses by number before names by letter."""
    return (True, name) if isinstance(name, str) else (False, f"{int(name):010}")


def _common_name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    start = now.replace(microsecond=0) - EARLY
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
