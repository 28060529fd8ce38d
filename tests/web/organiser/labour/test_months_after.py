"""On the desk: when flags were handed over, who is spoken to, until when all is put right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import Account, AuditEntry, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.competition_settings import settings_of
from compete.services.labour.closing import close_period
from compete.services.labour.departments import save_department
from compete.web.organiser.log.record_words import record_text
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, one_month, quarter, value
from tests.support.signing_in import signed_in

MONTH = "/desk/L/labour/periods/M"


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Competition:
    bundle = one_month({"甲": 95, "乙": 60}, flags={"count": 1, "min": 90}, warn_below=70)
    competition = load(json.loads(write_bundle(bundle)))
    grant_role(organiser, competition, Role.ORGANISER, by=organiser)
    return competition


@pytest.fixture
def desk(app: Flask, contest: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def test_days_are_written_once_the_month_is_closed_and_printed(
    app: Flask, desk: FlaskClient, contest: Competition, organiser: Account
) -> None:
    assert "授旗、约谈和整改" not in desk.get(MONTH).text
    close_period(contest, "M", "", organiser)
    page = desk.get(MONTH).text
    assert "流动红旗：甲" in page
    assert "黄牌 60.00" in page
    wanted = {
        "given:甲": "2026-10-15",
        "back:甲": "",
        "at:乙": "2026-10-18T14:00",
        "place:乙": "省公司  302",
        "by:乙": "2026-10-31",
        "who:乙": "安全部周茹",
    }
    assert desk.post(f"{MONTH}/after", data=wanted).status_code == 302
    page = desk.get(MONTH).text
    for stands in ("2026-10-15", "2026-10-18T14:00", "省公司 302", "2026-10-31", "安全部周茹"):
        assert f'value="{stands}"' in page, stands
    text = "".join(pages(desk.get("/desk/L/labour/bulletin.pdf?period=M").data))
    assert (
        "乙60.00，低于70，黄牌：10月18日14:00到省公司302约谈，10月31日前整改完，安全部周茹负责"
        in text
    )
    assert "10月15日授旗" in text
    assert "95.00，红旗线 90，10月15日授旗" in desk.get("/desk/L/labour?period=M").text
    with app.test_request_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "labour.follow_ups")
        ).one()
        sentence = record_text(entry, {})
    assert "授旗、约谈和整改的日子：红旗 1 面，约谈和整改 1 家" in sentence
    assert "周茹" not in str(entry.after), "the record outlives people's names"
    for wrong, error_sentence in (
        ({"back:甲": "2026-10-01"}, "都不能比授旗早"),
        ({"at:乙": "明天"}, "日子写成年月日"),
        ({"who:乙": "人" * 61}, "最多 60 个字"),
    ):
        answer = desk.post(f"{MONTH}/after", data=wanted | wrong)
        assert answer.status_code == 400, wrong
        assert error_sentence in answer.text
        assert next(iter(wrong.values())) in answer.text, "what was typed stays"
    assert desk.post(f"{MONTH}/after", data={"given:丙": "2026-10-15"}).status_code == 404
    assert settings_of(contest).follow_ups["M"]["乙"].who == "安全部周茹"


def test_who_only_looks_writes_nothing(
    app: Flask, contest: Competition, organiser: Account
) -> None:
    close_period(contest, "M", "", organiser)
    other = create_account("周颖")
    grant_role(other, contest, Role.SUPERVISOR, by=organiser)
    looker = signed_in(app, other)
    assert f'action="{MONTH}/after"' not in looker.get(MONTH).text
    assert looker.post(f"{MONTH}/after", data={"given:甲": "2026-10-15"}).status_code == 404


def test_a_quarter_that_is_open_is_not_called_vacant_on_the_desk(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲乙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 100)],
        values=[value(unit, month, "安全", 50) for unit in "甲乙" for month in ("一月", "二月")],
        flags={"count": 1, "min": 80},
    )
    competition = load(json.loads(write_bundle(bundle)))
    grant_role(organiser, competition, Role.ORGANISER, by=organiser)
    close_period(competition, "一月", "", organiser)
    page = signed_in(app, organiser).get("/desk/L/labour?period=一月").text
    journey = re.sub(r"<[^>]+>|\s", "", page)
    assert "一月空缺" in journey
    assert "二月还没结账" in journey


def test_an_indicator_split_between_departments_is_told_apart_by_them(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    bundle = labour_bundle(
        "甲",
        periods=quarter("一月"),
        indicators=[indicator(code, 50, name="检查") for code in "AB"],
        values=[value("甲", "一月", code, 40) for code in "AB"],
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "", organiser)
    desk = signed_in(app, organiser)
    for name, code in (("安全部", "A"), ("工程部", "B")):
        save_department(competition, name, [code], None, organiser)
    for path in ("periods/一月", "changes"):
        page = desk.get(f"/desk/L/labour/{path}").text
        for name in ("安全部", "工程部"):
            assert f">检查（{name}）</option>" in page, path
    listed = desk.get("/desk/L/departments").text
    assert listed.count("<td>检查</td>") == 2, "in the department's own row its name says which"


def test_what_goes_out_is_the_ranking_and_no_word_of_examinations(
    desk: FlaskClient, contest: Competition, organiser: Account
) -> None:
    close_period(contest, "M", "", organiser)
    page = desk.get("/desk/L/labour/publish").text
    main = re.sub(r"<[^>]+>", "", page[page.index("<main") : page.index("</main>")])
    for word in ("缺考", "裁定", "选手", "赛项", "证件号码"):
        assert word not in main, word
    assert "本月排名1 甲 95.00、2 乙 60.00" in "".join(main.split("\n"))


def test_a_correction_shows_what_stands_in_its_square(
    desk: FlaskClient, contest: Competition, organiser: Account
) -> None:
    close_period(contest, "M", "", organiser)
    square = {"kind": "value", "unit": "甲", "indicator": "x", "points": "90", "reason": "笔误"}
    page = desk.post(f"{MONTH}/correct/look", data=square).text
    assert "甲 x现在是 95，得 95 分" in page
    assert 'value="90"' in page, "what was typed stays"
    assert "甲 x现在是 95" in desk.get(f"{MONTH}?unit=甲&indicator=x").text
    assert 'id="stands"' not in desk.get(MONTH).text
