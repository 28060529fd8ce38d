"""A short name for each request, in its answer and in every line that is logged meanwhile."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, request

HEADER = "X-Request-Id"
_GIVEN = re.compile(r"[\w.-]{1,64}")


def request_id() -> str:
    """The name of this request: the one that a proxy of ours gave it, or one of our own."""
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _GIVEN.fullmatch(given) else secrets.token_hex(4)
    return str(g.request_id)


def init_app(app: Flask) -> None:
    """Name each request at once, and put the name into its answer; must be the first to come."""

    @app.before_request
    def begin() -> None:
        request_id()

    @app.after_request
    def name_it(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        return response
