"""Puts the application together: settings, database, languages, guards, faces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wsgi import get_host

import compete.services.loaded  # noqa: F401  (jobs and papers register themselves)
from compete.config import Config
from compete.models import db, set_up_sqlite
from compete.models.poolers import heed_pooler
from compete.resources import resource_dir
from compete.server.at_once import AtOnce
from compete.services.kernel.installation import settle_installation
from compete.services.results.version_listeners import when_published
from compete.web import (
    errors,
    guard,
    headers,
    inputs,
    kept_acts,
    language,
    metrics,
    once,
    request_ids,
    site,
    storage_errors,
    templating,
    tracing,
    type_warm_up,
    typed,
)
from compete.web.addresses import page_address
from compete.web.api import fast_path
from compete.web.assets import stylesheets
from compete.web.extensions import Migrations, csrf, limiter, login
from compete.web.public.page_preparation import wake_preparer
from compete.web.public.stored_pages import STORED, StoredPages
from compete.web.sessions import SIGNED_FOR, Sessions

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


# Headers that nobody can read are as if they had not been sent.
#
# Anybody can send `Host: a..b` or `Referer: http://[`. What would read them, here and in
# libraries, raises, and every such request would be a fault with a page of log.


class ReadableHeaders:
    """The layer behind the one that knows the host a proxy was asked for."""

    def __init__(self, whole: WSGIApplication) -> None:
        self._whole = whole

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Take the unreadable ones out, and hand the request on."""
        came = environ.get("HTTP_REFERER")
        if came and not _is_address(came):
            del environ["HTTP_REFERER"]
        if "HTTP_HOST" in environ and not _is_host(get_host(environ)):
            del environ["HTTP_HOST"]
        return self._whole(environ, start_response)


def _is_address(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return True


def _is_host(text: str) -> bool:
    """Say whether the text is a host as addresses are built of it."""
    try:
        text.lower().encode("idna")
        urlsplit(f"//{text}")
    except ValueError:
        return False
    return True


def make_app(config: Config | None = None) -> Flask:
    """An application ready to serve; the database must have been migrated."""
    config = config or Config.from_env()
    app = Flask(
        "compete",
        template_folder=str(resource_dir("templates")),
        static_folder=str(resource_dir("static")),
    )
    app.config.update(_flask_settings(config))
    app.session_interface = Sessions()
    app.extensions["compete.config"] = config
    # Within what knows the visitor's address behind a proxy.
    stored = StoredPages(app, app.wsgi_app)
    app.wsgi_app = ReadableHeaders(stored)  # type: ignore[method-assign]
    at_once: Any = stored.at_once
    if hops := config.trusted_proxies:
        app.wsgi_app, at_once = (  # type: ignore[method-assign]
            ProxyFix(inner, x_for=hops, x_proto=hops, x_host=hops)
            for inner in (app.wsgi_app, at_once)
        )
    # The look at a database elsewhere is a wait, and the loop must not wait.
    waits = not config.database_url.startswith("sqlite")
    app.at_once = AtOnce(STORED, at_once, waits)  # type: ignore[attr-defined]
    request_ids.init_app(app)
    fast_path.init_app(app)
    kept_acts.init_app(app)
    inputs.init_app(app)
    db.init_app(app)
    with app.app_context():
        if config.database_url.startswith("sqlite"):
            set_up_sqlite(db.engine, config.sqlite_synchronous)
        heed_pooler(db.engine)
        settle_installation(config, page_address, app.app_context)
        when_published(wake_preparer)
    app.extensions["migrate"] = Migrations()
    login.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    language.init_app(app)
    templating.init_app(app)
    typed.init_app(app)
    once.init_app(app)
    site.init_app(app)
    stylesheets.init_app(app)
    guard.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    storage_errors.init_app(app)
    _register_faces(app)
    metrics.init_app(app)
    tracing.init_app(app)
    type_warm_up.learn_shapes()
    return app


def _flask_settings(config: Config) -> dict[str, object]:
    # An error that is logged must not tell the names and links that a statement carried.
    engine_options: dict[str, object] = {"hide_parameters": True}
    if not config.database_url.startswith("sqlite"):
        engine_options |= {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}
    return {
        "SECRET_KEY": config.secret_key,
        "FIELD_KEY": config.field_key,
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": config.secure_cookies,
        # Two names: browsers let no page of plain HTTP put a cookie in the place of one
        # that is for HTTPS alone, and who once came by HTTPS could not sign in by HTTP.
        "SESSION_COOKIE_NAME": "__Host-compete" if config.secure_cookies else "compete",
        "PERMANENT_SESSION_LIFETIME": SIGNED_FOR,
        "MAX_CONTENT_LENGTH": config.max_upload_bytes,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_STORAGE_URI": config.redis_url or "memory://",
        # A Redis that hangs must not hold every page up.
        "RATELIMIT_STORAGE_OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}
        if config.redis_url
        else {},
        "BABEL_DEFAULT_LOCALE": "zh_Hans_CN",
        "BABEL_DEFAULT_TIMEZONE": config.timezone,
        "TESTING": config.testing,
    }


def _register_faces(app: Flask) -> None:
    import compete.web.loaded  # noqa: F401
    from compete.web.api.views import face as api
    from compete.web.api_v1.operations import face as api_v1
    from compete.web.auth.views import face as auth
    from compete.web.check_in.views import face as check_in
    from compete.web.exam.api import face as exam_api
    from compete.web.exam.practice import face as practice
    from compete.web.exam.views import face as exam
    from compete.web.hall.views import face as hall
    from compete.web.health import face as health
    from compete.web.judge.views import face as judge
    from compete.web.labour_entry.writers import face as labour_entry
    from compete.web.metrics import face as metrics_face
    from compete.web.organiser.blueprint import face as organiser
    from compete.web.public.blueprint import face as public
    from compete.web.public.draws import face as draws
    from compete.web.public.log import face as log
    from compete.web.trust.views import face as trust
    from compete.web.unit.blueprint import face as unit
    from compete.web.worker.views import face as worker

    desk = (organiser, unit, judge, check_in, exam, practice, hall, labour_entry)
    calls = (api, exam_api, api_v1)
    for face in (public, draws, log, worker, auth, *desk, *calls, trust, health, metrics_face):
        app.register_blueprint(face)
