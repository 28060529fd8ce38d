"""What awards and grades bring, and the list of who is to be paid."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from openpyxl import load_workbook

from compete.commands.verify import all_faults
from compete.models import Account, Competition
from compete.services.awards.external_awards import need_approval
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    propose_distinctions,
)
from compete.services.awards.prize_money import paid_titles, set_money
from compete.services.awards.prize_money_payments import payments_of
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.rows import revoke_certificate
from compete.services.kernel.refusal import Refused
from tests.services.awards.test_external_awards import BODY, TITLE, approve
from tests.support.announced import announce
from tests.support.second_day import PRIZES
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/prize-money"


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    grades = [{"code": "title", "when": {"max_rank": 2}, "grant": {"titles": [TITLE]}}]
    return load(small(all_marks(), event={**PRIZES, "grades": grades}))


def sent(competition: Competition, **yuan: str) -> dict[str, list[str] | str]:
    """The form as the page sends it, with these amounts."""
    titles = paid_titles(competition)
    grades = {name.replace("_", "-"): text for name, text in yuan.items() if "grade_" in name}
    return {"title": titles, "yuan": [yuan.get(title, "") for title in titles], **grades}


def test_amounts_are_read_as_people_write_them_and_what_is_wrong_is_said_at_its_field(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    """What is typed is saved field by field: a fault told of the whole form held up the rest."""
    desk = signed_in(app, organiser)
    amounts = sent(competition, 一等奖="3,000", 二等奖="２０００．５")
    assert desk.post(PAGE, data=amounts).status_code == 302
    page = desk.get(PAGE).text
    assert 'value="3000"' in page
    assert 'value="2000.50"' in page
    refused = desk.post(PAGE, data=sent(competition, 一等奖="3,00")).text
    assert 'aria-describedby="title-1-problem"' in refused
    assert re.search(r'class="field-error" id="title-1-problem".*?金额写成', refused)
    assert refused.count("金额写成") == 1


def test_who_is_paid_follows_results_approvals_and_what_two_granted(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    desk, second = signed_in(app, organiser), official(competition, "S1")
    assert PAGE in desk.get("/desk/X/awards").text
    for wrong in ("三千", "1.234", "-5", "1e3"):
        refused = desk.post(PAGE, data=sent(competition, 一等奖=wrong))
        assert (refused.status_code, "金额写成" in refused.text) == (400, True), wrong
        assert f'value="{wrong}"' in refused.text
    amounts = sent(competition, 一等奖="3000", 优秀组织奖="500.50", **{TITLE: "2000"})
    assert desk.post(PAGE, data=amounts).status_code == 302
    assert payments_of(competition) == []
    assert desk.get(f"{PAGE}.xlsx").status_code == 409
    announce(competition, organiser)
    need_approval(competition, TITLE, BODY, organiser)
    (row,) = propose_distinctions(competition, "优秀组织奖", [Nominee("U1")], "组织有力", organiser)
    first = [(paid.title, paid.cents) for paid in payments_of(competition)]
    assert set(first) == {("一等奖", 300_000)}, "neither is granted or approved yet"
    agree_distinction(row, second)
    approve(competition, organiser, "P1")
    payments = payments_of(competition)
    assert [paid.cents for paid in payments if paid.title == TITLE] == [200_000]
    assert [(paid.name, paid.cents) for paid in payments][-1] == ("甲单位", 50_050)
    book = load_workbook(io.BytesIO(desk.get(f"{PAGE}.xlsx").data))
    cells = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    total = sum(Decimal(paid.cents) for paid in payments) / 100
    assert float(total) in [float(cell) for cell in cells if isinstance(cell, int | float)]
    assert "合计" in cells
    assert f"合计 {total:.2f}" in desk.get(PAGE).text
    assert all_faults() == []


def test_only_what_there_is_is_paid_for(competition: Competition, organiser: Account) -> None:
    for titles, grades in (({"没有的奖": 1}, {}), ({}, {9: 1}), ({"一等奖": 10**12}, {})):
        with pytest.raises(Refused):
            set_money(competition, titles, grades, organiser)
    assert set_money(competition, {"一等奖": 5}, {3: 7}, organiser)
    assert not set_money(competition, {"一等奖": 5, TITLE: 0}, {3: 7}, organiser)


def test_what_was_made_void_brings_nothing_until_it_is_given_again(
    app: Flask, competition: Competition, organiser: Account
) -> None:
    set_money(competition, {"一等奖": 300_000, "二等奖": 200_000, "优秀组织奖": 100}, {}, organiser)
    (row,) = propose_distinctions(competition, "优秀组织奖", [Nominee("U1")], "组织有力", organiser)
    announce(competition, organiser)
    agree_distinction(row, official(competition, "S1"))
    need_approval(competition, TITLE, BODY, organiser)
    issued = issue_award_certificates(competition, organiser, "急用")
    made = {certificate.face["award"]: certificate for certificate in issued}
    assert sum(paid.cents for paid in payments_of(competition)) == 500_100
    for title, left in (("一等奖", 200_100), ("优秀组织奖", 200_000)):
        revoke_certificate(made[title], "冒名", organiser)
        assert sum(paid.cents for paid in payments_of(competition)) == left
    # A number that another took the stead of loses nobody anything.
    reissue_certificate(made["二等奖"], "丢了补办", organiser)
    assert [paid.title for paid in payments_of(competition)] == ["二等奖"]
