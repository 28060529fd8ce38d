from __future__ import annotations

import socket
from ipaddress import IPv4Address

import pytest

from compete.tls import addresses


def test_this_machine_is_among_its_addresses() -> None:
    own_addresses = addresses.addresses()
    assert IPv4Address(addresses.lan_address()) in own_addresses
    assert IPv4Address("127.0.0.1") in own_addresses


def test_a_machine_whose_name_nobody_knows_has_addresses_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_asked: object) -> None:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(socket, "gethostbyname", unknown)
    assert IPv4Address("127.0.0.1") in addresses.addresses()
