"""`compete` on a clock that is ahead: `python -m tests.drill.ahead SECONDS COMMAND …`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import time_machine

from compete.cli import main

if __name__ == "__main__":
    seconds, *words = sys.argv[1:]
    time_machine.travel(datetime.now(UTC) + timedelta(seconds=int(seconds))).start()
    sys.exit(main(words))
