"""The page on which another body's approval of an honour is entered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from flask import Flask

from compete.models import Account, Competition
from compete.services.awards.external_awards import honours_as_own
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.results.result_moves import withdraw_notice
from tests.services.awards.test_external_awards import BODY, PDF, TITLE
from tests.support.announced import announce
from tests.support.second_day import PRIZES, second_version
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

PAGE = "/desk/X/honours"


def test_an_approval_is_entered_with_its_document_and_then_certificates_are_due(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    grades = [{"code": "title", "when": {"max_rank": 2}, "grant": {"titles": [TITLE]}}]
    competition = load(small(all_marks(), event={**PRIZES, "grades": grades}))
    desk = signed_in(app, organiser)
    assert "成绩公布以后列在这里" in desk.get(PAGE).text
    announce(competition, organiser)
    assert PAGE in desk.get("/desk/X/awards").text
    # Until somebody says whose the honour is to give, none goes out and every page says so.
    assert "等核准的荣誉，核准了才发：2。" in desk.get("/desk/X/certificates").text
    assert "<b>等核准的荣誉：2</b>" in desk.get("/desk/X/").text
    # Who does nothing about it has it on no list of theirs; the step says it to everybody.
    home = signed_in(app, official(competition, "C1")).get("/desk/X/").text
    assert ("<b>等核准的荣誉：2</b>" in home, "等核准的荣誉：2" in home) == (False, True)
    assert "还没写明由谁授予" in desk.get(PAGE).text
    empty = desk.post(f"{PAGE}/need", data={"title": TITLE, "body": " "})
    assert (empty.status_code, "要写由哪个机关核准" in empty.text) == (400, True)
    page = desk.post(f"{PAGE}/need", data={"title": TITLE, "body": BODY}, follow_redirects=True)
    assert f"由{BODY}核准" in page.text
    page = desk.get("/desk/X/certificates").text
    assert ("可发 3 张" in page, "等核准的荣誉，核准了才发：2。" in page) == (True, True)
    event = competition.events[0].code
    form = {"title": TITLE, "event": event, "people": ["P1"], "number": "苏人社〔2022〕4 号"}
    refused = desk.post(f"{PAGE}/decide", data=form | {"word": "approved", "dated": "2022-10-09"})
    assert (refused.status_code, "要附核准文件" in refused.text) == (400, True)
    assert "苏人社〔2022〕4 号" in refused.text
    fake = {"word": "approved", "dated": "2022-10-09"}
    fake |= {"document": (io.BytesIO(b"text"), "批复.pdf")}
    refused = desk.post(f"{PAGE}/decide", data=form | fake)
    assert (refused.status_code, "这不是 PDF 或照片" in refused.text) == (415, True)
    sent = form | {
        "word": "approved",
        "dated": "2022-10-09",
        "document": (io.BytesIO(PDF), "批复.pdf"),
    }
    page = desk.post(f"{PAGE}/decide", data=sent, follow_redirects=True)
    assert "已核准" in page.text
    assert "可发 4 张" in desk.get("/desk/X/certificates").text
    file = desk.get(f"{PAGE}/1/document")
    assert (file.data, file.mimetype) == (PDF, "application/pdf")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(f"{PAGE}/2/document").status_code == 404
    # The chief judge sees it and enters nothing; the second person alone does without it.
    chief = signed_in(app, official(competition, "C1"))
    assert "已核准" in chief.get(PAGE).text
    assert chief.post(f"{PAGE}/decide", data=form).status_code == 404
    waived = {"title": TITLE, "reason": "本单位的称号"}
    assert desk.post(f"{PAGE}/waive", data=waived).status_code == 409
    assert chief.post(f"{PAGE}/waive", data=waived).status_code == 302
    page = desk.get("/desk/X/certificates").text
    assert ("可发 5 张" in page, f"其中 2 张是荣誉称号：{TITLE}" in page) == (True, True)
    page_text = desk.get("/desk/X/").text
    assert f"吴敏 写明 {TITLE} 由{BODY}核准" in page_text


def test_that_it_is_the_own_is_said_by_one_and_agreed_to_by_another_as_it_was_read(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    grades = [{"code": "title", "when": {"max_rank": 2}, "grant": {"titles": [TITLE]}}]
    competition = load(small(all_marks(), event={**PRIZES, "grades": grades}))
    announce(competition, organiser)
    desk = signed_in(app, organiser)
    chief = signed_in(app, official(competition, "C1"))
    empty = desk.post(f"{PAGE}/own", data={"title": TITLE, "reason": " "})
    assert (empty.status_code, "要写理由" in empty.text) == (400, True)
    why = {"title": TITLE, "reason": "省厅授权组委会授予"}
    assert chief.post(f"{PAGE}/own", data=why).status_code == 404
    page = desk.post(f"{PAGE}/own", data=why, follow_redirects=True).text
    assert "吴敏 提出由组委会自己授予，理由：省厅授权组委会授予" in page
    assert "我同意，组委会自己授予" not in page
    for who, barred in ((desk, True), (chief, False)):
        home = who.get("/desk/X/").text
        row = home.rpartition("由这里授予，不用核准，等第二个人同意")[2].partition("</li>")[0]
        assert ("要另一个人来。现在能办的：" in row, "去同意" in row) == (barred, not barred)
    seen = {"title": TITLE, "seen": "省厅授权组委会授予"}
    assert desk.post(f"{PAGE}/own/agree", data=seen).status_code == 409
    assert "我同意，组委会自己授予" in chief.get(PAGE).text
    other = chief.post(f"{PAGE}/own/agree", data=seen | {"seen": "别的理由"})
    assert (other.status_code, "理由刚变过" in other.text) == (409, True)
    assert chief.post(f"{PAGE}/own/agree", data=seen).status_code == 302
    page_text = desk.get("/desk/X/").text
    assert (
        f"吴敏 提出 {TITLE} 由组委会自己授予，等另一位同意，理由：省厅授权组委会授予" in page_text
    )
    assert "等核准的荣誉：2" not in page_text


def test_an_honour_says_what_keeps_it_from_a_certificate(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    """It said that it could be issued: of a void one, and while all issuing was kept back."""
    grades = [{"code": "title", "when": {"max_rank": 2}, "grant": {"titles": ["岗位能手"]}}]
    competition = load(small(all_marks(), event={**PRIZES, "grades": grades}))
    announce(competition, organiser)
    desk = signed_in(app, organiser)
    assert desk.get(PAGE).text.count("可以发证") == 2
    made = {row.subject: row for row in issue_award_certificates(competition, organiser, "急用")}
    revoke_certificate(made["P2"], "冒名", organiser)
    assert honours_as_own(competition) == ([], 0)
    page = desk.get(PAGE).text
    assert ("证书撤销了" in page, page.count("已发证"), "可以发证" in page) == (True, 1, False)
    second_version(competition, organiser)
    page = desk.get(PAGE).text
    assert "可以发证" not in page
    assert re.search(r"等发证.*第 2 版公布以后还有 \d 件没办，办完才能发新证", page, re.S)
    withdraw_notice(competition.events[0], "材料要核", organiser)
    page = desk.get(PAGE).text
    assert ("公示撤下了" in page, "可以发证" in page, "等发证" in page) == (True, False, False)
