"""外面的成绩 at the desk: entered, agreed to by another, corrected, withdrawn, shown on pages."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from compete.models import Account, Competition, Entrant, OutsideResult, db
from tests.support.signing_in import official, signed_in

PAGE = "/desk/X/outside"
FOURTH = {
    "contest": "全国泵站运行工竞赛",
    "host": "水利部",
    "level": "national-2",
    "day": "2023-11-08",
    "event": "泵站运行工",
    "rank": "4",
    "entered": "96",
    "honours": "全国技术能手、岗位标兵",
    "document": "水人事〔2023〕312号",
}


def code_of(competition: Competition) -> str:
    query = select(Entrant.code).where(Entrant.competition_id == competition.id)
    return str(db.session.scalars(query.order_by(Entrant.code)).first())


def test_it_is_entered_agreed_to_and_shown(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    who, desk = code_of(judged), signed_in(app, organiser)
    assert "还没有外面的成绩" in desk.get(PAGE).text
    assert f"/desk/X/outside?who={who}" in desk.get(f"/desk/X/entrants/{who}/").text
    assert f'value="{who}"' in desk.get(f"{PAGE}?who={who}").text
    refused = desk.post(PAGE, data={**FOURTH, "who": who, "document": ""})
    assert refused.status_code == 400
    assert "凭据要写" in refused.text
    assert 'value="全国泵站运行工竞赛"' in refused.text
    unknown = desk.post(PAGE, data={**FOURTH, "who": "ZZZ"})
    assert "没有这个参赛号的人" in unknown.text
    answer = desk.post(PAGE, data={**FOURTH, "who": who})
    assert answer.location == PAGE
    row = db.session.scalars(select(OutsideResult)).one()
    assert row.honours == ["全国技术能手", "岗位标兵"]
    page = desk.get(PAGE).text
    assert "等第二个人核对" in page
    assert f"{PAGE}/{row.id}/agree" not in page
    chief = signed_in(app, official(judged, "C1"))
    assert "外面的成绩：" in chief.get("/desk/X/").text
    assert f"{PAGE}/{row.id}/agree" in chief.get(PAGE).text
    assert "录入一条" not in chief.get(PAGE).text
    chief.post(f"{PAGE}/{row.id}/agree")
    assert "算数" in desk.get(PAGE).text
    person = desk.get(f"/desk/X/entrants/{who}/").text
    assert "第 4 名，96 人参赛，全国技术能手、岗位标兵" in person


@pytest.fixture
def agreed(app: Flask, judged: Competition, organiser: Account) -> OutsideResult:
    signed_in(app, organiser).post(PAGE, data={**FOURTH, "who": code_of(judged)})
    row = db.session.scalars(select(OutsideResult)).one()
    signed_in(app, official(judged, "C1")).post(f"{PAGE}/{row.id}/agree")
    return row


def test_it_is_corrected_and_withdrawn_by_two(
    app: Flask, judged: Competition, organiser: Account, agreed: OutsideResult
) -> None:
    desk, chief = signed_in(app, organiser), signed_in(app, official(judged, "C1"))
    form = desk.get(f"{PAGE}?correct={agreed.id}").text
    assert 'value="水人事〔2023〕312号"' in form
    same = desk.post(f"{PAGE}/{agreed.id}/correct", data=FOURTH)
    assert same.status_code == 409
    desk.post(f"{PAGE}/{agreed.id}/correct", data=FOURTH | {"rank": "3"})
    new = db.session.scalars(select(OutsideResult).where(OutsideResult.rank == 3)).one()
    assert desk.post(f"{PAGE}/{new.id}/agree").status_code == 409
    chief.post(f"{PAGE}/{new.id}/agree")
    assert "第 3 名" in desk.get(PAGE).text
    assert "第 4 名" not in desk.get(PAGE).text
    assert desk.post(f"{PAGE}/{new.id}/withdraw", data={"reason": ""}).status_code == 400
    desk.post(f"{PAGE}/{new.id}/withdraw", data={"reason": "通报撤销"})
    assert "通报撤销" in chief.get(PAGE).text
    chief.post(f"{PAGE}/{new.id}/keep")
    desk.post(f"{PAGE}/{new.id}/withdraw", data={"reason": "通报撤销"})
    chief.post(f"{PAGE}/{new.id}/agree")
    assert "还没有外面的成绩" in desk.get(PAGE).text
