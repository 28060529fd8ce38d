"""The example for nginx in the page for operators, run by a real nginx on two ports."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from compete.config import Config
from compete.models import db
from compete.services.accounts.accounts import create_account
from compete.services.accounts.sign_in_cards import issue_card
from compete.services.kernel.transactions import unit_of_work
from compete.tls.keeping import SERVER, folder_of
from compete.tls.renewing import renew
from tests.support.databases import wait_until
from tests.support.ports import free_port
from tests.support.served import serve

PAGE = Path(__file__).parents[1] / "docs" / "operating.md"
NAME = "jingsai.example.cn"


def example() -> str:
    """The block as it is printed."""
    hit = re.search(
        r"```\n(server \{\n    listen 443 ssl;.*?\n\})\n```", PAGE.read_text("utf-8"), re.S
    )
    assert hit is not None
    return hit[1]


@contextlib.contextmanager
def nginx(folder: Path, block: str, port: int) -> Iterator[None]:
    """A real nginx with that block; stopped at the end."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.access(program, os.X_OK):
        pytest.skip("no nginx on this machine")
    settings = folder / "nginx.conf"
    paths = "\n".join(
        f"{kind}_temp_path {folder / kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings.write_text(
        f"daemon off; master_process off; pid {folder / 'pid'}; error_log {folder / 'errors'};\n"
        f"events {{}}\nhttp {{ access_log off;\n{paths}\n{block}\n}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([program, "-c", str(settings), "-p", str(folder)])
    try:
        wait_until(lambda: listens(port), "nginx")
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Visitor:
    """A browser that opened the site by its name, at the port that people see."""

    def __init__(self, port: int, shown: str) -> None:
        self.port, self.shown, self.cookie = port, shown, ""

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, str]:
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=context, timeout=30
        )
        headers = {
            "Host": self.shown,
            "Cookie": self.cookie,
            "Referer": f"https://{self.shown}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        if answer.getheader("Set-Cookie"):
            self.cookie = str(answer.getheader("Set-Cookie")).split(";")[0]
        with contextlib.closing(connection):
            return answer.status, answer.read().decode()


@pytest.fixture
def cards(app: Flask) -> list[str]:
    """Links to sign in by."""
    with app.app_context(), unit_of_work():
        account = create_account("许静")
        tokens = [issue_card(account, one_time=True)[1] for _turn in range(2)]
    with app.app_context():
        db.session.remove()
    return tokens


def test_forms_are_taken_on_443_and_on_any_other_port(
    app: Flask, config: Config, cards: list[str], tmp_path: Path
) -> None:
    del app
    renew(folder_of(config.data_dir), (), datetime.now(UTC))
    certificate = folder_of(config.data_dir) / SERVER
    with serve(replace(config), tmp_path, COMPETE_TRUSTED_PROXIES="1") as served:
        port = free_port()
        block = (
            example()
            .replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
            .replace("/etc/ssl/jingsai.pem", str(certificate))
            .replace("/etc/ssl/jingsai.key", str(certificate))
            .replace("http://127.0.0.1:8000", f"http://127.0.0.1:{served.port}")
        )
        with nginx(tmp_path, block, port):
            # On port 443 a browser names no port.
            for shown, card in zip((NAME, f"{NAME}:8443"), cards, strict=True):
                visitor = Visitor(port, shown)
                status, page = visitor.ask("GET", f"/sign-in/{card}")
                assert status == 200
                token = re.search(r'name="csrf_token" value="([^"]+)"', page)
                assert token is not None
                status, page = visitor.ask(
                    "POST", f"/sign-in/{card}", f"csrf_token={token[1]}".encode()
                )
                assert status == 302, page
            too_big = Visitor(port, NAME).ask("POST", "/sign-in", b"x" * (21 * 1024 * 1024))
            assert too_big[0] == 413
