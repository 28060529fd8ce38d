"""The page of a new version: what is listed, settled there, and said outside meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from compete.domain.values.states import CertificateState
from compete.models import Account, CardHandling, Certificate, Competition, Entrant, db, utc_now
from compete.services.accounts.sign_in_cards import show_card, standing_card
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import agree, settle
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from tests.support.announced import announce, announce_again
from tests.support.second_day import certify, second_version, strike_out, with_prizes
from tests.support.signing_in import official, signed_in

PAGE = "/desk/X/consequences"


@pytest.fixture
def second(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    second_version(competition, organiser)
    return competition


def looked_up(app: Flask, kind: str, subject: str) -> str:
    certificate = (
        db.session.query(Certificate).filter_by(kind=kind, subject=subject).order_by("id").first()
    )
    assert certificate is not None
    return app.test_client().get(f"/v/{certificate.token}").text


def step_said(home: str, name: str) -> tuple[str, str, str]:
    """A step of the competition's page: how it stands, its figure, its note."""
    steps = re.findall(r"<li>(.*?)</li>", home, re.S)
    (step,) = [step for step in steps if re.search(rf"{name}\s*<", step)]
    state, count = re.search(r'class="(step \w+)"', step), re.search(r"<b>(\d+)</b>", step)
    assert state is not None
    assert count is not None
    note = re.search(r'step-note">([^<]*)<', step)
    return state[1], count[1], note[1] if note else ""


def test_one_by_one_until_new_certificates_may_go_out(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    person = desk.get("/desk/X/entrants/P1/").text
    assert re.search(r"一等奖 〔\d+〕第\d+号，复核中", person)
    assert '<p class="soft">等级 <s>—</s>' in person
    home = desk.get("/desk/X/").text
    assert "办完第 2 版跟着要办的 5 件" in home
    assert "前 1 件不办，不能往下走" in home
    assert home.index("第 2 版公布后还有 5 件没办") < home.index("要 2 位仲裁")
    assert "都齐了" not in home
    assert step_said(home, "6 发证") == ("step later", "6", "5 件没办，待批准 1 人")
    assert 'class="step later" href="/desk/X/consequences"' in home
    page = desk.get(PAGE).text
    assert "第 2 版公布了，5 件跟着要办" in page
    assert "还差 5 件" in page
    # Whose new ones wait, as it will be if all that may be replaced is.
    assert re.search(r'换发 2 张</b><span class="under">钱文、孙䶮<', page)
    assert re.search(r'新发 1 张</b><span class="under">李小小<', page)
    assert "<span>发新证 3 张</span>" in page
    # How many there will be hangs on what is settled: no other number is told until then.
    register = desk.get("/desk/X/certificates").text
    assert ("还不能发" in register, "可发" in register) == (True, False)
    assert "取消成绩" in page
    assert "<dt>总成绩</dt><dd>个人 1</dd>" in page
    assert "第 2 → 第 1 名" in page
    assert re.findall(r">(获奖证书|等级证书|全部种类) (\d)<", page) == [
        ("全部种类", "5"),
        ("获奖证书", "3"),
        ("等级证书", "2"),
    ]
    awards = desk.get(f"{PAGE}?what=award&show=open").text
    assert len(re.findall(r"open=\d+", awards)) == len(re.findall(r'id="row-\d+"', awards)) == 3
    assert "更正公告" in page
    notice = desk.get(f"{PAGE}/changes").text
    assert "第 2 版改了什么" in notice
    assert re.search(r"钱\* P2<.*?原来 <s[^>]*>2</s> → <b>1</b>", notice, re.S)
    assert "赵启明" not in notice
    assert "certificates/issue/" not in desk.get("/desk/X/certificates").text
    assert desk.post("/desk/X/certificates/issue/award", data={"reason": "急"}).status_code == 409
    assert "<h1>复核中</h1>" in looked_up(app, "award", "P1")
    while link := re.search(r"open=(\d+)", desk.get(PAGE).text):
        opened = desk.get(f"{PAGE}?open={link[1]}").text
        act = re.search(r'value="(\w+)" required checked', opened)
        assert act is not None
        assert desk.post(PAGE, data={"rows": link[1], "act": act[1]}).status_code == 302
    done = desk.get(PAGE).text
    assert "都办完了" in done
    assert re.search(r"换发 2 张</b><span class=\"under\">钱文、孙䶮<", done)
    assert "<h1>已撤销</h1>" in looked_up(app, "award", "P1")
    assert "<h1>待换发</h1>" in looked_up(app, "award", "P2")
    register = desk.get("/desk/X/certificates?state=replacing").text
    assert ("已定换发，等发新证" in register, "等批准" in register) == (True, False)
    assert "新证发出以前这一张照用" in looked_up(app, "grade", "P2")
    assert "<h1>有效</h1>" in looked_up(app, "grade", "P3")
    home = desk.get("/desk/X/").text
    assert "发证书" in home
    assert "都齐了" not in home
    assert step_said(home, "6 发证") == ("step later", "4", "还要发 3 张，待批准 2 人")
    desk.post("/desk/X/certificates/issue/award", data={"reason": "急"})
    old = looked_up(app, "award", "P2")
    assert "<h1>已换发</h1>" in old
    successor = re.search(r'href="(/v/[^"]+)"', old)
    assert successor is not None
    assert "<h1>有效</h1>" in app.test_client().get(successor[1]).text
    desk.post("/desk/X/awards/approve/P2")
    desk.post("/desk/X/awards/hold/P4", data={"reason": "等材料"})
    desk.post("/desk/X/certificates/issue/grade", data={"reason": "急"})
    home = desk.get("/desk/X/").text
    standing = db.session.query(Certificate).filter_by(state=CertificateState.VALID).count()
    assert step_said(home, "6 发证") == ("step later", str(standing), "1 人缓办")
    assert "都齐了" not in home
    assert "批准或者不批，才算办完" in home
    desk.post("/desk/X/awards/refuse/P4", data={"reason": "材料不全"})
    home = desk.get("/desk/X/").text
    assert step_said(home, "6 发证") == ("step done", str(standing), "")
    # While somebody may appeal, arbiters are still lacking.
    assert "都齐了" not in home
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        home = desk.get("/desk/X/").text
    assert "都齐了" in home
    assert "可以走下一步" not in home


def test_a_new_name_reaches_the_teams_certificate(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    issue_award_certificates(forklift, organiser, "急用")
    desk = signed_in(app, organiser)
    page, typed = "/desk/FORK-2022/entrants/B02/identity", {"name": "吕龚", "reason": "录错"}
    seen = desk.post(page, data=typed).text
    assert "已发的证书 2 张" in seen
    mark = re.search(r'name="seen" value="(\w+)"', seen)
    assert mark is not None
    after = desk.post(page, data=typed | {"seen": mark[1]}, follow_redirects=True).text
    assert after.count("换发") == 2
    assert "证书上的队员还是原来的姓名" in after
    announce_again(forklift, organiser, "B02 更正姓名")
    assert "队员 吕䶮 → 吕龚" in desk.get("/desk/FORK-2022/consequences").text


def test_while_marks_are_open_again_the_awards_are_of_one_moment_and_said_to_be_provisional(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    desk = signed_in(app, organiser)
    assert "暂定" not in desk.get("/desk/X/awards").text
    strike_out(competition, "P1", organiser)
    page = desk.get("/desk/X/awards").text
    assert "名次和成绩都是暂定的，对外的还是第 1 版" in page
    rows = re.findall(
        r'id="grade-(P\d)".*?<span class="rank[^"]*">([^<]+)<(.*?)</tr>\s*<tr', page, re.S
    )
    ranks = {code: (rank, re.findall(r"发证时第 (\d) 名", rest)) for code, rank, rest in rows}
    stands = {"P1": ("—", ["1"]), "P2": ("1", ["2"]), "P3": ("2", ["3"]), "P4": ("3", [])}
    assert ranks == stands


def card_shown(competition: Competition, by: Account) -> int:
    """The supervisor's card was looked at just now; the number of the row that says so."""
    supervisor = official(competition, "S1")
    standing_card(supervisor)
    assert show_card(supervisor, competition, by) is not None
    return db.session.query(CardHandling).filter_by(account_id=supervisor.id).one().id


def a_day_passes(handled: int) -> None:
    """The row is as old as it must be to count no more."""
    with unit_of_work() as session:
        session.get_one(CardHandling, handled).at -= timedelta(hours=25)


def test_a_supervisor_agrees_and_settles_nothing(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk, supervisor = signed_in(app, organiser), signed_in(app, official(second, "S1"))
    link = re.search(r"open=(\d+)", desk.get(PAGE).text)
    assert link is not None
    assert "open=" not in supervisor.get(PAGE).text
    assert supervisor.post(PAGE, data={"rows": link[1], "act": "keep"}).status_code == 404
    desk.post(PAGE, data={"rows": link[1], "act": "keep", "reason": "仲裁维持"})
    for who, phrase in ((desk, "现在能办的："), (supervisor, ">去同意<")):
        _before, _row, after = who.get("/desk/X/").text.partition("<b>保留证书")
        assert phrase in after.partition("</li>")[0]
    assert f"{link[1]}/agree" not in desk.get(PAGE).text
    assert "<h1>复核中</h1>" in looked_up(app, "grade", "P1")
    assert f"{link[1]}/agree" in supervisor.get(PAGE).text
    handled = card_shown(second, organiser)
    page = supervisor.get(PAGE).text
    assert f"{link[1]}/agree" not in page
    assert f"{organiser.name}看过你的登录卡，不满 24 小时" in page
    a_day_passes(handled)
    supervisor.post(f"{PAGE}/{link[1]}/agree")
    assert "监督乙" in desk.get(PAGE).text
    for wrong in ("x", "1,-2", "9999999", "٣"):
        assert desk.post(PAGE, data={"rows": wrong, "act": "keep"}).status_code in (400, 409)


def test_a_name_is_corrected_a_certificate_replaced_and_the_version_follows(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    desk = signed_in(app, organiser)
    where = "/desk/X/entrants/P3/identity"
    assert where in desk.get("/desk/X/entrants/P3/").text
    assert "要写原因" in desk.post(where, data={"name": "孙龑"}).text
    typed = {"name": "孙龑", "reason": "身份证"}
    first = desk.post(where, data=typed).text
    assert "已发的证书" in first
    seen = re.search(r'name="seen" value="(\w+)"', first)
    assert seen is not None
    page = desk.post(where, data=typed | {"seen": seen[1]}, follow_redirects=True).text
    assert "证书上还是 孙䶮" in page
    link = re.search(r'href="/desk/X/certificates\?open=(\d+)', page)
    assert link is not None
    opened = desk.get(f"/desk/X/certificates?open={link[1]}").text
    assert '<s class="soft">孙䶮</s>' in opened
    shown = re.search(r"<dt>新号</dt><dd><b>([^<]+)<", opened)
    assert shown is not None
    for wrong, status in (("x", 400), ("2999-01-01", 400), ("", 302)):
        assert desk.post("/desk/X/certificates/date", data={"date": wrong}).status_code == status
    assert re.search(
        r"落款 \d{4}年\d+月\d+日，编号〔\d{4}〕", desk.get("/desk/X/certificates").text
    )
    answer = desk.post(
        f"/desk/X/certificates/{link[1]}/reissue", data={"why": "name"}, follow_redirects=True
    )
    assert f"{shown[1]} 替换" in answer.text
    assert "换成" in desk.get("/desk/X/certificates?state=replaced").text
    book = desk.get("/desk/X/certificates/register.xlsx?state=replaced").data
    rows = list(load_workbook(BytesIO(book)).active.values)  # type: ignore[union-attr]
    assert [row[2] for row in rows if row[8] == "已换发"] == ["孙䶮"]
    assert "公布第 2 版" in page
    assert desk.post("/desk/X/publish/names", data={"note": "P3 姓名更正"}).status_code == 302
    assert "第 2 版" in app.test_client().get("/p/X").text


def test_a_certificate_is_made_void_by_two(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    certify(competition, organiser)
    desk, supervisor = signed_in(app, organiser), signed_in(app, official(competition, "S1"))
    link = re.search(r"certificates/(\d+)/revoke", desk.get("/desk/X/certificates").text)
    assert link is not None
    where = f"/desk/X/certificates/{link[1]}/revoke"
    subject = db.session.get_one(Certificate, int(link[1])).subject
    assert desk.post(where, data={"reason": " "}).status_code == 400
    asked = desk.post(where, data={"reason": "冒名", "scope": "paper"}, follow_redirects=True)
    assert "等第二个人同意" in asked.text
    assert desk.post(where, data={"reason": "冒名", "scope": "paper"}).status_code == 409
    assert "<h1>有效</h1>" in looked_up(app, "grade", subject)
    assert re.search("撤销证书 .*，等第二个人同意", supervisor.get("/desk/X/").text)
    assert "现在能办的：" in desk.get("/desk/X/").text
    assert f"{where}/agree" not in desk.get(PAGE).text
    first = re.search(rf"{where}/agree\?asked=\d+", supervisor.get(PAGE).text)
    assert first is not None
    assert desk.post(f"{where}/agree").status_code == 409
    assert desk.post(f"{where}/drop").status_code == 302
    assert supervisor.post(f"{where}/agree").status_code == 409
    desk.post(where, data={"reason": "冒名", "scope": "paper"})
    assert f"{where}/agree" in supervisor.get(PAGE).text
    # To a reason that came after the page was shown nobody has agreed.
    assert supervisor.post(first[0]).status_code == 409
    handled = card_shown(competition, organiser)
    page = supervisor.get(PAGE).text
    assert f"{where}/agree" not in page
    assert f"{organiser.name}看过你的登录卡，不满 24 小时" in page
    a_day_passes(handled)
    assert supervisor.post(f"{where}/drop").status_code == 404
    supervisor.post(f"{where}/agree")
    page = looked_up(app, "grade", subject)
    assert "<h1>已撤销</h1>" in page
    assert "冒名" in page
    assert "等第二个人同意的撤销" not in desk.get(PAGE).text
    assert list(verify_chain(competition)) == []
    desk.post(f"/desk/X/certificates/{link[1]}/reissue", data={"why": "other", "reason": "查清了"})
    for visitor in (desk, supervisor):
        home = visitor.get("/desk/X/").text
        assert re.search("重新发证书 .*，等第二个人同意", home)
        assert "<b>撤销证书" not in home


def test_the_list_stays_filtered_and_says_what_was_decided_before(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    opened = desk.get(f"{PAGE}?what=award&show=open").text
    # Behind the form that settles all at once, which names everybody too.
    rows = opened.split('id="row-', 1)[1]
    link = re.search(r"open=(\d+)[^\"]*\"[^>]*><span>来定", rows.split("钱文")[1])
    assert link is not None
    form = {"rows": link[1], "act": "replace", "show": "open", "what": "award"}
    reply = desk.post(PAGE, data=form)
    assert reply.location.endswith("?show=open&what=award")
    assert f'id="row-{link[1]}"' not in desk.get(reply.location).text
    page = desk.get(PAGE).text
    assert f"anew={link[1]}" in page
    again = desk.get(f"{PAGE}?anew={link[1]}").text
    assert re.search(r'value="replace" required disabled', again)
    assert "已经这样定了" in again
    desk.post(PAGE, data={"rows": link[1], "act": "keep", "reason": "仲裁维持"})
    assert re.search(r"先定的是换发：\S+ .*?<", desk.get(PAGE).text)


def test_the_contestants_page_says_how_a_certificate_stands(
    app: Flask, second: Competition, organiser: Account
) -> None:
    token = db.session.query(Entrant.badge_token).filter_by(code="P2").scalar()

    def badge() -> str:
        return app.test_client().get(f"/c/{token}").text

    assert badge().count("复核中") == 2
    rows = {(row.kind, row.entrant.code): row for row in consequences_of(second) if row.entrant}
    settle([rows["award", "P2"]], "replace", organiser)
    settle([rows["grade", "P2"]], "keep", organiser, "仲裁维持")
    assert (badge().count("复核中"), badge().count("待换发")) == (1, 1)
    agree(rows["grade", "P2"], official(second, "S1"))
    page = badge()
    assert "复核中" not in page
    assert "保留 三级/高级工" in page
    assert "更正后的成绩是二级/技师，已发的证书经两个人定了保留。" in page
    # What the first version said stands beside it as that, and nowhere else.
    assert page.count("拟晋升") == page.count("第 2 名，二等奖，拟晋升 三级/高级工。") == 1


def test_every_list_names_a_grade_that_two_kept(
    app: Flask, second: Competition, organiser: Account
) -> None:
    """P2's rules say another grade now; P1 is disqualified, and the rules give none."""
    desk = signed_in(app, organiser)
    kept = {"P2": "保留 三级/高级工", "P1": "保留 二级/技师"}
    rows = {(row.kind, row.entrant.code): row for row in consequences_of(second) if row.entrant}
    for who in kept:
        settle([rows["grade", who]], "keep", organiser, "仲裁维持")
        agree(rows["grade", who], official(second, "S1"))
    public, notice = (
        app.test_client().get("/p/X").text,
        printed(desk.get("/desk/X/standings.pdf").data),
    )
    book = load_workbook(BytesIO(desk.get("/desk/X/standings.xlsx").data))
    cells = {cell.value for sheet in book for line in sheet.iter_rows() for cell in line}
    for words in kept.values():
        assert words in public
        assert words in notice
        assert words in cells
    assert kept["P2"] in desk.get("/desk/X/standings").text
    assert "保留" in printed(desk.post("/desk/X/awards/promotions.pdf").data)
    # A version with the same results leaves both kept, and its page still names them.
    third = announce_again(second, organiser)
    assert third.grades is not None
    assert third.grades["P1"] == [2, "issued", "P1"]
    page = desk.get(PAGE).text
    assert page.count("仲裁维持") == len(kept)
    assert kept["P1"] in app.test_client().get("/p/X").text
    # Void, it is kept no more.
    certificate = rows["grade", "P1"].certificate
    assert certificate is not None
    revoke_certificate(certificate, "印坏了", organiser)
    assert kept["P1"] not in app.test_client().get("/p/X").text


def test_keeping_without_a_reason_is_told_at_the_field_and_what_was_chosen_stays(
    app: Flask, second: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    rows = [row for row in consequences_of(second) if row.kind == "award"]
    for reason, problem in (("  ", "保留要写理由"), ("长" * 501, "最多 500 个字")):
        sent = {"rows": str(rows[-1].id), "act": "keep", "reason": reason, "what": "award"}
        answer = desk.post(PAGE, data=sent)
        page = answer.text
        assert answer.status_code == 400
        assert re.search(rf'id="settle-reason-error">.*?{problem}', page, re.S)
        assert re.search(r'value="keep" required checked', page)
        assert reason in page
        assert f'id="row-{rows[-1].id}"' in page
        assert len(re.findall(r'id="row-\d+"', page)) == len(rows)
    assert all(row.state == "open" for row in rows)


def printed(pdf: bytes) -> str:
    """The text of a paper, without its line breaks."""
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")
