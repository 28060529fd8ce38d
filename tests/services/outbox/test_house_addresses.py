"""Addresses inside the house: refused by name, and by what the name resolves to."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest
from flask import Flask

from compete.models import Competition
from compete.services.kernel.refusal import Refused
from compete.services.outbox.house_addresses import check_host, is_inside, may_be_reached
from compete.services.outbox.http_sending import Request, and_wait, send
from compete.services.outbox.webhooks import all_webhooks, make_webhook
from tests.support.receivers import Receiver


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "LOCALHOST", "localhost.", "a.localhost", "metadata.google.internal"),
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0"),
        *("0.0.0.0", "10.1.2.3", "172.16.0.9", "192.168.1.5", "169.254.169.254", "100.64.0.1"),
        *("100.100.100.200", "168.63.129.16", "224.0.0.1", "255.255.255.255", "3232235777"),
        *("[::1]", "[::]", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
        *("[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::1]", "[ff02::1]"),
        *("intranet", "nas.local", "printer.lan"),
    ],
)
def test_addresses_inside_the_house_are_refused_by_name(host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(Refused, match="COMPETE_WEBHOOK_HOSTS"):
            check_host(f"{scheme}://{host}/hook", ())


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://oa.example.cn/", "oa.example.cn/hook", "http://", "https://a.example:0/"),
        *("https://me:word@oa.example.cn/", "https://oa.example.cn/#a", "https://例子.cn/"),
        *("https://oa.example.cn/a b", "https://[::1/", "https://１２７.０.０.１/"),
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_host(url, ())


def test_addresses_elsewhere_pass_and_what_the_operator_names() -> None:
    for url in ("https://oa.example.cn/hook?key=1", "http://8.8.8.8/", "https://[2606:4700::1]/"):
        check_host(url, ())
    for url, entry in (
        ("http://127.0.0.1:9000/", "127.0.0.1"),
        ("http://127.0.0.1:9000/", "127.0.0.1:9000"),
        ("http://oa/hook", "oa"),
        ("http://10.20.3.8/", "10.20.0.0/16"),
        ("http://[fd00::5]/", "fd00::/8"),
        ("http://2130706433/", "127.0.0.1"),
    ):
        check_host(url, (entry,))
    for url, entry in (
        ("http://127.0.0.1:9001/", "127.0.0.1:9000"),
        ("http://10.21.3.8/", "10.20.0.0/16"),
        ("http://127.0.0.2/", "127.0.0.1"),
    ):
        with pytest.raises(Refused):
            check_host(url, (entry,))


def test_a_name_that_leads_into_the_house_is_not_reached() -> None:
    url = "https://oa.example.cn/"
    assert may_be_reached(url, ["93.184.216.34"], ())
    assert not may_be_reached(url, ["93.184.216.34", "10.0.0.1"], ())
    assert not may_be_reached(url, ["::ffff:169.254.169.254"], ())
    assert not may_be_reached(url, [], ())
    assert may_be_reached(url, ["10.20.0.1"], ("10.20.0.0/16",))
    assert may_be_reached(url, ["10.20.0.1"], ("oa.example.cn",))
    assert not is_inside(ipaddress.ip_address("2606:4700::1"))


def _resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Let every look-up of a name give the next of these; what was asked."""
    asked, left = [], list(answers)
    real = socket.getaddrinfo

    def look_up(host: Any, port: Any, *more: Any, **keys: Any) -> Any:
        if host == "oa.example.cn":
            asked.append(host)
            return real(left.pop(0), port, *more, **keys)
        return real(host, port, *more, **keys)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def test_nothing_is_sent_where_the_name_leads_into_the_house_by_then(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _resolving(monkeypatch, "127.0.0.1")
    port = receiver.server.server_port
    sent = and_wait(send(Request(f"http://oa.example.cn:{port}/ok/a", {}, b""), 5))
    assert (sent.why, sent.status) == ("inside", None)
    assert receiver.arrived == []
    assert asked == ["oa.example.cn"]


def test_the_connection_goes_to_the_address_that_was_looked_at(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second answer of the name server is never asked for."""
    asked = _resolving(monkeypatch, "127.0.0.1", "127.0.0.9")
    port = receiver.server.server_port
    url = f"http://oa.example.cn:{port}/ok/a?b=1"
    heads = {"Content-Length": "2"}
    sent = and_wait(send(Request(url, heads, b"{}", ("127.0.0.1",)), 5))
    assert (sent.status, sent.why) == (204, None)
    assert receiver.arrived[0].headers["host"] == f"oa.example.cn:{port}"
    assert receiver.arrived[0].path == "/ok/a?b=1"
    assert asked == ["oa.example.cn"]


def test_nothing_is_made_where_it_is_refused(app: Flask, fresh: Competition) -> None:
    with pytest.raises(Refused, match=r"169\.254\.169\.254"):
        make_webhook("http://169.254.169.254/latest", types=["test.ping"], by=None)
    with pytest.raises(Refused, match=r"results\.standing"):
        make_webhook("https://oa.example.cn/", types=["results.standing"], by=None)
    with pytest.raises(Refused, match="至少"):
        make_webhook("https://oa.example.cn/", types=[], by=None)
    assert all_webhooks() == []
