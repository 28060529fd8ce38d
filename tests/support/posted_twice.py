"""Posting twice: every test's post is sent again, as by two presses or at a slow line.

Of each address that says `@only_once` the first form that a worker's tests send with success
makes nothing more. Where all tests run, each such form was sent by one of them. With
`COMPETE_POST_ALL_TWICE=1` the others are sent twice too, and make nothing either but for what is
told here; the database is put back, so that the test goes on as if nothing had been.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import run_wsgi_app

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import Headers

    Answer = tuple[Iterable[bytes], str, Headers]

# Tables that record who looks, what was sent and that it was.
RECORDS = {"account_use", "audit_entry", "row_seal", "signed_in_session", "submission"}
# Each time anew: somebody signs in, is shown cards or links, gets other codes on paper.
ANEW = {
    "auth.recovery_codes": {"second_factor"},
    "auth.sign_in": {"device_use", "sign_in"},
    "auth.use_link": {"device_use", "sign_in"},
    "organiser.cards": {"card_handling"},
    "organiser.unit_links": {"card_handling"},
    "organiser.unit_links_text": {"card_handling"},
}
TAKEN = ("200", "201", "204", "302", "303")
ONCE: dict[str, bool] = {}
"""Of each address whose form says `@only_once`: whether a test sent it."""
_TRIED: set[str] = set()
_ALL = os.environ.get("COMPETE_POST_ALL_TWICE") == "1"


class Twice(FlaskClient):
    """A client that posts everything a second time."""

    def run_wsgi_app(self, environ: WSGIEnvironment, buffered: bool = False) -> Answer:
        """Make one request, and the same again with what the browser held at first."""
        endpoint = self._endpoint(environ)
        if endpoint is None or endpoint in _TRIED or not (endpoint in ONCE or _ALL):
            return super().run_wsgi_app(environ, buffered)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if endpoint in ONCE:
            body = _with_key(body, environ)
        self._add_cookies_to_wsgi(environ)
        again = environ | {"wsgi.input": BytesIO(body)}
        again.pop("werkzeug.debug.preserve_context", None)
        first = super().run_wsgi_app(environ | {"wsgi.input": BytesIO(body)}, buffered)
        if first[1][:3] in TAKEN and "/sign-in?" not in first[2].get("Location", ""):
            self._post_again(endpoint, again)
        return first

    def _endpoint(self, environ: WSGIEnvironment) -> str | None:
        if environ["REQUEST_METHOD"] != "POST":
            return None
        _learn(self.application)
        try:
            return str(self.application.url_map.bind_to_environ(environ).match()[0])
        except HTTPException:
            return None

    def _post_again(self, endpoint: str, environ: WSGIEnvironment) -> None:
        from compete.models import db
        from tests.support.begun import copy_database

        with self._context():
            if db.engine.dialect.name != "sqlite":
                return
            file = Path(str(db.engine.url.database))
            kept = file.with_suffix(".posted")
            before = _count()
            if endpoint not in ONCE:
                copy_database(file, kept)
        forget_request()
        answer = run_wsgi_app(self.application, environ, buffered=True)
        forget_request()
        with self._context():
            made = {name: n - before[name] for name, n in _count().items() if n > before[name]}
            if endpoint in ONCE:
                ONCE[endpoint] = True
            else:
                db.session.expire_all()
                copy_database(kept, file)
        _TRIED.add(endpoint)
        made = {name: n for name, n in made.items() if name not in ANEW.get(endpoint, ())}
        assert not made, f"{endpoint}, sent twice, made once more: {made}"
        if endpoint in ONCE:
            assert answer[1][:3] in TAKEN, f"{endpoint}, sent twice: {answer[1]}"

    def _context(self) -> AbstractContextManager[Any]:
        return nullcontext() if has_app_context() else self.application.app_context()


def forget_request() -> None:
    """Forget the request: a test's application context is lent to every request."""
    for name in list(g) if has_app_context() else ():
        g.pop(name)


def _learn(app: Flask) -> None:
    """Which addresses say `@only_once`; asked of each application at its first form."""
    if app.extensions.get("once learnt") != len(app.view_functions):
        app.extensions["once learnt"] = len(app.view_functions)
        for name, view in app.view_functions.items():
            if _is_once(view):
                ONCE.setdefault(name, False)


def _is_once(view: object) -> bool:
    return "only_once" in getattr(view, "__dict__", ())


def _count() -> dict[str, int]:
    """The number of rows of each table, without those that say who looks and what was sent."""
    from compete.models import Base, db

    names = [name for name in Base.metadata.tables if name not in RECORDS]
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in names)
    db.session.rollback()
    return {row[0]: row[1] for row in db.session.execute(db.text(counts))}


def _with_key(body: bytes, environ: WSGIEnvironment) -> bytes:
    """The posted body, with the key that each form of a page bears."""
    if b"once=" in body or b'"once"' in body:
        return body
    kind, key = environ.get("CONTENT_TYPE", ""), token_hex(12).encode()
    if kind.startswith("multipart/"):
        mark = b"--" + kind.partition("boundary=")[2].strip('"').encode()
        field = b'Content-Disposition: form-data; name="once"'
        body = b"\r\n".join([mark, field, b"", key, body])
    else:
        body += b"&once=" + key
        environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    environ["CONTENT_LENGTH"] = str(len(body))
    return body


def never_sent() -> list[str]:
    """List the forms that make something and that no test has sent."""
    return sorted(name for name, sent in ONCE.items() if not sent)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Collect from a worker which forms its tests sent."""
    for name, sent in getattr(node, "workeroutput", {}).get("once", {}).items():
        ONCE[name] = ONCE.get(name, False) or sent


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run if all tests ran and passed, but none sent some form."""
    config = session.config
    if hasattr(config, "workeroutput"):
        config.workeroutput["once"] = ONCE
    elif exitstatus == pytest.ExitCode.OK and _is_whole(config) and never_sent():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    """Name the forms that are wanting."""
    if _is_whole(config) and (left := never_sent()):
        terminalreporter.section("forms that make something and that no test sent with success")
        terminalreporter.write_line(", ".join(left))


def _is_whole(config: pytest.Config) -> bool:
    narrowed = config.option.keyword or config.option.markexpr or config.getoption("lf", False)
    return config.args == config.getini("testpaths") and not narrowed
