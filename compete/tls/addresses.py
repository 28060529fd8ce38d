"""Addresses of this machine in the local network; nothing is sent to find them."""

from __future__ import annotations

import socket
import struct
from ipaddress import IPv4Address

_SIOCGIFADDR = 0x8915


def lan_address() -> str:
    """The address by which this machine would reach others; that of its name without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return socket.gethostbyname(socket.gethostname())


def addresses() -> set[IPv4Address]:
    """The addresses of all interfaces, as far as the system tells."""
    own = set(_of_interfaces())
    try:
        own.add(IPv4Address(lan_address()))
        for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            own.add(IPv4Address(entry[4][0]))
    except OSError:
        # A machine whose name nobody resolves has its interfaces all the same.
        pass
    return own


def _of_interfaces() -> set[IPv4Address]:
    """One address of each interface; only Linux is asked so."""
    try:
        from fcntl import ioctl
    except ImportError:
        return set()
    own = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _index, name in socket.if_nameindex():
            try:
                asked = struct.pack("256s", name.encode()[:15])
                answer = ioctl(probe.fileno(), _SIOCGIFADDR, asked)
            except OSError:
                continue
            own.add(IPv4Address(answer[20:24]))
    return own
