"""Every registered field corrected: checked as in registration, and looked at first."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.identity.masks import mask_id
from compete.models import Account, Competition, Entrant, Member, db
from compete.services.kernel import audit
from compete.services.kernel.event_rules import rules_of
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.corrections import correct_person, plan_correction
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.people_seals import check_people
from compete.services.registration.writing import add_person
from compete.services.schedule.allocation import assign_judges, open_judging
from tests.sheets.reading.files import id_of
from tests.support.announced import announce, lock
from tests.support.evaluation import evaluation
from tests.support.signing_in import official, signed_in
from tests.support.small import IDS, all_marks, small

PAGE = "/desk/X/entrants/P2/identity"
PASSPORT = {"id_type": "passport", "id_number": "E12345678"}


@pytest.fixture
def desk(app: Flask, organiser: Account, fresh: Competition) -> FlaskClient:
    """The organiser's desk before judging."""
    return signed_in(app, organiser)


def corrected(desk: FlaskClient, page: str = PAGE, **typed: str) -> str:
    """What is said once the fields were sent, looked at and confirmed."""
    first = desk.post(page, data=typed).text
    seen = re.search(r'name="seen" value="(\w+)"', first)
    assert seen is not None, first
    # What it would touch is told: nothing beside it says that all agree.
    assert "都一致" not in first
    return desk.post(page, data=typed | {"seen": seen[1]}, follow_redirects=True).text


def entrant(code: str = "P2") -> Entrant:
    """As it stands in the database."""
    db.session.expire_all()
    return db.session.query(Entrant).filter_by(code=code).one()


def test_nothing_is_written_before_it_was_looked_at(desk: FlaskClient, fresh: Competition) -> None:
    assert "None" not in desk.get(PAGE).text
    first = desk.post(PAGE, data={"unit": "U2", "phone": "13800000000"})
    assert first.status_code == 200
    assert "这样改，还没写入" in first.text
    assert '<s class="soft">甲单位</s> → 乙单位' in first.text
    assert "参赛证" in first.text
    assert entrant().unit.code == "U1"
    page_text = corrected(desk, unit="U2", phone="13800000000", grade="4", group="teacher")
    assert "更正了" in page_text
    now = entrant()
    assert (now.unit.code, now.phone, now.grade, now.group) == ("U2", "13800000000", 4, "teacher")
    assert "四级/中级工" in page_text
    assert list(check_people(fresh)) == []
    assert list(check_rows(fresh)) == []
    chain = str([(row.before, row.after) for row in audit.recent(fresh, 9)])
    assert "13800000000" not in chain
    assert "138****0000" in chain
    # What was confirmed is what was shown: other fields are looked at first.
    first = desk.post(PAGE, data={"grade": "3"}).text
    seen = re.search(r'name="seen" value="(\w+)"', first)
    assert seen is not None
    assert "还没写入" in desk.post(PAGE, data={"grade": "2", "seen": seen[1]}).text
    assert entrant().grade == 4
    for none in ("None", "无"):
        corrected(desk, phone=none)
        assert entrant().phone is None
        corrected(desk, phone="13800000000")


def test_fields_are_checked_as_registration_does_and_nothing_typed_is_lost(
    desk: FlaskClient,
) -> None:
    for typed, wanted in (
        ({"name": " "}, "请写姓名"),
        ({"name": "长" * 61}, "最多 60 个"),
        ({"id_number": IDS["P2"][:-1] + "1", "reason": "x"}, "最后一位"),
        ({"id_number": IDS["P3"], "reason": "x"}, "这个号码是 P3"),
        ({"id_type": "taiwan_pass", "reason": "x"}, "8 位数字"),
        ({"phone": "1380"}, "手机"),
        ({"birth": "1991-02-30"}, "没有 1991-02-30 这一天"),
        ({"birth": "1991-02-03"}, "和证件号码不一样"),
        ({"gender": "female" if int(IDS["P2"][16]) % 2 else "male"}, "证件号码是"),
        ({"promoted": "明年"}, "要写年份"),
        ({"unit": "U9"}, "没有“U9”"),
        ({"team": "T9"}, "没有“T9”"),
        ({"group": "pupils"}, "组"),
        ({"grade": "9"}, "9"),
        ({"name": "钱闻"}, "更正要写原因"),
    ):
        year = typed.get("promoted", "2019")
        answer = desk.post(PAGE, data={"name": "钱文", **typed, "promoted": year})
        assert answer.status_code == 400, typed
        assert wanted in answer.text, typed
        assert 'aria-invalid="true"' in answer.text, typed
        assert f'value="{year}"' in answer.text
        assert "1990-01" not in answer.text, typed
    assert entrant().name == "钱文"
    assert desk.post(PAGE, data={"name": "钱文"}).status_code == 400


def test_another_paper_brings_its_number_and_birth_follows_an_id_card(desk: FlaskClient) -> None:
    corrected(desk, reason="持护照", birth="1991-02-03", **PASSPORT)
    now = entrant()
    assert (now.id_type, now.id_number, str(now.birth)) == ("passport", "E12345678", "1991-02-03")
    # The record has the month alone, so a change of the day is said without it.
    corrected(desk, reason="日子写错", birth="1991-02-04")
    assert (
        "<s>1991-02</s> → <b>1991-02（不显示的部分改了）</b>"
        in desk.get("/desk/X/entrants/P2/").text
    )
    page = corrected(desk, reason="换身份证", id_type="citizen_id", id_number=IDS["P2"])
    now = entrant()
    assert now.id_number == IDS["P2"]
    assert f"{now.birth:%Y%m%d}" == IDS["P2"][6:14]
    assert now.gender == ("male" if int(IDS["P2"][16]) % 2 else "female")
    assert IDS["P2"] not in page
    # Neither the page nor the record has, beside the masked number, more than the year of birth.
    rows = audit.recent(now.competition, 1)
    assert [row.after["birth"] for row in rows if row.after] == ["1990"]
    for shown in (page, desk.get(PAGE).text, desk.get("/desk/X/entrants/P2/").text):
        assert "1990年" in shown
        assert not re.search("1990-01|1990年1月", shown)
    assert mask_id(IDS["P2"]) in page


def test_once_judging_has_begun_what_enters_results_wants_a_reason(
    app: Flask, desk: FlaskClient, fresh: Competition, organiser: Account
) -> None:
    judges = {judge.code: judge for judge in fresh.judges}
    event = fresh.events[0]
    stage = rules_of(event).stages[0].code
    assign_judges(event, stage, "m", [(judges["J1"], ""), (judges["J2"], "")], organiser)
    assign_judges(event, stage, "t", [(judges["J3"], "")], organiser)
    open_judging(fresh, organiser)
    refused = desk.post(PAGE, data={"unit": "U2"})
    assert refused.status_code == 400
    assert "更正要写原因" in refused.text
    assert desk.post(PAGE, data={"phone": "13800000000"}).status_code == 200
    assert "评分表" in desk.post(PAGE, data={"unit": "U2", "reason": "报错单位"}).text
    assert "报错单位" in corrected(desk, unit="U2", reason="报错单位")
    assert entrant().unit.code == "U2"


def test_under_the_lock_only_who_somebody_is_can_be_corrected(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    lock(competition, organiser)
    desk = signed_in(app, organiser)
    assert desk.get(PAGE).text.count("评分锁定以后只能改") == 1
    assert 'name="unit"' not in desk.get(PAGE).text
    refused = desk.post(PAGE, data={"unit": "U2", "reason": "x"})
    assert refused.status_code == 409
    corrected(desk, name="钱闻", phone="13800000000", reason="录错")
    assert entrant().name == "钱闻"
    assert entrant().unit.code == "U1"


def test_a_crews_member_is_corrected_and_the_crew_apart(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    crew = plain["entrants"][1]
    crew["members"] = [
        {"code": "P2-1", "name": "甲一", "id_number": crew.pop("id_number"), "grade": 4},
        {"code": "P2-2", "name": "甲二"},
    ]
    competition = load(plain)
    desk = signed_in(app, organiser)
    assert "of=P2-1" in desk.get("/desk/X/entrants/P2/").text
    page = desk.get(f"{PAGE}?of=P2-1").text
    assert 'name="unit"' not in page
    assert 'name="grade"' in page
    page_text = corrected(desk, of="P2-1", name="甲益", grade="3", reason="录错")
    assert "甲益" in page_text
    member = db.session.query(Member).filter_by(code="P2-1").one()
    assert (member.name, member.grade) == ("甲益", 3)
    twice = desk.post(PAGE, data={"of": "P2-2", "id_number": IDS["P2"], "reason": "x"})
    assert "这个号码是 P2-1" in twice.text
    assert 'name="grade"' not in desk.get(PAGE).text
    corrected(desk, name="甲组", reason="改队名")
    assert entrant().name == "甲组"
    assert desk.get(f"{PAGE}?of=P1").status_code == 404
    assert list(check_people(competition)) == []


def test_nobody_but_the_organiser_corrects(app: Flask, fresh: Competition) -> None:
    chief = signed_in(app, official(fresh, "C1"))
    assert chief.get(PAGE).status_code == 404
    assert chief.post(PAGE, data={"name": "x", "reason": "x"}).status_code == 404
    assert entrant_by_code(fresh, "P2") is not None


def test_after_publication_the_badges_page_is_said_to_wait_for_a_new_version(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    desk = signed_in(app, organiser)
    typed = {"name": "王更正", "reason": "身份证上是这个字"}
    assert "页面上马上是新的" in desk.post(PAGE, data=typed).text
    announce(judged, organiser)
    page_text = desk.post(PAGE, data=typed).text
    assert "公布新的一版才是新的" in page_text
    assert "页面上马上是新的" not in page_text


def test_a_phone_that_another_corrected_meanwhile_is_not_overwritten(
    fresh: Competition, organiser: Account
) -> None:
    entrant = db.session.query(Entrant).filter_by(code="P1").one()
    seen = plan_correction(entrant, {"phone": "13800000001"}, "").mark
    correct_person(entrant, {"phone": "13900000009"}, "", organiser)
    with pytest.raises(Refused, match="别人改过"):
        correct_person(entrant, {"phone": "13800000001"}, "", organiser, seen=seen)
    assert entrant.phone == "13900000009"


def test_diplomas_of_an_evaluation_are_corrected(
    app: Flask, organiser: Account, load: Callable[..., Competition]
) -> None:
    competition = load(evaluation())
    new = {"unit": "U", "name": "李新", "id_number": id_of(1), "event": "A", "grade": "五级"}
    who = add_person(competition, new | {"papers": "中职毕业 2010-07-01"}, organiser)
    page = f"/desk/{competition.code}/entrants/{who.code}/identity"
    page_text = corrected(
        signed_in(app, organiser), page, papers="中专 2011-07-01", reason="看了原件"
    )
    assert "更正了" in page_text
    assert "中专 2011-07-01" in page_text
