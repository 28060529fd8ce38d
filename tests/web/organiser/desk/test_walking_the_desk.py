"""The desk under a careless hand: twice, too late, in another tab, and back again."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

import compete
from compete.domain.values.states import CompetitionState, SheetState
from compete.models import Account, Competition, Entrant, Sheet, db, utc_now
from compete.services.certificates.rows import revoke_certificate
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.module_locks import ask_unlock
from compete.services.closing.penalties_and_outcomes import Proposal, propose_decision
from compete.services.competitions.overview import overview_of
from compete.services.kernel.event_rules import module_title
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.sheets.locks_in_force import standing_locks
from compete.web.certificate_words import shown_number
from compete.web.organiser.log import record_words
from compete.web.organiser.results.standings import side_rankings
from tests.support.announced import announce, approve_all, body_for, lock, reopen
from tests.support.issuing import issue_grade_certificates
from tests.support.judging import seat
from tests.support.people import visitor
from tests.support.second_day import with_prizes
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small
from tests.support.varied import varied

pytestmark = pytest.mark.usefixtures("sound")
_RECORDING = ("audit.record", "_record", "_note", "note_distinction", "_set_ruling")
_ACTION = re.compile(r"[a-z_]+(\.[a-z_]+)+")


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
    twice = desk.post("/desk/X/lock", headers={"Referer": "http://localhost//desk/X/progress"})
    assert 'href="/desk/X/progress"' in twice.text
    # No page of this site: it would be no way back.
    nowhere = desk.post("/desk/X/lock", headers={"Referer": "http://localhost//elsewhere.example"})
    assert "回到上一页</a>" not in nowhere.text


def test_before_the_first_mark_nobody_is_checked_in_and_nothing_is_complete(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    seat(fresh, organiser)
    page = signed_in(app, organiser).get("/desk/X/").text
    checked_in = re.search(r"3 检录.*?<b>(\d+)</b>/ (\d+)", page, re.S)
    assert checked_in is not None
    assert checked_in.groups() == ("0", "4")
    assert "没有记录" in checked_in.string
    assert "都齐了" not in page


def test_sheets_that_came_with_the_competition_are_not_counted_as_judged(
    desk: FlaskClient, judged: Competition
) -> None:
    with unit_of_work():
        judged.state = CompetitionState.REGISTERING
    page = desk.get("/desk/X/").text
    assert "12 张已随竞赛载入" in page
    assert "/ 12 张" not in page
    opened = desk.post("/desk/X/open", follow_redirects=True).text
    assert "共 12 张评分表，没交 0 张" in opened


def test_before_publishing_it_is_said_who_was_put_off(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    lock(competition, organiser)
    desk = visitor(app, "organiser", competition)
    desk.post("/desk/X/awards/hold/P1", data={"reason": "等材料"})
    page = desk.get("/desk/X/publish").text
    assert "拟晋升 3 人" in page
    assert "其中等级还没批准 2 人" in page
    assert "其中缓办 1 人" in page


def test_a_team_without_rank_is_told_by_which_rule(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    page = signed_in(app, organiser).get("/desk/FORK-2022/standings").text
    assert "报名不到 3 人不排名，没成绩的计 0" in page
    assert "报名 2 人，不到 3 人，不排名" in page
    assert "人数不够" not in page


def test_a_team_of_any_number_is_not_told_that_one_is_too_few(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    sample = Path(compete.__file__).parents[1] / "sample_events/port-forklift/bundle.json"
    plain = json.loads(sample.read_text("utf-8"))
    del plain["events"][0]["team_ranking"]["min_members"]
    load(plain)
    page = signed_in(app, organiser).get("/desk/FORK-2022/standings").text
    assert "，没成绩的计 0" in page
    assert "报名不到" not in page


def test_locked_marks_are_opened_from_the_competitions_page_with_a_reason(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    assert "解锁评分" not in desk.get("/desk/X/").text
    announce(judged, organiser)
    page = desk.get("/desk/X/").text
    assert 'action="/desk/X/unlock"' in page
    assert "已公布的第 1 版不变" in page
    page = desk.post("/desk/X/unlock", data={"reason": "录错一张"}, follow_redirects=True).text
    assert judged.state is CompetitionState.JUDGING
    assert "解锁，理由：录错一张" in page
    first, second = standing_locks(judged)
    names = [module_title(place.event, place.stage, place.module) for place in (first, second)]
    assert f"{names[0]}、{names[1]}还锁着：要改哪个，裁判长或组委会申请解锁，另一个人同意" in page
    assert "都齐了" not in page
    assert page.count("去解锁") == 2
    board = f"/desk/X/progress?module=E|S|{second.module}"
    assert f'href="{quote(board, safe="/?=")}#locks"' in page
    ask_unlock(second, "试", official(judged, "C1"))
    page = desk.get("/desk/X/").text
    assert re.search(rf"<b>解锁“{names[1]}”，等第二个人同意</b> <span>理由：试</span>", page)
    assert page.count("去解锁") == 1
    tabs = re.findall(r"<a [^>]*>([^<]+)(.*?)</a>", desk.get(board).text.split("看哪个模块")[1])[:2]
    assert [(name.strip(), "有人申请解锁" in more) for name, more in tabs] == [
        (names[0], False),
        (names[1], True),
    ]
    wanted = Proposal("dsq", "S", None, "冒名", "身份证")
    with pytest.raises(
        Refused, match=f"^{names[0]}、{names[1]}已经锁定，要改先由两个人解锁：裁判长"
    ):
        propose_decision(
            db.session.query(Entrant).order_by(Entrant.id).limit(1).one(),
            wanted,
            official(judged, "C1"),
        )


def test_a_second_version_is_published_with_what_changed(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    home = desk.get("/desk/X/").text
    assert "公布成绩后开始" in home
    assert "正在进行" not in home
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


def test_what_goes_out_is_chosen_and_seen_before_it_is_published(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    penalty = {"stage": "S", "module": "m", "entrant": "P1", "points": "1", "reason": "李小小作证"}
    plain = small(all_marks(), penalties=[penalty])
    plain["entrants"][0] |= {"grade": 3}
    busy = {"车": ["甲", 3, True], "人": [{"名": "王师傅"}], "到": None, "带": [], "注": "长" * 99}
    plain["units"][0]["extra"] = {"备注": "李小小联系", "安排": busy, "空": {}}
    competition = load(plain)
    lock(competition, organiser)
    desk = visitor(app, "organiser", competition)
    page = desk.get("/desk/X/publish").text
    boxes = re.findall(r'name="also" value="(\w+)"( checked)?', page)
    assert boxes == [
        ("group", ""),
        ("grade", ""),
        ("promoted", ""),
        ("reasons", ""),
        ("extras", ""),
        ("unnamed", ""),
    ]
    assert re.search(r'data-unless="unnamed">J\d+ [^<]*、J', page)
    assert 'data-if="unnamed">裁判 1、2' in page
    assert "赵*明" in page
    assert "赵启明" not in page
    assert '<span data-if="grade">高级工</span>' in page
    assert '<span data-if="reasons">李*小作证</span>' in page
    # What it is about stands there also of what does not go out.
    assert re.findall(r"<td>单位，([^<]*)</td>", page) == ["备注", "安排", "空"]
    extra_text = f"车：甲、3、是；人 1 名：王师傅；到：没有写；注：{'长' * 60}…"
    for text in ("李*小联系", extra_text, "空的"):
        assert f'data-if="extras">{text}</span>' in page
    assert page.count('data-unless="extras">不公布') == 3
    desk.post("/desk/X/publish", data={"also": ["grade", "unnamed"]})
    public_file = json.loads(desk.get("/p/X/bundle.json").data)
    assert public_file["entrants"][0]["grade"] == 3
    assert {mark["judge"] for mark in public_file["marks"]} == {"1", "2"}
    assert "作证" not in str(public_file)
    assert "联系" not in str(public_file)


def test_approving_everybody_twice_is_no_error(
    app: Flask, forklift: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(forklift, organiser)
    client = signed_in(app, organiser)
    monkeypatch.setattr(side_rankings, "SHOWN", 3)
    assert re.search(r"还有 \d+ 个队，在成绩表里", client.get("/desk/FORK-2022/standings").text)
    awards = "/desk/FORK-2022/awards"
    page = client.get(awards).text
    heads = page + client.get(f"{awards}?show=teams").text
    listed = re.findall(r'class="award-head"><th[^>]*>(?!没有奖项)\S+ (\d+) ', heads)
    publish = client.get("/desk/FORK-2022/publish").text
    promised = re.search(r"获奖 (\d+) 个，荣誉称号 (\d+) 个", publish)
    assert promised is not None
    # An honour is no award: it stands with whose it is.
    assert promised.groups() == ("34", "1")
    assert sum(map(int, listed)) == 34
    assert page.count("江苏省技术能手（等核准）") == 1
    everybody = f"{awards}/approve/proposed"
    assert "批准了" in client.post(everybody, follow_redirects=True).text
    again = client.post(everybody, follow_redirects=True)
    assert again.status_code == 200
    assert "没有待批准的人了" in again.text


def test_what_a_rule_pack_presumes_is_asked_before_anybody_is_approved_by_it(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event={"grades": "hainan-team"})
    plain["competition"]["level"] = "provincial-2"
    unit = plain["entrants"][0]["unit"]
    plain["teams"] = [{"code": "T1", "name": "一队", "event": "E", "unit": unit}]
    for entrant in plain["entrants"]:
        entrant |= {"team": "T1"} if entrant["unit"] == unit else {}
    competition = load(plain)
    lock(competition, organiser)
    desk = visitor(app, "organiser", competition)
    page = desk.get("/desk/X/awards").text
    assert "每个队只登记了一人，这个人的名次就是队的名次" in page
    assert re.search(r"登记了 4 人、1 个队；不止一人的队 1 个，没有写队的 \d 人", page)
    assert "/awards/approve/" not in page
    assert "/awards/hold/P1" in page
    refused = desk.post("/desk/X/awards/approve/P1")
    assert refused.status_code == 409
    assert "批准以前先确认：每个队只登记了一人" in refused.text
    desk.post("/desk/X/awards/confirm", data={"pack": "hainan-team"})
    assert desk.post("/desk/X/awards/confirm", data={"pack": "hainan-team"}).status_code == 409
    page = desk.get("/desk/X/awards").text
    assert "这个人的名次就是队的名次" not in page
    assert "批准了 1 人" in desk.post("/desk/X/awards/approve/P1", follow_redirects=True).text
    assert "的前提：每个队只登记了一人" in desk.get("/desk/X/").text


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
    row = awards.partition(f'id="grade-{made[0].subject}"')[2].partition("</tr>")[0]
    assert "已撤销" in row
    for asked in (shown_number(made[0]), made[0].number.lower()):
        listed = client.get("/desk/FORK-2022/certificates", query_string={"q": asked}).text
        assert listed.count('class="number"') == 1


def test_every_act_on_record_has_a_sentence(here: Flask) -> None:
    files = Path(record_words.__file__).parent.glob("*_words.py")
    spoken = "".join(file.read_text(encoding="utf-8") for file in files)
    for action in recorded_actions():
        assert f'"{action}"' in spoken, action


def recorded_actions() -> set[str]:
    """Every action that some service gives to the audit chain by name."""
    actions = set()
    for path in (Path(compete.__file__).parent / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in _RECORDING:
                continue
            actions |= {
                word.value
                for arg in node.args
                for word in ast.walk(arg)
                if isinstance(word, ast.Constant)
                if isinstance(word.value, str) and _ACTION.fullmatch(word.value)
            }
    return actions


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
    answer = desk.post(f"{where}/return", data={"reason": "操作平稳录错一档"})
    # Back to the module that it is of, where the chief judge was.
    place = f"{sheet.entrant.event.code}|{sheet.stage}|{sheet.module}"
    assert parse_qs(urlsplit(answer.location).query)["module"] == [place]
    assert sheet.state is SheetState.RETURNED
    assert "退回重评" not in desk.get(where).text


def test_after_the_second_lock_home_asks_for_the_second_version(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    reopen(forklift, organiser)
    lock_marks(forklift, organiser)
    home = signed_in(app, organiser).get(f"/desk/{forklift.code}/").text
    assert "公布第 2 版" in home
    assert "第 1 版还公布着，选手看到的是它。" in home
    assert "公布后选手扫码才看得到成绩" not in home


def test_a_competition_of_two_occupations_names_both(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = varied()
    plain["events"][1]["occupation"] = {"code": "6-18-04-02", "name": "焊工"}
    competition = load(plain)
    head = signed_in(app, organiser).get(f"/desk/{competition.code}/").text.split("</h1>")[1]
    assert "起重装卸机械操作工、焊工" in head.split("</div>")[0]
    assert "%" not in head.split("</div>")[0]


def test_the_record_says_what_was_decided_and_why(desk: FlaskClient, judged: Competition) -> None:
    entrant = db.session.query(Entrant).order_by(Entrant.id).limit(1).one()
    wanted = Proposal("dsq", "S", None, "冒名", "身份证")
    propose_decision(entrant, wanted, official(judged, "C1"))
    record = desk.get("/desk/X/").text.split("最近记录")[1]
    assert "的取消成绩，理由：冒名" in record
    assert "扣罚或缺考" not in record
