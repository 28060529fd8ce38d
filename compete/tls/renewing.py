"""Work of `compete cert`: keep the authority, renew the server's certificate, say what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509

from compete.domain.values.days import date_words
from compete.domain.values.messages import Message, msg
from compete.tls.addresses import addresses, lan_address
from compete.tls.authority import names_of, permits
from compete.tls.files import TlsError
from compete.tls.keeping import (
    SOON,
    Kept,
    given_names,
    keep_authority,
    keep_leaf,
    keep_names,
    load_authority,
    load_leaf,
)
from compete.tls.names import Name, NameRefusedError, host_names, is_local, read_name

THIS_MACHINE: tuple[Name, ...] = (IPv4Address("127.0.0.1"), "localhost")


def renew(folder: Path, given: Iterable[Name], now: datetime) -> Kept:
    """Renew what is missing, near its end, or for other addresses than this machine has now.

    `given` are kept for the next time too. Raises `NameRefusedError` for one that
    the authority may not sign for, before anything is written of it, and
    `TlsError` where the authority is of no more use.
    """
    authority, new_authority = keep_authority(folder, now)
    for name in given:
        if not permits(authority.certificate, name):
            raise NameRefusedError(
                msg(
                    "“%(found)s”在互联网上也可能有，不给它发证书。"
                    "用 .local 或 .lan 结尾的名字，或者局域网地址",
                    found=str(name),
                )
            )
    wanted = given_names(folder) | set(given)
    keep_names(folder, wanted)
    wanted |= {*THIS_MACHINE, *host_names(), *filter(is_local, addresses())}
    usable = {name for name in wanted if permits(authority.certificate, name)}
    leaf, new_leaf = keep_leaf(folder, authority, usable, now)
    return Kept(authority, leaf, new_authority, new_leaf)


def check(folder: Path, here: str, now: datetime) -> list[Message]:
    """Warn the operator before HTTPS is served to those who call the server `here`.

    Raises `TlsError` if it cannot be served at all.
    """
    authority, leaf = load_authority(folder), load_leaf(folder)
    if authority is None or leaf is None:
        raise TlsError(msg("还没有证书。请先运行：compete cert"))
    end = leaf.certificate.not_valid_after_utc
    if end <= now:
        raise TlsError(
            msg("服务器证书 %(end)s 已经过期。请先运行：compete cert", end=date_words(end))
        )
    doubts = []
    if end - now < SOON:
        doubts.append(msg("服务器证书 %(end)s 到期，请运行：compete cert", end=date_words(end)))
    if here not in map(str, names_of(leaf.certificate)):
        doubts.append(_name_advice(here, authority.certificate))
    return doubts


def _name_advice(here: str, authority: x509.Certificate) -> Message:
    """Say what helps where the certificate has not got the server's own name."""
    try:
        name = read_name(here)
        allowed = permits(authority, name)
    except NameRefusedError:
        allowed = False
    if not allowed:
        return msg(
            "%(address)s 不能写进证书，平板用它打不开。"
            "把 COMPETE_BASE_URL 设成证书里有的名字，如 https://名字.local:端口",
            address=here,
        )
    return msg(
        "服务器证书里没有 %(address)s，平板用它打不开。请运行：compete cert %(address)s",
        address=here,
    )


def reached_at(host: str) -> str:
    """The address by which others reach a server that listens at `host`."""
    return lan_address() if host in ("0.0.0.0", "::", "") else host
