"""Ports that a test's servers can have to themselves, also between two starts."""

from __future__ import annotations

import random
import socket

RANGE = range(10_000, 32_000)
"""Below what any system hands out to clients of its own accord (from 32,768 on Linux, 49,152
elsewhere): who calls a server that is down for a moment cannot be given its port, nor
connect to itself there."""

_chance = random.SystemRandom()


def free_port() -> int:
    """Find a port of this machine that nobody listens on now.

    Raises:
        RuntimeError: if none of a hundred is free.
    """
    for port in _chance.sample(RANGE, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise RuntimeError(f"no free port found between {RANGE.start} and {RANGE.stop}")
