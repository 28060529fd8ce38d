"""The page of grades on other grounds: evidence, notice, a second person, one register."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from openpyxl import load_workbook

from compete.models import Account, Competition, GradeClaim, db, utc_now
from compete.services.certificates.issuing_bodies import choose_body, create_body
from compete.services.kernel.transactions import unit_of_work
from tests.services.awards.test_external_awards import PDF
from tests.support.announced import body_for
from tests.support.portraits import portrait
from tests.support.second_day import PRIZES, person
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/claims"


def test_a_grade_is_proposed_put_up_approved_issued_and_its_ground_is_shown(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    body_for(competition)
    desk, second = signed_in(app, organiser), signed_in(app, official(competition, "S1"))
    assert PAGE in desk.get("/desk/X/awards").text
    assert app.test_client().get("/p/X/grades").status_code == 404
    form = {
        "people": "P4\nP3",
        "ground": "employer",
        "grade": "4",
        "clause": "苏人社规〔2023〕1 号第八条",
        "facts": "理论 81，操作 77",
    }
    refused = desk.post(PAGE, data=form)
    assert (refused.status_code, "自主评定要附证明材料" in refused.text) == (400, True)
    assert "理论 81，操作 77" in refused.text
    # An assessment is an evaluation of its own, to which the page leads.
    sent = form | {"ground": "assessment", "document": (io.BytesIO(PDF), "a.pdf")}
    answer = desk.post(PAGE, data=sent)
    assert (answer.status_code, "新建一次等级认定" in answer.text) == (409, True)
    assert 'href="/desk/new"' in answer.text
    assert 'value="assessment"' not in answer.text
    fake = form | {"document": (io.BytesIO(b"MZ"), "a.pdf")}
    assert desk.post(PAGE, data=fake).status_code == 415
    assert desk.post(PAGE, data=form | {"ground": "x"}).status_code == 400
    sent = form | {"document": (io.BytesIO(PDF), "考核.pdf")}
    assert "提出了，人数：2" in desk.post(PAGE, data=sent, follow_redirects=True).text
    listed = desk.get(PAGE).text
    assert "理论 81，操作 77" in listed
    page_text = desk.get(f"{PAGE}?q=P3").text
    assert ("孙䶮" in page_text, "李小小" in page_text) == (True, False)
    assert "没有找到" in desk.get(f"{PAGE}?state=notice").text
    file = desk.get(f"{PAGE}/documents/1")
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert desk.get(f"{PAGE}/documents/2").status_code == 404
    assert second.post(PAGE, data=form).status_code == 404
    ids = {"claim": ["1", "2"]}
    assert "/p/X/grades" not in desk.get(PAGE).text
    assert desk.post(f"{PAGE}/put-up").status_code == 400
    assert desk.post(f"{PAGE}/put-up", data={"claim": ["99"]}).status_code == 409
    assert "开始公示，人数：2" in desk.post(
        f"{PAGE}/put-up", data=ids, follow_redirects=True
    ).get_data(as_text=True)
    assert "/p/X/grades" in desk.get(PAGE).text
    public = app.test_client().get("/p/X/grades").text
    assert "自主评定" in public
    assert "李*小" in public
    assert "李小小" not in public
    early = second.post(f"{PAGE}/decide/approve", data=ids)
    assert (early.status_code, "期满以后才能批准" in early.text) == (409, True)
    with unit_of_work():
        for row in db.session.query(GradeClaim).order_by(GradeClaim.id):
            row.notice_until = utc_now() - timedelta(seconds=1)
    for who, answer in ((desk, True), (second, False)):
        row = who.get("/desk/X/").text.partition("等级认定可以定的：2")[2].partition("</li>")[0]
        assert ("要另一个人来。现在能办的：" in row, bool(row)) == (answer, True)
    assert desk.post(f"{PAGE}/decide/approve", data=ids).status_code == 409
    assert second.post(f"{PAGE}/decide/no", data=ids).status_code == 404
    assert second.post(f"{PAGE}/decide/refuse", data={"claim": ["2"]}).status_code == 400
    refuse = {"claim": ["2"], "reason": "社保不在本省"}
    second.post(f"{PAGE}/decide/refuse", data=refuse)
    assert second.post(f"{PAGE}/decide/approve", data={"claim": ["1"]}).status_code == 302
    answer = desk.get("/desk/X/").text
    assert "批准 P4 自主评定 四级/中级工" in answer
    assert "不批准 P3 的自主评定，理由：社保不在本省" in answer
    assert second.post(f"{PAGE}/issue").status_code == 404
    assert "等级认定等发证的：1" in desk.get("/desk/X/certificates").text
    register = desk.post(f"{PAGE}/issue", follow_redirects=True).text
    assert "自主评定，苏人社规〔2023〕1 号第八条" in register
    assert "等级认定等发证的" not in register
    book = load_workbook(io.BytesIO(desk.get("/desk/X/certificates/register.xlsx").data))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "自主评定，苏人社规〔2023〕1 号第八条" in cells
    link = register.split('href="/v/')[1].split('"')[0]
    looked_up = app.test_client().get(f"/v/{link}").text
    assert "苏人社规〔2023〕1 号第八条" in looked_up
    assert app.test_client().get("/p/X/grades").status_code == 404
    assert "缓办" not in desk.get(PAGE).text.split("提出认定")[0]
    assert person(competition, "P4").name in desk.get(PAGE).text


def test_a_notice_in_a_year_whose_holidays_nobody_entered_says_so(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    body_for(competition)
    for year, warning in ((2026, False), (2031, True)):
        with time_machine.travel(f"{year}-09-17T10:00:00+08:00"):
            desk = signed_in(app, organiser)
            sent = {
                "people": "P4" if warning else "P3",
                "ground": "employer",
                "grade": "4",
                "clause": "苏人社规〔2023〕1 号第八条",
                "facts": "理论 81，操作 77",
                "document": (io.BytesIO(PDF), "考核.pdf"),
            }
            answer = desk.post(PAGE, data=sent)
            assert answer.status_code == 302, answer.text
            claim = db.session.query(GradeClaim).order_by(GradeClaim.id.desc()).first()
            assert claim is not None
            desk.post(f"{PAGE}/put-up", data={"claim": [str(claim.id)]})
            page = desk.get(PAGE).text
            assert "期满以后才能批准" in page
            assert (f"{year} 年的放假安排还没有，按周一到周五算" in page) is warning


def test_what_each_ground_needs_is_the_organisers_and_kept_when_wrong(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    desk = signed_in(app, organiser)
    days = {f"{key}.days": "0" for key in ("direct", "employer", "renewal")}
    wrong = desk.post(f"{PAGE}/grounds", data=days | {"direct.days": "七"})
    assert (wrong.status_code, "公示天数要写整数" in wrong.text) == (400, True)
    assert desk.post(f"{PAGE}/grounds", data=days).status_code == 302
    form = {"people": "P4", "ground": "direct", "grade": "3", "clause": "第五条", "facts": "省赛"}
    missing = desk.post(PAGE, data=form)
    assert (missing.status_code, "还没填评价机构" in missing.text) == (409, True)
    body_for(competition)
    assert desk.post(PAGE, data=form).status_code == 302
    desk.post(f"{PAGE}/put-up", data={"claim": ["1"]})
    # Whoever approves sees that nobody was asked.
    assert "没有公示：这种依据定的是公示 0 天" in desk.get(PAGE).text
    drop = {"claim": ["1"], "reason": "先不办"}
    assert desk.post(f"{PAGE}/drop", data=drop | {"reason": ""}).status_code == 400
    assert "不提了" in desk.post(f"{PAGE}/drop", data=drop, follow_redirects=True).text


def test_people_who_take_no_part_are_proposed_corrected_and_shown_in_public(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    desk, second = signed_in(app, organiser), signed_in(app, official(competition, "S1"))
    assert "还没选评价机构" in desk.get(PAGE).text
    body_for(competition)
    assert "起重装卸机械操作工 6-30-05-01（" in desk.get(PAGE).text
    number = "110101199003070038"
    form = {
        "lines": f"张三 {number} 南京港\n李 四 错",
        "paper": "citizen_id",
        "occupation": "6-30-05-01 起重装卸机械操作工",
        "track": "叉车司机",
        "ground": "employer",
        "grade": "4",
        "clause": "苏人社规〔2023〕1 号第八条",
        "facts": "理论 81，操作 77",
    }

    def sent(**other: str) -> dict[str, Any]:
        return form | other | {"document": (io.BytesIO(PDF), "考核.pdf")}

    others = f"{PAGE}/others"
    refused = desk.post(others, data=sent())
    assert (refused.status_code, "第 2 行：" in refused.text) == (400, True)
    assert "理论 81，操作 77" in refused.text
    for wrong in ({"paper": "x"}, {"occupation": "7"}, {"ground": "x"}):
        assert desk.post(others, data=sent(**wrong)).status_code == 400
    good = {"lines": f"张三 {number} 南京港"}
    assert desk.post(others, data=sent(occupation="", **good)).status_code == 400
    assert desk.post(others, data=sent(track="工" * 101, **good)).status_code == 400
    assert second.post(others, data=sent(**good)).status_code == 404
    page_text = desk.post(others, data=sent(**good), follow_redirects=True).text
    assert "提出了，人数：1" in page_text
    assert "不参赛 #1" in page_text
    assert "提出 #1 自主评定 四级/中级工" in desk.get("/desk/X/").text
    desk.post(f"{PAGE}/put-up", data={"claim": ["1"]})
    public = app.test_client().get("/p/X/grades").text
    assert ("张*" in public, "张三" in public, "南京港" in public) == (True, False, True)
    assert "起重装卸机械操作工" in public
    page = f"{PAGE}/people/1"
    shown = desk.get(page).text
    assert ("南京港" in shown, number in shown, "自主评定" in shown) == (True, False, True)
    assert desk.get(f"{PAGE}/people/2").status_code == 404
    assert desk.get(f"{page}/photo.jpg").status_code == 404
    assert second.post(page, data={"name": "张叁", "reason": "错"}).status_code == 404
    wrong_name = desk.post(page, data={"name": "张3", "reason": "错"})
    assert (wrong_name.status_code, "姓名不对" in wrong_name.text) == (400, True)
    data = {"name": "张叁", "reason": "身份证", "photo": (io.BytesIO(portrait()), "p.jpg")}
    assert "改好了" in desk.post(page, data=data, follow_redirects=True).text
    assert desk.get(f"{page}/photo.jpg").mimetype == "image/jpeg"
    assert "更正不参赛的 #1 的资料，理由：身份证" in desk.get("/desk/X/").text
    same = {"name": "张叁", "reason": "身份证"}
    assert "没有改" in desk.post(page, data=same, follow_redirects=True).text
    # What the certificate says stays until another is issued in its stead.
    with unit_of_work():
        db.session.query(GradeClaim).one().notice_until = utc_now() - timedelta(seconds=1)
    second.post(f"{PAGE}/decide/approve", data={"claim": ["1"]})
    register = desk.post(f"{PAGE}/issue", follow_redirects=True).text
    assert "张叁" in register
    book = load_workbook(io.BytesIO(desk.get("/desk/X/certificates/register.xlsx").data))
    assert "南京港" in [cell.value for row in book.active.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert "证书上还是原来" not in desk.get(page).text
    desk.post(page, data={"name": "张三", "reason": "看错了"})
    assert "证书上还是原来" in desk.get(page).text
    opened = desk.get("/desk/X/certificates?open=1").text
    assert page in opened
    link = register.split('href="/v/')[1].split('"')[0]
    assert "苏人社规〔2023〕1 号第八条" in app.test_client().get(f"/v/{link}").text
    assert "等级认定 #1" in desk.get("/desk/people?q=张三").text
    # The person wants to be forgotten: two do it, and the certificate stands.
    assert desk.post(f"{page}/erase", data={"reason": ""}).status_code == 400
    asked = desk.post(f"{page}/erase", data={"reason": "本人来信"}, follow_redirects=True)
    assert "等第二个人同意" in asked.text
    assert "#1 张三" in second.get("/desk/X/personal-data").text
    second.post("/desk/X/personal-data/1/agree")
    assert "姓名换成化名" in desk.get(page).text
    assert "张叁" in app.test_client().get(f"/v/{link}").text


def test_an_occupations_grades_stand_in_the_readers_language_and_fit_their_field(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    body_for(load(small(all_marks(), event=PRIZES)))
    desk = signed_in(app, organiser)
    assert "（五级/初级工 到 一级/高级技师）" in desk.get(PAGE).text
    desk.get("/language/en")
    page = desk.get(PAGE).text
    assert "(Junior (Level 5) to Senior technician (Level 1))" in page


def test_an_occupation_is_chosen_by_name_though_another_body_issues_by_now(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks(), event=PRIZES))
    crane = {"code": "6-30-05-01", "name": "起重装卸机械操作工", "grades": [5, 4]}
    chemist = {"code": "6-31-03-01", "name": "化学检验员", "grades": [5, 4]}
    first, second = (
        create_body(
            name=f"评价机构{site}",
            kind="Y",
            body_code="0000",
            province="32",
            site=site,
            phone=None,
            scope=scope,
            by=None,
        )
        for site, scope in (("000123", [chemist, crane]), ("000456", [crane]))
    )
    choose_body(competition, first, organiser)
    desk = signed_in(app, organiser)
    offered = re.findall(r'<option value="(6-[^"]+)"', desk.get(PAGE).text)
    # Its own come first, so that nobody gets another's by leaving the field as it is.
    assert offered == ["6-30-05-01 起重装卸机械操作工", "6-31-03-01 化学检验员"]
    choose_body(competition, second, organiser)

    def sent(occupation: str) -> Any:
        form = {
            "lines": "张三 110101199003070038 南京港",
            "paper": "citizen_id",
            "occupation": occupation,
            "ground": "employer",
            "grade": "4",
            "clause": "苏人社规〔2023〕1 号第八条",
            "facts": "理论 81，操作 77",
            "document": (io.BytesIO(PDF), "考核.pdf"),
        }
        return desk.post(f"{PAGE}/others", data=form, follow_redirects=True)

    gone = sent(offered[1])
    assert (gone.status_code, "不在评价机构的备案范围里" in gone.text) == (400, True)
    assert "提出了，人数：1" in sent(offered[0]).text
    assert db.session.query(GradeClaim).one().occupation["name"] == "起重装卸机械操作工"  # type: ignore[index]
