"""Fees of applicants: planned row by row, corrected by the list that comes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, Entrant, Fee, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.participants import takes_part
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.fees import (
    FeeSums,
    enter_fees,
    fee_lines,
    fee_sums,
    plan_fees,
)
from compete.services.registration.withdrawals import withdraw_person
from tests.sheets.reading.files import book_of
from tests.support.evaluation import evaluation
from tests.support.signing_in import signed_in

PAGE = "/desk/EV/fees"


@pytest.fixture
def batch(load: Callable[..., Competition]) -> Competition:
    return load(evaluation() | {"marks": []}, registering=True)


@pytest.fixture
def desk(app: Flask, batch: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def codes_in(batch: Competition) -> list[str]:
    query = select(Entrant.code).where(Entrant.competition_id == batch.id, takes_part())
    return list(db.session.scalars(query.order_by(Entrant.code)))


def row(who: str, amount: str, paid: str = "", **more: str) -> Mapping[str, str]:
    return {"code": who, "cents": amount, "paid": paid, **more}


def test_fees_are_entered_added_up_and_corrected(batch: Competition, organiser: Account) -> None:
    first, second, *_others = codes_in(batch)
    fresh = [row(first, "300.50", "是"), row(second, "1,200")]
    assert enter_fees(batch, fresh, organiser) == 2
    assert fee_sums(batch) == FeeSums(2, 150_050, 1, 30_050)
    assert enter_fees(batch, fresh, organiser) == 0
    assert enter_fees(batch, [row(second, "1200", "已缴")], organiser) == 1
    assert fee_sums(batch) == FeeSums(2, 150_050, 2, 150_050)
    (plan,) = plan_fees(batch, [(2, row(second, "1000", "否"))])
    assert (plan.state, plan.changes) == ("changed", {"cents": "1200", "paid": "是"})
    records = db.session.query(AuditEntry).filter_by(action="fees.enter").all()
    assert [(it.after or {})["people"] for it in records] == [2, 1]
    assert not [*verify_chain(batch)]


def test_what_came_in_is_lost_neither_to_an_older_list_nor_with_who_leaves(
    batch: Competition, organiser: Account
) -> None:
    first, second, *_others = codes_in(batch)
    enter_fees(batch, [row(first, "200", "是"), row(second, "200")], organiser)
    # A list that was taken before, or has no such column, says nothing of who paid.
    for typed in (row(first, "210"), {"code": first, "cents": "210"}):
        enter_fees(batch, [typed], organiser)
        assert fee_sums(batch) == FeeSums(2, 41_000, 1, 21_000)
    for code in (first, second):
        withdraw_person(entrant_by_code(batch, code), "不考了", organiser)
    assert fee_sums(batch) == FeeSums(left_people=1, left_cents=21_000)
    (line,) = [line for line in fee_lines(batch) if line["left"]]
    assert (line["code"], line["cents"], line["paid"]) == (first, "210", "是")
    assert enter_fees(batch, [line], organiser) == 0
    # Given back: nothing of it is left.
    assert enter_fees(batch, [line | {"paid": "否"}], organiser) == 1
    assert fee_sums(batch) == FeeSums()
    assert not [*verify_chain(batch)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (row("无此号", "300"), "code"),
        (row("", "300"), "code"),
        (row("@", "三百"), "cents"),
        (row("@", ""), "cents"),
        (row("@", "-1"), "cents"),
        (row("@", "0.005"), "cents"),
        (row("@", "100001"), "cents"),
        (row("@", "3,5"), "cents"),
        (row("@", "300", "大概"), "paid"),
        (row("@", "300", name="别人"), "name"),
    ],
)
def test_a_wrong_cell_is_named_and_its_row_not_written(
    batch: Competition, organiser: Account, typed: Mapping[str, str], field: str
) -> None:
    code = codes_in(batch)[0]
    texts = {key: text.replace("@", code) for key, text in typed.items()}
    (plan,) = plan_fees(batch, [(2, texts)])
    assert [*plan.faults] == [field]
    assert enter_fees(batch, [texts], organiser) == 0
    assert db.session.query(Fee).count() == 0


def test_who_stands_in_two_rows_is_written_in_none(batch: Competition) -> None:
    code = codes_in(batch)[0]
    plans = plan_fees(batch, [(2, row(code, "300")), (3, row(code, "400"))])
    assert [[*it.faults] for it in plans] == [["code"], ["code"]]


def test_the_list_comes_back_as_it_was_filled_in(desk: FlaskClient, batch: Competition) -> None:
    sheet = load_workbook(BytesIO(desk.get(f"{PAGE}/workbook.xlsx").data)).worksheets[0]
    rows = [[cell or "" for cell in line] for line in sheet.iter_rows(values_only=True)]
    head = next(line for line in rows if "准考证号" in line)
    people = rows[rows.index(head) + 1 :]
    assert len(people) == len(codes_in(batch))
    for line in people:
        line[head.index("金额（元）")], line[head.index("缴了没有")] = 260, "是"
    book = BytesIO(book_of({"表": [head, *people]}))
    page = desk.post(PAGE, data={"workbook": (book, "fees.xlsx")}).text
    assert f"新记 {len(people)} 人" in page
    packed = page.partition('name="rows" value="')[2].partition('"')[0]
    written = desk.post(f"{PAGE}/write", data={"rows": packed}, follow_redirects=True).text
    assert f"应缴 {len(people)} 人 {260 * len(people)} 元" in written
    assert fee_sums(batch).paid_people == len(people)


def test_organisers_alone_see_them(app: Flask, batch: Competition) -> None:
    for number, role in enumerate((Role.REGISTRAR, Role.OBSERVER, Role.OFFICE)):
        account = create_account(f"某某{number}")
        grant_role(account, batch, role)
        client = signed_in(app, account)
        assert client.get(PAGE).status_code == 404
        assert client.get(f"{PAGE}/workbook.xlsx").status_code == 404
        assert "认定费" not in client.get("/desk/EV/entrants").text
