"""Begins the process that makes published pages ready (`web/preparer.py`)."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from flask import Flask, current_app

from compete.config import Config
from compete.models import Competition, utc_now
from compete.services.kernel.installation import config_here, memory_of
from compete.services.kernel.publications import latest_publication
from compete.web.public.release import release_of

_KEY = "compete.pages_begun"
_AGAIN = timedelta(minutes=10)
_BEGIN = "import os; os.nice(19); from compete.web.preparer import main; main()"
"""The program that begins before anything is read in: that alone is a second of the processor."""
COMMAND = [sys.executable, "-P", "-c", _BEGIN]
_log = logging.getLogger("compete.pages")


@dataclass(frozen=True, slots=True)
class Errand:
    """A competition whose pages are to be made ready, with its installation and release."""

    config: Config
    release: str
    competition_id: int


def errand_line(errand: Errand) -> bytes:
    """A line for the process; it holds the installation's keys."""
    return msgspec.json.encode(errand, enc_hook=str) + b"\n"


def read_errand(line: bytes) -> Errand:
    """Written with `written`."""
    return msgspec.json.decode(line, type=Errand, dec_hook=lambda kind, value: kind(value))


def wake_preparer(competition: Competition) -> None:
    """See to it that everybody's page is made ready; returns at once.

    Once a publication, and again only after a while: what becomes stale one by one is
    rendered as it is asked for.
    """
    publication = latest_publication(competition)
    if publication is None or current_app.testing:
        return
    begun = memory_of(_KEY, dict[int, datetime])
    last = begun.get(publication.id)
    if last is not None and utc_now() - last < _AGAIN:
        return
    begun[publication.id] = utc_now()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    errand = Errand(config_here(), release_of(app), competition.id)
    begin(errand)


def begin(errand: Errand) -> None:
    """Start a thread of this process that sees to it."""
    name = f"pages-{errand.competition_id}"
    threading.Thread(target=see_to, args=(errand,), name=name, daemon=True).start()


def see_to(errand: Errand) -> None:
    """Begin it and wait for its end; its input stays open as long as this process lives."""
    try:
        with subprocess.Popen(COMMAND, stdin=subprocess.PIPE) as process:
            assert process.stdin is not None
            process.stdin.write(errand_line(errand))
            process.stdin.flush()
            status = process.wait()
    except OSError:
        _log.exception("the pages of competition %s were left", errand.competition_id)
        return
    # Whoever stops the server stops this with it: the pages are rendered as they are asked for.
    if status not in (0, -signal.SIGTERM):
        _log.error("the pages of competition %s were left, exit %s", errand.competition_id, status)
