"""小比武: made by one form, marked by phone or typed, published by one press."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from compete.commands.verify import all_faults
from compete.domain.values.states import SheetState
from compete.models import Account, Certificate, Competition, Publication, RuleChange, Sheet, db
from compete.services.accounts.accounts import create_account, known_account_of
from compete.services.accounts.sign_in_cards import one_time_card
from compete.services.closing.competition_lock import lock_marks
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.bends import bends_of
from compete.services.results.publishing import publish
from compete.services.sheets.values import standing_values
from tests.support.signing_in import signed_in

FORM = {
    "name": "机修车间钳工小比武",
    "day": "2026-11-27",
    "people": "何立军\t一班\n王 芳 一班\n李强 二班\n李强 三班",
    "points": "锉削平面度 60\n工具摆放 每次扣 2 40",
    "judges": "2",
    "first": "1",
    "second": "1",
    "third": "0",
}


@pytest.fixture
def desk(app: Flask, here: Flask) -> FlaskClient:
    return signed_in(app, create_account("吴敏", is_admin=True))


@pytest.fixture
def contest(desk: FlaskClient) -> Competition:
    made = desk.post("/desk/new/small", data=FORM)
    assert made.status_code == 302, made.text
    return db.session.scalars(select(Competition)).one()


def sheets(contest: Competition) -> list[Sheet]:
    query = select(Sheet).where(Sheet.competition_id == contest.id).order_by(Sheet.id)
    return list(db.session.scalars(query))


def fill(desk: FlaskClient, contest: Competition, *texts: str, **rest: str):  # type: ignore[no-untyped-def]
    marks = {f"mark-{sheet.id}": text for sheet, text in zip(sheets(contest), texts, strict=False)}
    form = {**marks, "reason": "手机没电", "evidence": "当场念的，裁判在", **rest}
    return desk.post(f"/desk/{contest.code}/small/marks", data=form)


def test_one_form_opens_it_with_a_code_for_each_judge(
    desk: FlaskClient, contest: Competition
) -> None:
    page = desk.get(f"/desk/{contest.code}/small/codes").text
    assert len(sheets(contest)) == 8
    assert page.count("<svg") > 2
    assert "王芳" in page


def test_typed_in_published_and_certified(desk: FlaskClient, contest: Competition) -> None:
    with unit_of_work():
        contest.judges[0].name = "杨海东"
    marks = [*["50 38"] * 2, *["55 40"] * 2, *["40 40"] * 2, "缺考", "缺考"]
    done = fill(desk, contest, *marks, reason="杨海东手机没电")
    assert done.status_code == 302, done.text
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "95" in page
    # Nobody reads that two agreed to what was written by one.
    decided = desk.get(f"/desk/{contest.code}/decisions").text
    assert "代录时打的缺考和选手放弃的一次，一个人记就生效" in decided
    assert "记下，一个人记就生效" in decided
    assert " 确认</p>" not in decided
    published = desk.post(f"/desk/{contest.code}/small/publish")
    assert published.status_code == 302, published.text
    assert db.session.scalars(select(Publication)).one()
    assert len(db.session.scalars(select(Certificate)).all()) == 2
    assert [bend.action for bend in bends_of(contest)] == ["marks.typed"]
    public = desk.get(f"/p/{contest.code}").text
    assert "代录评分表 6 张" in public
    assert f'<div class="bar-title"><b>{contest.name}</b></div>' in public
    assert "最终成绩" in public
    assert "手机没电" in public
    assert "杨海东" not in public
    assert "等定为" not in public
    assert desk.get(f"/desk/{contest.code}/certificates/award.pdf").mimetype == "application/pdf"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("50", "写 2 个数"),
        ("50 39", "每次扣 2"),
        ("61 40", "锉削平面度"),
        ("五十 40", "不是数"),
    ],
)
def test_a_cell_that_cannot_be_is_told_and_nothing_is_lost(
    desk: FlaskClient, contest: Competition, text: str, word: str
) -> None:
    answer = fill(desk, contest, text, "50 40")
    assert answer.status_code == 400
    assert word in answer.text
    assert f'value="{text}"' in answer.text
    assert 'value="50 40"' in answer.text
    assert all(sheet.state == "not_begun" for sheet in sheets(contest))


def test_nobody_types_over_what_a_judge_handed_in(desk: FlaskClient, contest: Competition) -> None:
    assert fill(desk, contest, "50 40").status_code == 302
    assert "已经交了" in fill(desk, contest, "10 10").text
    assert "写上为什么代录" in fill(desk, contest, "", "50 40", reason=" ").text


def test_what_a_judge_began_gives_way_only_where_that_is_said(
    desk: FlaskClient, contest: Competition
) -> None:
    sheet = sheets(contest)[0]
    with unit_of_work():
        sheet.state = SheetState.BEGUN
    asked = fill(desk, contest, "50 40")
    assert asked.status_code == 409
    assert 'name="over"' in asked.text
    assert fill(desk, contest, "50 40", over="1").status_code == 302


def test_it_is_published_only_when_every_cell_is_there(
    desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 40"] * 7)
    assert "还差 1 格" in desk.get(f"/desk/{contest.code}/small").text
    assert "还差 1 格" in desk.get("/desk/").text
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 409
    assert db.session.scalars(select(Publication)).all() == []


def test_a_judge_says_the_own_name_once_and_a_new_code_ends_the_old(
    app: Flask, desk: FlaskClient, contest: Competition
) -> None:
    old = newest_token(contest)
    phone = app.test_client()
    assert "你叫什么" in phone.get(f"/sign-in/{old}").text
    assert phone.post(f"/sign-in/{old}", data={"name": "?"}).status_code == 400
    assert phone.post(f"/sign-in/{old}", data={"name": "杨 海东"}).status_code == 302
    assert "杨 海东" in desk.get(f"/desk/{contest.code}/small").text
    home = phone.get("/judge/")
    assert home.status_code == 200
    named = {sheet.entrant.name for sheet in sheets(contest)}
    home_text = json.dumps(phone.get("/api/home").get_json(), ensure_ascii=False)
    assert all(name in home_text for name in named)
    assert app.test_client().get(f"/sign-in/{old}").status_code == 410
    renewed = desk.post(f"/desk/{contest.code}/small/codes/J1")
    assert renewed.status_code == 302
    assert phone.get("/judge/").status_code != 200
    # Whoever comes by the new code says a name anew: nobody marks as somebody else unasked.
    anew = app.test_client()
    assert "你叫什么" in anew.get(f"/sign-in/{newest_token(contest)}").text
    assert anew.post(f"/sign-in/{newest_token(contest)}", data={"name": ""}).status_code == 400


def newest_token(contest: Competition) -> str:
    judge = min(contest.judges, key=lambda judge: judge.code)
    account = known_account_of(judge)
    assert account is not None
    card = one_time_card(account)
    assert card is not None
    return card.token


def test_where_a_grade_hangs_on_marks_nobody_types_them_alone(
    desk: FlaskClient, contest: Competition
) -> None:
    event = contest.events[0]
    rule = {"code": "g", "cite": "第一名", "when": {"max_rank": 1}, "grant": {"to": 3}}
    with unit_of_work():
        event.rules.definition = event.rules.definition | {"grades": [rule]}
    answer = fill(desk, contest, "50 40")
    assert answer.status_code == 403
    assert "两位记分员" in answer.text


def test_a_contest_of_another_kind_has_no_such_pages(desk: FlaskClient, fresh: Competition) -> None:
    assert desk.get(f"/desk/{fresh.code}/small").status_code == 404


def test_the_form_follows_what_is_typed(desk: FlaskClient) -> None:
    parts = desk.post("/desk/new/small/look", data=FORM | {"people": "赵一\n?"}).get_json()
    assert "第 2 行" in parts["people-told"]
    assert "工具摆放" in parts["phone"]
    people = "参赛选手大名\t所在班组（车间）\n何立军\t一班"
    parts = desk.post("/desk/new/small/look", data=FORM | {"people": people}).get_json()
    assert "“参赛选手大名 所在班组（车间）”是表头" in parts["people-told"]
    assert "1 人" in parts["people-told"]
    many = "\n".join(f"赵{n}" for n in range(101))
    wrong = desk.post("/desk/new/small", data=FORM | {"people": many})
    assert wrong.status_code == 400
    assert re.search(r"<textarea[^>]*autofocus[^>]*id=\"people\"", wrong.text)
    assert not re.search(r"<input[^>]*autofocus", wrong.text)
    assert "锉削平面度 60" in wrong.text


PASTED = {
    "people": "何立军\t13900000001\t一班\n欧阳 娜娜\t五班\nMary Hill\n合计\t3人",
    "points": "锉削 33.5\n安全文明 -5\n合计 100",
    "first": "1",
    "second": "0",
}


def looked(page: str, **more: str) -> dict[str, str]:
    """What the page before the start sends as it stands, with what somebody writes."""
    fields = dict(
        re.findall(r'<input[^>]*name="([pi]\d+-(?:name|unit|max|off))" value="([^"]*)"', page)
    )
    chosen = dict(re.findall(r'name="(i\d+-how)".*?<option value="(\w+)" selected', page))
    return {**FORM, **PASTED, **fields, **chosen, "looked": "1", "start": "1", **more}


def test_what_is_doubtful_or_left_out_is_looked_at_before_it_starts(
    app: Flask, desk: FlaskClient
) -> None:
    page = desk.post("/desk/new/small", data=FORM | PASTED).text
    assert "看一眼，再开赛" in page
    assert db.session.scalars(select(Competition)).all() == []
    for words in (
        "139****0001",
        "欧阳 娜娜",
        "合计 3人",
        "当一个人",
        "填 66.5",
        "33.5 + ?",
        "整行当作姓名",
    ):
        assert words in page
    assert "没当人的 1 行" in page
    refused = desk.post("/desk/new/small", data=looked(page, **{"p3-ok": "1"}))
    assert refused.status_code == 400
    assert db.session.scalars(select(Competition)).all() == []
    sent = looked(page, **{"p3-ok": "1", "i2-max": "66.5"})
    assert desk.post("/desk/new/small", data=sent).status_code == 302
    contest = db.session.scalars(select(Competition)).one()
    people = {(it.entrant.name, it.entrant.unit.name) for it in sheets(contest)}
    assert people == {("何立军", "一班"), ("欧阳 娜娜", "五班"), ("Mary Hill", "本单位")}
    module = contest.events[0].rules.definition["stages"][0]["modules"][0]
    assert [(it["name"], it["max"]) for it in module["aspects"]] == [
        ("锉削", "33.5"),
        ("安全文明", "66.5"),
    ]
    assert "13900000001" not in app.test_client().get(f"/p/{contest.code}").text


def test_a_line_that_was_left_out_is_taken_after_all(desk: FlaskClient) -> None:
    page = desk.post("/desk/new/small", data=FORM | PASTED).text
    sent = looked(page, **{"p4-in": "1"})
    del sent["start"]
    page = desk.post("/desk/new/small", data=sent).text
    assert 'name="p4-name" value="合计 3人"' in page
    assert "没当人的" not in page


def test_what_was_typed_comes_back_to_be_pasted_anew(desk: FlaskClient) -> None:
    page = desk.post("/desk/new/small", data=FORM | PASTED).text
    form = desk.post("/desk/new/small", data=looked(page, back="1")).text
    assert "欧阳 娜娜\t五班" in form
    assert 'id="small"' in form


def test_points_count_as_they_are_given_whatever_they_add_up_to(
    app: Flask, desk: FlaskClient
) -> None:
    points = "锉削平面度 60\n工具摆放 每次扣 2 50"
    made = desk.post("/desk/new/small", data=FORM | {"points": points})
    assert made.status_code == 302, made.text
    contest = db.session.scalars(select(Competition)).one()
    assert contest.events[0].rules.definition["stages"][0]["modules"][0]["weight"] == "110"
    fill(desk, contest, "60 48", "59 48", *["50 40"] * 6)
    assert "107.50" in desk.get(f"/desk/{contest.code}/small").text
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 302
    public = app.test_client().get(f"/p/{contest.code}").text
    assert "107.50" in public
    certificate = db.session.scalars(select(Certificate).order_by(Certificate.id)).first()
    assert certificate is not None
    assert "107.50" in str(certificate.face)
    for page in (public, desk.get(f"/desk/{contest.code}?all=1").text):
        assert "97.73" not in page
        assert "110%" not in page


def again(desk: FlaskClient, contest: Competition, changes: dict[int, str], **rest: str):  # type: ignore[no-untyped-def]
    """What the page of typing anew sends: every field as it stands, some of them changed."""
    page = desk.get(f"/desk/{contest.code}/small/again").text
    fields = dict(re.findall(r'name="(mark-\d+)" value="([^"]*)"', page))
    own = sheets(contest)
    fields |= dict(re.findall(r'name="(was-\d+)" value="([^"]*)"', page))
    fields |= {f"mark-{own[at].id}": text for at, text in changes.items()}
    seen = str(len(db.session.scalars(select(Publication)).all()) + 1)
    form = {**fields, "reason": "抄错了", "evidence": "当场念的，裁判在", "seen": seen, **rest}
    return desk.post(f"/desk/{contest.code}/small/again", data=form)


def published(desk: FlaskClient, contest: Competition) -> None:
    fill(desk, contest, *["50 38"] * 2, *["55 40"] * 2, *["40 40"] * 2, "缺考", "缺考")
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 302


def test_whoever_runs_it_corrects_what_is_published_alone(
    app: Flask, desk: FlaskClient, contest: Competition
) -> None:
    published(desk, contest)
    winners = {it.entrant_id for it in db.session.scalars(select(Certificate))}
    own = sheets(contest)
    third = own[4].entrant_id
    assert third not in winners
    assert "更正一个分" in desk.get(f"/desk/{contest.code}/small").text
    assert "一格都没改" in again(desk, contest, {}).text
    named = again(desk, contest, {4: "60 40"}, reason=f"{own[4].entrant.name}的抄错了")
    assert named.status_code == 400
    number = re.search(r"不要写“.*”，写参赛号 (\d+)", named.text)
    assert number is not None
    assert f'<span class="hint">{number[1]}</span>' in named.text
    done = again(desk, contest, {4: "60 40", 5: "60 40"})
    assert done.status_code == 302, done.text
    assert [it.version for it in db.session.scalars(select(Publication))] == [1, 2]
    certificates = db.session.scalars(select(Certificate)).all()
    valid = [it.entrant_id for it in certificates if it.state == "valid"]
    assert len(valid) == 2
    assert third in valid
    assert len(certificates) > len(valid)
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "第 2 版公布了" in page
    assert "对不上" not in page
    visitor = app.test_client()
    public = visitor.get(f"/p/{contest.code}").text
    assert "公布以后第 1 次更正，一个人办的；改评分表 2 张" in public
    assert "公布以后又打开了评分" not in public
    assert "抄错了" in public
    assert visitor.get(f"/p/{contest.code}?version=1").status_code == 200
    assert "更正后的成绩" in public
    assert "等定为最终成绩" not in public
    assert "参赛证" not in public
    with unit_of_work():
        contest.judges[0].name = "杨海东"
    named = again(desk, contest, {6: "20 20", 7: "20 20"}, reason="杨海东抄错了")
    assert named.status_code == 400
    assert "不要写裁判的姓名" in named.text
    assert again(desk, contest, {6: "20 20", 7: "20 20"}).status_code == 302
    assert "第 2 次更正" in visitor.get(f"/p/{contest.code}").text
    assert "代录的缺考撤回了" in visitor.get(f"/p/{contest.code}").text


def test_where_a_grade_hangs_on_what_is_published_one_person_corrects_nothing(
    desk: FlaskClient, contest: Competition
) -> None:
    published(desk, contest)
    event = contest.events[0]
    rule = {"code": "g", "cite": "第一名", "when": {"max_rank": 1}, "grant": {"to": 3}}
    with unit_of_work():
        event.rules.definition = event.rules.definition | {"grades": [rule]}
    assert "更正一个分" not in desk.get(f"/desk/{contest.code}/small").text
    form = {f"mark-{sheets(contest)[0].id}": "60 40", "reason": "抄错了", "evidence": "纸"}
    assert desk.post(f"/desk/{contest.code}/small/again", data=form).status_code >= 400
    assert len(db.session.scalars(select(Publication)).all()) == 1


def test_opened_elsewhere_it_is_corrected_and_published_here(
    desk: FlaskClient, contest: Competition
) -> None:
    published(desk, contest)
    opened = desk.post(f"/desk/{contest.code}/unlock", data={"reason": "抄错"})
    assert opened.location.endswith("/small/again")
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "评分解锁着，网上还是第 1 版" in page
    assert "印奖状" not in page
    assert again(desk, contest, {0: "50 36"}).status_code == 302
    assert "第 2 版公布了" in desk.get(f"/desk/{contest.code}/small").text


def test_who_typed_a_cell_types_it_anew_before_it_is_published(
    desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 40"] * 6, "缺考", "缺考")
    assert "改代录的分" in desk.get(f"/desk/{contest.code}/small").text
    assert again(desk, contest, {0: "40 1次"}).status_code == 302
    own = sheets(contest)
    assert list(standing_values([own[0].id])[own[0].id].values()) == [40, 1]
    assert again(desk, contest, {6: "50 40", 7: "50 40"}).status_code == 302
    assert all(sheet.state == "submitted" for sheet in sheets(contest))
    assert "缺考</td>" not in desk.get(f"/desk/{contest.code}/small").text


def test_absence_beside_marks_is_asked_about_before_it_is_published(
    desk: FlaskClient, contest: Competition
) -> None:
    answer = fill(desk, contest, *["50 40"] * 7, "缺考")
    assert answer.status_code == 400
    assert "每格都写“缺考”" in answer.text
    fill(desk, contest, *["50 40"] * 7)
    fill(desk, contest, *[""] * 7, "缺考")
    page = desk.get(f"/desk/{contest.code}/small/publish").text
    assert "有裁判给了分，又写了缺考" in page
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 409
    sure = desk.post(f"/desk/{contest.code}/small/publish", data={"absent": "1"})
    assert sure.status_code == 302


def test_a_sheet_sent_back_counts_nothing(desk: FlaskClient, contest: Competition) -> None:
    fill(desk, contest, *["50 40"] * 8)
    with unit_of_work():
        send_sheet_back(sheets(contest)[0], "抄错", db.session.scalars(select(Account)).first())  # type: ignore[arg-type]
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "3/4，代录 3" in page
    assert page.count("90.00") == 3


def test_a_certificate_that_is_missing_is_told_of_and_issued(
    desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 40"] * 8)
    lock_marks(contest, db.session.scalars(select(Account)).first())  # type: ignore[arg-type]
    publish(contest, db.session.scalars(select(Account)).first())  # type: ignore[arg-type]
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "对不上" in page
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 302
    assert "对不上" not in desk.get(f"/desk/{contest.code}/small").text


@pytest.mark.parametrize("page", ["small/codes", "entrants", "certificates"])
def test_codes_that_no_phone_opens_are_told_of_before_they_are_printed(
    desk: FlaskClient, contest: Competition, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--host 0.0.0.0" in desk.get(f"/desk/{contest.code}/{page}").text
    monkeypatch.setattr("compete.web.templating.asked_at", lambda: "http://192.168.1.20:8000")
    assert "--host 0.0.0.0" not in desk.get(f"/desk/{contest.code}/{page}").text


def test_a_judge_who_never_comes_is_left_out_with_a_reason_that_everybody_reads(
    app: Flask, desk: FlaskClient, contest: Competition
) -> None:
    first = min(contest.judges, key=lambda judge: judge.code)
    own = sheets(contest)
    marks = {f"mark-{it.id}": "50 40" for it in own if it.judge_id == first.id}
    form = {**marks, "reason": "手机没电", "evidence": "当场念的，裁判在"}
    assert desk.post(f"/desk/{contest.code}/small/marks", data=form).status_code == 302
    page = desk.get(f"/desk/{contest.code}/small").text
    assert page.count("他没来") == 1
    away = f"/desk/{contest.code}/small/absent/J2"
    assert "其余 1 名裁判" in desk.get(away).text
    assert "写上他为什么没来" in desk.post(away, data={"reason": " "}).text
    assert "评过" in desk.post(f"/desk/{contest.code}/small/absent/J1", data={"reason": "病"}).text
    assert desk.post(away, data={"reason": "临时出差"}).status_code == 302
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "分齐了，可以公布" in page
    assert "90" in page
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 302
    public = app.test_client().get(f"/p/{contest.code}").text
    assert "裁判 J2 没来" in public
    assert "临时出差" in public
    assert len(db.session.scalars(select(Certificate)).all()) > 0


def test_points_that_are_no_share_of_100_are_no_fault_in_its_rules(
    desk: FlaskClient,
) -> None:
    points = "锉削平面度 100\n工具摆放 每次扣 2 120"
    assert desk.post("/desk/new/small", data=FORM | {"points": points}).status_code == 302
    contest = db.session.scalars(select(Competition)).one()
    page = desk.get(f"/desk/{contest.code}/events/rules?event=E1").text
    assert "照打的分" in page
    assert "应当是 100%" not in page
    assert "220%" not in page


def test_a_version_that_takes_an_award_away_is_looked_at_first(
    desk: FlaskClient, contest: Competition
) -> None:
    published(desk, contest)
    own = sheets(contest)
    third = own[4].entrant
    page = again(desk, contest, {4: "60 40", 5: "60 40"}, seen="")
    assert page.status_code == 200
    assert len(db.session.scalars(select(Publication)).all()) == 1
    assert "没有奖了，奖状收回" in page.text
    assert third.name in page.text
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.text))
    done = desk.post(f"/desk/{contest.code}/small/again", data=sent)
    assert done.status_code == 302, done.text
    assert len(db.session.scalars(select(Publication)).all()) == 2
    # A correction that takes nothing away goes out at once.
    assert again(desk, contest, {2: "52 40"}, seen="").status_code == 302


def test_certificates_whose_codes_no_phone_opens_are_told_of(
    desk: FlaskClient, contest: Competition, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = f"/desk/{contest.code}/small"
    assert "--host 0.0.0.0" not in desk.get(here).text
    published(desk, contest)
    assert "--host 0.0.0.0" in desk.get(here).text
    monkeypatch.setattr("compete.web.templating.asked_at", lambda: "http://192.168.1.20:8000")
    assert "--host 0.0.0.0" not in desk.get(here).text


def test_more_prizes_than_were_set_are_explained(desk: FlaskClient, contest: Competition) -> None:
    fill(desk, contest, *["50 40"] * 4, *["40 40"] * 4)
    page = desk.get(f"/desk/{contest.code}/small/publish").text
    assert "奖状 2 张" in page
    assert "名次并列" not in page
    for place in range(4):
        again(desk, contest, {2 * place: "50 40", 2 * place + 1: "50 40"})
    page = desk.get(f"/desk/{contest.code}/small/publish").text
    assert "设了 2 人的奖，名次并列，多出 2 人" in page


def test_what_is_typed_in_english_is_understood(desk: FlaskClient) -> None:
    points = "Filing 60\nTools 2 off each 40"
    assert desk.post("/desk/new/small", data=FORM | {"points": points}).status_code == 302
    contest = db.session.scalars(select(Competition)).one()
    module = contest.events[0].rules.definition["stages"][0]["modules"][0]
    assert module["aspects"][1]["type"] == "deduction"
    assert fill(desk, contest, "50 1x", "50 38", "absent", "absent").status_code == 302
    own = sheets(contest)
    assert [list(standing_values([it.id])[it.id].values()) for it in own[:2]] == [[50, 1], [50, 1]]


def test_the_start_is_taken_back_whole_while_there_is_no_mark(
    app: Flask, desk: FlaskClient, contest: Competition
) -> None:
    token = newest_token(contest)
    page = f"/desk/{contest.code}/small/take-back"
    assert "撤回开赛" in desk.get(f"/desk/{contest.code}/small").text
    done = desk.post(page)
    assert done.status_code == 302
    form = desk.get(done.location).text
    for words in ("机修车间钳工小比武", "何立军\t一班", "李强\t三班", "工具摆放\t每次扣 2\t40"):
        assert words in form
    assert app.test_client().get(f"/sign-in/{token}").status_code == 410
    assert "拿回来" in desk.get("/desk/").text
    # Started anew it is another contest, with codes of its own.
    assert desk.post("/desk/new/small", data=FORM).status_code == 302
    assert len(db.session.scalars(select(Competition)).all()) == 2


def test_the_start_stays_once_there_is_a_mark(desk: FlaskClient, contest: Competition) -> None:
    assert fill(desk, contest, "50 40").status_code == 302
    page = f"/desk/{contest.code}/small/take-back"
    assert "撤回开赛" not in desk.get(f"/desk/{contest.code}/small").text
    assert "已经有分了" in desk.get(page).text
    assert desk.post(page).status_code == 409


def test_a_wrong_name_or_unit_is_put_right_by_one_once_there_are_marks(
    desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 40"] * 2)
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "点名字更正" in desk.get(f"/desk/{contest.code}/small/take-back").text
    address = re.search(r'href="(/desk/[^"]+/identity)"[^>]*>何立军', page)[1]
    form = desk.get(address).text
    assert "何立军" in form
    fields = dict(re.findall(r'name="(name|unit)"[^>]* value="([^"]*)"', form))
    sent = {**fields, "name": "何利军", "reason": "名单上写错了字"}
    look = desk.post(address, data=sent).text
    seen = re.search(r'name="seen" value="([^"]+)"', look)[1]
    assert desk.post(address, data=sent | {"seen": seen}).status_code == 302
    page = desk.get(f"/desk/{contest.code}/small").text
    assert "何利军" in page
    assert "何立军" not in page
    assert standing_values([sheets(contest)[0].id])[sheets(contest)[0].id]


ITEMS = {"i1-name": "锉削平面", "i1-max": "80", "i2-name": "工具摆放", "i2-how": "each"}


def correct(desk: FlaskClient, contest: Competition, **fields: str):  # type: ignore[no-untyped-def]
    rules = str(contest.events[0].rules.number)
    sent = {**ITEMS, "i2-off": "2", "i2-max": "20", "reason": "配分抄反了", "rules": rules}
    sent |= fields
    return desk.post(f"/desk/{contest.code}/small/items", data=sent)


def test_a_wrong_item_is_put_right_by_one_once_there_are_marks(
    desk: FlaskClient, contest: Competition
) -> None:
    page = f"/desk/{contest.code}/small"
    assert "改项目" not in desk.get(page).text
    assert "撤回开赛" in correct(desk, contest).text
    fill(desk, contest, *["50 18"] * 2)
    assert "改项目" in desk.get(page).text
    assert "锉削平面度" in desk.get(f"{page}/items").text
    for fields, words in (
        ({"reason": ""}, "写上为什么改项目"),
        ({"i2-max": "很多"}, "第 2 行：“很多”不是数"),
        ({"i2-name": "锉削平面"}, "第 2 行：和第 1 行同名"),
        ({"i1-max": "40"}, "放不进去"),
    ):
        refused = correct(desk, contest, **fields)
        assert refused.status_code in (400, 409)
        assert words in refused.text
        assert "锉削平面度" not in refused.text
    assert correct(desk, contest).status_code == 302
    shown = desk.get(page).text
    assert "锉削平面" in shown
    # Eleven faults at 2 each are more than 20: nothing is left of the item.
    assert "50" in shown
    assert "一项都没改" in correct(desk, contest).text
    words = [bend.what.render() for bend in bends_of(contest)]
    assert any("一个人改了评的项目" in it for it in words)
    change = db.session.scalars(select(RuleChange)).one()
    shown = desk.get(f"/desk/{contest.code}/events/changes/{change.id}").text
    assert "配分抄反了" in shown
    assert "还没表态" not in shown
    assert list(all_faults()) == []


def test_an_item_corrected_after_publication_goes_out_as_the_next_version(
    app: Flask, desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 38"] * 2, *["55 30"] * 2, *["40 40"] * 2, "缺考", "缺考")
    assert desk.post(f"/desk/{contest.code}/small/publish").status_code == 302
    look = correct(desk, contest, **{"i1-max": "60", "i2-off": "8", "i2-max": "40"})
    assert look.status_code == 200
    assert "奖状会收回" in look.text
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', look.text))
    assert desk.post(f"/desk/{contest.code}/small/items", data=sent).status_code == 302
    assert [it.version for it in db.session.scalars(select(Publication))] == [1, 2]
    public = app.test_client().get(f"/p/{contest.code}").text
    assert (
        "公布以后第 1 次更正，一个人改了评的项目；“锉削平面度 60 分”改成“锉削平面 60 分”" in public
    )
    assert "每次扣 2”改成“工具摆放 40 分，每次扣 8”" in public
    assert "配分抄反了" in public
    assert list(all_faults()) == []


def test_a_page_from_before_takes_nothing_of_anothers_correction_back(
    desk: FlaskClient, contest: Competition
) -> None:
    published(desk, contest)
    page = f"/desk/{contest.code}/small/again"
    before = desk.get(page).text
    assert again(desk, contest, {4: "60 40", 5: "60 40"}).status_code == 302
    own = sheets(contest)

    def stale(**changes: str):  # type: ignore[no-untyped-def]
        fields = dict(re.findall(r'name="((?:mark|was)-\d+)" value="([^"]*)"', before))
        words = {"reason": "抄错了", "evidence": "当场念的，裁判在"}
        return desk.post(page, data=fields | words | changes)

    # The look was at the version before: it is shown again, and what another corrected stays.
    look = stale(**{f"mark-{own[2].id}": "40 38", "seen": "2"})
    assert look.status_code == 200
    assert "公布第 3 版" in look.text
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', look.text))
    assert desk.post(page, data=sent).status_code == 302
    values = standing_values([own[4].id, own[2].id])
    assert values[own[4].id]["a1"] == 60
    assert values[own[2].id]["a1"] == 40
    # What both changed is asked about.
    both = stale(**{f"mark-{own[4].id}": "50 40"})
    assert both.status_code == 400
    assert "别人改成了“60 40”" in both.text
    assert standing_values([own[4].id])[own[4].id]["a1"] == 60


def test_items_that_another_corrected_are_looked_at_first(
    desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 18"] * 2)
    number = str(contest.events[0].rules.number)
    assert correct(desk, contest).status_code == 302
    late = correct(desk, contest, **{"rules": number, "i2-off": "5"})
    assert late.status_code == 409
    assert "别人改过项目" in late.text
    assert 'value="锉削平面"' in late.text


def test_the_numbers_of_certificates_that_go_on_are_explained(
    desk: FlaskClient, contest: Competition
) -> None:
    fill(desk, contest, *["50 40"] * 4, *["40 40"] * 4)
    publish_page = f"/desk/{contest.code}/small/publish"
    assert "奖状从〔2026〕第001号编起" in desk.get(publish_page).text
    assert desk.post(publish_page).status_code == 302
    desk.post("/desk/new/small", data=FORM | {"name": "焊工小比武"})
    other = db.session.scalars(select(Competition).order_by(Competition.id.desc())).first()
    fill(desk, other, *["50 40"] * 4, *["40 40"] * 4)
    page = desk.get(f"/desk/{other.code}/small/publish").text
    numbers = [row.number for row in db.session.scalars(select(Certificate))]
    assert f"奖状从〔2026〕第{len(numbers) + 1:03d}号编起" in page
