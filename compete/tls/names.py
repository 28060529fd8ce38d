"""Names and addresses that a local certificate may carry; all others are refused in words."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address

from compete.domain.values.messages import ToldError, msg

NETWORKS = tuple(
    IPv4Network(network)
    for network in (
        "10.0.0.0/8",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
    )
)
"""Addresses that nobody has on the internet: private ones, link-local ones, this machine."""

DOMAINS = ("lan", "local", "localhost")
"""Endings that nobody can register on the internet."""

Name = IPv4Address | str

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class NameRefusedError(ToldError, ValueError):
    """Error: a name cannot stand in a local certificate; carries the sentence why."""


def read_name(text: str) -> Name:
    """Read an IPv4 address of a local network, or a host name in lower case.

    Raises `NameRefusedError` for a public address, and for what is no name at all.
    """
    name = text.strip().lower().removesuffix(".")
    if "/" in name or re.fullmatch(r"[^:]+:\d+", name):
        raise NameRefusedError(
            msg("“%(found)s”：只写地址或名字，不要 https://、端口和斜杠", found=text)
        )
    if _is_ipv6(name):
        raise NameRefusedError(msg("“%(found)s”是 IPv6 地址，这里只用 IPv4 地址", found=text))
    if re.fullmatch(r"[\d.]+", name):
        return _read_address(name)
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise NameRefusedError(
            msg("“%(found)s”不是主机名：只能用英文字母、数字、连字符和点", found=text)
        )
    return name


def _read_address(text: str) -> IPv4Address:
    try:
        address = IPv4Address(text)
    except AddressValueError:
        raise NameRefusedError(
            msg("“%(found)s”不是地址：要四段数字，每段 0 到 255，如 192.168.1.5", found=text)
        ) from None
    if not is_local(address):
        raise NameRefusedError(
            msg(
                "%(found)s 不是局域网地址。只给 10、127、169.254、172.16 到 172.31、"
                "192.168 开头的地址发证书",
                found=text,
            )
        )
    return address


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text.strip("[]"))
    except AddressValueError:
        return False
    return True


def is_local(address: IPv4Address) -> bool:
    """True if nobody on the internet has this address."""
    return any(address in network for network in NETWORKS)


def is_below(name: str, domains: Iterable[str]) -> bool:
    """True if a host name is one of the domains or lies in one."""
    return any(name == domain or name.endswith(f".{domain}") for domain in domains)


def host_names(host: str | None = None) -> tuple[str, ...]:
    """This machine's (or `host`'s) names on a local network; none if its name is no host name.

    A name of one label is also called so in the two usual local domains.
    """
    try:
        name = read_name(socket.gethostname() if host is None else host)
    except NameRefusedError:
        return ()
    if not isinstance(name, str):
        return ()
    if "." in name or name == "localhost":
        return (name,)
    return (name, f"{name}.lan", f"{name}.local")


def constrainable(name: str) -> bool:
    """True if an authority may be allowed all of the domain `name`, as that of its own host.

    False for a single word of letters: that may be a domain of the internet, such as
    `work` or `cn`. None of those has a digit or a hyphen, but for `xn--`.
    """
    if "." in name:
        return True
    return not name.startswith("xn--") and not name.isalpha()
