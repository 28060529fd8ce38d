"""Serves the drawn pages, and the project's static files, to a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from compete.resources import resource_dir
from tests.look.environment import environment
from tests.look.pages import PAGES, Look
from tests.support.browser import SETTINGS


class Handler(SimpleHTTPRequestHandler):
    """Pages from its folder; `/static/` from the project; to the tablet, nothing new."""

    def translate_path(self, path: str) -> str:
        if path.startswith("/static/"):
            return str(resource_dir("static") / path.removeprefix("/static/").split("?")[0])
        return super().translate_path(path)

    def do_GET(self) -> None:
        if self.path.startswith("/api/"):
            self.send_response(304)
            self.end_headers()
        elif self.path.split("?")[0].endswith(".js") and not self.path.startswith("/static/"):
            # What the application alone serves, such as the worker, is empty here.
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()
        else:
            super().do_GET()

    def do_POST(self) -> None:
        """A tablet asks for its key: nobody is here to give one."""
        self.rfile.read(int(self.headers["Content-Length"] or 0))
        said = b'{"tablet": "look"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a server of `folder` on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def write_page(look: Look, folder: Path, theme: str, *, strict: bool = False) -> str:
    """Draw one page; returns the file's name."""
    name = f"{look.name}-{theme}.html"
    template = environment(folder, theme=theme, strict=strict).get_template(look.template)
    (folder / name).write_text(template.render(**look.sample()), encoding="utf-8")
    return name


def look_named(name: str) -> Look:
    """The page that is drawn under this name."""
    return next(look for look in PAGES if look.name == name)


@contextmanager
def opened(look: Look, chromium: Browser, folder: Path, **window: Any) -> Iterator[Page]:
    """A drawn page, light, in a window of its own, which `window` describes to Chromium."""
    context = chromium.new_context(**SETTINGS, **window)
    page = context.new_page()
    with serving(folder) as address:
        page.goto(f"{address}/{write_page(look, folder, 'light')}")
        yield page
    context.close()
