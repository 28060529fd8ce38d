"""A short name for each request, in its answer and in every line that is logged meanwhile."""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

HEADER = "X-Request-Id"
_KEPT = "compete.request_id"
_GIVEN = re.compile(r"[\w.-]{1,64}")


def name_of(environ: WSGIEnvironment) -> str:
    """The name of a request: the one that a proxy of ours gave it, or one of our own."""
    name = environ.get(_KEPT)
    if name is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        name = environ[_KEPT] = given if _GIVEN.fullmatch(given) else secrets.token_hex(4)
    return str(name)


def init_app(app: Flask) -> None:
    """Name each request at once, and put the name into its answer; must be the first to come."""

    @app.before_request
    def begin() -> None:
        g.request_id = name_of(request.environ)

    @app.after_request
    def name_it(response: Response) -> Response:
        response.headers[HEADER] = name_of(request.environ)
        return response
