"""Served: the real server, `compete serve`, as a process of its own."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from compete.config import Config
from tests.support.databases import wait_until
from tests.support.groups import kill_group
from tests.support.ports import free_port


@dataclass
class Served:
    """A running server: its address, and what it writes down."""

    port: int
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)
    # The only certificate authority that whoever calls it trusts, if it serves HTTPS.
    trusted: Path | None = None

    def kill(self) -> None:
        """End it and its workers at once, as a power cut does."""
        kill_group(self.process)

    def connection(self, timeout: float) -> http.client.HTTPConnection:
        """Open a new connection to it."""
        if self.trusted is None:
            return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        context = ssl.create_default_context(cafile=str(self.trusted))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=context)

    def stop(self) -> int:
        """Ask it to end; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)


@contextlib.contextmanager
def serve(
    config: Config,
    folder: Path,
    *words: str,
    port: int | None = None,
    trusted: Path | None = None,
    **settings: str,
) -> Iterator[Served]:
    """Serve the installation of `config`; stop it at the end.

    With `--tls` among the words, `trusted` is the file of its certificate authority.
    One process serves unless the words say how many: each reads the whole program in.
    """
    if "--workers" not in words:
        words = (*words, "--workers", "1")
    port, log = port or free_port(), folder / "server.log"
    start = "import sys; from compete.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "serve", "--port", str(port), *words]
    environment = {key: value for key, value in os.environ.items() if "COMPETE_" not in key}
    environment |= {
        "COMPETE_DATA_DIR": str(config.data_dir),
        "COMPETE_DATABASE_URL": config.database_url,
        **settings,
    }
    with log.open("wb") as out:
        # A session of its own, so that `kill` reaches its workers too.
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env=environment, start_new_session=True
        )
    served = Served(port, log, process, trusted)
    try:
        wait_until(lambda: answers(served), f"the server ({log.read_text()})", seconds=180)
        yield served
    finally:
        if process.poll() is None:
            served.stop()


def answers(served: Served) -> bool:
    """True if it answers yet."""
    assert served.process.poll() is None, served.log.read_text()
    try:
        return Browser(served).get("/verify")[0] == 200
    except OSError:
        return False


class Browser:
    """A browser without pages, over real HTTP, with its cookies by their names."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.cookies: dict[str, str] = {}
        # Bytes of an upload that the server's side has taken so far.
        self.sent = 0

    def get(self, path: str) -> tuple[int, str]:
        """Get a page: status and text."""
        return self._ask("GET", path, b"")

    def post(self, path: str, form: str) -> tuple[int, str]:
        """Send a form."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, form.encode(), kind)

    def sign_in(self, token: str) -> None:
        """Sign in by a one-time link."""
        status, _page = self.post(f"/sign-in/{token}", f"csrf_token={self.token(token)}")
        assert status == 302

    def token(self, link: str) -> str:
        """The token in the form of a link's page."""
        hit = re.search(r'name="csrf_token" value="([^"]+)"', self.get(f"/sign-in/{link}")[1])
        assert hit is not None
        return hit[1]

    def upload(self, path: str, size: int) -> tuple[int, str]:
        """Send a file of zeros in a form, a piece at a time, and read the answer afterwards."""
        edge = "----edge"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="workbook"; filename="a.xlsx"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        tail = f"\r\n--{edge}--\r\n".encode()
        connection = self.served.connection(60)
        with contextlib.closing(connection):
            connection.putrequest("POST", path)
            connection.putheader("Content-Type", f"multipart/form-data; boundary={edge}")
            connection.putheader("Content-Length", str(len(head) + size + len(tail)))
            connection.putheader("Cookie", self._cookie())
            connection.endheaders(head)
            piece = bytes(1024**2)
            for start in range(0, size, len(piece)):
                connection.send(piece[: size - start])
                self.sent = start + len(piece)
            connection.send(tail)
            return self._read(connection)

    def _ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        connection = self.served.connection(30)
        sent = (headers or {}) | {"Cookie": self._cookie()}
        if self.served.trusted is not None:
            # Over HTTPS forms are taken from our own pages alone, as a browser says.
            sent["Referer"] = f"https://127.0.0.1:{self.served.port}/"
        connection.request(method, path, body, sent)
        return self._read(connection)

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _read(self, connection: http.client.HTTPConnection) -> tuple[int, str]:
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _equals, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        text = answer.read().decode()
        connection.close()
        return answer.status, text
