"""What clients make of the certificates: real handshakes, with the authority trusted and not."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from compete.tls.authority import Identity, make_authority, make_leaf, names_of, permits
from tests.support.handshakes import shake_hands

NOW = datetime.now(UTC)
DISTRUST = ssl.SSLCertVerificationError


@pytest.fixture(scope="module")
def authority() -> Identity:
    return make_authority(NOW, "hall-7")


LOCAL: list[Any] = [
    IPv4Address("192.168.1.5"),
    IPv4Address("10.20.30.40"),
    IPv4Address("127.0.0.1"),
    "judge.lan",
    "hall-7.local",
    "localhost",
    "hall-7",
]
ELSEWHERE: list[Any] = [
    IPv4Address("8.8.8.8"),
    IPv4Address("172.32.0.1"),
    IPv6Address("2001:db8::1"),
    IPv6Address("fe80::1"),
    "www.example.cn",
    "lan.example.cn",
    "notlan",
    "hall-70",
]


@pytest.mark.parametrize("name", LOCAL, ids=str)
def test_whoever_trusts_the_authority_trusts_a_local_server(
    authority: Identity, name: Any, tmp_path: Path
) -> None:
    leaf = make_leaf(authority, [name], NOW)
    assert shake_hands(leaf, authority.certificate, str(name), tmp_path) == "TLSv1.3"


def test_whoever_does_not_trust_the_authority_does_not_trust_the_server(
    authority: Identity, tmp_path: Path
) -> None:
    leaf = make_leaf(authority, ["judge.lan"], NOW)
    for root in (None, make_authority(NOW, "hall-7").certificate):
        with pytest.raises(DISTRUST):
            shake_hands(leaf, root, "judge.lan", tmp_path)


@pytest.mark.parametrize("name", ELSEWHERE, ids=str)
def test_a_stolen_authority_can_impersonate_nobody_on_the_internet(
    authority: Identity, name: Any, tmp_path: Path
) -> None:
    leaf = make_leaf(authority, [name], NOW)
    with pytest.raises(DISTRUST, match="permitted subtree violation"):
        shake_hands(leaf, authority.certificate, str(name), tmp_path)


def test_one_name_of_the_internet_among_local_ones_spoils_the_whole(
    authority: Identity, tmp_path: Path
) -> None:
    leaf = make_leaf(authority, ["judge.lan", "www.example.cn"], NOW)
    with pytest.raises(DISTRUST, match="permitted subtree violation"):
        shake_hands(leaf, authority.certificate, "judge.lan", tmp_path)


def test_what_the_authority_says_it_permits_is_what_clients_accept(authority: Identity) -> None:
    assert all(permits(authority.certificate, name) for name in LOCAL)
    assert not any(permits(authority.certificate, name) for name in ELSEWHERE)


def test_a_host_named_like_a_domain_of_the_internet_gets_no_such_domain(tmp_path: Path) -> None:
    authority = make_authority(NOW, "work")
    assert permits(authority.certificate, "work.local")
    leaf = make_leaf(authority, ["shop.work"], NOW)
    with pytest.raises(DISTRUST, match="permitted subtree violation"):
        shake_hands(leaf, authority.certificate, "shop.work", tmp_path)


def test_it_makes_no_further_authority(authority: Identity, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "below")])
    lower = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            authority.certificate.extensions.get_extension_for_class(x509.KeyUsage).value, True
        )
        .sign(authority.key, hashes.SHA256())
    )
    leaf = make_leaf(Identity(lower, key), ["judge.lan"], NOW)
    with pytest.raises(DISTRUST, match="path length constraint exceeded"):
        shake_hands(leaf, authority.certificate, "judge.lan", tmp_path, chain=(lower,))


def test_certificates_are_of_the_kind_that_every_device_takes(authority: Identity) -> None:
    leaf = make_leaf(authority, LOCAL, NOW).certificate
    root = authority.certificate
    assert names_of(leaf) == set(LOCAL)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)
    assert root.not_valid_after_utc - NOW > timedelta(days=5 * 366)
    assert leaf.not_valid_before_utc < NOW - timedelta(hours=23)
    for certificate in (leaf, root):
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
        assert isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    basic = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert (basic.value.ca, basic.value.path_length) == (True, 0)
    assert root.extensions.get_extension_for_class(x509.NameConstraints).critical


def test_a_leaf_never_outlives_its_authority() -> None:
    authority = make_authority(NOW - timedelta(days=6 * 366 - 90))
    leaf = make_leaf(authority, ["judge.lan"], NOW).certificate
    assert NOW < leaf.not_valid_after_utc <= authority.certificate.not_valid_after_utc
