"""The desk sees who has no score sheet, and gives them some."""

from __future__ import annotations

from flask import Flask

from compete.models import Account, Competition
from tests.services.schedule.test_late_sheets import judges_of, without_sheets
from tests.support.signing_in import signed_in


def test_the_competitions_page_names_who_has_no_sheet_and_adds_them(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    without_sheets(judged, module_code="m")
    desk = signed_in(app, organiser)
    page = desk.get("/desk/X/").text
    assert "没有评分表的选手 1 人" in page
    assert "模块m：P4" in page
    assert "/desk/X/sheets/missing" in page
    board = desk.get("/desk/X/progress?module=E|S|m").text
    assert "锁定前还差：没有评分表的选手：P4" in board
    added = desk.post("/desk/X/sheets/missing", follow_redirects=True).text
    assert "补了 2 张评分表" in added
    assert "没有评分表的选手" not in added
    assert judges_of("P4") == {"J1", "J2"}
    assert desk.post("/desk/X/sheets/missing").status_code == 409
