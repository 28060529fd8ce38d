"""Other servers for the same application, to measure ours beside them.

`gthread` (or another worker of gunicorn) needs nothing more. The others are no
dependencies of ours: `pip install --target DIR granian waitress uvicorn hypercorn
a2wsgi httptools`, and PYTHONPATH=DIR.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

# A certificate and its key in one file: then all of them speak TLS.
_PEM = os.environ.get("BENCH_TLS", "")
OURS = "compete.server.worker.WholeRequests"


def whole() -> Any:
    """The application, on the installation that the environment names."""
    from compete import create_app
    from compete.models.checkpoints import keep_short

    keep_short(os.environ["COMPETE_DATABASE_URL"])
    return create_app()


def floor() -> Any:
    """The bare route, on the same database."""
    from tests.tablets.floor import floor_app

    return floor_app(os.environ["COMPETE_DATABASE_URL"])


def whole_asgi() -> Any:
    """The application for servers that speak ASGI alone."""
    return _asgi(whole())


def floor_asgi() -> Any:
    """The bare route for servers that speak ASGI alone."""
    return _asgi(floor())


def _asgi(app: Any) -> Any:
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(app, workers=int(os.environ["BENCH_THREADS"]))


def serve_by(name: str, what: str, workers: int, threads: int, options: dict[str, Any]) -> None:
    """Serve `whole` or `floor` by a server; `options` are gunicorn's."""
    os.environ["BENCH_THREADS"] = str(threads)
    port = int(options["bind"].rpartition(":")[2])
    target = f"tests.tablets.servers:{what}"
    others: dict[str, Callable[[], None]] = {
        "waitress": lambda: _waitress(what, workers * threads, port),
        "granian": lambda: _granian(target, "wsgi", workers, port, blocking_threads=threads),
        "granian-a2wsgi": lambda: _granian(f"{target}_asgi", "asgi", workers, port),
        "uvicorn-a2wsgi": lambda: _uvicorn(f"{target}_asgi", workers, port),
        "hypercorn": lambda: _hypercorn(f"wsgi:{target}()", workers, port),
    }
    if name in others:
        others[name]()
        return
    from compete.commands.serve import serve_app

    asgi = name == "asgi"
    kind = "gunicorn.workers.gasgi.ASGIWorker" if asgi else name
    make = globals()[f"{what}_asgi" if asgi else what]
    secret = _as_compete_does(Path(_PEM)) | {"do_handshake_on_connect": True} if _PEM else {}
    worker = OURS if name == "ours" else kind
    serve_app(make, options | secret | {"keepalive": 15, "worker_class": worker})


def _as_compete_does(secret: Path) -> dict[str, Any]:
    """What `serve --tls` tells gunicorn: a certificate is read once, until it is renewed."""
    from compete.tls.listening import Certificates

    certificates = Certificates(secret)
    return {
        "certfile": str(secret),
        "ssl_context": lambda _settings, _default: certificates.context(),
    }


def _waitress(what: str, threads: int, port: int) -> None:
    from waitress import serve

    serve(globals()[what](), host="127.0.0.1", port=port, threads=threads, connection_limit=2000)


def _granian(target: str, interface: str, workers: int, port: int, **more: Any) -> None:
    from granian import Granian

    secret = {"ssl_cert": Path(_PEM), "ssl_key": Path(_PEM)} if _PEM else {}
    Granian(
        target, "127.0.0.1", port, interface=interface, workers=workers, factory=True,
        log_level="warning", **more, **secret,
    ).serve()  # fmt: skip


def _uvicorn(target: str, workers: int, port: int) -> None:
    import uvicorn

    secret: dict[str, Any] = {"ssl_certfile": _PEM, "ssl_keyfile": _PEM} if _PEM else {}
    uvicorn.run(target, factory=True, port=port, workers=workers, log_level="warning", **secret)


def _hypercorn(target: str, workers: int, port: int) -> None:
    from hypercorn.config import Config
    from hypercorn.run import run

    config = Config()
    config.application_path, config.workers, config.bind = target, workers, [f"127.0.0.1:{port}"]
    if _PEM:
        config.certfile = config.keyfile = _PEM
    config.graceful_timeout, config.loglevel = 30, "WARNING"
    run(config)
