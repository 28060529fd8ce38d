"""The process that makes everybody's published page ready, beside the server's.

In a thread of the server it took the interpreter from whoever asked for a page meanwhile. The
process gets the settings by its standard input, comes after everything else that wants the
processor, and ends with the server's that began it: its input is closed then.
"""

from __future__ import annotations

import os
import threading

from compete.web.factory import make_app
from compete.web.public.page_preparation import read_errand
from compete.web.public.prepared_pages import prepare_alone
from compete.web.public.release import release_of


def main() -> None:
    """Read which pages to make ready on which installation, and do it if nobody else does."""
    with os.fdopen(0, "rb", buffering=0, closefd=False) as stdin:
        line = stdin.readline()
    if not line.endswith(b"\n"):
        return  # Who began it ended before it said what for.
    errand = read_errand(line)
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    app = make_app(errand.config)
    # The program was replaced meanwhile: its pages are those of another release.
    if release_of(app) == errand.release:
        prepare_alone(app, errand.competition_id)


def _end_with_the_server() -> None:
    # Not by `sys.stdin`: its lock would be held at our own end.
    while os.read(0, 1):
        pass
    os._exit(0)
