"""A trouble of the machine meets every request; the log needs it once a minute."""

from __future__ import annotations

from time import monotonic

from flask import current_app

_EVERY = 60.0
_said: dict[str, float] = {}


def say_once_a_minute(sentence: str, *, traceback: bool = False) -> None:
    """Write one line to the log, however many requests meet the same trouble.

    With `traceback`, that of the error being handled follows.
    """
    now = monotonic()
    if now - _said.get(sentence, -_EVERY) >= _EVERY:
        _said[sentence] = now
        current_app.logger.error(sentence, exc_info=traceback or None)
