"""Spans of OpenTelemetry around requests: only where its package is installed.

Which provider takes them, and where they go, is the installation's affair (`OTEL_…` and its own
starter); without one the package does nothing. A span bears the method, the route and the status,
never an address: those carry secret links.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from flask import Flask, request, request_started

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_SPAN = "compete.span"
_CARRIED = {"HTTP_TRACEPARENT": "traceparent", "HTTP_TRACESTATE": "tracestate"}


class TracedRequests:
    """A layer around what answers: a span for each request, below that of who asked."""

    def __init__(self, whole: Callable[..., Any]) -> None:
        self._whole = whole

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer as it does."""
        from opentelemetry import propagate, trace
        from opentelemetry.trace import SpanKind, StatusCode

        carried = {name: environ[key] for key, name in _CARRIED.items() if key in environ}
        method = environ["REQUEST_METHOD"]
        with trace.get_tracer("compete").start_as_current_span(
            method,
            context=propagate.extract(carried),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method},
        ) as span:

            def start(status: str, headers: Any, *more: Any) -> Any:
                code = int(status.partition(" ")[0])
                span.set_attribute("http.response.status_code", code)
                if code >= 500:
                    span.set_status(StatusCode.ERROR)
                return start_response(status, headers, *more)

            environ[_SPAN] = span
            return self._whole(environ, start)


def init_app(app: Flask) -> None:
    """Put the layer around the application where the package is there."""
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.trace") is None:
        return
    request_started.connect(_name_route, app)
    app.wsgi_app = TracedRequests(app.wsgi_app)  # type: ignore[method-assign]


def _name_route(_app: Flask, **_more: Any) -> None:
    span = request.environ.get(_SPAN)
    if span is not None and request.url_rule is not None:
        span.update_name(f"{request.method} {request.url_rule.rule}")
        span.set_attribute("http.route", request.url_rule.rule)
