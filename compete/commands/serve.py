"""`compete serve`: start in production. It loads no samples and signs nobody in.

While there is no administrator it prints the link that makes the first one.
"""

from __future__ import annotations

import argparse
import errno
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from compete.commands.printing import refuse, warn
from compete.domain.values.messages import Message, msg
from compete.language import say
from compete.logs import LEVELS, logging_config

if TYPE_CHECKING:
    from compete.config import Config
    from compete.server.limits import Limits

WORKER = "compete.server.worker.WholeRequests"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Arguments: address, number of processes, and what is written down."""
    parser.add_argument(
        "--host", default="127.0.0.1", help=say(msg("监听的地址（默认只对本机开放）"))
    )
    parser.add_argument(
        "--port", type=port_number, default=8000, help=say(msg("端口（默认 8000）"))
    )
    parser.add_argument(
        "--tls", action="store_true", help=say(msg("用 HTTPS，证书由 compete cert 做好"))
    )
    parser.add_argument(
        "--workers", type=at_least_one, default=2, help=say(msg("进程数（默认 2）"))
    )
    parser.add_argument(
        "--threads", type=at_least_one, default=8, help=say(msg("每个进程的线程数"))
    )
    parser.add_argument("--log-level", choices=LEVELS, default="info", help=say(msg("记到哪一级")))
    parser.add_argument("--access-log", action="store_true", help=say(msg("每次访问记一行")))


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM; exit status 1 if settings, keys, database or port will not do."""
    # Before the program is read in, which takes seconds, and before keys are made.
    taken = why_not_free(arguments.host, arguments.port)
    if taken is not None:
        return refuse(taken, 1)
    from compete.commands.db import explain, schema_state
    from compete.commands.doctor import redis_doubts
    from compete.commands.first_start import base_of, print_first_link
    from compete.commands.https import say_where, tls_options, with_tls
    from compete.config import CannotStartError, Config
    from compete.tls.files import TlsError
    from compete.web.startup import open_app

    try:
        config = Config.from_env()
        if arguments.tls:
            config = with_tls(config, arguments.host, arguments.port)
        config = for_production(config)
        address = base_of(config, arguments.host, arguments.port, tls=arguments.tls)
        with (
            place_reserved(config, arguments.host, arguments.port, address),
            _counted_together(config),
        ):
            app = open_app(config)
            state = schema_state(app)
            if not state.current:
                print(explain(state), file=sys.stderr)
                return 1
            options = server_options(arguments)
            if arguments.tls:
                options |= tls_options(config)
                say_where(config)
            for doubt in redis_doubts(config):
                warn(doubt)
            print_first_link(app, address)
            serve(config, options)
    except TlsError as error:
        return refuse(error.message, 1)
    except CannotStartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


@contextmanager
def _counted_together(config: Config) -> Iterator[None]:
    """Let the processes count into one folder meanwhile; before the application is made."""
    if not config.metrics_token:
        yield
        return
    with TemporaryDirectory(prefix="compete-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def for_production(config: Config) -> Config:
    """Set an installation for production: reached by HTTPS it sends cookies over nothing else."""
    if (config.base_url or "").startswith("https://"):
        return replace(config, secure_cookies=True)
    return config


def server_options(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings of gunicorn.

    Its worker is ours: a thread sees whole requests only. Threads, because a page
    waits on the database more than it computes. A worker told to stop has 30 s
    to finish the requests that it holds.
    """
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    return {
        "bind": f"{host}:{arguments.port}",
        "workers": arguments.workers,
        "worker_class": WORKER,
        "threads": arguments.threads,
        "timeout": 120,
        "graceful_timeout": 30,
        "loglevel": arguments.log_level,
        "logconfig_dict": logging_config(arguments.log_level, access=arguments.access_log),
        "proc_name": "compete",
        # COMPETE_TRUSTED_PROXIES alone says which proxies are believed.
        "secure_scheme_headers": {},
        "control_socket_disable": True,
    }


def small_server_options(host: str, port: int) -> dict[str, Any]:
    """The settings of gunicorn for few visitors: one process, that says little."""
    return server_options(
        argparse.Namespace(
            host=host, port=port, workers=1, threads=8, log_level="warning", access_log=False
        )
    )


def serve(config: Config, options: dict[str, Any]) -> None:
    """Run gunicorn in this process; each worker makes its own application.

    A worker takes up what one before it left undone, and looks after the log.
    """
    from compete import create_app
    from compete.commands.doctor import loading_doubts
    from compete.models.checkpoints import keep_short
    from compete.server.limits import Limits
    from compete.services.backups.integrity import watch_at_night
    from compete.services.jobs.papers.kept import forget_papers
    from compete.services.jobs.workers import take_up_jobs
    from compete.services.kernel.transactions import unit_of_work
    from compete.services.log.sequencing import keep_log_up
    from compete.services.outbox.worker import start_outbox

    def make() -> Any:
        app = create_app(config)
        keep_short(config.database_url)
        with app.app_context():
            for doubt in loading_doubts(app):
                warn(doubt)
            take_up_jobs()
            start_outbox()
            with unit_of_work():
                forget_papers()
            keep_log_up()
            watch_at_night(config)
        return app

    serve_app(make, options, Limits(body=config.max_upload_bytes))


def serve_app(
    make: Callable[[], Any], options: dict[str, Any], bounds: Limits | None = None
) -> None:
    """Run gunicorn in this process; each worker calls `make` for what it serves."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc]
        # Read by the worker; gunicorn's own settings have no place for it.
        limits = bounds

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return make()

    Server().run()


@contextmanager
def place_reserved(config: Config, host: str, port: int, address: str) -> Iterator[None]:
    """See that the port is free, and keep other servers off the data folder meanwhile.

    `address` is where people reach it, which `compete account` prints links for.
    Raises `CannotStartError` if one of them is taken. Gunicorn would try the
    port for a while, and say so in lines that nobody here reads.
    """
    from compete.config import CannotStartError
    from compete.data_folder import FolderTakenError, locked_for_server

    why = why_not_free(host, port)
    if why is not None:
        raise CannotStartError([why])
    with ExitStack() as lock:
        try:
            lock.enter_context(locked_for_server(config.data_dir, address))
        except FolderTakenError:
            sentence = msg(
                "另一个 compete 正用着数据文件夹 %(folder)s。先停掉它，或者换 COMPETE_DATA_DIR",
                folder=str(config.data_dir),
            )
            raise CannotStartError([sentence]) from None
        yield


def why_not_free(host: str, port: int) -> Message | None:
    """Say what keeps a server from listening there; None if nothing does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return msg("端口 %(port)s 有别的程序在用，用 --port 换一个", port=port)
            if error.errno == errno.EACCES:
                return msg("端口 %(port)s 只有 root 能用，用 --port 换一个 1024 以上的", port=port)
            return msg("本机没有 %(host)s 这个地址，看看 --host", host=host)
    return None


def port_number(text: str) -> int:
    """Read a port, for argparse."""
    from compete.config_reading import as_port

    try:
        return as_port(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            say(msg("端口是 1 到 65535，填的是 %(found)s", found=text))
        ) from None


def at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(say(msg("至少是 1，填的是 %(found)s", found=text)))
    return int(text)
