"""Receivers of webhooks on this machine: one that takes, and every kind that does not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Arrived(NamedTuple):
    """A request that came: its path, its heads in small letters, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The body as JSON."""
        content: dict[str, Any] = json.loads(self.body)
        return content


class Receiver:
    """Answers by the first word of the path: /ok, /500, /410, /redirect, /hang, /drip.

    By the last word where `by_last_word` is set. `bodies` are what a path answers, with the status
    of `answers` or 200.
    /late waits until `let_go` is set; /hang and /drip never answer whole while it lasts.
    """

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.let_go, self.over = threading.Event(), threading.Event()
        self.answers: dict[str, int] = {}
        self.bodies: dict[str, bytes] = {}
        self.by_last_word = False
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heads = {key.lower(): value for key, value in self.headers.items()}
                receiver.arrived.append(Arrived(self.path, heads, body))
                receiver.answer(self)

            def log_message(self, *_words: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 1024

            def handle_error(self, *_words: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        """Answer a request as its path says."""
        word = asked.path.split("/")[1]
        if self.by_last_word:
            word = asked.path.partition("?")[0].rsplit("/", 1)[1]
        if word in ("hang", "late"):
            (self.over if word == "hang" else self.let_go).wait(60)
        if word == "drip":
            asked.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not self.over.wait(0.05):
                asked.wfile.write(b".")
        written = asked.path.partition("?")[0] in self.bodies
        status = self.answers.get(
            asked.path, 200 if written else {"redirect": 302, "500": 500, "410": 410}.get(word, 204)
        )
        asked.send_response(status)
        if word == "redirect":
            asked.send_header("Location", f"http://{self.host}/ok/elsewhere")
        body = self.bodies.get(asked.path.partition("?")[0])
        if body is not None:
            asked.send_header("Content-Length", str(len(body)))
        asked.end_headers()
        asked.wfile.write(body or b"")

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def at(self, path: str) -> list[Arrived]:
        """List what came to a path."""
        return [it for it in self.arrived if it.path == path]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens inside the block."""
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        receiver.over.set()
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join(20)
