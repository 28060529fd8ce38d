"""The short way in for the call that two hundred tablets make all day.

What Flask and its extensions do around every view, in general terms, costs more than
storing a mark. This call brings checks of its own instead, of the same things: whose
session it is, that one of our pages sent it (the token), how often (`rate_limit`).
Whatever a text in it holds is looked at with the act. There are two stages:

- `ShortWay` stands before Flask, and answers where all is as it is nearly always: the
  cookie and the token are good, the body can be read, and every act is held.
- Whatever else it meets goes to Flask and the view, with what became of the acts where that
  is known already; so refusals, words and faults are answered in one place. Of this
  call Flask skips what its extensions do before the view (`answer_at_once`).

`tests/web/api/test_fast_path.py` holds the two ways to the same answer, header by header.
"""

from __future__ import annotations

import hmac
import io
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from compete.server.asked import READ_ON
from compete.services.kernel.untrusted_json import read_json
from compete.web import headers, request_ids
from compete.web.api.acts_call import (
    ADDRESS,
    OUTCOME,
    Batch,
    answer_body,
    is_wordless,
    outcome_of,
    rate_limit,
)
from compete.web.guard import named_by
from compete.web.sessions import Sessions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ENDPOINT = "api.acts"


def init_app(app: Flask) -> None:
    """Answer the call before anything else looks at it; must be the first to come."""
    app.wsgi_app = ShortWay(app, app.wsgi_app)  # type: ignore[method-assign]

    @app.before_request
    def answer_at_once() -> Any:
        if request.endpoint != ENDPOINT or request.method != "POST":
            return None
        _require_token()
        return current_app.view_functions[ENDPOINT]()


class ShortWay:
    """The layer before the application that answers short calls, as WSGI has it."""

    def __init__(self, app: Flask, whole: WSGIApplication) -> None:
        self._app, self._whole = app, whole

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the call, or hand it on."""
        if environ["PATH_INFO"] == ADDRESS and environ["REQUEST_METHOD"] == "POST":
            body = self._answer(environ)
            if body is not None:
                start_response("200 OK", _headers(environ, len(body)))
                return [body]
        return self._whole(environ, start_response)

    def _answer(self, environ: WSGIEnvironment) -> bytes | None:
        """The body of the answer; None where Flask has to give it."""
        session_id = self._session_id(environ)
        batch = self._batch(environ) if session_id else None
        if session_id is None or batch is None or not rate_limit.take(session_id):
            return None
        with self._app.app_context():
            g.request_id = request_ids.logged_as(environ)
            named = named_by(environ.get("HTTP_X_JUDGE"))
            outcome = environ[OUTCOME] = outcome_of(
                session_id, batch, named, environ.get("HTTP_X_REACHED")
            )
            if isinstance(outcome, Exception) or not is_wordless(outcome[0]):
                return None
            try:
                return answer_body(*outcome)
            except Exception:
                # Flask meets the same fault, and answers as to any.
                return None

    def _session_id(self, environ: WSGIEnvironment) -> str | None:
        """Return the id of the cookie's session; None if not signed in or the token is wrong."""
        sessions = self._app.session_interface
        assert isinstance(sessions, Sessions)
        cookie = sessions.said_by(self._app, environ.get("HTTP_COOKIE")) or {}
        session_id = cookie.get("_user_id")
        if not isinstance(session_id, str):
            return None
        if self._app.config["WTF_CSRF_ENABLED"]:
            sent = environ.get("HTTP_X_CSRF_TOKEN", "")
            if not _is_token(self._app, sent, cookie.get("csrf_token", "")):
                return None
        return session_id

    def _batch(self, environ: WSGIEnvironment) -> Batch | None:
        """Read a batch from the body, or None if it is none; the body can then be read again."""
        length = environ.get("CONTENT_LENGTH", "")
        if not length.isdecimal() or READ_ON in environ:
            return None
        if int(length) > self._app.config["MAX_CONTENT_LENGTH"]:
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        return read_json(body, Batch)


def _headers(environ: WSGIEnvironment, length: int) -> list[tuple[str, str]]:
    return [
        ("Content-Type", "application/json"),
        ("Content-Length", str(length)),
        *headers.EVERYWHERE,
        headers.NOT_KEPT,
        (request_ids.HEADER, request_ids.name_of(environ)),
        ("Vary", "Cookie"),
    ]


def _require_token() -> None:
    """Raise `CSRFError` unless the page's token came along, the one that its session has."""
    if not current_app.config["WTF_CSRF_ENABLED"] or "_user_id" not in session:
        return
    sent = request.headers.get("X-CSRF-Token", "")
    if not _is_token(current_app, sent, session.get("csrf_token", "")):
        raise CSRFError("The CSRF token is missing or another session's.")


def _is_token(app: Flask, sent: str, wanted: str) -> bool:
    """Say whether we signed a token, and whether it is the session's."""
    token = _signed(str(app.secret_key), sent)
    return bool(wanted) and token is not None and hmac.compare_digest(token, wanted)


@lru_cache(maxsize=4096)
def _signed(key: str, token: str) -> str | None:
    """Return the text that Flask-WTF signed as a token; None if it did not. No time limit here."""
    try:
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").loads(token))
    except BadData:
        return None
