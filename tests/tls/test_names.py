from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from compete.tls.names import NameRefusedError, constrainable, host_names, read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("192.168.1.5", IPv4Address("192.168.1.5")),
        (" 10.0.0.1 ", IPv4Address("10.0.0.1")),
        ("172.31.255.254", IPv4Address("172.31.255.254")),
        ("169.254.7.7", IPv4Address("169.254.7.7")),
        ("Judge.LAN.", "judge.lan"),
        ("hall-2", "hall-2"),
    ],
)
def test_addresses_and_names_of_a_hall_are_read(text: str, name: object) -> None:
    assert read_name(text) == name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("8.8.8.8", "不是局域网地址"),
        ("172.32.0.1", "不是局域网地址"),
        ("100.64.0.1", "不是局域网地址"),
        ("0.0.0.0", "不是局域网地址"),
        ("300.1.1.1", "四段数字"),
        ("192.168.1", "四段数字"),
        ("192.168.1.05", "四段数字"),
        ("fe80::1", "IPv6"),
        ("[::1]", "IPv6"),
        ("192.168.1.0/24", "只写地址或名字"),
        ("https://hall.lan:8000", "只写地址或名字"),
        ("hall.lan:8000", "只写地址或名字"),
        ("*.lan", "不是主机名"),
        ("judge lan", "不是主机名"),
        ("赛场.local", "不是主机名"),
        ("a..b", "不是主机名"),
        ("-a.lan", "不是主机名"),
        ("a_b.lan", "不是主机名"),
        ("a" * 64 + ".lan", "不是主机名"),
        (".".join(["abcdefg"] * 33), "不是主机名"),
        ("", "不是主机名"),
    ],
)
def test_what_cannot_stand_in_a_certificate_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(NameRefusedError) as refused:
        read_name(text)
    assert why in str(refused.value)
    assert text in str(refused.value)


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("hall", ("hall", "hall.lan", "hall.local")),
        ("Hall.local", ("hall.local",)),
        ("hall.firm.example", ("hall.firm.example",)),
        ("localhost", ("localhost",)),
        ("吴敏的电脑", ()),
        ("8.8.8.8", ()),
        ("10.0.0.1", ()),
    ],
)
def test_a_machine_is_called_by_its_name_and_in_the_local_domains(
    host: str, names: tuple[str, ...]
) -> None:
    assert host_names(host) == names


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("work", False),
        ("cn", False),
        ("xn--fiqs8s", False),
        ("desktop-4f2a", True),
        ("hall2", True),
        ("hall.firm.example", True),
    ],
)
def test_no_word_that_may_be_a_domain_of_the_internet_is_an_authoritys_to_sign(
    name: str, may: bool
) -> None:
    assert constrainable(name) is may
