"""`/ca`, in the whole application and as a site of its own."""

from __future__ import annotations

import hashlib
import plistlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from flask import Flask
from flask.testing import FlaskClient

from compete import create_app
from compete.config import Config
from compete.tls import fingerprint
from compete.tls.authority import called
from compete.tls.keeping import folder_of, note_address
from compete.tls.renewing import renew
from compete.web.trust.site import make_site
from compete.web.trust.views import device_of

ADDRESS = "https://192.168.1.5:8000"


@pytest.fixture
def root(config: Config) -> x509.Certificate:
    """The authority of this installation."""
    return renew(folder_of(config.data_dir), [], datetime.now(UTC)).authority.certificate


@pytest.fixture(params=["application", "page alone"])
def visitor(request: pytest.FixtureRequest, app: Flask, config: Config) -> FlaskClient:
    """Somebody at each of the two places that have the page."""
    return (app if request.param == "application" else make_site(config)).test_client()


def test_without_an_authority_the_page_says_so(visitor: FlaskClient) -> None:
    answer = visitor.get("/ca")
    assert answer.status_code == 404
    assert "compete cert" in answer.text
    for file in ("compete-ca.crt", "compete-ca.mobileconfig"):
        assert visitor.get(f"/ca/{file}").status_code == 404


def test_the_page_tells_the_fingerprint_in_every_form_a_device_shows(
    root: x509.Certificate, visitor: FlaskClient
) -> None:
    page = visitor.get("/ca").text
    for pair in fingerprint.sha256(root).split():
        assert f"<span>{pair}</span>" in page
    assert fingerprint.words(root) in page
    assert fingerprint.sha1(root) in page
    assert called(root) in page


def test_the_file_is_what_the_fingerprint_is_of(
    root: x509.Certificate, visitor: FlaskClient
) -> None:
    answer = visitor.get("/ca/compete-ca.crt")
    assert answer.mimetype == "application/x-x509-ca-cert"
    assert "attachment" in answer.headers["Content-Disposition"]
    digest = fingerprint.sha256(root).replace(" ", "").lower()
    assert hashlib.sha256(answer.data).hexdigest() == digest


def test_ipads_get_the_same_certificate_as_a_profile(
    root: x509.Certificate, visitor: FlaskClient
) -> None:
    answer = visitor.get("/ca/compete-ca.mobileconfig")
    assert answer.mimetype == "application/x-apple-aspen-config"
    profile = plistlib.loads(answer.data)
    (payload,) = profile["PayloadContent"]
    assert payload["PayloadType"] == "com.apple.security.root"
    assert x509.load_der_x509_certificate(payload["PayloadContent"]) == root
    assert profile["PayloadUUID"] != payload["PayloadUUID"]
    assert profile["PayloadDisplayName"] == called(root)
    assert visitor.get("/ca/compete-ca.mobileconfig").data == answer.data


def test_it_leads_on_to_where_https_was_served_and_may_ask_there_alone(
    root: x509.Certificate, visitor: FlaskClient, config: Config
) -> None:
    before = visitor.get("/ca")
    assert "网站还没有用 HTTPS 启动" in before.text
    assert "connect-src" not in before.headers["Content-Security-Policy"]
    note_address(folder_of(config.data_dir), ADDRESS)
    after = visitor.get("/ca")
    assert f'href="{ADDRESS}/ca"' in after.text
    assert f'data-address="{ADDRESS}"' in after.text
    assert after.headers["Content-Security-Policy"].endswith(f"; connect-src 'self' {ADDRESS}")
    assert after.text.count("<figure>") == 2


def test_a_noted_address_that_is_none_changes_no_policy(
    root: x509.Certificate, visitor: FlaskClient, config: Config
) -> None:
    for noted in ("https://a.lan; script-src *", "http://a.lan:8000", ""):
        note_address(folder_of(config.data_dir), noted)
        policy = visitor.get("/ca").headers["Content-Security-Policy"]
        assert "connect-src" not in policy, noted


def test_where_the_site_is_known_to_be_counts_more_than_where_it_was(
    root: x509.Certificate, config: Config
) -> None:
    note_address(folder_of(config.data_dir), ADDRESS)
    known = replace(config, base_url="https://judge.lan:8000")
    page = create_app(known).test_client().get("/ca").text
    assert 'href="https://judge.lan:8000/ca"' in page
    assert ADDRESS not in page


def test_over_https_the_page_leads_into_the_site_and_offers_no_code_of_itself(
    root: x509.Certificate, client: FlaskClient, config: Config
) -> None:
    note_address(folder_of(config.data_dir), ADDRESS)
    page = client.get("/ca", base_url=ADDRESS).text
    assert "打开这一页</b>" not in page
    assert f'href="{ADDRESS}"' in page
    assert "/sw.js?v=" in page


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Linux; Android 14; BAH4-W09) Chrome/130.0", "android"),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1", "android"),
        ("Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X)", "apple"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari", "apple"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "windows"),
        ("", "android"),
    ],
)
def test_the_steps_of_the_device_that_asks_are_open(
    root: x509.Certificate, client: FlaskClient, agent: str, device: str
) -> None:
    assert device_of(agent) == device
    page = client.get("/ca", headers={"User-Agent": agent}).text
    assert f'data-device="{device}" open>' in page
    assert page.count(" open>") == 1


def test_the_page_alone_has_nothing_else_and_no_cookies(
    root: x509.Certificate, config: Config
) -> None:
    site = make_site(config)
    visitor = site.test_client()
    assert visitor.get("/").location == "/ca"
    for path in ("/judge/", "/desk/", "/api/home", "/sign-in", "/verify", "/sw.js.map"):
        answer = visitor.get(path)
        assert answer.status_code == 404, path
        assert "没有这个页面" in answer.text
    visitor.set_cookie("compete", "anything")
    for path in ("/ca", "/ca/compete-ca.crt", "/no"):
        assert "Set-Cookie" not in visitor.get(path).headers
    assert visitor.post("/ca").status_code == 405


def test_no_key_is_read_for_the_page(
    root: x509.Certificate, visitor: FlaskClient, config: Config
) -> None:
    for kept in ("ca.pem", "server.pem"):
        (folder_of(config.data_dir) / kept).unlink()
    assert fingerprint.words(root) in visitor.get("/ca").text


def test_a_file_that_cannot_be_read_is_no_page_with_a_fingerprint(
    root: x509.Certificate, visitor: FlaskClient, config: Config
) -> None:
    (folder_of(config.data_dir) / "ca.crt").write_bytes(b"scribble")
    visitor.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = visitor.get("/ca")
    assert answer.status_code == 500
    assert "系统出了错" in answer.text


def test_it_speaks_english_too(root: x509.Certificate, visitor: FlaskClient) -> None:
    visitor.set_cookie("lang", "en")
    page = visitor.get("/ca").text
    assert "First compare the fingerprint" in page
    visitor.set_cookie("lang", "zh")
    assert "先核对指纹" in visitor.get("/ca").text
