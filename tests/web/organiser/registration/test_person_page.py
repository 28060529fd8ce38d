"""One contestant's page: what it says, what it keeps back, and who may look."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from compete.domain.eligibility import Conditions
from compete.domain.identity.citizen_id import citizen_check_digit
from compete.domain.identity.masks import mask_id
from compete.models import Account, Competition, Entrant, Exemption, db
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.directory.search_columns import fill_search_keys
from compete.services.kernel import audit
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.pinyin import name_key
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.sheets.blind_codes import drawn_codes
from tests.support.announced import announce
from tests.support.competitions import load_sample
from tests.support.panels import bundle_of
from tests.support.people import correct_identity
from tests.support.signing_in import official, signed_in
from tests.support.small import IDS, small

WHERE = "/desk/X/entrants/P2/"


@pytest.fixture
def desk(app: Flask, organiser: Account, judged: Competition) -> FlaskClient:
    """The organiser's desk."""
    return signed_in(app, organiser)


def of(competition: Competition, code: str) -> Entrant:
    """The entrant of that code."""
    entrant = entrant_by_code(competition, code)
    assert entrant is not None
    return entrant


def test_the_list_leads_to_a_person_and_on_to_those_beside(desk: FlaskClient) -> None:
    assert 'href="/desk/X/entrants/P2/"' in desk.get("/desk/X/entrants").text
    page = desk.get(WHERE).text
    assert "第 2 个，共 4 个" in page
    assert re.search(r'rel="prev" href="/desk/X/entrants/P1/"', page)
    assert re.search(r'rel="next" href="/desk/X/entrants/P3/"', page)
    # Within the list that one came from.
    assert "/desk/X/entrants/P2/?unit=U1" in desk.get("/desk/X/entrants?unit=U1").text
    page = desk.get(f"{WHERE}?unit=U1").text
    assert "第 2 个，共 2 个" in page
    assert 'rel="next"' not in page
    assert 'href="/desk/X/entrants/P1/?unit=U1"' in page
    assert desk.get("/desk/X/entrants/P9/").status_code == 404


def test_a_condition_that_is_not_met_is_waived_for_a_reason_and_no_longer(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    change_conditions(fresh.events[0], Conditions(years=5), mark_of(Conditions()), organiser)
    desk = signed_in(app, organiser)
    assert f'action="{WHERE}exempt"' in desk.get(WHERE).text
    lacking = desk.post(f"{WHERE}exempt", data={"rule": "years", "reason": " "})
    assert (lacking.status_code, "要写原因" in lacking.text) == (400, True)
    sent = {"rule": "years", "reason": "学徒期计入"}
    waived = desk.post(f"{WHERE}exempt", data=sent, follow_redirects=True).text
    assert ("特准了，记下来了" in waived, "学徒期计入" in waived) == (True, True)
    ended = desk.post(f"{WHERE}exempt/end", data=sent, follow_redirects=True).text
    assert "收回了特准" in ended
    assert db.session.scalars(select(Exemption)).one().ended_at is not None


def test_a_name_of_made_up_characters_says_which_and_what_helps(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    assert "自造的字" not in desk.get(WHERE).text
    name = "赵\ue123"
    correct_identity(of(judged, "P2"), name=name, id_number="", reason="生僻字", by=organiser)
    assert "姓名第 2 个字（U+E123）是自造的字" in desk.get(WHERE).text


def test_the_list_is_searched_and_sorted(desk: FlaskClient, judged: Competition) -> None:
    def shown(**asked: str) -> list[str]:
        page = desk.get("/desk/X/entrants", query_string=asked).text
        return re.findall(r'href="/desk/X/entrants/(P\d)/[^"]*">[^<]', page)

    everybody = ["P1", "P2", "P3", "P4"]
    for typed, codes in {
        **{key: ["P1"] for key in ("启明", "zqm", "zhaoqi", "zhao q", "ming", "P1", "ｐ１")},
        "甲单位": ["P1", "P2"],
        IDS["P3"][-4:]: ["P3"],
        "李小": ["P4"],
        "XX%": [],
        "_": [],
        "0000": [],
    }.items():
        assert shown(q=typed) == codes, typed
    assert shown(sort="name") == ["P4", "P2", "P3", "P1"]
    assert shown(sort="-name") == ["P1", "P3", "P2", "P4"]
    assert shown(sort="-unit") == everybody[::-1]
    assert shown(sort="?") == shown(page="99") == everybody
    page = desk.get(f"{WHERE}?sort=name").text
    assert "第 2 个，共 4 个" in page
    assert 'rel="prev" href="/desk/X/entrants/P4/?sort=name"' in page
    page = desk.get("/desk/X/entrants/P3/?sort=-name").text
    assert 'rel="prev" href="/desk/X/entrants/P1/?sort=-name"' in page
    # What is looked for follows a correction.
    with unit_of_work():
        person = of(judged, "P2")
        person.name, person.name_key = "Anna Lee", name_key("Anna Lee")
    assert shown(q="lee") == shown(q="annal") == ["P2"]
    assert shown(q="钱文") == shown(q="qianw") == []


def test_an_upgrade_fills_what_is_looked_for(judged: Competition) -> None:
    query = select(Entrant.spoken, Entrant.initials, Entrant.id_tail).order_by(Entrant.id)
    before = db.session.execute(query).all()
    assert len(before) == 4
    columns = {"spoken": None, "initials": None, "id_tail": None}
    with unit_of_work() as session:
        session.execute(update(Entrant).values(columns), execution_options={"noted": True})
    with unit_of_work():
        fill_search_keys()
    assert db.session.execute(query).all() == before
    assert list(check_rows(judged)) == []


def test_the_whole_number_wants_a_reason_and_is_recorded(
    desk: FlaskClient, judged: Competition
) -> None:
    page = desk.get(WHERE).text
    assert mask_id(IDS["P2"]) in page
    assert IDS["P2"] not in page
    refused = desk.post(f"{WHERE}number", data={"reason": "  "})
    assert refused.status_code == 400
    assert "看全号要写原因" in refused.text
    assert IDS["P2"] not in refused.text
    shown = desk.post(f"{WHERE}number", data={"reason": "保险要用"})
    assert IDS["P2"] in shown.text
    assert IDS["P1"] not in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    row = audit.recent(judged, 1)[0]
    assert (row.action, row.subject, row.reason) == ("entrant.show_number", "P2", "保险要用")
    assert "看全号" in desk.get(WHERE).text
    assert "保险要用" in desk.get(WHERE).text
    assert "看全号 <b>" not in desk.get("/desk/X/entrants/P1/").text
    assert desk.post(f"{WHERE}number", data={"reason": "x", "of": "P1"}).status_code == 404
    assert list(verify_chain(judged)) == []


def test_sheets_stand_without_a_mark_until_results_are_out(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    page = desk.get(WHERE).text
    assert "2 张" in page
    assert "公布前不显示得分" in page
    assert "公布本人的成绩以后才有" in page
    assert " / 100" not in page
    announce(judged, organiser)
    page = desk.get(WHERE).text
    assert "第 2 名" in page
    assert "/desk/X/standings?event=" in page
    assert re.search(r'<b class="num">\d+\.\d\d / 100</b>', page)


def test_a_certificate_stands_with_its_row_in_the_register(
    app: Flask, here: Flask, organiser: Account
) -> None:
    forklift = load_sample("port-forklift", organiser)
    announce(forklift, organiser)
    assert unissued_awards(forklift)
    issue_award_certificates(forklift, organiser, "急用")
    page = signed_in(app, organiser).get("/desk/FORK-2022/entrants/B21/").text
    assert "获奖证书" in page
    assert re.search(r"/desk/FORK-2022/certificates\?open=\d+#certificate-", page)


def test_the_history_has_old_and_new_and_no_number(
    desk: FlaskClient, judged: Competition, organiser: Account
) -> None:
    person = of(judged, "P2")
    was, becomes = IDS["P2"], IDS["P3"][:-4] + "0099"
    becomes = becomes[:17] + citizen_check_digit(becomes[:17])
    correct_identity(person, name="钱闻", id_number=becomes, reason="录错", by=organiser)
    page = desk.get(WHERE).text
    assert "姓名 <s>钱文</s> → <b>钱闻</b>" in page
    assert f"证件号码 <s>{mask_id(was)}</s> → <b>{mask_id(becomes)}</b>" in page
    assert "录错" in page
    chain = str([(row.before, row.after) for row in audit.recent(judged, 50)])
    assert was not in chain
    assert becomes not in chain


def test_another_code_makes_the_old_void_and_the_page_says_so(
    app: Flask, desk: FlaskClient, judged: Competition
) -> None:
    old = of(judged, "P2").badge_token
    assert f'action="{WHERE}badge"' in desk.get(WHERE).text
    assert desk.post(f"{WHERE}badge", data={"reason": " "}).status_code == 400
    answer = desk.post(f"{WHERE}badge", data={"reason": "丢了"}, follow_redirects=True)
    assert "第 2 次的码" in answer.text
    assert "旧码作废。丢了" in answer.text
    assert "已换发" in app.test_client().get(f"/c/{old}").text
    assert list(check_rows(judged)) == []


def test_a_crews_members_stand_each_with_a_number(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    crew = plain["entrants"][0]
    crew["members"] = [
        {"code": "P1-1", "name": "甲一", "id_number": crew.pop("id_number"), "grade": 4},
        {"code": "P1-2", "name": "甲二"},
    ]
    load(plain)
    desk = signed_in(app, organiser)
    page = desk.get("/desk/X/entrants/P1/").text
    assert "甲一" in page
    assert "四级/中级工" in page
    assert mask_id(IDS["P1"]) in page
    shown = desk.post("/desk/X/entrants/P1/number", data={"of": "P1-1", "reason": "核对"})
    assert IDS["P1"] in shown.text
    none = desk.post("/desk/X/entrants/P1/number", data={"of": "P1-2", "reason": "核对"})
    assert none.status_code == 404
    # A crew is two people, not one.
    entrants = len(plain["entrants"])
    assert f"{entrants + 1} 人" in desk.get("/desk/X/entrants").text
    assert "1 个组合" in desk.get("/desk/X/").text


def test_nobody_but_the_organiser_opens_it(app: Flask, judged: Competition) -> None:
    for code in ("C1", "S1", "J1"):
        other = signed_in(app, official(judged, code))
        assert other.get(WHERE).status_code == 404
        assert other.post(f"{WHERE}number", data={"reason": "x"}).status_code == 404


def test_a_blind_event_shows_no_code_beside_the_name(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(bundle_of(blind=True))
    entrant = db.session.query(Entrant).filter_by(competition_id=competition.id).first()
    assert entrant is not None
    code = drawn_codes(entrant.event)[entrant.id]
    page = signed_in(app, organiser).get(f"/desk/PANEL/entrants/{entrant.code}/").text
    assert entrant.name in page
    assert code not in page
