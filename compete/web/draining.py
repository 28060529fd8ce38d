"""Reading away what a browser still sends of an upload that is refused already.

A browser sends the whole before it reads the answer. If the connection were
closed at once, it would show an error of its own, and not our sentence.
"""

from __future__ import annotations

import time

from flask import request
from flask_login import current_user

from compete.server.asked import READ_ON

MOST_BYTES = 1024**3
_CHUNK = 256 * 1024
_SECONDS = 60


def drain() -> None:
    """Read the rest of the request and keep nothing; for people who have signed in alone."""
    if not current_user.is_authenticated:
        return
    read_on = request.environ.get(READ_ON)
    if read_on is not None:
        # Our own server does it while no thread waits.
        read_on()
        return
    left = min(request.content_length or 0, MOST_BYTES)
    end = time.monotonic() + _SECONDS
    sent = request.environ["wsgi.input"]
    while left > 0 and time.monotonic() < end:
        chunk = sent.read(min(_CHUNK, left))
        if not chunk:
            return
        left -= len(chunk)
