"""`compete serve`: the production start. It loads no samples and prints no links."""

from __future__ import annotations

import argparse
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from compete.domain.values import msg
from compete.language import say
from compete.logs import LEVELS, logging_config

if TYPE_CHECKING:
    from compete.config import Config

ACCESS_LINE = '%(h)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
PATIENCE_SECONDS = 10
PATIENCE_SENDING = 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many serve, where, and what they write down."""
    parser.add_argument("--host", default="127.0.0.1", help="监听的地址（默认只对本机开放）")
    parser.add_argument("--port", type=int, default=8000, help="端口（默认 8000）")
    parser.add_argument("--tls", action="store_true", help="用 HTTPS，证书由 compete cert 做好")
    parser.add_argument("--workers", type=_at_least_one, default=2, help="进程数（默认 2）")
    parser.add_argument("--threads", type=_at_least_one, default=4, help="每个进程的线程数")
    parser.add_argument("--log-level", choices=LEVELS, default="info", help="记到哪一级")
    parser.add_argument("--access-log", action="store_true", help="每次访问记一行")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM; exit status 1 if the settings or the database will not do."""
    from sqlalchemy.exc import OperationalError

    from compete import create_app
    from compete.commands.db import explain, schema_state, unreachable
    from compete.commands.https import say_where, tls_options, with_tls
    from compete.config import Config, ConfigError
    from compete.tls.files import TlsError

    try:
        config = Config.from_env()
        if arguments.tls:
            config = with_tls(config, arguments.host, arguments.port)
        config = for_production(config)
        state = schema_state(create_app(config))
    except TlsError as error:
        print(say(error.message), file=sys.stderr)
        return 1
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1
    except OperationalError as error:
        print(unreachable(error), file=sys.stderr)
        return 1
    if not state.current:
        print(explain(state), file=sys.stderr)
        return 1
    options = server_options(arguments)
    if arguments.tls:
        options |= tls_options(config)
        say_where(config)
    serve(config, options)
    return 0


def for_production(config: Config) -> Config:
    """An installation reached by HTTPS sends its cookies over nothing else."""
    if (config.base_url or "").startswith("https://"):
        return replace(config, secure_cookies=True)
    return config


def server_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings of gunicorn.

    Threads, because a page waits on the database more than it computes. A worker
    told to stop has 30 s to finish the requests that it holds.
    """
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    return {
        "bind": f"{host}:{arguments.port}",
        "workers": arguments.workers,
        "worker_class": "gthread",
        "threads": arguments.threads,
        "timeout": 120,
        "graceful_timeout": 30,
        "keepalive": 15,
        "loglevel": arguments.log_level,
        "logconfig_dict": logging_config(arguments.log_level, access=arguments.access_log),
        "access_log_format": ACCESS_LINE,
        "proc_name": "compete",
        # Which proxies are believed is COMPETE_TRUSTED_PROXIES' business alone.
        "secure_scheme_headers": {},
        "control_socket_disable": True,
        "when_ready": give_up_on_the_slow,
    }


def give_up_on_the_slow(server: Any) -> None:
    """Let no connection hold a thread by sending nothing, or by taking nothing: both give up.

    Set where connections come in, since they inherit it. A slow phone has time
    enough for each piece. A proxy in front does the same, and more: it alone
    keeps off who sends a byte now and then.
    """
    for listener in server.LISTENERS:
        for option, seconds in (
            (socket.SO_RCVTIMEO, PATIENCE_SECONDS),
            (socket.SO_SNDTIMEO, PATIENCE_SENDING),
        ):
            listener.sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", seconds, 0))


def serve(config: Config, options: dict[str, Any]) -> None:
    """Run gunicorn in this process; each worker makes its own application."""
    from compete import create_app

    serve_app(lambda: create_app(config), options)


def serve_app(make: Callable[[], Any], options: dict[str, Any]) -> None:
    """Run gunicorn in this process; each worker calls `make` for what it serves."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return make()

    Server().run()


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there yet."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(say(msg("至少是 1，填的是 %(found)s", found=text)))
    return number
