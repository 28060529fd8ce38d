"""Equal totals in different places: what parted them stands wherever the places do."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from compete.cli import main
from compete.models import Account, Competition, Entrant, db
from compete.services.hall.board_acts import change_board, make_board
from compete.services.jobs.papers.kinds import Asked
from compete.services.results.results_booklet import print_results_book
from tests.documents.reading import pages
from tests.domain.scoring.build import mark
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.support.small import small

MARKS = {"P1": ("50", True, "110"), "P2": ("40", False, "80"), "P3": ("40", False, "100")}
WHY = "在第 1 名之后：总分相同，同分要比的第 1 项 模块m：80.00 > 60.00"


def marks() -> list[dict[str, Any]]:
    mark_rows = []
    for code, (work, fits, seconds) in MARKS.items():
        for judge in ("J1", "J2"):
            mark_rows += [mark(code, work, judge, "a"), mark(code, 2, judge, "f")]
            mark_rows.append(mark(code, fits, judge, "y"))
        mark_rows.append(mark(code, seconds, "J3", "s", "t"))
    return mark_rows


def contest(ties: list[str] | None = None) -> dict[str, Any]:
    """P1 and P2 with 68.00 each; P1 is ahead by 模块m, or by age."""
    plain = small(marks())
    plain["entrants"] = plain["entrants"][:3]
    if ties is not None:
        plain["events"][0]["ranking"] = {"ties": ties}
        for person, birth in zip(plain["entrants"], ("1980-02-03", "1990-04-05", "1991-06-07"),
                                 strict=True):  # fmt: skip
            person["birth"] = birth
    return plain


@pytest.fixture
def published(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = load(contest())
    announce(competition, organiser)
    return competition


def test_page_notice_and_workbook_say_what_parted_equal_totals(
    app: Flask, here: Flask, published: Competition, organiser: Account
) -> None:
    assert WHY.replace(">", "&gt;") in here.test_client().get("/p/X").text
    english = here.test_client().get("/p/X", headers={"Accept-Language": "en"}).text
    assert "totals are equal, decided by 模块m (no. 1 of what ties go by): 80.00" in english
    desk = signed_in(app, organiser)
    paper = PdfReader(BytesIO(desk.get("/desk/X/standings.pdf").data))
    assert WHY.replace(" ", "") in "".join(
        page.extract_text().replace(" ", "").replace("\n", "") for page in paper.pages
    )
    sheet = load_workbook(BytesIO(desk.get("/desk/X/standings.xlsx").data)).worksheets[0]
    assert any(WHY in row for row in sheet.values)


def test_of_age_the_order_is_told_and_no_date(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    announce(load(contest(["age:older"])), organiser)
    page = here.test_client().get("/p/X").text
    assert "在第 1 名之后：总分相同，年长者在前" in page
    assert "1980" not in page


def test_the_page_of_awards_says_it_of_who_won_and_of_who_just_missed(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    tree = contest()
    tree["events"][0] |= {
        "awards": [
            {"code": "first", "name": "一等奖", "top": 1},
            {"code": "second", "name": "二等奖", "top": 1},
        ],
        "grades": [
            {"code": "g", "when": {"groups": ["worker"], "max_rank": 2}, "grant": {"to": 3}},
        ],
    }
    announce(load(tree), organiser)
    page = unescape(signed_in(app, organiser).get("/desk/X/awards").text)
    second = page.partition("二等奖")[2]
    assert WHY in second
    assert WHY not in page.partition("一等奖")[2].partition("二等奖")[0]
    grade = page.partition('id="grade-P2"')[2].partition("</tr>")[0]
    assert WHY in grade, grade


def test_the_own_page_the_desk_and_the_booklet_say_it_too(
    app: Flask, here: Flask, published: Competition, organiser: Account
) -> None:
    (behind,) = db.session.query(Entrant).filter_by(code="P2")
    own = unescape(here.test_client().get(f"/c/{behind.badge_token}").text)
    assert WHY in own
    (first,) = db.session.query(Entrant).filter_by(code="P1")
    assert "总分相同" not in here.test_client().get(f"/c/{first.badge_token}").text
    desk = unescape(signed_in(app, organiser).get("/desk/X/standings").text)
    row = desk.partition('id="row-P2"')[2].partition("</tr>")[0]
    assert WHY in row
    book = "".join(pages(print_results_book(Asked(published, organiser, str, {}))))
    assert WHY.replace(" ", "") in book.replace(" ", "").replace("\n", "")


def test_the_hall_says_what_parted_two_whose_distance_is_nothing(
    here: Flask, published: Competition, organiser: Account
) -> None:
    board = make_board(published.events[0], organiser)
    settings = {"delay": "0", "places": "9", "stations": False, "opens_at": None}
    change_board(board, switched_on=True, by=organiser, **settings)  # type: ignore[arg-type]
    rows = here.test_client().get(f"/hall/X/{board.token}/data").get_json()["rows"]
    shown = {row["code"]: (row["rank"], row["gap"], "同分，看模块m" in row["unit"]) for row in rows}
    assert shown["P1"] == (1, "—", False)
    assert shown["P2"] == (2, "0", True)
    assert [row["code"] for row in rows if "同分" in row["unit"]] == ["P2"]


def test_the_table_of_the_program_says_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tied.json"
    file.write_text(json.dumps(contest()), "utf-8")
    assert main(["score", "--table", str(file)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "在第" in line]
    assert " P2 " in line
    assert line.endswith(WHY)
