"""Ports that a test's servers can have to themselves, also between two starts."""

from __future__ import annotations

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

RANGE = range(10_000, 32_000)
"""Below what any system hands out to clients of its own accord (from 32,768 on Linux, 49,152
elsewhere): who calls a server that is down for a moment cannot be given its port, nor
connect to itself there."""

_HELD: list[IO[str]] = []
"""Of each port that was given a locked file, so that no other test is given it meanwhile."""

_chance = random.SystemRandom()


def free_port() -> int:
    """Find a port of this machine that nobody listens on now, and no test was given.

    Raises:
        RuntimeError: if none of a hundred is free.
    """
    for port in _chance.sample(RANGE, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if _is_held(port):
            return port
    raise RuntimeError(f"no free port found between {RANGE.start} and {RANGE.stop}")


def _is_held(port: int) -> bool:
    """True if it is ours from now on, as long as this process lives."""
    folder = Path(tempfile.gettempdir(), f"compete-test-ports-{os.getuid()}")
    folder.mkdir(exist_ok=True)
    file = (folder / str(port)).open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return False
    _HELD.append(file)
    return True
