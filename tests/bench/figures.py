"""What a page of figures costs over a year of 179,000 certificates.

    .venv/bin/python -m tests.bench.figures [certificates] [--database sqlite] [--database postgres]

One evaluation of 600 is loaded, published and certified as anybody does it; its rows are then
copied in the database until there are so many certificates, each copy in another week. Each page
is asked by an administrator, who sees all of it: the first time, and the middle of three more, in
milliseconds of the clock, with its statements. The page of the year is asked once before the home
has looked through all competitions, and once after. Beside them stands the same count of
certificates straight from their rows. The exit status is 1 where a page takes over 300 ms again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, select, text

CERTIFICATES, BATCH, MOST_MS = 179_000, 600, 300.0
STEP = 10_000_000
"""The ids of one copy are so far from those of the next."""
PAGES = (
    *("/desk/figures?year=2026", "/desk/figures/participation?year=2026"),
    *("/desk/figures/pass-rates?year=2026", "/desk/figures/certificates?year=2026"),
    *("/desk/figures/delays?year=2026", "/desk/figures/items?year=2026"),
    *("/desk/figures/sections?year=2026", "/desk/figures/certificates/list.xlsx?year=2026"),
    "/desk/figures/skills?year=2026",
)
_COPIED = ("competition", "unit", "event", "rule_version", "entrant", "publication", "certificate")
_APART = frozenset(
    ("competition.code", "entrant.badge_hash", "certificate.number", "certificate.token_hash")
)


def _copy(table: Table, numbers: str) -> str:
    """A statement that copies rows of a table, with other ids and what is unique made other."""
    columns, values = [], []
    for column in table.columns:
        place = f"{table.name}.{column.name}"
        of_copied = any(it.column.table.name in _COPIED for it in column.foreign_keys)
        if column.primary_key or of_copied:
            value = f"{column.name} + :step"
        elif place in _APART:
            value = f"substr({column.name}, 1, 50) || :mark"
        elif place == "certificate.issued_on":
            value = ":day"
        else:
            value = column.name
        columns.append(column.name)
        values.append(value)
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)})"
        f" SELECT {', '.join(values)} FROM {table.name} WHERE {numbers}"
    )


def fill(certificates: int) -> int:
    """Load one evaluation and copy it; how many certificates there are."""
    from compete.domain import read_bundle
    from compete.domain.values.roles import Role
    from compete.models import Certificate, db
    from compete.services.accounts.accounts import create_account, grant_role
    from compete.services.competitions.loading import load_bundle
    from tests.bench.evaluations import evaluation_of
    from tests.bench.year_filling import body_of_year, end

    organiser = create_account("吴敏", username="organiser")
    second = create_account("周颖", username="second")
    create_account("管理员", username="administrator", is_admin=True)
    plain = json.dumps(evaluation_of(BATCH, code="B")).encode()
    competition = load_bundle(read_bundle(plain), by=organiser)
    for account in (organiser, second):
        grant_role(account, competition, Role.ORGANISER, by=organiser)
    end(competition, organiser, second, body_of_year())
    of_one = db.session.scalar(select(func.count(Certificate.id))) or 0
    assert of_one > BATCH // 2
    tables = {table.name: table for table in db.metadata.sorted_tables if table.name in _COPIED}
    first, number = date(2026, 1, 5), competition.id
    db.session.commit()
    for turn in range(1, -(-certificates // of_one)):
        given = {
            "step": turn * STEP,
            "mark": f"#{turn}",
            "day": first + timedelta(days=turn % 350),
        }
        for table in tables.values():
            whose = {
                "competition": f"id = {number}",
                "rule_version": f"event_id IN (SELECT id FROM event WHERE competition_id = {number})",  # noqa: E501
            }.get(table.name, f"competition_id = {number}")
            db.session.execute(text(_copy(table, whose)), given)
    db.session.execute(text("DELETE FROM certificate_sum"))
    db.session.execute(text(KEPT))
    db.session.commit()
    return db.session.scalar(select(func.count(Certificate.id))) or 0


KEPT = """
INSERT INTO certificate_sum (competition_id, kind, day, n)
SELECT competition_id, kind, issued_on, count(*) FROM certificate
WHERE state = 'valid' GROUP BY competition_id, kind, issued_on
"""


def measured(url: str, folder: Path, certificates: int) -> Iterator[tuple[str, float, float, int]]:
    """Each page: its name, the first time and the middle of three, how many statements."""
    from compete.config import Config
    from compete.models import Account, db
    from compete.services.backups.keys import settle_keys
    from tests.bench.year import app_of
    from tests.support.databases import migrate
    from tests.support.signing_in import signed_in
    from tests.support.statements import statements

    migrate(url, folder)
    app = app_of(url, folder)
    with app.app_context():
        settle_keys(Config.from_env({"COMPETE_DATA_DIR": str(folder), "COMPETE_DATABASE_URL": url}))
        print(f"  {fill(certificates):,} certificates", flush=True)
        db.session.execute(text("ANALYZE"))
        db.session.commit()
        query = select(Account).where(Account.username == "administrator")
        desk = signed_in(app, db.session.scalars(query).one())
        engine = db.engine
        rows = text("SELECT issued_on, count(*) FROM certificate WHERE state='valid' GROUP BY 1")
        yield "the certificates' rows alone", *timed(lambda: db.session.execute(rows).all()), 1
        db.session.remove()
    year = PAGES[0]
    yield f"{year} (looking through)", *timed(lambda: desk.get(year)), 0
    for _turn in range(certificates // BATCH):
        desk.get("/desk/?on=1")
    for page in PAGES:
        first, again = timed(lambda page=page: desk.get(page))  # type: ignore[misc]
        with statements(engine) as texts:
            assert desk.get(page).status_code == 200, page
        yield page, first, again, len(texts)


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of the clock: the first time, and the middle of three more."""
    took = []
    for _turn in range(4):
        begun = time.perf_counter()
        work()
        took.append((time.perf_counter() - begun) * 1e3)
    return took[0], sorted(took[1:])[1]


def main() -> int:
    """Measure each kind of database."""
    from tests.bench.year import KINDS, database

    parser = argparse.ArgumentParser()
    parser.add_argument("certificates", type=int, nargs="?", default=CERTIFICATES)
    parser.add_argument("--database", action="append", choices=KINDS)
    given = parser.parse_args()
    slow = 0
    for kind in given.database or KINDS:
        with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
            print(kind, flush=True)
            for page, first, again, many in measured(url, Path(name), given.certificates):
                print(
                    f"  {page:50}{first:9.0f} ms first, {again:7.0f} ms again, {many:3} statements"
                )
                slow += page.startswith("/") and again > MOST_MS
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
