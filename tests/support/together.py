"""Together: several people act at the same moment, each in a request of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from compete.models import db


def together(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """Run the acts at once, each in a thread with its own session; results or errors in order."""
    # Rows that this thread has read so far are read anew afterwards.
    db.session.rollback()
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait(timeout=20)
            try:
                results[place] = act()
            except Exception as error:
                results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "two acts at once wait for each other"
    return results
