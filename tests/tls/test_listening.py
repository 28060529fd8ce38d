"""How the server's side of a connection behaves under TLS."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from compete.tls import listening
from compete.tls.authority import Identity, make_authority, make_leaf
from compete.tls.files import pem, write
from compete.tls.listening import Certificates
from tests.support.handshakes import trusting

NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Identity:
    return make_authority(NOW)


@pytest.fixture
def shown(authority: Identity, tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    write(path, pem(make_leaf(authority, ["localhost"], NOW)))
    return path


def accept(shown: Path, taken: socket.socket) -> ssl.SSLSocket:
    """As gunicorn takes a connection."""
    return (
        Certificates(shown)
        .context()
        .wrap_socket(taken, server_side=True, do_handshake_on_connect=False)
    )


@contextmanager
def connected(authority: Identity, shown: Path) -> Iterator[tuple[ssl.SSLSocket, ssl.SSLSocket]]:
    """Both ends of a connection after the handshake: the server's and the client's."""
    here, there = socket.socketpair()
    client = trusting(authority.certificate).wrap_socket(
        there, server_hostname="localhost", do_handshake_on_connect=False
    )
    shaking = threading.Thread(target=client.do_handshake)
    shaking.start()
    server = accept(shown, here)
    server.do_handshake()
    shaking.join()
    with server, client:
        yield server, client


def test_who_says_nothing_at_all_is_given_up(shown: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "RECEIVING_SECONDS", 0.05)
    here, there = socket.socketpair()
    with there, accept(shown, here) as server, pytest.raises(BlockingIOError):
        server.do_handshake()


def test_who_stops_in_the_middle_of_a_request_is_given_up(
    authority: Identity, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connected(authority, shown) as (server, client):
        monkeypatch.setattr(listening, "RECEIVING_SECONDS", 0.05)
        # What gunicorn does before it reads, without a limit of its own.
        server.setblocking(True)
        client.sendall(b"GET / HT")
        assert server.recv(64) == b"GET / HT"
        with pytest.raises(BlockingIOError):
            server.recv(64)


def test_sending_is_not_hurried_by_the_limit_for_reading(
    authority: Identity, shown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = os.urandom(3_000_000)
    with connected(authority, shown) as (server, client):
        monkeypatch.setattr(listening, "RECEIVING_SECONDS", 0.05)
        server.setblocking(True)
        begun = threading.Event()
        real = ssl.SSLSocket.sendall

        def sendall(self: ssl.SSLSocket, data: bytes, flags: int = 0) -> None:
            begun.set()
            assert self.gettimeout() == listening.SENDING_SECONDS
            real(self, data, flags)

        monkeypatch.setattr(ssl.SSLSocket, "sendall", sendall)
        sending = threading.Thread(target=server.sendall, args=(page,))
        sending.start()
        assert begun.wait(20)
        got = b""
        while len(got) < len(page):
            piece = client.recv(65536)
            assert piece
            got += piece
        sending.join()
        assert got == page
        assert server.gettimeout() == 0.05


def test_a_renewed_certificate_is_shown_from_the_next_connection_on(
    authority: Identity, shown: Path
) -> None:
    certificates = Certificates(shown)
    first = certificates.context()
    assert certificates.context() is first
    write(shown, pem(make_leaf(authority, ["localhost"], NOW)))
    second = certificates.context()
    assert second is not first
    for spoiled in (shown.unlink, lambda: shown.write_bytes(b"scribble")):
        spoiled()
        assert certificates.context() is second
