"""What the pages of a series of 2,000 nodes cost.

    .venv/bin/python -m tests.bench.series [nodes] [--database sqlite] [--database postgres]

One node of the nation, 31 of provinces, cities beneath them and works beneath these, each with
counts that were reported, nine in ten of them once and the rest twice. Each page is asked by who
keeps it: the first time, and the middle of three more, in milliseconds of the clock, with its
statements. Beside them stands one statement that reads the reports. The exit status is 1 where a
page takes over 300 ms again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import select, text

NODES, MOST_MS = 2_000, 300.0
_TODAY = date(2026, 6, 1)


def fill(nodes: int) -> tuple[int, int, int]:
    """A series of so many nodes: the numbers of the series, of a province and of a works."""
    from compete.domain.values.kinds import Level
    from compete.models import Series, SeriesNode, SessionReport
    from compete.services.accounts.accounts import create_account
    from compete.services.kernel.transactions import unit_of_work
    from compete.services.series.series_nodes import SeriesFields, make_series

    keeper = create_account("市总工会", username="administrator", is_admin=True)
    made: Series = make_series(SeriesFields(name="全国系列赛", year=2026), keeper)
    levels = (Level.NATIONAL_1, Level.PROVINCIAL_1, Level.MUNICIPAL, Level.ENTERPRISE)
    with unit_of_work() as session:
        for number in range(1, nodes + 1):
            height = 0 if number == 1 else 1 if number <= 32 else 2 if number <= 332 else 3
            above = {0: None, 1: 1, 2: 2 + number % 31, 3: 33 + number % 300}[height]
            session.add(
                SeriesNode(
                    id=number,
                    series_id=made.id,
                    parent_id=above,
                    name=f"第 {number} 站",
                    level=levels[height],
                )
            )
            if number % 500 == 0:
                session.flush()
    for turn in range(2):
        with unit_of_work() as session:
            for number in range(1, nodes + 1, 1 if turn == 0 else 10):
                session.add(
                    SessionReport(
                        id=turn * nodes + number,
                        node_id=number,
                        sessions=number % 50,
                        people=10 * number,
                        examined=number,
                        passed=number // 2,
                        day=_TODAY,
                        told_by="联络员",
                        replaces_id=number if turn else None,
                    )
                )
    return made.id, 2, nodes


def measured(url: str, folder: Path, nodes: int) -> Iterator[tuple[str, float, float, int]]:
    """Each page: its name, the first time and the middle of three, how many statements."""
    from compete.config import Config
    from compete.models import Account, db
    from compete.services.backups.keys import settle_keys
    from tests.bench.figures import timed
    from tests.bench.year import app_of
    from tests.support.databases import migrate
    from tests.support.signing_in import signed_in
    from tests.support.statements import statements

    migrate(url, folder)
    app = app_of(url, folder)
    with app.app_context():
        settle_keys(Config.from_env({"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}))
        series, province, works = fill(nodes)
        query = select(Account).where(Account.username == "administrator")
        desk = signed_in(app, db.session.scalars(query).one())
        engine = db.engine
        rows = text("SELECT node_id, sessions, people FROM session_report")
        yield "the reports' rows alone", *timed(lambda: db.session.execute(rows).all()), 1
        db.session.remove()
    at = f"/desk/series/{series}"
    pages = (at, f"{at}/tops", f"{at}/nodes/1", f"{at}/nodes/{province}", f"{at}/nodes/{works}")
    for page in (*pages, f"{at}/reports", f"{at}/file.json"):
        first, again = timed(lambda page=page: desk.get(page))  # type: ignore[misc]
        with statements(engine) as texts:
            assert desk.get(page).status_code == 200, page
        yield page, first, again, len(texts)


def main() -> int:
    """Measure each kind of database."""
    from tests.bench.year import KINDS, database

    parser = argparse.ArgumentParser()
    parser.add_argument("nodes", type=int, nargs="?", default=NODES)
    parser.add_argument("--database", action="append", choices=KINDS)
    given = parser.parse_args()
    slow = 0
    for kind in given.database or KINDS:
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
            print(kind, flush=True)
            for page, first, again, many in measured(url, Path(name), given.nodes):
                print(
                    f"  {page:50}{first:9.0f} ms first, {again:7.0f} ms again, {many:3} statements",
                    flush=True,
                )
                slow += page.startswith("/") and again > MOST_MS
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
