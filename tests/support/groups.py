"""Groups of processes: a server and its workers, killed together, or with a full disk."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

FULL = 4096
"""Bytes up to which files may grow on a full disk."""


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
    for _process, fields in _processes():
        if int(fields[2]) == number:
            yield fields


def processor_seconds(number: int) -> float:
    """What a group of processes has used of the processor so far."""
    ticks = sum(int(fields[11]) + int(fields[12]) for fields in group(number))
    return ticks / os.sysconf("SC_CLK_TCK")


def fill_disk(number: int, *, full: bool) -> None:
    """Let a process and all that it started write nothing more into any file, or let them again.

    Also those with a group of their own. Raises `PermissionError` for another user's.
    """
    for process in with_started(number):
        with contextlib.suppress(ProcessLookupError):
            _soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
            soft = FULL if full else hard
            resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, hard))


def with_started(number: int) -> list[int]:
    """A process and those that it started, and they in turn: with groups of their own, too."""
    children: dict[int, list[int]] = {}
    for process, fields in _processes():
        children.setdefault(int(fields[1]), []).append(process)
    whole = [number]
    for process in whole:
        whole.extend(children.get(process, ()))
    return whole


def _processes() -> Iterator[tuple[int, list[str]]]:
    """Every process with its fields: of these the second is its parent, the third its group."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            yield int(stat.parent.name), stat.read_text().rpartition(") ")[2].split()
