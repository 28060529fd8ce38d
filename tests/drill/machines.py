"""The machines of the drill: each engine an instance of its own, on a port of its own.

They are Debian's packages (postgresql, pgbouncer, redis-server, nginx), and `moto` for the file
store. Each can be killed, and is started again on what it left, as systemd does.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.support.databases import wait_until
from tests.support.groups import FULL, kill_group, processor_seconds, with_started
from tests.support.ports import free_port

RESTART = 1.0
"""Seconds after which what died is started again."""
NEEDED = ("postgres", "initdb", "pg_basebackup", "pg_ctl", "pgbouncer", "redis-server", "nginx")
_PLACES = (
    *("/usr/sbin", "/usr/local/sbin"),
    *(str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)),
)


def program(name: str) -> str | None:
    """The path of an engine's program; None where its package is not installed."""
    return shutil.which(name, path=os.pathsep.join((*_PLACES, os.environ.get("PATH", ""))))


def listens(port: int) -> bool:
    """True if somebody takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Machine:
    """A program on its port: killed at any moment, and started again."""

    def __init__(self, name: str, folder: Path, command: Sequence[str], port: int) -> None:
        self.name, self.port = name, port
        self._command, self._log = list(command), folder / f"{name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it listens."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdout=log, stderr=log, start_new_session=True
            )
        wait_until(lambda: listens(self.port), f"{self.name}, see {self._log}")

    def kill(self) -> None:
        """SIGKILL to it and all it started."""
        assert self._process is not None
        kill_group(self._process)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that was started last."""
        assert self._process is not None
        return self._process

    def processor_seconds(self) -> float:
        """What it and its group have used of the processor so far."""
        assert self._process is not None
        return processor_seconds(self._process.pid)

    def signal(self, number: int) -> None:
        """A signal to it and all it started."""
        assert self._process is not None
        os.killpg(self._process.pid, number)

    def stop(self) -> None:
        """End it for good."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGCONT)
            self.kill()


def _as_postgres(*command: str) -> list[str]:
    """The command as the user whom PostgreSQL's programs ask for."""
    first, *rest = command
    whole = [program(first) or first, *rest]
    if os.geteuid():
        return whole
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", *whole]


class Pair:
    """A primary, and a replica that has each commit before it is acknowledged."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "postgres"
        self._folder.mkdir()
        if not os.geteuid():
            shutil.chown(self._folder, "postgres", "postgres")
        self._archive = self._folder / "archive"
        self._archive.mkdir()
        if not os.geteuid():
            shutil.chown(self._archive, "postgres", "postgres")
        self.primary = self._machine("primary")
        self.replica = self._machine("replica")
        self.set_back = self._machine("set-back")

    def start(self) -> None:
        """Make both and start them."""
        self._run("initdb", "-D", str(self._folder / "primary"), "-U", "postgres", "-A", "trust")
        # What the replica archives again once it is promoted is the same.
        kept = self._archive / "%f"
        self._say(
            "primary",
            *("synchronous_standby_names = '*'", "max_connections = 200"),
            *("wal_level = replica", "hot_standby = on", "archive_mode = on"),
            f"archive_command = 'if [ -f {kept} ]; then cmp -s %p {kept}; else cp %p {kept}; fi'",
        )
        self._say("primary", "", "host replication all 127.0.0.1/32 trust", file="pg_hba.conf")
        # The replica comes later: until then nobody waits for it.
        self.primary.start()
        wait_until(lambda: self.answers(self.primary), "the primary")
        self._run(
            *("pg_basebackup", "-R", "-D", str(self._folder / "replica"), "-U", "postgres"),
            *("-h", "127.0.0.1", "-p", str(self.primary.port), "-c", "fast"),
        )
        # Once promoted it has nobody to wait for.
        self._say("replica", "synchronous_standby_names = ''")
        self.replica.start()
        wait_until(lambda: self.answers(self.replica), "the replica")

    def answers(self, machine: Machine) -> bool:
        """True if one of them can be asked something."""
        try:
            self._asked(machine).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, machine: Machine) -> str:
        """The address of the database on one of them."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{machine.port}/compete"

    def fill_disk(self, machine: Machine, *, full: bool) -> None:
        """Let one of them write nothing more into any file, or let it again.

        Who cannot write down what is to be changed ends itself; it is started again.
        """
        limit = f"--fsize={FULL if full else 'unlimited'}:"
        for process in with_started(machine.process.pid):
            command = _as_postgres("prlimit", "--pid", str(process), limit)
            done = subprocess.run(command, check=False, capture_output=True)
            # Those that it started come and go.
            if done.returncode and Path(f"/proc/{process}").exists():
                raise RuntimeError(done.stderr.decode())
        if not full and machine.process.poll() is not None:
            machine.start()

    def promote(self) -> None:
        """Make the replica the primary, as Patroni does."""
        self._run("pg_ctl", "promote", "-w", "-D", str(self._folder / "replica"))

    def keep_base(self) -> None:
        """Take a base backup of the replica that was promoted."""
        self._run(
            *("pg_basebackup", "-D", str(self._folder / "set-back"), "-U", "postgres"),
            *("-h", "127.0.0.1", "-p", str(self.replica.port), "-c", "fast"),
        )

    def restore_to(self, moment: datetime) -> None:
        """Start another from the base backup and the archive, as it was at a moment.

        Whoever was the primary writes nothing any more, and its last segment is in the archive.
        """
        self._say(
            "set-back",
            f"restore_command = 'cp {self._archive}/%f %p'",
            f"recovery_target_time = '{moment.isoformat()}'",
            *("recovery_target_action = 'promote'", "archive_mode = off"),
        )
        (self._folder / "set-back" / "recovery.signal").touch()
        self.set_back.start()
        wait_until(self._is_promoted, "the one that was set back")

    def archive_all(self) -> None:
        """Close the segment that the promoted replica writes, and wait until it is archived."""
        with self._asked(self.replica) as connection:
            query = "SELECT pg_walfile_name(pg_current_wal_lsn())"
            name = connection.execute(query).fetchone()
            connection.execute("SELECT pg_switch_wal()")
        assert name is not None
        wait_until((self._archive / name[0]).exists, "the archive")

    def _is_promoted(self) -> bool:
        with contextlib.suppress(psycopg.OperationalError), self._asked(self.set_back) as it:
            return it.execute("SELECT pg_is_in_recovery()").fetchone() == (False,)
        return False

    def _asked(self, machine: Machine) -> psycopg.Connection[tuple[Any, ...]]:
        address = f"host=127.0.0.1 port={machine.port} user=postgres connect_timeout=1"
        return psycopg.connect(address, autocommit=True)

    def stop(self) -> None:
        """End them all."""
        for machine in (self.set_back, self.replica, self.primary):
            machine.stop()

    def _machine(self, name: str) -> Machine:
        port, data = free_port(), self._folder / name
        command = _as_postgres(
            *("postgres", "-D", str(data), "-p", str(port), "-h", "127.0.0.1"),
            *("-k", str(self._folder)),
        )
        return Machine(name, self._folder.parent, command, port)

    def _run(self, *command: str) -> None:
        done = subprocess.run(
            _as_postgres(*command), check=False, capture_output=True, cwd=self._folder
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode())

    def _say(self, name: str, *lines: str, file: str = "postgresql.conf") -> None:
        path = self._folder / name / file
        path.write_text("\n".join([path.read_text(), *lines, ""]))


class Pooler(Machine):
    """pgbouncer, giving each transaction a connection to whoever is the primary now."""

    def __init__(self, folder: Path, primary: int) -> None:
        port = free_port()
        self._settings = folder / "pgbouncer.ini"
        self._own = port
        self._write(primary)
        user = [] if os.geteuid() else ["-u", "nobody"]
        command = [program("pgbouncer") or "pgbouncer", "-q", *user, str(self._settings)]
        super().__init__("pooler", folder, command, port)

    def turn_to(self, primary: int) -> None:
        """Read the settings again, with another primary."""
        self._write(primary)
        self.signal(signal.SIGHUP)

    def _write(self, primary: int) -> None:
        self._settings.write_text(
            f"[databases]\ncompete = host=127.0.0.1 port={primary} user=postgres\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self._own}\n"
            "auth_type = any\npool_mode = transaction\ndefault_pool_size = 40\n"
            "max_client_conn = 400\nserver_connect_timeout = 2\nserver_login_retry = 1\n"
            "server_check_delay = 0\nquery_wait_timeout = 20\nunix_socket_dir =\nlogfile =\n"
        )
        self._settings.chmod(0o644)


def redis(folder: Path) -> Machine:
    """Redis, which keeps nothing on disk."""
    port = free_port()
    command = [program("redis-server") or "redis-server", "--port", str(port)]
    return Machine("redis", folder, [*command, "--save", "", "--bind", "127.0.0.1"], port)


def store(folder: Path) -> Machine:
    """A service of S3."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    return Machine("store", folder, command, port)


def nginx_of_files(folder: Path, files: Path) -> Machine:
    """nginx that sends files as they lie in a folder, with as many workers as the product has."""
    return _nginx(
        folder,
        2,
        f"root {files}; open_file_cache max=100; default_type text/html;\nkeepalive_requests"
        " 1000000;",
    )


def nginx(folder: Path, hosts: Sequence[int]) -> Machine:
    """nginx before the hosts; a host that does not answer is left alone for two seconds."""
    servers = "\n".join(f"server 127.0.0.1:{host} max_fails=1 fail_timeout=2s;" for host in hosts)
    return _nginx(
        folder,
        1,
        "proxy_pass http://hosts; proxy_connect_timeout 1s;\n"
        "proxy_http_version 1.1; proxy_set_header Connection '';\n"
        "proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Host $http_host;\n"
        "proxy_set_header X-Forwarded-For $remote_addr;\n"
        "proxy_set_header X-Forwarded-Proto $scheme;\n",
        f"upstream hosts {{ {servers} }}",
    )


def _nginx(folder: Path, workers: int, location: str, upstream: str = "") -> Machine:
    port, settings = free_port(), folder / "nginx.conf"
    paths = "\n".join(
        f"{kind}_temp_path {folder / kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    settings.write_text(
        f"daemon off; pid {folder / 'nginx.pid'}; error_log {folder / 'nginx.errors'};\n"
        f"worker_processes {workers};\nevents {{ worker_connections 2000; }}\n"
        f"http {{ access_log off;\n{paths}\n{upstream}\n"
        f"server {{ listen 127.0.0.1:{port};\nlocation / {{\n{location}\n}} }} }}\n"
    )
    command = [program("nginx") or "nginx", "-c", str(settings), "-p", str(folder)]
    return Machine("nginx", folder, command, port)


class Cable:
    """A cable to a port: it can be cut, and be made slow."""

    def __init__(self, port: int) -> None:
        self.port, self._to = free_port(), port
        self.delay = 0.0
        self._whole, self._ends = True, set[socket.socket]()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=400)
        threading.Thread(target=self._take, daemon=True).start()

    def cut(self) -> None:
        """End every connection, and let no other begin."""
        self._whole = False
        for end in list(self._ends):
            _close(end)

    def mend(self) -> None:
        """Let connections begin again."""
        self._whole = True

    def close(self) -> None:
        """Take it away."""
        self.cut()
        self._listener.close()

    def _take(self) -> None:
        while True:
            try:
                here, _address = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                here.close()
                continue
            try:
                there = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            except OSError:
                here.close()
                continue
            there.settimeout(None)
            for end in (here, there):
                # Else a small packet would wait for the one before to be acknowledged.
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._ends |= {here, there}
            for ends in ((here, there), (there, here)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                target.sendall(data)
        for end in (source, target):
            _close(end)
            self._ends.discard(end)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()


def after(seconds: float, work: Callable[[], None]) -> None:
    """Do it then, on this thread."""
    time.sleep(seconds)
    work()
