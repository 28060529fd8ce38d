"""The desk under a careless hand: twice, too late, in another tab, and back again."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import compete
from compete.domain.values import CompetitionState, SheetState
from compete.models import Account, Competition, Sheet, db, utc_now
from compete.services.certificates import issue_grade_certificates, revoke_certificate
from compete.services.closing import unlock_marks
from compete.services.competitions import overview_of
from compete.services.kernel import unit_of_work
from compete.services.publication import publish
from compete.web.certificate_words import shown_number
from compete.web.organiser.overview import record_words
from tests.support.announced import announce, approve_all, body_for, lock
from tests.support.people import visitor
from tests.support.signing_in import signed_in

_RECORDING = ("audit.record", "_record", "_note")


@pytest.fixture
def desk(app: Flask, judged: Competition) -> FlaskClient:
    return visitor(app, "organiser", judged)


def test_what_is_done_already_is_not_refused_as_an_impossible_change(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    again = desk.post("/desk/X/lock", headers={"Referer": "http://localhost/desk/X/progress?a=1"})
    assert again.status_code == 409
    assert "已经是“已锁定”了" in again.text
    assert 'href="/desk/X/progress?a=1"' in again.text


@pytest.mark.parametrize("foreign", ["http://elsewhere.example/desk", "javascript:alert(1)", ""])
def test_the_way_back_from_an_error_stays_on_this_site(
    desk: FlaskClient, judged: Competition, organiser: Account, foreign: str
) -> None:
    lock(judged, organiser)
    page = desk.post("/desk/X/lock", headers={"Referer": foreign})
    assert "回到上一页</a>" not in page.text
    twice = desk.post("/desk/X/lock", headers={"Referer": "http://localhost//elsewhere.example"})
    assert 'href="/elsewhere.example"' in twice.text


def test_locked_marks_are_opened_from_the_competitions_page_with_a_reason(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    assert "解锁评分" not in desk.get("/desk/X/").text
    announce(judged, organiser)
    page = desk.get("/desk/X/").text
    assert 'action="/desk/X/unlock"' in page
    assert "已公布的第 1 版不变" in page
    assert desk.post("/desk/X/unlock", data={"reason": "录错一张"}).status_code == 302
    assert judged.state is CompetitionState.JUDGING
    assert "解锁，理由：录错一张" in desk.get("/desk/X/").text


def test_a_second_version_is_published_with_what_changed(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    assert 'href="/desk/X/publish"' in desk.get("/desk/X/awards").text
    assert 'name="note"' not in desk.get("/desk/X/publish").text
    publish(judged, organiser)
    unlock_marks(judged, "录错一张", organiser)
    lock(judged, organiser)
    assert "公布第 2 版" in desk.get("/desk/X/awards").text
    assert 'name="note"' in desk.get("/desk/X/publish").text
    desk.post("/desk/X/publish", data={"note": "改了一张评分表"})
    assert judged.state is CompetitionState.NOTICE
    assert "这一版：改了一张评分表" in desk.get("/p/X").text


def test_approving_everybody_twice_is_no_error(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    lock(forklift, organiser)
    client = signed_in(app, organiser)
    everybody = "/desk/FORK-2022/awards/approve/proposed"
    assert "批准了" in client.post(everybody, follow_redirects=True).text
    again = client.post(everybody, follow_redirects=True)
    assert again.status_code == 200
    assert "没有待批准的人了" in again.text


def test_nobody_is_sent_to_fill_a_workbook_that_will_be_refused(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    assert "报名已经截止" not in desk.get("/desk/X/entrants/upload").text
    lock(judged, organiser)
    page = desk.get("/desk/X/entrants/upload")
    assert page.status_code == 200
    assert "报名已经截止" in page.text
    assert desk.post("/desk/X/entrants/upload").status_code == 409


def test_sheets_that_nobody_waits_for_are_not_counted_as_missing(forklift: Competition) -> None:
    seen = overview_of(forklift)
    assert seen.absent
    assert seen.blockers == []
    assert seen.submitted == sum(seen.sheets.values())


def test_a_revoked_certificate_is_counted_and_found_as_it_is_printed(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    approve_all(forklift, organiser)
    made = issue_grade_certificates(forklift, body_for(forklift), organiser, "急用")
    revoke_certificate(made[0], "姓名有误", organiser)
    client = signed_in(app, organiser)
    awards = client.get("/desk/FORK-2022/awards").text
    assert 'class="count-filter revoked"' in awards
    for asked in (shown_number(made[0]), made[0].number.lower()):
        listed = client.get("/desk/FORK-2022/certificates", query_string={"q": asked}).text
        assert listed.count('class="number"') == 1


def test_every_act_on_record_has_a_sentence(here: Flask) -> None:
    spoken = Path(record_words.__file__).read_text(encoding="utf-8")
    for action in recorded_actions():
        assert f'"{action}"' in spoken, action


def recorded_actions() -> set[str]:
    """Every action that some service gives to the audit chain by name."""
    found = set()
    for path in (Path(compete.__file__).parent / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in _RECORDING:
                continue
            found |= {
                one.value
                for one in node.args
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value
            }
    return found


def test_the_page_names_missing_signatures_before_the_lock_refuses_for_them(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    with unit_of_work():
        judged.settings = judged.settings | {"must_sign": True}
        for sheet in db.session.query(Sheet):
            sheet.submitted_at = utc_now()
    page = desk.get("/desk/X/").text
    assert "没签名的评分表 12 张" in page
    assert 'action="/desk/X/lock"' not in page
    refused = desk.post("/desk/X/lock")
    assert refused.status_code == 409
    assert "没签名的评分表 12 张" in refused.text


def test_a_sheet_that_is_in_goes_back_to_its_judge_from_its_page(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    sheet = db.session.query(Sheet).first()
    assert sheet is not None
    where = f"/desk/X/sheets/{sheet.public_id}"
    assert f'action="{where}/return"' in desk.get(where).text
    desk.post(f"{where}/return", data={"reason": "操作平稳录错一档"})
    assert sheet.state is SheetState.RETURNED
    assert "退回重评" not in desk.get(where).text
