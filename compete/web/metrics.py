"""Figures for whoever watches the server, as Prometheus reads them: requests, marks, write holds,
jobs that wait, the last backup. Off unless `COMPETE_METRICS_TOKEN` is set."""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask, Response, abort, current_app, request, request_started
from flask.typing import ResponseReturnValue

from compete.config import Config
from compete.models import utc_now
from compete.server.at_once import AtOnce
from compete.services.backups.backup import last_backup_at
from compete.services.jobs.queue import oldest_waiting_since
from compete.services.kernel.write_holds import watch_holds
from compete.services.outbox.deliveries import message_sizes, oldest_message_since, outbox_sizes
from compete.web import guard
from compete.web.api.acts_call import ADDRESS, watch_acts
from compete.web.extensions import limiter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from prometheus_client.core import GaugeMetricFamily

face = Blueprint("metrics", __name__)
_ROUTE = "compete.route"
_STORED = "stored page"
_OF_PROCESSES = "PROMETHEUS_MULTIPROC_DIR"
_HOLDS = (0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1, 5)


class Figures:
    """The counters of this process. Nothing of Prometheus is read in where none are kept."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "compete_requests",
            "Requests answered, by route and status",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.duration = Histogram(
            "compete_request_seconds",
            "Seconds until the answer stood",
            ("route",),
            registry=self.registry,
        )
        self.holds = Histogram(
            "compete_write_hold_seconds",
            "Seconds for which one write kept all others waiting",
            buckets=_HOLDS,
            registry=self.registry,
        )
        self.acts = Counter(
            "compete_acts_accepted", "Acts of judges that were taken in", registry=self.registry
        )


class MeasuredRequests:
    """A layer around what answers: counts each answer and how long it took.

    What it is laid around may leave a request to others, without an answer.
    """

    def __init__(self, figures: Figures, whole: Callable[..., Any]) -> None:
        self._figures, self._whole = figures, whole

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Answer as it does."""
        began = time.perf_counter()
        statuses: list[str] = []

        def start(status: str, headers: Any, *more: Any) -> Any:
            statuses.append(status.partition(" ")[0])
            return start_response(status, headers, *more)

        try:
            return self._whole(environ, start)
        except BaseException:
            statuses.append("500")
            raise
        finally:
            if statuses:
                route = str(environ.get(_ROUTE) or _route_of(environ))
                method = environ["REQUEST_METHOD"]
                method = method if method in _METHODS else "other"
                self._figures.requests.labels(method, route, statuses[-1]).inc()
                self._figures.duration.labels(route).observe(time.perf_counter() - began)


_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


def _route_of(environ: WSGIEnvironment) -> str:
    """The route of a request that Flask has not seen: the judges' acts, or a stored page."""
    return ADDRESS if environ["PATH_INFO"] == ADDRESS else _STORED


def init_app(app: Flask) -> None:
    """Count what this application does, where a token is set; must be the last to come."""
    config: Config = app.extensions["compete.config"]
    if not config.metrics_token:
        return
    figures = Figures()
    app.extensions["compete.figures"] = figures
    watch_holds(figures.holds.observe)
    watch_acts(figures.acts.inc)

    # Before anything that may answer in the view's place.
    request_started.connect(_name_route, app)
    app.wsgi_app = MeasuredRequests(figures, app.wsgi_app)  # type: ignore[method-assign]
    at_once: AtOnce = app.at_once  # type: ignore[attr-defined]
    answer = MeasuredRequests(figures, at_once.answer)
    app.at_once = replace(at_once, answer=answer)  # type: ignore[attr-defined]


def _name_route(_app: Flask, **_more: Any) -> None:
    request.environ[_ROUTE] = request.url_rule.rule if request.url_rule else "none"


@face.get("/metrics")
@limiter.exempt
@guard.public
def metrics() -> ResponseReturnValue:
    """All figures of all processes; 404 where none are kept, 401 without the token."""
    config: Config = current_app.extensions["compete.config"]
    figures: Figures | None = current_app.extensions.get("compete.figures")
    if figures is None:
        abort(404)
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), config.metrics_token.encode()):
        return Response("401\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = figures.registry
    if os.environ.get(_OF_PROCESSES):
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    states = CollectorRegistry()
    states.register(_States(config))
    content = generate_latest(registry) + generate_latest(states)
    return Response(content, content_type=CONTENT_TYPE_LATEST)


class _States:
    """What is worked out when it is asked for."""

    def __init__(self, config: Config) -> None:
        self._config = config

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """List them; a backup that was never made is left out."""
        from prometheus_client.core import GaugeMetricFamily

        waits, since = "Seconds for which the oldest job has waited", oldest_waiting_since()
        yield GaugeMetricFamily("compete_oldest_job_seconds", waits, _age(since) if since else 0.0)
        yield from _outbox()
        made_at = last_backup_at(self._config)
        if made_at is not None:
            ago = "Seconds since the last backup was made"
            yield GaugeMetricFamily("compete_backup_age_seconds", ago, _age(made_at))


def _outbox() -> Iterator[GaugeMetricFamily]:
    from prometheus_client.core import GaugeMetricFamily

    since, waits = oldest_message_since(), "Seconds for which the oldest message has waited"
    yield GaugeMetricFamily("compete_oldest_message_seconds", waits, _age(since) if since else 0.0)
    sizes = GaugeMetricFamily(
        "compete_outbox_messages", "What goes out, by state", labels=["state"]
    )
    for state, number in outbox_sizes().items():
        sizes.add_metric([state.value], number)
    yield sizes
    what, ways = "Messages to people and groups, by channel and state", ["channel", "state"]
    messages = GaugeMetricFamily("compete_messages", what, labels=ways)
    for (channel, state), number in message_sizes().items():
        messages.add_metric([channel, state.value], number)
    yield messages


def _age(since: datetime) -> float:
    return (utc_now() - since).total_seconds()
