"""The hall's board of 1,000 rows as screens ask for it, over working its table out each time.

`python -m tests.bench.hall_board [--people N]`. The whole answer of the board's data and the
page, made in this process, and a 304 for who has it; what the first to ask after a change pays;
and the table worked out from the marks beside them. Processor seconds, so that other work on the
machine counts little. The exit status is 1 where a limit is passed.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from compete.domain import read_bundle
from compete.models import HallBoard
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.hall.board_acts import MOST_PLACES, make_board
from compete.services.hall.board_table import board_table
from compete.services.kernel import audit
from compete.services.kernel.transactions import unit_of_work
from tests.bench.events import event_of
from tests.bench.judging import limit
from tests.tablets.run import application, database

LEAST_OF_WORK = 20
ROUNDS, ASKED = 5, 20


def processor(act: Callable[[], object], times: int, rounds: int = ROUNDS) -> float:
    """Seconds of one call, the median of some rounds."""
    durations = []
    for _round in range(rounds):
        begun = time.process_time()
        for _time in range(times):
            act()
        durations.append((time.process_time() - begun) / times)
    return median(durations)


def main() -> int:
    """Print the figures; exit status 1 if a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder, database("sqlite", Path(folder)) as url:
        app = application(url, Path(folder))
        with app.app_context():
            with unit_of_work():
                by = create_account("郑洁")
                plain = json.dumps(event_of(people, aspects=(2, 1))).encode()
                competition = load_bundle(read_bundle(plain), by=by)
            (event,) = competition.events
            board: HallBoard = make_board(event, by)
            with unit_of_work():
                board.switched_on, board.places = True, MOST_PLACES
            rows = len(board_table(competition, event).rows)
            worked = processor(lambda: board_table(competition, event), 1)
            screen = f"/hall/{competition.code}/{board.token}"

            def change() -> None:
                with unit_of_work():
                    audit.record(competition, by, "bench.change", competition.code)

            client = app.test_client()
            first = client.get(f"{screen}/data")
            assert first.status_code == 200, first.status_code
            after = min(after_a_change(client, f"{screen}/data", change) for _ in range(ROUNDS))
        # Each request stands for itself, as a server's do.
        tag = {"If-None-Match": client.get(f"{screen}/data").headers["ETag"]}
        whole = processor(lambda: client.get(f"{screen}/data"), ASKED)
        same = processor(lambda: client.get(f"{screen}/data", headers=tag), ASKED)
        assert client.get(f"{screen}/data", headers=tag).status_code == 304
        page = processor(lambda: client.get(screen), ASKED)
    print(f"     {rows:,} rows: worked out {worked * 1e3:.0f} ms, asked {whole * 1e3:.1f} ms,")
    print(f"     304 {same * 1e3:.1f} ms, the page {page * 1e3:.1f} ms; first after a change")
    print(f"     {after * 1e3:.0f} ms; {len(first.data) / 1024:.0f} KB")
    kept = True
    for what, seconds in (("a screen that asks", whole), ("a 304", same), ("the page", page)):
        kept = limit(f"{what}, over working it out", worked / seconds, LEAST_OF_WORK) and kept
    return 0 if kept else 1


def after_a_change(client: FlaskClient, address: str, change: Callable[[], None]) -> float:
    """Seconds of the first answer after it, with the scoring where one is due."""
    change()
    return processor(lambda: client.get(address), 1, rounds=1)


if __name__ == "__main__":
    sys.exit(main())
