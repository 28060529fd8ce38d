"""Awards of a labour competition: to units, teams and people, by two, on paper and in public."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from compete.commands.verify import all_faults
from compete.domain.bundle.writing import write_bundle
from compete.domain.values.roles import Role
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    Consequence,
    Distinction,
    db,
)
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.competitions.retention import kept_of
from compete.services.labour.closing import close_period, publish_closed
from compete.services.labour.corrections import corrections_of
from compete.services.registration.units.unit_list import rename_unit
from tests.documents.reading import pages
from tests.domain.labour.build import indicator, labour_bundle, quarter, value
from tests.services.awards.test_external_awards import PDF
from tests.services.competitions.test_erasing_labour import announce, erase
from tests.support.signing_in import signed_in

PAGE, PAPERS = "/desk/L/distinctions", "/desk/L/certificates"
UNIT = {"title": "优胜单位", "people": ["甲"], "reason": "全年领先"}
TEAM = {"title": "先进班组", "name": "钢筋一班", "unit": "乙", "reason": "零返工"}
EARLY = {"reason": "表彰会就在月底"}
WORKER = {"title": "建功标兵", "name": "罗建国、韩梅", "unit": "丙", "reason": "革新三项"}


@pytest.fixture
def labour(load: Callable[..., Competition], organiser: Account) -> Competition:
    """January is announced."""
    bundle = labour_bundle(
        "甲乙丙",
        periods=quarter("一月", "二月"),
        indicators=[indicator("安全", 100)],
        values=[
            value(unit, "一月", "安全", points)
            for unit, points in zip("甲乙丙", (90, 85, 70), strict=True)
        ],
    )
    competition = load(json.loads(write_bundle(bundle)))
    close_period(competition, "一月", "", organiser)
    publish_closed(competition, organiser)
    return competition


@pytest.fixture
def second(app: Flask, labour: Competition) -> Account:
    account = create_account("李监督")
    grant_role(account, labour, Role.SUPERVISOR)
    return account


@pytest.fixture
def desk(app: Flask, organiser: Account, labour: Competition) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return signed_in(app, organiser)


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def give(desk: FlaskClient, second: FlaskClient) -> None:
    for nomination in (UNIT, TEAM, WORKER):
        assert desk.post(f"{PAGE}/nominate", data=nomination).status_code == 302, nomination
    for row in db.session.query(Distinction).all():
        assert second.post(f"{PAGE}/{row.id}/agree").status_code == 302


def paper_of(name: str) -> Certificate:
    return db.session.query(Certificate).filter(Certificate.subject == name).one()


def test_a_vetoed_unit_gets_no_award_and_of_its_team_who_agrees_reads_it(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    other, own = signed_in(app, second), {**UNIT, "people": ["乙"]}
    desk.post(f"{PAGE}/nominate", data=own)
    before = db.session.query(Distinction).one().id
    corrected(desk, other, labour, kind="veto", unit="乙")
    late = other.post(f"{PAGE}/{before}/agree")
    assert (late.status_code, "乙 在“一月”被一票否决，不评优" in late.text) == (409, True)
    desk.post(f"{PAGE}/{before}/drop", data={"reason": "否决"})
    again = desk.post(f"{PAGE}/nominate", data=own)
    assert (again.status_code, "乙 在“一月”被一票否决，不评优" in again.text) == (409, True)
    assert "一票否决 不评优" in text(desk.get(PAGE).text), "whom it cannot be given to says so"
    for sent in (UNIT, TEAM):
        desk.post(f"{PAGE}/nominate", data=sent)
    shown = text(other.get(PAGE).text)
    for row in db.session.query(Distinction):
        other.post(f"{PAGE}/{row.id}/agree")
    given = text(other.get(PAGE).text)
    assert "甲 全年领先 已评定" in given
    assert "零返工 一月 第 2 名 一票否决 这是所在单位的，定以前想一想" in given
    assert "甲 全年领先 一月 第 1 名 90.00" in shown
    assert "零返工 一月 第 2 名 一票否决 这是所在单位的，定以前想一想" in shown


def test_units_teams_and_people_are_nominated_granted_certified_and_announced(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    assert PAGE in desk.get("/desk/L/labour").text
    page = text(desk.get(PAGE).text)
    for title in ("优胜单位", "先进班组", "建功标兵"):
        assert title in page
    assert "优秀裁判员" not in page
    assert "甲 一月 第 1 名 90.00" in page, "where a unit stands is seen beside its name"
    refused = desk.post(f"{PAGE}/nominate", data={**TEAM, "name": " "})
    assert (refused.status_code, "要写班组的名称" in refused.text) == (400, True)
    assert "零返工</textarea>" in refused.text
    give(desk, signed_in(app, second))
    again = desk.post(f"{PAGE}/nominate", data={**WORKER, "name": "韩 梅"})
    assert (again.status_code, "已经有" in again.text) == (409, True)
    public = text(app.test_client().get("/p/L").text)
    assert "钢筋一班 乙 先进班组" in public
    assert "罗*国 丙 建功标兵" in public
    assert "罗建国" not in public
    register = text(desk.get(PAPERS).text)
    assert "荣誉证书 可发 4 张" in register
    assert "职业技能等级证书" not in register
    assert desk.post(f"{PAPERS}/issue/award", data=EARLY).status_code == 302
    register = text(desk.get(PAPERS).text)
    assert "钢筋一班" in register
    assert "罗建国" in register
    printed = pages(desk.get(f"{PAPERS}/award.pdf").data)
    assert len(printed) == 4
    assert "钢筋一班（乙）：" in printed[1]
    assert "团结协作、业绩突出，被评为先进班组" in printed[1]
    assert "罗建国同志（丙）：" in printed[2]
    book = load_workbook(io.BytesIO(desk.get("/desk/L/labour.xlsx").data))
    assert "罗建国" in {cell.value for row in book["评选奖项"].iter_rows() for cell in row}
    standings_book = load_workbook(io.BytesIO(app.test_client().get("/p/L/standings.xlsx").data))
    cells = {cell.value for row in standings_book["评选奖项"].iter_rows() for cell in row}
    assert "罗*国" in cells
    assert not {"罗建国", "革新三项"} & cells
    kept = [f"{row.after} {row.subject}" for row in db.session.query(AuditEntry).all()]
    assert not any("罗建国" in record for record in kept), "no name stays in the chain"
    assert all_faults() == []


def test_one_is_revoked_by_two_and_given_again_under_a_new_number(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    other = signed_in(app, second)
    give(desk, other)
    desk.post(f"{PAPERS}/issue/award", data=EARLY)
    paper = paper_of("罗建国")
    number, visitor, link = paper.id, app.test_client(), f"/v/{paper.token}"
    assert "罗建国" in visitor.get(link).text
    asked = desk.post(f"{PAPERS}/{number}/revoke", data={"reason": "写错了人"})
    assert asked.status_code == 302
    assert desk.post(f"{PAPERS}/{number}/revoke/agree").status_code == 409
    assert "写错了人" in other.get("/desk/L/consequences").text
    assert other.post(f"{PAPERS}/{number}/revoke/agree").status_code == 302
    assert "已撤销" in visitor.get(link).text
    assert "罗*国" not in text(visitor.get("/p/L").text)
    anew = {"why": "revoked", "reason": "查清了"}
    assert desk.post(f"{PAPERS}/{number}/reissue", data=anew).status_code == 302
    assert other.post(f"{PAPERS}/{number}/revoke/agree").status_code == 302
    db.session.expire_all()
    paper = db.session.get_one(Certificate, number)
    (new,) = paper.replaced_by
    assert new.number != paper.number
    assert "罗*国" in text(visitor.get("/p/L").text)
    assert all_faults() == []


def test_a_unit_that_is_called_otherwise_is_settled_before_more_is_issued(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account, organiser: Account
) -> None:
    give(desk, signed_in(app, second))
    desk.post(f"{PAPERS}/issue/award", data=EARLY)
    rename_unit(labour.units[0], labour, "甲公司", organiser)
    publish_closed(labour, organiser, "甲更名")
    assert "没办" in desk.get(PAPERS).text
    assert "甲公司" in desk.get("/desk/L/consequences").text


def corrected(desk: FlaskClient, other: FlaskClient, labour: Competition, **asked: str) -> None:
    """January is corrected by two and announced anew."""
    desk.post("/desk/L/labour/periods/一月/correct", data={"reason": "查清了", **asked})
    other.post(f"/desk/L/labour/corrections/{corrections_of(labour)[0].id}/agree")
    assert desk.post("/desk/L/labour/publish", data={"note": "查清了"}).status_code == 302


def test_awards_whose_ground_a_correction_took_are_settled_before_more_is_issued(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    other, visitor, page = signed_in(app, second), app.test_client(), "/desk/L/consequences"
    give(desk, other)
    desk.post(f"{PAPERS}/issue/award", data=EARLY)
    desk.post(f"{PAGE}/nominate", data={**UNIT, "people": ["乙"]})
    late = db.session.query(Distinction).order_by(Distinction.id.desc()).first()
    assert late is not None
    assert other.post(f"{PAGE}/{late.id}/agree").status_code == 302
    corrected(desk, other, labour, kind="value", unit="甲", indicator="安全", points="60")
    assert "甲 " in text(desk.get(page).text)
    assert "一月 第 1 → 第 3 名" in text(desk.get(page).text)
    assert desk.post(f"{PAPERS}/issue/award", data=EARLY).status_code == 409
    row = db.session.query(Consequence).one()
    keep = {"rows": row.id, "act": "keep", "reason": "评的是安全"}
    assert desk.post(page, data=keep).status_code == 302
    assert desk.post(f"{page}/{row.id}/agree").status_code == 409, "who asked does not agree"
    assert other.post(f"{page}/{row.id}/agree").status_code == 302
    assert all_faults() == []
    # Kept against the place, not against what comes after it.
    corrected(desk, other, labour, kind="veto", unit="甲")
    corrected(desk, other, labour, kind="veto", unit="乙")
    shown = text(desk.get(page).text)
    assert shown.count("一月 一票否决") == 3, "two given, one granted"
    assert desk.post(f"{PAPERS}/issue/award", data=EARLY).status_code == 409
    rows = [
        consequence for consequence in db.session.query(Consequence) if consequence.state == "open"
    ]
    assert desk.post(
        page,
        data={"rows": ",".join(str(consequence.id) for consequence in rows), "act": "withdraw"},
    ).location.endswith("/consequences")
    assert "一票否决" in visitor.get(f"/v/{paper_of('甲').token}").text
    given = text(desk.get(PAGE).text)
    assert given.count("成绩更正，第 4 版：一票否决") == 3, "granted ones too"
    assert "都已经发了" in desk.post(f"{PAPERS}/issue/award", data=EARLY).text
    assert all_faults() == []


def test_names_of_awarded_people_go_with_the_rest_and_their_papers_stay(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account, organiser: Account
) -> None:
    give(desk, signed_in(app, second))
    desk.post(f"{PAPERS}/issue/award", data=EARLY)
    paper = paper_of("罗建国").id
    assert kept_of(labour).people == 2
    announce(labour, 800)
    erase(labour, organiser, second)
    db.session.expire_all()
    names = {row.called for row in db.session.query(Distinction).all()}
    assert {"甲", "钢筋一班"} < names
    assert not names & {"罗建国", "韩梅"}
    assert kept_of(labour).people == 0
    assert "获奖人" in text(app.test_client().get("/p/L").text)
    certificate = db.session.get_one(Certificate, paper)
    assert "罗建国" in app.test_client().get(f"/v/{certificate.token}").text
    lost = {"why": "lost", "reason": "丢了"}
    assert desk.post(f"{PAPERS}/{paper}/reissue", data=lost).status_code == 409
    rename_unit(labour.units[0], labour, "甲公司", organiser)
    publish_closed(labour, organiser, "甲更名")
    left = text(desk.get("/desk/L/consequences").text)
    assert "甲公司" in left
    assert "获奖人" not in left, "an erased name is no difference"
    assert all_faults() == []


def test_a_honour_of_the_union_is_given_once_its_document_is_entered(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    title, page = "省五一劳动奖状", "/desk/L/honours"
    columns = {"kind": "unit", "age_to": "", "age_on": "", "gender": "", "places": "1"}
    assert desk.post(f"{PAGE}/rules", data={"title": title, **columns}).status_code == 302
    nominated = desk.post(
        f"{PAGE}/nominate", data={"title": title, "people": ["甲", "乙"], "reason": "全年领先"}
    )
    assert nominated.status_code == 302
    other = signed_in(app, second)
    for row in db.session.query(Distinction).all():
        assert other.post(f"{PAGE}/{row.id}/agree").status_code == 302
    assert page in desk.get(PAGE).text
    public = text(app.test_client().get("/p/L").text)
    assert f"甲 {title}（等核准）" in public
    assert "等核准的荣誉：2" in text(desk.get("/desk/L/labour").text)
    assert desk.post(f"{PAPERS}/issue/award", data=EARLY).status_code == 409
    assert "还没写明由谁授予" in text(desk.get(page).text)
    need = desk.post(f"{page}/need", data={"title": title, "body": "省总工会"})
    assert need.status_code == 302
    shown = desk.get(page).text
    asked = re.findall(r'name="people" value="([^"]+)"', shown)
    assert len(asked) == 2
    sent = {
        "title": title,
        "event": "",
        "people": asked[:1],
        "word": "approved",
        "number": "苏工发〔2022〕8 号",
        "dated": "2022-10-09",
        "document": (io.BytesIO(PDF), "批文.pdf"),
    }
    assert desk.post(f"{page}/decide", data=sent).status_code == 302
    assert "苏工发〔2022〕8 号" in desk.get(page).text
    assert desk.get(f"{page}/1/document").data == PDF
    assert "等核准" in text(desk.get(PAGE).text)
    assert desk.post(f"{PAPERS}/issue/award", data=EARLY).status_code == 302
    assert [paper.subject for paper in db.session.query(Certificate).all()] == ["甲"]
    public = text(app.test_client().get("/p/L").text)
    assert f"甲 {title} " in public
    assert f"乙 {title}（等核准）" in public
    assert all_faults() == []


def test_a_misspelt_name_is_corrected_by_two_and_its_certificate_replaced(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    other, visitor = signed_in(app, second), app.test_client()
    give(desk, other)
    desk.post(f"{PAPERS}/issue/award", data=EARLY)
    old = paper_of("罗建国")
    row = old.distinction
    assert row is not None
    where, number = f"{PAGE}/{row.id}", row.id
    for fields, status in (
        ({"name": " ", "reason": "姓写错了"}, 400),
        ({"name": "骆建国", "reason": " "}, 400),
        ({"name": "罗建国", "reason": "姓写错了"}, 400),
        ({"name": "韩梅", "reason": "姓写错了"}, 409),
    ):
        assert desk.post(f"{where}/correct", data=fields).status_code == status, fields
    asked = {"name": "骆建国", "reason": "姓写错了"}
    assert desk.post(f"{where}/correct", data=asked).status_code == 302
    assert "提出更正成 骆建国：姓写错了" in text(other.get(PAGE).text)
    assert "，等第二个人同意" in text(desk.get("/desk/L/labour").text)
    assert desk.post(f"{where}/agree").status_code == 409, "who asked does not agree alone"
    assert "罗建国" in visitor.get(f"/v/{old.token}").text
    assert other.post(f"{where}/drop").status_code == 302
    assert desk.post(f"{where}/agree").status_code == 409, "nothing waits any more"
    assert desk.post(f"{where}/correct", data=asked).status_code == 302
    assert desk.post(f"{where}/recall", data={"reason": "收回"}).status_code == 409
    assert other.post(f"{where}/agree").status_code == 302
    db.session.expire_all()
    new = paper_of("骆建国")
    assert (new.replaces_id, new.distinction_id) == (old.id, number)
    assert new.number != old.number
    assert "已换发" in visitor.get(f"/v/{old.token}").text
    assert "骆*国 丙 建功标兵" in text(visitor.get("/p/L").text)
    again = desk.post(f"{PAGE}/nominate", data={**WORKER, "name": "骆建国"})
    assert again.status_code == 409
    kept = [f"{row.after} {row.subject}" for row in db.session.query(AuditEntry).all()]
    assert not any("建国" in record for record in kept), "no name stays in the chain"
    assert all_faults() == []


def test_a_units_award_is_corrected_where_the_unit_is_named(
    app: Flask, desk: FlaskClient, labour: Competition, second: Account
) -> None:
    give(desk, signed_in(app, second))
    unit = db.session.query(Distinction).filter_by(title="优胜单位").one()
    assert (
        desk.post(f"{PAGE}/{unit.id}/correct", data={"name": "甲厂", "reason": "x"}).status_code
        == 409
    )
    page = desk.get(PAGE).text
    assert f"/{unit.id}/correct" not in page
    assert page.count("/correct") == 3
