"""The authority is made once; the server's certificate is renewed when there is a reason."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509

from compete.domain.values.days import date_words
from compete.tls import renewing
from compete.tls.authority import make_authority, names_of
from compete.tls.files import TlsError, pem
from compete.tls.keeping import load_leaf, note_address, noted_address
from compete.tls.names import NameRefusedError
from compete.tls.renewing import check, renew

NOW = datetime.now(UTC)
HERE = IPv4Address("192.168.1.5")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "tls"


@pytest.fixture(autouse=True)
def network(monkeypatch: pytest.MonkeyPatch) -> set[IPv4Address]:
    """The machine's addresses, for a test to change."""
    machine_addresses = {HERE, IPv4Address("203.0.113.9")}
    monkeypatch.setattr(renewing, "addresses", lambda: machine_addresses)
    monkeypatch.setattr(renewing, "host_names", lambda: ("hall-7", "hall-7.lan", "hall-7.local"))
    return machine_addresses


def test_keys_are_their_owners_alone(folder: Path) -> None:
    renew(folder, [], NOW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == dict.fromkeys(("ca.pem", "ca.crt", "server.pem", "names"), 0o600)


def test_it_stands_for_this_machine_and_not_for_its_public_address(folder: Path) -> None:
    names = names_of(renew(folder, [], NOW).leaf.certificate)
    wanted = {HERE, IPv4Address("127.0.0.1"), "localhost", "hall-7.lan", "hall-7.local"}
    assert names - {"hall-7"} == wanted


def test_a_second_run_changes_nothing(folder: Path) -> None:
    first = renew(folder, [], NOW)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    again = renew(folder, [], NOW + timedelta(days=1))
    assert (first.new_authority, first.new_leaf) == (True, True)
    assert (again.new_authority, again.new_leaf) == (False, False)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_new_address_renews_the_leaf_and_never_the_authority(
    folder: Path, network: set[IPv4Address]
) -> None:
    first = renew(folder, [], NOW)
    network.clear()
    network.add(IPv4Address("10.1.1.1"))
    again = renew(folder, [], NOW)
    assert (again.new_authority, again.new_leaf) == (False, True)
    assert again.authority.certificate == first.authority.certificate
    assert HERE not in names_of(again.leaf.certificate)
    assert IPv4Address("10.1.1.1") in names_of(again.leaf.certificate)


@pytest.mark.parametrize(("days", "new"), [(360, False), (370, True), (500, True)])
def test_near_its_end_the_leaf_is_renewed(folder: Path, days: int, new: bool) -> None:
    renew(folder, [], NOW)
    again = renew(folder, [], NOW + timedelta(days=days))
    assert (again.new_authority, again.new_leaf) == (False, new)


def test_names_that_were_given_are_kept_until_they_are_struck_out(folder: Path) -> None:
    renew(folder, ["judge.lan", IPv4Address("10.9.9.9")], NOW)
    names = names_of(renew(folder, [], NOW).leaf.certificate)
    assert {"judge.lan", IPv4Address("10.9.9.9")} <= names
    (folder / "names").write_text("judge.lan\n", encoding="utf-8")
    assert IPv4Address("10.9.9.9") not in names_of(renew(folder, [], NOW).leaf.certificate)


def test_a_name_of_the_internet_is_refused_and_not_remembered(folder: Path) -> None:
    with pytest.raises(NameRefusedError, match=r"www\.example\.cn.*互联网"):
        renew(folder, ["www.example.cn"], NOW)
    assert "www.example.cn" not in names_of(renew(folder, [], NOW).leaf.certificate)


def test_a_line_of_the_names_that_is_no_name_is_named_with_its_file(folder: Path) -> None:
    renew(folder, [], NOW)
    (folder / "names").write_text("not a name\n", encoding="utf-8")
    with pytest.raises(TlsError, match=r"names 里：“not a name”不是主机名"):
        renew(folder, [], NOW)


def test_a_leaf_of_another_authority_or_a_broken_one_is_replaced(folder: Path) -> None:
    renew(folder, [], NOW)
    other = make_authority(NOW, "hall-7")
    for content in (
        pem(other),
        b"",
        b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n",
    ):
        (folder / "server.pem").write_bytes(content)
        assert renew(folder, [], NOW).new_leaf


def test_an_authority_that_cannot_be_read_is_named_and_left_alone(folder: Path) -> None:
    renew(folder, [], NOW)
    (folder / "ca.pem").write_bytes(b"scribble")
    with pytest.raises(TlsError, match=r"读不了证书文件 .*ca\.pem"):
        renew(folder, [], NOW)
    assert (folder / "ca.pem").read_bytes() == b"scribble"


def test_a_key_that_is_not_the_certificates_is_said(folder: Path) -> None:
    first_pem, other = (pem(make_authority(NOW)) for _ in range(2))
    folder.mkdir(parents=True)
    cut = first_pem.index(b"-----BEGIN CERTIFICATE")
    (folder / "ca.pem").write_bytes(
        first_pem[:cut] + other[other.index(b"-----BEGIN CERTIFICATE") :]
    )
    with pytest.raises(TlsError, match="不是一对"):
        renew(folder, [], NOW)


def test_an_authority_at_its_end_signs_no_more_and_says_what_helps(folder: Path) -> None:
    renew(folder, [], NOW)
    with pytest.raises(TlsError, match="改名留存，再运行一次 compete cert"):
        renew(folder, [], NOW + timedelta(days=6 * 366 - 20))


def test_what_is_handed_out_is_the_authority_without_its_key(folder: Path) -> None:
    kept = renew(folder, [], NOW)
    content = (folder / "ca.crt").read_bytes()
    assert x509.load_der_x509_certificate(content) == kept.authority.certificate
    assert b"PRIVATE" not in content


def test_of_two_that_begin_at_once_one_authority_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from compete.tls import keeping

    first = make_authority(NOW)

    def meanwhile(now: datetime) -> object:
        (folder / "ca.pem").write_bytes(pem(first))
        return make_authority(now)

    monkeypatch.setattr(keeping, "make_authority", meanwhile)
    kept = renew(folder, [], NOW)
    assert not kept.new_authority
    assert kept.authority.certificate == first.certificate
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_before_serving_is_said_what_is_missing_or_will_be(folder: Path) -> None:
    with pytest.raises(TlsError, match="还没有证书。请先运行：compete cert"):
        check(folder, str(HERE), NOW)
    renew(folder, [], NOW)
    assert check(folder, str(HERE), NOW) == []
    assert check(folder, "hall-7.local", NOW) == []
    (lacking,) = check(folder, "192.168.1.6", NOW)
    assert str(lacking).endswith("请运行：compete cert 192.168.1.6")
    (public,) = check(folder, "203.0.113.9", NOW)
    assert "COMPETE_BASE_URL" in str(public)
    (ends,) = check(folder, str(HERE), NOW + timedelta(days=380))
    leaf = load_leaf(folder)
    assert leaf is not None
    assert f"{date_words(leaf.certificate.not_valid_after_utc)} 到期" in str(ends)
    with pytest.raises(TlsError, match="已经过期"):
        check(folder, str(HERE), NOW + timedelta(days=396))


def test_the_address_is_remembered(folder: Path) -> None:
    assert noted_address(folder) is None
    renew(folder, [], NOW)
    note_address(folder, "https://192.168.1.5:8000")
    assert noted_address(folder) == "https://192.168.1.5:8000"
