"""Groups of processes: a server and its workers."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path


def kill_group(leader: subprocess.Popen[bytes]) -> None:
    """Kill a process and all it has started by SIGKILL, at once and without a word.

    On a busy machine a worker takes its time to die, and holds the server's port until it has.

    Raises:
        RuntimeError: if one of them lives on for a minute.
    """
    os.killpg(leader.pid, signal.SIGKILL)
    leader.wait(timeout=60)
    end = time.monotonic() + 60
    while any(fields[0] not in "ZX" for fields in group(leader.pid)):
        if time.monotonic() > end:
            raise RuntimeError("a killed server's worker lives on")
        time.sleep(0.01)


def group(number: int) -> Iterator[list[str]]:
    """Read each process of a group in `/proc`, from its state (proc(5)) on."""
    for _process, fields in _read(number):
        yield fields


def numbers(number: int) -> list[int]:
    """The processes of a group, by their numbers."""
    return [process for process, _fields in _read(number)]


def _read(number: int) -> Iterator[tuple[int, list[str]]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(") ")[2].split()
            if int(fields[2]) == number:
                yield int(stat.parent.name), fields
