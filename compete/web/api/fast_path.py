"""The short way in for the call that two hundred tablets make all day.

What Flask's extensions check before every view, in general terms, costs more
than storing a mark. This call brings its own checks instead, of the same things:
whose session it is (`guard.api_judge`), that one of our pages sent it (the
token, here), how often (`rate_limit`). Whatever a text in it holds is looked at with
the act.
"""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request, session
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

ENDPOINT = "api.acts"


def init_app(app: Flask) -> None:
    """Answer the call before anything else looks at it; must be the first to come."""

    @app.before_request
    def answer_at_once() -> Any:
        if request.endpoint != ENDPOINT or request.method != "POST":
            return None
        require_token()
        return current_app.view_functions[ENDPOINT]()


def require_token() -> None:
    """Raise `CSRFError` unless the page's token came along, the one that its session has."""
    if not current_app.config["WTF_CSRF_ENABLED"] or "_user_id" not in session:
        return
    said, wanted = request.headers.get("X-CSRF-Token", ""), session.get("csrf_token", "")
    token = _signed(str(current_app.secret_key), said)
    if not wanted or token is None or not hmac.compare_digest(token, wanted):
        raise CSRFError("The CSRF token is missing or another session's.")


@lru_cache(maxsize=4096)
def _signed(key: str, token: str) -> str | None:
    """What Flask-WTF signed as a token; None where it did not. It has no time limit here."""
    try:
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").loads(token))
    except BadData:
        return None
