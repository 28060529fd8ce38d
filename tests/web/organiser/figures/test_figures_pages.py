"""The year on one page and the six pages of figures: what they say, their workbooks, to whom."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.domain.values.roles import Role
from compete.models import Account
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.figures.aspect_sections import aspect_rows
from compete.services.figures.years import SeenYear
from tests.services.figures.test_figures import seen
from tests.support.signing_in import signed_in
from tests.web.organiser.examinations.test_exam_pages import text_of

__all__ = ["seen"]


@pytest.fixture
def desk(app: Flask, organiser: Account, seen: SeenYear) -> FlaskClient:
    return signed_in(app, organiser)


def test_the_year_stands_in_one_sentence_below_it_what_waits(desk: FlaskClient) -> None:
    page = text_of(desk.get("/desk/figures?year=2026").text)
    assert "2026 年：1 场技能竞赛、2 批等级认定、1 个劳动竞赛，64 人次参加" in page
    assert page.index("等我办的") < page.index("技能竞赛 1")
    assert "全年数据" in text_of(desk.get("/desk/").text)


def test_pass_rates_stand_by_level_and_by_unit_on_the_page_and_in_the_workbook(
    desk: FlaskClient,
) -> None:
    page = text_of(desk.get("/desk/figures/pass-rates?year=2026").text)
    assert "四级/中级工 60 40 66.7%" in page
    assert "丁站 24 16 66.7%" in page
    book = load_workbook(BytesIO(desk.get("/desk/figures/pass-rates/list.xlsx?year=2026").data))
    first, second = ([list(row) for row in sheet.values] for sheet in book.worksheets)
    assert ["四级/中级工", 60, 40, "66.7%"] in first
    assert ["丁站", 24, 16, "66.7%"] in second
    assert ["合计", 60, 40, "66.7%"] in second


def test_so_few_certificates_are_not_told(desk: FlaskClient) -> None:
    page = text_of(desk.get("/desk/figures/certificates").text)
    assert "不到 5 人的不列，合计也不列" in page


@pytest.mark.parametrize("page", ["participation", "delays", "items", "sections"])
def test_each_page_opens_with_and_without_anything(
    app: Flask, desk: FlaskClient, page: str
) -> None:
    nobody = signed_in(app, create_account("新来的", is_admin=True))
    for who in (desk, nobody):
        for address in (f"/desk/figures/{page}", f"/desk/figures/{page}/list.xlsx"):
            assert who.get(f"{address}?year=2026").status_code == 200
            assert who.get(f"{address}?year=x&of=9").status_code == 200


def test_what_is_no_page_of_figures_is_not_there(desk: FlaskClient) -> None:
    assert desk.get("/desk/figures/nothing").status_code == 404
    assert desk.get("/desk/figures/nothing/list.xlsx").status_code == 404


def test_the_map_of_skills_stands_by_unit_and_the_weak_are_listed(desk: FlaskClient) -> None:
    page = text_of(desk.get("/desk/figures?year=2026").text)
    assert "哪里强，哪里弱" in page
    page = text_of(desk.get("/desk/figures/skills?year=2026").text)
    assert "得分率，按标准的" in page
    assert "丁站 24 人" in page
    assert "要补的课" in page
    for by in ("person", "event", "year", "nothing"):
        assert desk.get(f"/desk/figures/skills?year=2026&by={by}").status_code == 200
    book = load_workbook(BytesIO(desk.get("/desk/figures/skills/list.xlsx?year=2026").data))
    rows = [list(row) for row in book.worksheets[0].values]
    assert ["丁站", 24] in [row[:2] for row in rows]
    assert rows[-1][:2] == ["全部", 60]
    lessons = load_workbook(BytesIO(desk.get("/desk/figures/skills/lessons.xlsx?year=2026").data))
    listed = [list(row) for row in lessons.worksheets[0].values]
    assert len(listed) > 20
    assert all(str(row[3]).endswith("%") for row in listed[2:])


def test_people_are_named_to_who_leads_alone(app: Flask, seen: SeenYear) -> None:
    watcher = create_account("监督员")
    for it in seen.here:
        if it.kind == "evaluation":
            grant_role(watcher, it, Role.SUPERVISOR)
    client = signed_in(app, watcher)
    page = client.get("/desk/figures/skills?year=2026&by=person").text
    assert "王小1" not in page
    assert "补课名单" not in page
    book = load_workbook(BytesIO(client.get("/desk/figures/skills/lessons.xlsx?year=2026").data))
    assert "王小" not in str([list(row) for row in book.worksheets[0].values])


def test_an_events_aspects_are_tied_to_sections_on_a_page(
    desk: FlaskClient, seen: SeenYear
) -> None:
    event = next(it for it in seen.here if it.code == "A").events[0]
    at = f"/desk/A/events/{event.code}/sections"
    (first, *_others) = aspect_rows(event)
    assert first.name in desk.get(at).text
    refused = desk.post(at, data={first.key: "长" * 41})
    assert refused.status_code == 400
    assert "长" * 41 in refused.text
    assert desk.post(at, data={first.key: "作业准备"}).status_code == 302
    assert 'value="作业准备"' in desk.get(at).text
    assert "作业准备" in desk.get("/desk/figures/skills?year=2026").text
    assert desk.get("/desk/A/events/none/sections").status_code == 404
    records = load_workbook(BytesIO(desk.get("/desk/A/records.xlsx").data))
    assert "标准的哪一节" in str([list(row) for row in records.worksheets[0].values])
