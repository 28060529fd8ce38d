"""A short name for each request, in its answer and in every line that is logged meanwhile.

With it the trace to which a caller says that the request belongs (W3C Trace Context).
"""

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
_TRACE = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")


def name_of(environ: WSGIEnvironment) -> str:
    """The name of a request: the one that a proxy of ours gave it, or one of our own."""
    name = environ.get(_KEPT)
    if name is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        name = environ[_KEPT] = given if _GIVEN.fullmatch(given) else secrets.token_hex(4)
    return str(name)


def logged_as(environ: WSGIEnvironment) -> str:
    """The name of a request as its lines in the log have it: with its trace, where it has one."""
    trace = _trace_of(environ.get("HTTP_TRACEPARENT", ""))
    return f"{name_of(environ)} trace={trace}" if trace else name_of(environ)


def _trace_of(header: str) -> str | None:
    match = _TRACE.match(header)
    if match is None:
        return None
    rest = header[match.end() :]
    # The first version ends there; in a later one more may follow.
    goes_on = rest.startswith("-") and not header.startswith("00")
    return match[1] if not rest or goes_on else None


def init_app(app: Flask) -> None:
    """Name each request at once, and put the name into its answer; must be the first to come."""

    @app.before_request
    def begin() -> None:
        g.request_id = logged_as(request.environ)

    @app.after_request
    def name_it(response: Response) -> Response:
        response.headers[HEADER] = name_of(request.environ)
        return response
