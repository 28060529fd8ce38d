"""Genuine or not, asked of a register of two million certificates.

`python -m tests.bench.verifying [sqlite|postgres] [--certificates N]`. Each look-up is the whole
page, made in this process: by the number and the name, by the link of the code, and of a number
that there is not. Where the machine does other work too, the processor's time says what the page
takes; the limit is for the clock on the wall. The exit status is 1 where it is passed.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import inspect, select, text
from werkzeug.test import TestResponse

from compete.domain import read_bundle
from compete.models import Certificate, db
from compete.models.types import token_hash
from compete.resources import resource_dir
from compete.services.accounts.accounts import create_account
from compete.services.competitions.loading import load_bundle
from compete.services.kernel.transactions import unit_of_work
from tests.support.announced import announce, approve_all, body_for
from tests.support.issuing import issue_grade_certificates
from tests.tablets.run import application, database

SAMPLE = resource_dir("sample_events") / "pump-station" / "bundle.yaml"
MOST_P99 = 20.0
"""Milliseconds."""
ASKED, LINKED = 1000, 2000


def number_of(row: int) -> str:
    """22 characters: 900,000 a body, as many bodies as it takes."""
    return f"Y0000329{row // 900_000:05d}223{row % 900_000 + 1:06d}"


def fill(certificates: int) -> None:
    """As many copies of one real certificate, each with a number, a link and a prize of its own."""
    first = db.session.scalar(select(Certificate).where(Certificate.kind == "grade"))
    assert first is not None
    own = ("id", "number", "token_hash", "prize")
    same = ", ".join(
        column.name for column in inspect(Certificate).columns if column.name not in own
    )
    sqlite = db.engine.dialect.name == "sqlite"

    def digits(value: str, many: int) -> str:
        padded = f"'{'0' * many}' || ({value})"
        return f"substr({padded}, -{many})" if sqlite else f"right({padded}, {many})"

    rows = (
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)"
        if sqlite
        else "WITH n(i) AS (SELECT generate_series(0, :many - 1))"
    )
    with db.engine.begin() as connection:
        connection.execute(
            text(
                f"INSERT INTO certificate (number, token_hash, prize, {same}) {rows}"
                f" SELECT 'Y0000329' || {digits('i / 900000', 5)} || '223'"
                f" || {digits('i % 900000 + 1', 6)}, {digits('i', 64)}, 'bench/' || i, {same}"
                " FROM n, certificate WHERE certificate.id = :first"
            ),
            {"many": certificates, "first": first.id},
        )
    with db.engine.begin() as connection:
        # Those that are asked for by their link.
        for row in range(0, certificates, max(1, certificates // LINKED)):
            connection.execute(
                text("UPDATE certificate SET token_hash = :hash WHERE number = :number"),
                {"hash": token_hash(link_of(row)), "number": number_of(row)},
            )
        connection.execute(text("ANALYZE"))


def link_of(row: int) -> str:
    """The link of a code."""
    return f"bench{row:027d}"


def measured(app: Flask, certificates: int) -> int:
    """Print a line for each way to ask; how many of them pass the limit."""
    name = "赵启明"
    with app.app_context():
        first = db.session.query(Certificate).filter_by(kind="grade").first()
        assert first is not None
        name = first.face["name"]
    rng, client, missed = random.Random(1), app.test_client(), 0
    step = max(1, certificates // LINKED)
    ways: dict[str, Callable[[int], TestResponse]] = {
        "number and name": lambda n: client.post(
            "/verify", data={"number": number_of(n), "name": name}, environ_base=_home(rng)
        ),
        "link of the code": lambda n: client.get(
            f"/v/{link_of(n // step * step)}", environ_base=_home(rng)
        ),
        "a number there is not": lambda n: client.post(
            "/verify",
            data={"number": number_of(n + 100 * 900_000), "name": f"{name}{n}"},
            environ_base=_home(rng),
        ),
    }
    for way, ask in ways.items():
        for n in range(50):
            ask(n)
        waits: list[float] = []
        used: list[float] = []
        for _ in range(ASKED):
            row = rng.randrange(certificates)
            begun, worked = time.perf_counter(), time.thread_time()
            answer = ask(row)
            waits.append(time.perf_counter() - begun)
            used.append(time.thread_time() - worked)
            validity = "登记册里有这张证书" in answer.text or "有效" in answer.text
            assert answer.status_code == 200, answer.status_code
            assert validity == (way != "a number there is not"), way
        missed += _at(waits, 99) > MOST_P99
        print(
            f"  {way:24}{_at(waits, 50):7.1f} ms p50{_at(waits, 99):7.1f} ms p99"
            f" (≤ {MOST_P99:g}); processor {_at(used, 50):.1f}, {_at(used, 99):.1f} ms"
        )
    return missed


def _at(seconds: list[float], percent: int) -> float:
    """Milliseconds."""
    return sorted(seconds)[len(seconds) * percent // 100] * 1000


def _home(rng: random.Random) -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}"}


def main() -> int:
    """One database or both, one after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--certificates", type=int, default=2_000_000)
    wanted = parser.parse_args()
    missed = 0
    for kind in wanted.kinds:
        with tempfile.TemporaryDirectory() as place, database(kind, Path(place)) as url:
            app = application(url, Path(place))
            with app.app_context():
                with unit_of_work():
                    by = create_account("郑洁")
                    competition = load_bundle(read_bundle(SAMPLE.read_bytes(), form="yaml"), by=by)
                announce(competition, by)
                approve_all(competition, by)
                issue_grade_certificates(competition, body_for(competition), by, "急用")
                begun = time.perf_counter()
                fill(wanted.certificates)
                took = time.perf_counter() - begun
            print(f"{kind}: {wanted.certificates:,} certificates, written in {took:.0f} s")
            missed += measured(app, wanted.certificates)
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
