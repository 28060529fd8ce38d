"""The bulletin of the year names who was given what, and where their unit stands, by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook

from compete.domain.values.roles import Role
from compete.models import Account, Competition, Distinction
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.awards.external_awards import need_approval
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    ask_recall,
    propose_distinctions,
)
from compete.services.kernel.publications import latest_publication
from compete.services.labour.closing import close_period, publish_closed
from compete.services.registration.units.unit_list import rename_unit
from compete.services.results.bulletin import print_bulletin
from compete.services.results.bulletin_sheets import bulletin_book
from tests.documents.reading import pages
from tests.domain.labour.by_hand import ByHand, points_text
from tests.services.results.test_bulletin_figures import MONTHS, contest

HEADING = "评选奖项"


@pytest.fixture
def competition(load: Callable[..., Competition]) -> Competition:
    return load(json.loads(contest()))


@pytest.fixture
def second(competition: Competition) -> Account:
    account = create_account("李监督")
    grant_role(account, competition, Role.SUPERVISOR)
    return account


def _give(competition: Competition, by: Account, second: Account | None) -> list[Distinction]:
    """优胜单位 to 甲 and 丁, 先进班组 to one of 乙, 建功标兵 to two of 丙, of whom one agreed."""
    given: list[Distinction] = []
    for title, nominees in (
        ("优胜单位", [Nominee(code="甲"), Nominee(code="丁")]),
        ("先进班组", [Nominee(name="钢筋一班", unit="乙")]),
        (
            "建功标兵",
            [Nominee(name="罗建国", unit="丙", full_name=True), Nominee(name="韩梅", unit="丙")],
        ),
    ):
        given += propose_distinctions(competition, title, nominees, "全年领先", by)
    for row in given if second is not None else ():
        agree_distinction(row, second)
    return given


def _printed(competition: Competition, period: str) -> str:
    return re.sub(r"\s", "", "".join(pages(print_bulletin(competition, period))))


def test_the_year_names_who_was_given_what_and_where_the_unit_stands(
    app: Flask, competition: Competition, organiser: Account, second: Account
) -> None:
    hand = ByHand(json.loads(contest()))
    _give(competition, organiser, second)
    printed = _printed(competition, "Q")
    assert f"、{HEADING}优胜单位2家、先进班组1个、建功标兵2人。" in printed
    award_rows = [
        ("优胜单位", "甲", "—", "甲"),
        ("优胜单位", "丁", "—", "丁"),
        ("先进班组", "钢筋一班", "乙", "乙"),
        ("建功标兵", "罗建国", "丙", "丙"),
        ("建功标兵", "韩*", "丙", "丙"),
    ]
    rows = [
        (title, name, shown, str(hand.rank(unit, "Q")), points_text(hand.total(unit, "Q") or 0))
        for title, name, shown, unit in award_rows
    ]
    for row in rows:
        assert "".join(row) in printed, row
    assert "韩梅" not in printed
    book = load_workbook(BytesIO(bulletin_book(competition, "Q")))
    sheet = next(worksheet for worksheet in book.worksheets if HEADING in worksheet.title)
    cells = [tuple(str(cell) for cell in row if cell is not None) for row in sheet.values]
    for row in rows:
        assert tuple(figure.removesuffix(".00") for figure in row) in [
            tuple(figure.removesuffix(".00") for figure in line) for line in cells
        ], row
    assert HEADING not in _printed(competition, "二月"), "it belongs to the whole"


def test_what_was_not_granted_or_waits_for_another_body_is_not_named(
    app: Flask, competition: Competition, organiser: Account, second: Account
) -> None:
    given = _give(competition, organiser, None)
    assert HEADING not in _printed(competition, "Q"), "only proposed"
    for row in given:
        agree_distinction(row, second)
    need_approval(competition, "优胜单位", "省总工会", organiser)
    printed = _printed(competition, "Q")
    assert "优胜单位" not in printed
    assert f"{HEADING}先进班组1个、建功标兵2人。" in printed
    ask_recall(given[2], "班组解散了", organiser)
    agree_distinction(given[2], second)
    assert "钢筋一班" not in _printed(competition, "Q")


def test_an_older_version_names_none(
    app: Flask, competition: Competition, organiser: Account, second: Account
) -> None:
    for period in (*MONTHS, "Q"):
        close_period(competition, period, "", organiser)
    publish_closed(competition, organiser)
    first = latest_publication(competition)
    assert first is not None
    _give(competition, organiser, second)
    assert HEADING in _printed(competition, "Q")
    rename_unit(competition.units[0], competition, "甲公司", organiser)
    publish_closed(competition, organiser, note="改名")
    old = "".join(pages(print_bulletin(competition, "Q", None, first)))
    assert HEADING not in old
    assert HEADING in _printed(competition, "Q")
