"""`compete serve --tls` as a process: who may speak to it, and how it goes on after a renewal."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509

from compete.config import Config
from compete.models import Account, Competition
from compete.services.accounts.sign_in_cards import issue_card
from tests.support.handshakes import certify
from tests.support.served import Browser, Served, serve

pytestmark = pytest.mark.slow


def shown(served: Served) -> x509.Certificate:
    """The certificate that a client which trusts the authority is shown."""
    context = ssl.create_default_context(cafile=str(served.trusted))
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
    ):
        content = secure.getpeercert(binary_form=True)
    assert content is not None
    return x509.load_der_x509_certificate(content)


def test_who_trusts_the_authority_is_served_and_a_renewed_certificate_is_shown_at_once(
    config: Config, fresh: Competition, organiser: Account, tmp_path: Path
) -> None:
    token = issue_card(organiser, one_time=True)[1]
    words = ("--tls", "--workers", "2", "--threads", "2")
    with serve(config, tmp_path, *words, trusted=certify(config)) as served:
        it_says_on_its_terminal_where_tablets_find_it(served)
        a_tablet_that_trusts_the_authority_signs_in(served, token, fresh.name)
        others_get_no_word(served)
        a_renewed_certificate_is_shown_without_a_restart(served, config)
        assert served.stop() == 0


def it_says_on_its_terminal_where_tablets_find_it(served: Served) -> None:
    log_text = served.log.read_text(encoding="utf-8")
    assert f"打开 https://127.0.0.1:{served.port}\n" in log_text
    assert "compete cert --serve" in log_text


def a_tablet_that_trusts_the_authority_signs_in(served: Served, token: str, name: str) -> None:
    browser = Browser(served)
    browser.sign_in(token)
    assert "__Host-compete" in browser.cookies
    status, page = browser.get("/desk/X/")
    assert status == 200
    assert name in page

    connection = served.connection(20)
    connection.request("GET", "/sign-in")
    answer = connection.getresponse()
    answer.read()
    assert "Secure" in str(answer.getheader("Set-Cookie"))
    assert answer.getheader("Strict-Transport-Security") is None
    connection.close()


def others_get_no_word(served: Served) -> None:
    stranger = ssl.create_default_context()
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=20) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        stranger.wrap_socket(plain, server_hostname="127.0.0.1")
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as plain:
        plain.sendall(b"GET /verify HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"200 OK" not in plain.recv(4096)


def a_renewed_certificate_is_shown_without_a_restart(served: Served, config: Config) -> None:
    first = shown(served)
    assert shown(served) == first
    certify(config, "another.lan")
    second = shown(served)
    assert second != first
    names = second.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "another.lan" in names.get_values_for_type(x509.DNSName)
    assert {shown(served).serial_number for _ in range(8)} == {second.serial_number}
