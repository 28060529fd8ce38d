"""Addresses inside the house, to which nothing is sent unless the operator names them.

Asked of the name when an address is entered, and of every address that it resolves to when
something is sent; the connection goes to an address that was asked about, so no second answer of
a name server leads anywhere else.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Sequence
from urllib.parse import SplitResult, urlsplit

from compete.domain.values.messages import msg
from compete.services.kernel.refusal import invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST_URL = 1000
_ENDINGS = (
    ".localhost",
    ".local",
    ".internal",
    ".lan",
    ".home",
    ".corp",
    ".home.arpa",
    ".intranet",
)
# Public by their number, yet answered by the cloud in which a machine stands.
_METADATA = frozenset(map(ipaddress.ip_address, ("168.63.129.16", "100.100.100.200")))
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


def split_url(url: str) -> SplitResult:
    """Read the address of a webhook. Raises `Refused` for what is none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or len(url) > LONGEST_URL:
        raise invalid(msg("地址要写全，例：https://oa.example.cn/hook"))
    if parts.username is not None or parts.password is not None:
        raise invalid(msg("地址里不写用户名和密码"))
    if not url.isascii() or any(sign <= " " for sign in url.strip()) or parts.fragment:
        raise invalid(msg("地址只用英文字母、数字和符号，不带 #"))
    return parts


def port_of(parts: SplitResult) -> int:
    """The port to which such an address leads."""
    return parts.port or _PORTS[parts.scheme]


def check_host(url: str, hosts: Collection[str]) -> None:
    """Raise `Refused` where an address says by itself that it is inside the house.

    `hosts` are those that the operator names all the same.
    """
    parts = split_url(url)
    host = _bare(parts)
    if _is_named(hosts, host, port_of(parts), None):
        return
    number = _as_number(host)
    inside = (
        is_inside(number)
        if number is not None
        else "." not in host or f".{host}".endswith(_ENDINGS)
    )
    if inside and not _is_named(hosts, host, port_of(parts), number):
        raise invalid(
            msg(
                "%(host)s 是内网地址，不送。要送，在服务器上把它写进 COMPETE_WEBHOOK_HOSTS",
                host=host,
            )
        )


def may_be_reached(url: str, addresses: Sequence[str], hosts: Collection[str]) -> bool:
    """True if nothing that the name resolved to is inside the house, or the operator names it."""
    parts = split_url(url)
    host, port = _bare(parts), port_of(parts)
    if _is_named(hosts, host, port, None):
        return True
    numbers = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses]
    return bool(numbers) and all(
        not is_inside(number) or _is_named(hosts, host, port, number) for number in numbers
    )


def _as_number(host: str) -> Address | None:
    """The address that a host is, in any form that machines take: 127.1, 0x7f000001, ::1."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def is_inside(address: Address) -> bool:
    """True if an address is of this machine, of a network of one's own, or of nobody."""
    if isinstance(address, ipaddress.IPv6Address):
        for inner in (address.ipv4_mapped, address.sixtofour, *(address.teredo or ())):
            if inner is not None and is_inside(inner):
                return True
        # Also ::127.0.0.1, and what a gateway makes an IPv4 address of.
        if address in _NAT64 or int(address) < 1 << 32:
            return int(address) < 1 << 32 or is_inside(
                ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
            )
    return (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address in _METADATA
    )


def _is_named(hosts: Collection[str], host: str, port: int, number: Address | None) -> bool:
    names = {host, f"{host}:{port}", f"[{host}]:{port}"}
    if number is not None:
        names |= {str(number), f"{number}:{port}", f"[{number}]:{port}"}
    for entry in hosts:
        if entry in names:
            return True
        if number is not None and "/" in entry:
            network = ipaddress.ip_network(entry, strict=False)
            if number.version == network.version and number in network:
                return True
    return False


def _bare(parts: SplitResult) -> str:
    return (parts.hostname or "").lower().rstrip(".")
