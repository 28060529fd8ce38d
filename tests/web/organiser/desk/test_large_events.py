"""What pages, papers and workbooks ask of the database does not grow with who takes part."""

from __future__ import annotations

import gc
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event as database_event
from sqlalchemy import select
from sqlalchemy.orm import Mapper

from compete.documents import badges, lists, score_sheet
from compete.documents.typesetting import PrintedFile
from compete.domain import read_bundle
from compete.domain.values.roles import Role
from compete.domain.values.states import SheetState
from compete.models import Account, Competition, Judge, Sheet, db
from compete.services.accounts.accounts import grant_role
from compete.services.competitions.loading import load_bundle
from compete.services.judging.act_intake import take_acts
from compete.services.kernel import portions
from compete.services.registration.preview import keep_upload, offer_of
from compete.services.registration.waiting_list import plan_with_places
from compete.services.sheets.act_rules import ActIn
from compete.sheets.registration.template import write_registration_workbook
from tests.bench.desk import MOST_BYTES, PAGES
from tests.bench.events import event_of
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.signing_in import official, signed_in
from tests.support.statements import statements

SIZES = {"FEW": 102, "MANY": 132}
"""In both there are more people than stand on one page of a list."""
MORE = 5
"""Of the thirty some are still being marked, and named."""
PAPERS = ("paper.pdf?module=EV|final|drive", "badges.pdf", "standings.pdf?event=EV")


@contextmanager
def rows_read() -> Iterator[list[str]]:
    """The kind of each row that was made an object, one for each."""
    row_types: list[str] = []

    def hear(target: object, _context: object) -> None:
        row_types.append(type(target).__name__)

    database_event.listen(Mapper, "load", hear)
    try:
        yield row_types
    finally:
        database_event.remove(Mapper, "load", hear)


def load_events(organiser: Account) -> tuple[list[Competition], list[int]]:
    """Both competitions, and how many statements loading each took beside its people."""
    loaded, costs = [], []
    for code, people in SIZES.items():
        plain = event_of(people, late=True, aspects=(2, 1))
        plain["competition"]["code"] = code
        bundle = read_bundle(json.dumps(plain).encode())
        with statements(db.engine) as queries:
            competition = load_bundle(bundle, by=organiser)
        # What has a number of its own is written row by row; marks and sheets are not.
        costs.append(sum("RETURNING id" not in text for text in queries))
        grant_role(organiser, competition, Role.ORGANISER)
        loaded.append(competition)
    return loaded, costs


def mark(competition: Competition, value: int) -> None:
    """A judge sends one more mark."""
    wanted = select(Sheet).where(
        Sheet.competition_id == competition.id, Sheet.state == SheetState.BEGUN
    )
    sheet = db.session.scalars(wanted.order_by(Sheet.id).limit(1)).one()
    act = ActIn(str(uuid.uuid4()), sheet.public_id, "mark", "a0", f"{value}.5")
    judge = db.session.get_one(Judge, sheet.judge_id)
    assert take_acts(judge, [act], db.session.scalars(select(Account).limit(1)).one()).stored


def asked(client: FlaskClient, path: str) -> tuple[int, int, int]:
    """Statements and rows of one request, and the bytes of its answer."""
    # Rows of the request before that are garbage would be there still, and not read.
    gc.collect()
    with statements(db.engine) as queries, rows_read() as rows:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(queries), len(rows), len(answer.data)


class Printer:
    """In place of typesetting: how many sheets were to be set, run by run."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.runs: list[int] = []
        for module in (score_sheet, lists, badges):
            patch.setattr(module, "typeset", self._set)

    def _set(
        self, _template: str, _shared: object, sheets: Sequence[object], *_: Any, **_also: Any
    ) -> PrintedFile:
        self.runs.append(len(sheets))
        return PrintedFile(b"%PDF")


def preview(competition: Competition, rows: int, by: Account) -> int:
    """Statements of looking through a workbook of so many people who are new."""
    offer = offer_of(competition)
    people = [
        RegistrationRow(
            name="新来的", id_number=citizen_id(date(1991, 2, 3), place), unit=offer.units[0].name
        )
        for place in range(rows)
    ]
    batch = keep_upload(competition, "a.xlsx", write_registration_workbook(offer, people), by)
    with statements(db.engine) as queries:
        assert len(plan_with_places(batch).to_write) == rows
    return len(queries)


@pytest.mark.slow
def test_thirty_people_more_are_no_statement_and_no_row_more(
    app: Flask, here: Flask, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each part of a load has statements of its own: here all of a kind are one.
    for bound in ("_LEAST", "_FIRST", "_MOST"):
        monkeypatch.setattr(portions, bound, 1000)
    events, (few, many) = load_events(organiser)
    assert many <= few + MORE, "loading"
    grown = []
    for name, who, page in PAGES:
        costs = []
        for competition in events:
            by = organiser if who == "organiser" else official(competition, "C01")
            client = signed_in(app, by)
            path = f"/desk/{competition.code}/{page}"
            client.get(path)
            mark(competition, 3)
            costs.append(asked(client, path))
        small, large = costs
        if any(large[at] > small[at] + MORE for at in (0, 1)) or large[2] > MOST_BYTES:
            grown.append((name, small, large))
    assert grown == []
    # What stands on paper is read for all at once, and set in one run.
    printer, client = Printer(monkeypatch), signed_in(app, organiser)
    for paper in PAPERS:
        printer.runs.clear()
        costs = [asked(client, f"/desk/{event.code}/{paper}") for event in events]
        first, last = printer.runs
        assert 0 < first < last, paper
        assert costs[1][0] <= costs[0][0] + MORE, paper
    ten, forty = (preview(events[0], rows, organiser) for rows in (10, 40))
    assert forty <= ten + MORE, "preview"
