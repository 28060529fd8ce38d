"""A tablet that trusts `compete serve --tls` goes on with the real server dead."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect
from pypdf import PdfReader
from sqlalchemy import select

from compete.config import Config
from compete.models import Act, db
from compete.tls.authority import make_leaf
from compete.tls.files import pem
from compete.tls.keeping import folder_of, load_authority
from compete.web.trust.site import make_site
from tests.browser.tablet.real import RealHall
from tests.browser.tablet.test_service_worker import COUNT
from tests.browser.tablet.trust import can_install, devices, install, told_the_key
from tests.support.application import serving
from tests.support.browser import Visitor
from tests.support.databases import wait_until
from tests.support.handshakes import certify
from tests.support.ports import free_port
from tests.support.served import serve

pytestmark = pytest.mark.slow

INTERNET = "www.example.cn"
Makes = Callable[..., Visitor]
ELSEWHERE = [f"--host-resolver-rules=MAP {INTERNET} 127.0.0.1"]


@pytest.fixture
def root(config: Config) -> Path:
    """The authority of this installation, as a file."""
    return certify(config)


@pytest.fixture
def tablets(chromium: Browser, config: Config, root: Path, tmp_path: Path) -> Iterator[Makes]:
    """Makes tablets that trust the server, as they do in earnest where that can be had."""
    home = tmp_path / "home"
    words, whole = [], can_install()
    if whole:
        install(root, home)
    else:
        words = told_the_key(config)
    with devices(chromium, words, home, whole=whole) as make:
        yield make


def marks(app: Flask) -> list[str | None]:
    """The values that the server holds."""
    with app.app_context():
        values = list(db.session.scalars(select(Act.value).where(Act.kind == "mark")))
        db.session.remove()
        return [str(value) for value in values]


def yes(page: Page) -> Any:
    return page.get_by_text("这台设备已经信任竞赛台")


def a_tablet_that_trusts_the_site_is_led_on(
    install_page: str, tablet: Visitor, picture: Callable[..., Path]
) -> None:
    page = tablet.page()
    page.goto(install_page)
    picture(page, "ca-opens")
    page.get_by_role("link", name="到那边看").click()
    page.wait_for_url("https://127.0.0.1:*/ca")
    expect(yes(page)).to_be_visible()
    picture(page, "ca-trusted")
    page.get_by_role("link", name="进竞赛台").click()
    page.wait_for_url("https://127.0.0.1:*/")


def a_tablet_does_not_trust(
    install_page: str, tablet: Visitor, picture: Callable[..., Path]
) -> None:
    tablet.expect("ERR_CERT_AUTHORITY_INVALID")
    page = tablet.page()
    page.goto(install_page)
    expect(page.get_by_text("这台设备还不信任竞赛台")).to_be_visible()
    page.get_by_role("button", name="再看一次").click()
    expect(page.get_by_text("这台设备还不信任竞赛台")).to_be_visible()
    expect(yes(page)).to_be_hidden()
    picture(page, "ca-not-trusted")


def on_paper_it_is_one_sheet_with_the_steps_of_every_device(
    install_page: str, desk: Visitor
) -> None:
    desk.expect("ERR_CERT_AUTHORITY_INVALID")
    page = desk.page()
    page.goto(install_page)
    expect(page.get_by_text("这台设备还不信任竞赛台")).to_be_visible()
    assert len(PdfReader(BytesIO(page.pdf(format="A4"))).pages) == 1
    page.emulate_media(media="print")
    for device in ("android", "apple", "windows"):
        expect(page.locator(f"[data-device={device}] li").last).to_be_visible()
    expect(page.locator("[data-part=trust]")).to_be_hidden()
    expect(page.locator("figure svg")).to_have_count(2)


def a_warning_that_was_clicked_away_does_not_pass_for_trust(
    install_page: str, tablet: Visitor
) -> None:
    tablet.expect("certificate|ERR_CERT")
    page = tablet.page()
    page.goto(install_page)
    page.get_by_role("link", name="到那边看").click()
    page.wait_for_url("https://127.0.0.1:*/ca")
    expect(yes(page)).to_be_hidden()
    expect(page.get_by_text("这台设备还不信任竞赛台")).to_be_visible()


def the_page_sees_who_trusts_the_site(
    install_page: str, tablets: Makes, visitor: Makes, picture: Callable[..., Path]
) -> None:
    """The page of `compete cert --serve`, beside a site that is served by HTTPS."""
    a_tablet_that_trusts_the_site_is_led_on(install_page, tablets(), picture)
    a_tablet_does_not_trust(install_page, visitor("tablet"), picture)
    on_paper_it_is_one_sheet_with_the_steps_of_every_device(install_page, visitor("desk"))
    careless = visitor("tablet", ignore_https_errors=True)
    a_warning_that_was_clicked_away_does_not_pass_for_trust(install_page, careless)


def test_a_judge_goes_on_with_the_server_dead_and_nothing_is_lost(
    app: Flask,
    config: Config,
    root: Path,
    tablets: Makes,
    visitor: Makes,
    tmp_path: Path,
    picture: Callable[..., Path],
) -> None:
    port = free_port()
    with serve(config, tmp_path, "--tls", port=port, trusted=root) as served:
        with serving(make_site(config)) as address:
            the_page_sees_who_trusts_the_site(f"{address}/ca", tablets, visitor, picture)
        hall = RealHall(app, f"https://127.0.0.1:{port}", tablets)
        tablet = hall.tablet_by_card("J1").go("/judge/")
        page = tablet.page
        wait_until(lambda: page.evaluate(COUNT, "pages-") == 3, "the judge's three pages")
        tablet.go(f"/judge/sheets/{hall.sheet_id('J1')}")
        served.kill()
    page.reload()
    page.wait_for_selector("main[data-ready=yes]")
    page.locator(".ladder-cell").nth(2).click()
    words = page.locator("[data-part=chip-words]")
    expect(words).to_have_text("1 条待上传·已存本机")
    page.reload()
    chosen = page.locator(".ladder-cell").nth(2)
    expect(chosen).to_have_attribute("aria-checked", "true")
    tablet.go("/judge/")
    expect(tablet.part("offline")).to_be_visible()
    assert marks(app) == []
    with serve(config, tmp_path, "--tls", port=port, trusted=root):
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(words).to_have_text(re.compile("^都已上传"), timeout=30_000)
        assert marks(app) == ["2"]


class Greeting(BaseHTTPRequestHandler):
    """Greets whoever believes who it is."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>It is me</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def impostor(config: Config, folder: Path, name: str) -> Iterator[int]:
    """A server with a certificate for `name` that the installation's authority has signed."""
    authority = load_authority(folder_of(config.data_dir))
    assert authority is not None
    path = folder / "impostor.pem"
    path.write_bytes(pem(make_leaf(authority, [name], datetime.now(UTC))))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with ThreadingHTTPServer(("127.0.0.1", 0), Greeting) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def test_a_browser_with_the_root_installed_believes_it_nothing_about_the_internet(
    chromium: Browser, config: Config, root: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    install(root, home)
    with devices(chromium, ELSEWHERE, home) as make:
        tablet = make()
        tablet.expect("Failed to load resource")
        page = tablet.page()
        with impostor(config, tmp_path, "localhost") as port:
            page.goto(f"https://localhost:{port}/")
            expect(page).to_have_title("It is me")
        with (
            impostor(config, tmp_path, INTERNET) as port,
            pytest.raises(Error, match="ERR_CERT_INVALID"),
        ):
            page.goto(f"https://{INTERNET}:{port}/")
