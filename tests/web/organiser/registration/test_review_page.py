"""审核 of an evaluation: whoever meets no line of conditions is seen first, with what is short."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.evaluation.documents import DocumentKind
from compete.domain.values.roles import Role
from compete.domain.values.states import CompetitionState
from compete.models import Account, Competition
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.sign_in_cards import use_card
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.acceptance import accept_people
from compete.services.registration.corrections import correct_person
from compete.services.registration.documents import DESK, put_document, recognise_document
from compete.services.registration.entrant_lookup import entrants_by_code
from compete.services.registration.self_entry.own_entry import entrant_of_application
from compete.services.registration.units.links import make_link
from compete.services.registration.withdrawals import standing_withdrawals
from compete.services.registration.writing import add_person
from tests.services.registration.test_evaluation_columns import NEW
from tests.sheets.reading.files import id_of
from tests.support.evaluation import evaluation
from tests.support.pictures import photo
from tests.support.self_entry import enter, switch_on
from tests.support.signing_in import signed_in
from tests.support.small import small

PAGE = "/desk/EV/review"


@pytest.fixture
def assessed(load: Callable[..., Competition]) -> Competition:
    plain = evaluation()
    higher = json.loads(json.dumps(plain["events"][0])) | {"code": "C", "name": "三级", "grade": 3}
    plain["events"].append(higher)
    return load(plain)


@pytest.fixture
def desk(app: Flask, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def begin_registering(competition: Competition, by: Account) -> None:
    with unit_of_work():
        competition.state = CompetitionState.REGISTERING
        audit.record(competition, by, "test.registering", competition.code)


def test_each_line_says_what_is_short_and_who_fits_is_apart(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    def enter(name: str, number: int, **fields: str) -> str:
        typed = {"name": name, "id_number": id_of(number), "papers": ""}
        return add_person(assessed, NEW | typed | fields, organiser).code

    enter("符合的", 11)
    early = enter("差时间", 12, grade_since="2024-03-01")
    enter("没写的", 13, grade_since="")
    page = desk.get(PAGE).text
    assert "符合的" not in page
    assert all(name in page for name in ("差时间", "没写的"))
    assert "要来定的：差条件 3 人。" in page
    # Counted from the day on which conditions are looked at, 2026-05-10.
    assert "还差 10 个月，2027-03-01 满" in page
    assert "2 条路要补资料" in page
    assert "符合的" in desk.get(f"{PAGE}?show=ready").text
    everybody = desk.get(f"{PAGE}?show=all").text
    assert all(name in everybody for name in ("符合的", "差时间", "没写的"))
    assert "差时间" not in desk.get(f"{PAGE}?show=all&level=C").text
    # Corrected on the person's own page, where a click on the name leads.
    assert f'/desk/EV/entrants/{early}/"' in page
    who = entrants_by_code(assessed, [early])[early]
    correct_person(who, {"grade_since": "2021-03-01"}, "看了原件", organiser)
    assert "差时间" not in desk.get(PAGE).text


def test_a_contest_has_no_such_page(load: Callable[..., Competition], desk: FlaskClient) -> None:
    contest = load(small())
    assert desk.get(f"/desk/{contest.code}/review").status_code == 404


def test_judges_and_others_do_not_see_it(assessed: Competition, app: Flask) -> None:
    assert app.test_client().get(PAGE).status_code == 302


def test_who_goes_on_in_the_next_batch_is_moved_for_what_is_short_and_brought_back(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    def enter(name: str, number: int, **fields: str) -> str:
        typed = {"name": name, "id_number": id_of(number), "papers": ""}
        return add_person(assessed, NEW | typed | fields, organiser).code

    begin_registering(assessed, organiser)
    fits = enter("符合的", 11)
    early = enter("差时间", 12, grade_since="2024-03-01")
    empty = enter("没写的", 13, grade_since="")
    onward, back = f"{PAGE}/onward?show=all", f"{PAGE}/back?show=moved"
    # Who meets the conditions is moved for a reason alone, and nobody with them before.
    refused = desk.post(onward, data={"who": [fits, early]})
    assert refused.status_code == 400
    assert "符合的 符合条件，转下一批要写原因" in refused.text
    assert refused.text.count(" checked") == 2
    assert desk.post(onward).status_code == 400
    sent = desk.post(onward, data={"who": [early, empty]})
    assert sent.status_code == 302
    assert "show=all" in sent.location
    moved = desk.get(f"{PAGE}?show=moved").text
    assert "差时间" in moved
    assert "没写的" in moved
    assert "符合的" not in moved
    assert {it.entrant.code: it.reason for it in standing_withdrawals(assessed)} == {
        early: "还差 10 个月，2027-03-01 满",
        empty: "2 条路要补资料",
    }
    assert "差时间" not in desk.get(f"{PAGE}?show=all").text
    # Said twice, once by another organiser: the second is told so.
    again = desk.post(onward, data={"who": [early], "reason": "人太多"}, follow_redirects=True)
    assert "差时间：已经退出了" in again.text
    desk.post(onward, data={"who": [fits], "reason": "考场坐不下"})
    desk.post(back, data={"who": [early, fits]})
    assert [it.entrant.code for it in standing_withdrawals(assessed)] == [empty]
    assert "差时间" in desk.get(PAGE).text


def test_unit_and_applicant_see_what_is_short_before_anybody_accepts_them(
    assessed: Competition, organiser: Account, app: Flask, desk: FlaskClient
) -> None:
    begin_registering(assessed, organiser)
    early = {"name": "差时间", "id_number": id_of(12), "grade_since": "2024-03-01", "papers": "无"}
    short = "还差 10 个月，2027-03-01 满"
    unit = assessed.units[0]
    contact = signed_in(app, use_card(make_link(unit, assessed, "顾燕", organiser)))
    saved = contact.post("/unit/EV/people/new", data=NEW | early, follow_redirects=True).text
    assert f"差时间 不符合报名条件：{short}" in saved
    assert saved.count(short) == 2
    assert "条件不够的收了也没有准考证" in saved
    enough = NEW | {"name": "符合的", "id_number": id_of(11)}
    assert "不符合" not in contact.post("/unit/EV/people/new", data=enough).text
    switch_on(assessed, organiser)
    entry, link = enter(
        assessed, **{key: own for key, own in (NEW | early).items() if key != "id_number"}
    )
    page = app.test_client().get(f"/r/{link}").text
    assert short in page
    assert "条件不够的没有准考证" in page
    # On the list, and moved to the next batch: the day on which it is met is told still.
    accept_people(assessed, {entry.public_id: entry.version}, organiser)
    entrant = entrant_of_application(entry)
    assert entrant is not None
    desk.post(f"{PAGE}/onward", data={"who": [entrant.code]})
    page = app.test_client().get(f"/r/{link}").text
    assert f"转到下一批考：{short}。" in page
    assert "退出" not in page
    listed = contact.get("/unit/EV/").text
    assert listed.count(short) == 2
    assert 'data-key="onward"' in listed
    badge = app.test_client().get(f"/c/{entrant.badge_token}").text
    assert f"转到下一批考：{short}。" in badge
    desk.post(f"{PAGE}/back", data={"who": [entrant.code]})
    desk.post(f"{PAGE}/onward", data={"who": [entrant.code], "reason": "考场坐不下"})
    assert "考场坐不下" in contact.get("/unit/EV/").text


def test_who_is_short_is_given_back_for_just_that_without_a_reason_typed(
    assessed: Competition, organiser: Account, app: Flask, desk: FlaskClient
) -> None:
    begin_registering(assessed, organiser)
    switch_on(assessed, organiser)
    applicant = {key: own for key, own in NEW.items() if key != "id_number"} | {"papers": "无"}
    entries = {}
    for place, since in enumerate(("2024-03-01", "2024-05-01", "2020-03-01")):
        entry, link = enter(assessed, place, **(applicant | {"grade_since": since}))
        entries[link] = f"{entry.public_id}:{entry.version}"
    early, later, fits = entries
    listed = "/desk/EV/applications?show=submitted&tick="
    for who, ticked in {"all": 3, "fit": 1, "short": 2, "": 0}.items():
        assert len(re.findall('name="who"[^>]* checked', desk.get(listed + who).text)) == ticked
    assert "勾上符合的" in desk.get(listed).text
    back = "/desk/EV/applications/return?show=submitted"
    refused = desk.post(back, data={"who": list(entries.values())})
    assert (refused.status_code, "退回要写原因" in refused.text) == (400, True)
    desk.post(back, data={"who": [entries[early], entries[later]]})
    phone = app.test_client()
    assert "2027-03-01 满" in returned_why(phone, early)
    assert "2027-05-01 满" in returned_why(phone, later)
    desk.post(back, data={"who": [entries[fits]], "reason": "照片不清"})
    assert "照片不清" in returned_why(phone, fits)
    assert list(verify_chain(assessed)) == []


def returned_why(phone: FlaskClient, link: str) -> str:
    page = phone.get(f"/r/{link}").text
    return page[page.index("退回：") :][:80]


def test_a_press_passes_who_meets_everything_and_the_rest_one_by_one(
    assessed: Competition, organiser: Account, desk: FlaskClient
) -> None:
    def enter(name: str, number: int, **fields: str) -> str:
        typed = {"name": name, "id_number": id_of(number), "papers": ""}
        return add_person(assessed, NEW | typed | fields, organiser).code

    begin_registering(assessed, organiser)
    fits, sent = enter("都齐的", 11), enter("传了材料的", 14)
    early = enter("差时间", 12, grade_since="2024-03-01")
    who = entrants_by_code(assessed, [sent])[sent]
    document = put_document(who, DocumentKind.YEARS, photo(), DESK, organiser)
    page = desk.get(PAGE).text
    assert "差条件 2 人" in page
    assert "材料还没看 1 人" in page
    ready = desk.get(f"{PAGE}?show=ready").text
    assert "都齐的" in ready
    assert "传了材料的" not in ready
    assert "通过这 1 人" in ready
    mark = re.findall(r'name="seen" value="(\w+)"', ready)[0]
    assert desk.post(f"{PAGE}/pass?show=ready", data={"seen": "0"}).status_code == 409
    done = desk.post(f"{PAGE}/pass?show=ready", data={"seen": mark}, follow_redirects=True).text
    assert "1 人通过了，能撤回" in done
    assert re.search(rf"{organiser.name} \d{{4}}-\d\d-\d\d 通过", done)
    # One by one, on the page of one applicant, once the document was looked at.
    own = f"{PAGE}/{sent}"
    assert "有 1 份材料还没看" in desk.get(own).text
    assert desk.post(f"{own}/pass").status_code == 409
    recognise_document(document, who, organiser)
    assert "条件、材料都齐了" in desk.get(own).text
    assert "通过了" in desk.post(f"{own}/pass", follow_redirects=True).text
    assert "申报条件还差" in desk.get(f"{PAGE}/{early}").text
    # What it rests on changes: it is said on the lists, on the own page and on papers.
    correct_person(
        entrants_by_code(assessed, [fits])[fits],
        {"grade_since": "2019-03-01"},
        "看了原件",
        organiser,
    )
    words = "通过以后改了：现等级"
    assert f"{words} 1 人" in desk.get(PAGE).text
    assert "以后改了：现等级，要重新看" in desk.get(f"{PAGE}/{fits}").text
    assert f"没有准考证：{words}" in desk.get("/desk/EV/entrants").text
    assert f"都齐的（{words}）" in desk.get("/desk/EV/plan").text
    assert "审核通过" in desk.get(f"/desk/EV/entrants/{fits}/").text
    # Taken back: alone on the own page, and the press that was the last by the list.
    assert "收回了" in desk.post(f"{own}/pass-end", follow_redirects=True).text
    mark = re.findall(r'name="seen" value="(\w+)"', desk.get(f"{PAGE}?show=ready").text)[0]
    done = desk.post(f"{PAGE}/pass?show=ready", data={"seen": mark}, follow_redirects=True).text
    change = re.findall(r'name="change" value="(\d+)"', done)[0]
    assert (
        "撤销了"
        in desk.post(f"{PAGE}/pass-undo", data={"change": change}, follow_redirects=True).text
    )
    assert "传了材料的" in desk.get(f"{PAGE}?show=ready").text
    assert [*verify_chain(assessed)] == []


def test_who_is_short_is_let_in_by_two_on_the_own_page(
    assessed: Competition, organiser: Account, desk: FlaskClient, app: Flask
) -> None:
    begin_registering(assessed, organiser)
    typed = {"name": "差时间", "id_number": id_of(12), "papers": "", "grade_since": "2024-03-01"}
    early = add_person(assessed, NEW | typed, organiser).code
    own = f"{PAGE}/{early}"
    assert desk.post(f"{own}/exempt", data={"reason": ""}).status_code == 400
    asked = desk.post(f"{own}/exempt", data={"reason": "援藏两年"}, follow_redirects=True).text
    assert "提出了，等第二个人同意" in asked
    assert f"{own}/exempt-agree" not in asked
    assert desk.post(f"{own}/exempt-agree").status_code == 409
    clerk = create_account("何立新")
    grant_role(clerk, assessed, Role.ORGANISER, by=organiser)
    other = signed_in(app, clerk)
    home = other.get("/desk/EV/").text
    assert f"特准 {early} 报泵站运行工 四级" in home
    assert own in home
    page = other.get(own).text
    assert "援藏两年" in page
    assert f"{own}/exempt-agree" in page
    agreed = other.post(f"{own}/exempt-agree", follow_redirects=True).text
    assert "特准了，谁都看得到为什么" in agreed
    assert "条件不够，特准" in agreed
    assert f"{own}/pass" in agreed
    assert "特准，条件不够也能考" in desk.get(f"/desk/EV/entrants/{early}/").text
    assert "不特准了" in desk.post(f"{own}/exempt-end", follow_redirects=True).text
    assert desk.post(f"{own}/exempt-end").status_code == 404
