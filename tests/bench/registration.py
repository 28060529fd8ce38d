"""How long the preview of a registration takes, beside reading the workbook.

    .venv/bin/python -m tests.bench.registration [people]

Both are measured in one run and in seconds of the processor, so the ratio means
something on any machine, and on a busy one.
`plain read` is the bulk reader alone on the same bytes; `open and check` is
ours with all its refusals; `plan` is what the preview costs beyond reading.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from python_calamine import CalamineWorkbook

from compete.domain.identity.papers import Paper
from compete.sheets.registration.people import KnownPeople
from compete.sheets.registration.planning import plan_registration
from compete.sheets.registration.reading import read_registration
from compete.sheets.registration.template import write_refused_workbook, write_registration_workbook
from tests.sheets.people import entrants_of, many_rows, port_offer

T = TypeVar("T")
TODAY = date(2022, 9, 8)
UNITS = 130


def id_key(paper: Paper, number: str) -> str:
    """As dear as the real one: a keyed hash."""
    return hmac.new(b"bench", f"{paper}:{number}".encode(), hashlib.sha256).hexdigest()


def timed(name: str, work: Callable[[], T]) -> tuple[T, float]:
    """Run once and print the seconds."""
    begun = time.process_time()
    result = work()
    seconds = time.process_time() - begun
    print(f"{name:28} {seconds:7.3f} s")
    return result, seconds


def main(people: int) -> None:
    """Write, read and plan that many people; then again with all of them known."""
    offer = port_offer(units=UNITS)
    rows = many_rows(people, offer)
    data, _ = timed("write", lambda: write_registration_workbook(offer, rows))
    print(f"{'size':28} {len(data) / 1024:7.0f} KiB")
    _, plain = timed("plain read", lambda: _plain_read(data))
    table, reading = timed("open and check", lambda: read_registration(data))
    nobody = KnownPeople(id_key)
    plan, planning = timed(
        "plan, all new", lambda: plan_registration(table, offer, nobody, today=TODAY)
    )
    everybody = KnownPeople(id_key, entrants_of(plan, id_key))
    again, again_planning = timed(
        "plan, all known", lambda: plan_registration(table, offer, everybody, today=TODAY)
    )
    print(f"{'to write, then again':28} {len(plan.to_write)}, {len(again.to_write)}")
    spoilt = [row | {"unit": f"{row['unit']}{number}"} for number, row in enumerate(rows)]
    wrong = read_registration(write_registration_workbook(offer, spoilt))
    refused, worst = timed(
        "plan, all refused",
        lambda: plan_registration(wrong, offer, nobody, today=TODAY),
    )
    timed("write refused", lambda: write_refused_workbook(refused))
    print(
        f"preview beyond a plain read: {reading - plain + planning:.3f} s, "
        f"{(reading + planning) / plain:.1f} times the read; "
        f"known {again_planning / planning:.1f}, refused {worst / planning:.1f} times the plan"
    )


def _plain_read(data: bytes) -> int:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return len(book.get_sheet_by_index(0).to_python())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
