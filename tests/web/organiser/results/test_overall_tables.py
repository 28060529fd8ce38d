"""Tables over several events on the desk: what counts for each unit, and what does not."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.transactions import unit_of_work
from tests.domain.scoring.test_overall import RANKS, two_events
from tests.support.signing_in import signed_in

Load = Callable[..., Competition]


def rows_of(page: str) -> list[list[str]]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.S)]
        for row in re.findall(r"<tr>.*?</tr>", html.unescape(body), re.S)
    ]


@pytest.mark.parametrize(
    ("settings", "place", "row", "cells"),
    [
        (
            RANKS | {"best": 1},
            2,
            ["2", "三", "P3 0、Q2 9", "Q3 0", "1 0 2", "2", "9.00"],
            (2, "三", 9, 1, 0, 2, 2, "P3 0、Q2 9", "Q3 0"),
        ),
        (
            {"by": "medals"},
            1,
            ["2", "三", "P3 第 3 名、Q2 第 1 名、Q3 第 3 名", "—", "1 0 2", "2"],
            (2, "三", 1, 0, 2, 2, "P3 第 3 名、Q2 第 1 名、Q3 第 3 名", None),
        ),
    ],
    ids=["ranks", "medals"],
)
def test_a_table_says_what_counts_for_each_unit(
    app: Flask,
    organiser: Account,
    load: Load,
    settings: dict[str, object],
    place: int,
    row: list[str],
    cells: tuple[object, ...],
) -> None:
    competition = load(json.loads(write_bundle(two_events(**settings))))
    desk = signed_in(app, organiser)
    address = f"/desk/{competition.code}/standings/overall?table=all"
    assert address in html.unescape(desk.get(f"/desk/{competition.code}/standings").text)
    page = desk.get(address).text
    assert rows_of(page)[place] == row
    assert f"/desk/{competition.code}/events/overall/change" in page
    book = load_workbook(io.BytesIO(desk.get(f"/desk/{competition.code}/standings.xlsx").data))
    assert cells in list(book["总分表"].iter_rows(values_only=True))
    assert desk.get(f"/desk/{competition.code}/standings/overall?table=no").status_code == 404


def test_a_table_stays_shut_while_one_of_its_events_is_blind(
    app: Flask, organiser: Account, load: Load
) -> None:
    competition = load(json.loads(write_bundle(two_events(**RANKS))))
    watcher = create_account("监督")
    grant_role(watcher, competition, Role.SUPERVISOR, by=organiser)
    address = f"/desk/{competition.code}/standings/overall?table=all"
    desk = signed_in(app, watcher)
    assert "Q2 9" in desk.get(address).text
    with unit_of_work():
        competition.events[1].blind = True
    page = desk.get(address)
    assert (page.status_code, "Q2 9" in page.text) == (403, False)
