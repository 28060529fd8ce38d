"""`compete demo` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.support.ports import free_port

LINK = re.compile(r"^\s+(\S+(?: \S+)?)\t\S+\t(\S+/sign-in/\S+)$", re.MULTILINE)


class Demo:
    """A demonstration on a free port; `links` are those that it printed, by role."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = free_port()
        self.links: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._log = data.parent / "demo.log"

    @property
    def address(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = Path(sys.executable).with_name("compete")
        command = [program, "demo", "--port", str(self.port)]
        environment = os.environ | {"COMPETE_DATA_DIR": str(self.data), "PYTHONUNBUFFERED": "1"}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()
        self.links = dict(LINK.findall(self._log.read_text(encoding="utf-8")))

    def stop(self) -> None:
        """Stop it as Ctrl+C does."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=40)
            self._process = None

    def verify(self) -> str:
        """What `compete verify` finds wrong; empty for nothing."""
        program = Path(sys.executable).with_name("compete")
        environment = os.environ | {"COMPETE_DATA_DIR": str(self.data)}
        done = subprocess.run(
            [program, "verify"], env=environment, capture_output=True, text=True, check=False
        )
        return done.stderr if done.returncode else ""

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log.read_text(encoding="utf-8")
            try:
                with urllib.request.urlopen(self.address, timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise AssertionError(self._log.read_text(encoding="utf-8"))
