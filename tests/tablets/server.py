"""`compete serve` in a process group of its own, which can be killed at any moment."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from tests.support.groups import fill_disk, kill_group, processor_seconds
from tests.support.ports import free_port
from tests.tablets.wire import trusting_anyone

TLS = "BENCH_TLS"
"""In the environment the file of a certificate and its key, where the server is to speak TLS."""

PROGRAM = Path(sys.executable).with_name("compete")


class Server:
    """One installation's server: the same folder, database and port through all its lives.

    `command` is completed by the port.
    """

    def __init__(
        self, environment: Mapping[str, str], log: Path, command: Sequence[str] | None = None
    ) -> None:
        self.port = free_port()
        self.kills = 0
        self._environment = os.environ | dict(environment)
        self._log = log
        self._command = command or [str(PROGRAM), "serve", "--log-level", "warning", "--port"]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, str(self.port)],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def kill(self) -> None:
        """SIGKILL to the master and all its workers."""
        assert self._process is not None
        kill_group(self._process)
        self.kills += 1

    def fill_disk(self, *, full: bool) -> None:
        """Let nothing more be written into any file by the server, or let it again."""
        assert self._process is not None
        fill_disk(self._process.pid, full=full)

    def processor_seconds(self) -> float:
        """What the master and its workers have used of the processor so far."""
        assert self._process is not None
        return processor_seconds(self._process.pid)

    def stop(self) -> None:
        """Stop it as systemd does."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=60)
        self._process = None

    def _wait(self) -> None:
        assert self._process is not None
        end = time.monotonic() + 120
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            if self._answers():
                return
            time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{self._log.read_text(encoding='utf-8')}")

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        if TLS in self._environment:
            context = trusting_anyone()
            connection = HTTPSConnection("127.0.0.1", self.port, timeout=5, context=context)
        with contextlib.closing(connection), contextlib.suppress(OSError, HTTPException):
            connection.request("GET", "/sw.js")
            return connection.getresponse().status == 200
        return False
