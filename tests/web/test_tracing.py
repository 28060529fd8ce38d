"""The trace of a request: in the log's lines, and as a span where OpenTelemetry is installed."""

from __future__ import annotations

import logging
import logging.config
from importlib.util import find_spec

import pytest
from flask import Flask, g

from compete.logs import logging_config
from compete.web.tracing import TracedRequests

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (f"00-{TRACE}-{PARENT}-01", True),
        (f"00-{TRACE}-{PARENT}-00", True),
        (f"cc-{TRACE}-{PARENT}-01", True),
        (f"cc-{TRACE}-{PARENT}-01-what-comes-later", True),
        (f"00-{TRACE}-{PARENT}-01-more", False),
        (f"cc-{TRACE}-{PARENT}-01more", False),
        (f"ff-{TRACE}-{PARENT}-01", False),
        (f"00-{TRACE.upper()}-{PARENT}-01", False),
        (f"00-{'0' * 32}-{PARENT}-01", False),
        (f"00-{TRACE}-{'0' * 16}-01", False),
        (f"00-{TRACE}-{PARENT}", False),
        ("", False),
        (f"00-{TRACE[:-1]}\n-{PARENT}-01", False),
    ],
)
def test_a_callers_trace_is_taken_over_and_nothing_else(
    app: Flask, header: str, taken: bool
) -> None:
    names: list[str] = []
    app.add_url_rule("/named", "named", lambda: names.append(g.request_id) or "")
    app.view_functions["named"].__dict__["guard"] = "public"
    sent = {"X-Request-Id": "proxy-17"}
    environ = {"HTTP_TRACEPARENT": header} if header else {}
    answer = app.test_client().get("/named", headers=sent, environ_overrides=environ)
    assert answer.headers["X-Request-Id"] == "proxy-17"
    assert names == [f"proxy-17 trace={TRACE}" if taken else "proxy-17"]


def test_a_line_of_the_log_bears_it(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    kept = root.handlers[:], root.level
    try:
        logging.config.dictConfig(logging_config("info"))
        with app.test_request_context(headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}):
            app.preprocess_request()
            logging.getLogger("compete.tests.trace").info("something")
    finally:
        root.handlers[:], root.level = kept
    assert f" trace={TRACE} compete.tests.trace: something" in capsys.readouterr().err


@pytest.mark.skipif(find_spec("opentelemetry") is not None, reason="OpenTelemetry is installed")
def test_without_the_package_nothing_stands_between(app: Flask) -> None:
    assert not isinstance(app.wsgi_app, TracedRequests)


def test_with_the_package_a_request_is_a_span_below_its_callers(app: Flask) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed")
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))
    trace.set_tracer_provider(provider)
    header = f"00-{TRACE}-{PARENT}-01"
    app.test_client().get("/c/a-secret-link", headers={"traceparent": header})
    (span,) = kept.get_finished_spans()
    assert span.name == "GET /c/<token>"
    assert f"{span.context.trace_id:032x}" == TRACE
    assert f"{span.parent.span_id:016x}" == PARENT
    assert span.attributes["http.response.status_code"] == 404
    assert "secret" not in str(span.attributes)
