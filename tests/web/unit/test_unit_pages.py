"""A unit's contact by the link: the own people and nobody else's, entered, handed in, followed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.eligibility import Conditions
from compete.domain.values.states import ApplicationState
from compete.models import Account, Competition, db
from compete.services.accounts.card_handlers import signed_as
from compete.services.accounts.pins import MOST_TRIES, WrongPin, check_pin, set_pin
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import asked_fields
from compete.services.kernel.refusal import Refused
from compete.services.registration.acceptance import return_people
from compete.services.registration.applications import applications_of, entrants_of
from compete.services.registration.consents import consents_of
from compete.services.registration.eligibility import change_conditions, mark_of
from compete.services.registration.entrant_lookup import entrant_by_code
from compete.services.registration.preview import offer_of
from compete.services.registration.units.links import cancel_link, contact_of, make_link
from compete.services.registration.withdrawals import withdraw_person
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow, citizen_id
from tests.support.announced import announce, announce_again
from tests.support.judging import seat
from tests.support.signing_in import signed_in, without_token
from tests.support.small import IDS, all_marks, small

NEW, OTHER = (citizen_id(date(1991, 2, 3), number) for number in (5, 6))


def by_link(app: Flask, competition: Competition, by: Account, unit: int = 0) -> FlaskClient:
    """A browser that came by the unit's link and chose a PIN."""
    app.config["WTF_CSRF_ENABLED"] = False
    token = make_link(competition.units[unit], competition, "顾燕", by)
    client = app.test_client()
    came = client.post(f"/sign-in/{token}", data={"pin": "4827", "again": "4827"})
    assert (came.status_code, came.location) == (302, "/unit/X/")
    return client


def ticks(page: str) -> list[str]:
    return re.findall(r'name="who" value="([^"]+)"', page)


def test_from_the_link_to_the_list(app: Flask, fresh: Competition, organiser: Account) -> None:
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    home = unit.get("/unit/X/").text
    # The own people, whoever entered them, and nobody of others.
    assert all(name in home for name in ("甲单位报名", "赵启明", "钱文"))
    assert not any(name in without_token(home) for name in ("乙单位", "孙䶮", "李小小", "P3"))
    assert IDS["P1"] not in home
    wrong = unit.post("/unit/X/people/new", data={"name": "新来", "id_number": NEW[:-1] + "Y"})
    assert wrong.status_code == 400
    assert 'value="新来"' in wrong.text
    assert 'id="id_number-error"' in wrong.text
    assert wrong.headers["Cache-Control"] == "no-store"
    # A digit to Python and no number: read as 2, and no page breaks over it.
    part = {"name": "新来", "grade": "²"}
    kept = unit.post("/unit/X/people/new", data=part, follow_redirects=True)
    assert "存成草稿了" in kept.text
    assert "要补：证件号码" in kept.text
    assert "二级/技师" in kept.text
    assert ticks(kept.text) == []
    everything = ",".join(asked_fields(fresh))
    asked = {"fields": ["department", "consent"], "seen": everything}
    assert 'name="education"' in unit.get("/unit/X/people/new").text
    page_text = desk.post("/desk/X/entry-fields", data=asked, follow_redirects=True).text
    assert "存下了" in page_text
    assert desk.post("/desk/X/entry-fields", data=asked).status_code == 409
    form = unit.get("/unit/X/people/new").text
    assert ('name="education"' in form, 'name="department"' in form) == (False, True)
    draft = applications_of(fresh.units[0])[0]
    address = f"/unit/X/people/{draft.public_id}"
    fields = {"department": "一班", "mentor": "不问的", "consent": "不同意"}
    unit.post(address, data={"id_number": NEW, **fields})
    stale = unit.post(address, data={"name": "旧的"})
    assert (stale.status_code, "别人也改过" in stale.text) == (409, True)
    assert NEW not in unit.get(address).text
    home = unit.get("/unit/X/").text
    assert "不同意公布全名" in home
    assert ticks(home) == [draft.public_id]
    assert desk.get("/desk/X/applications").text.count("新来") == 0
    assert unit.post("/unit/X/submit").status_code == 400
    assert (
        "提交了 1 人"
        in unit.post("/unit/X/submit", data={"who": ticks(home)}, follow_redirects=True).text
    )
    assert "报名的 1 人等你看" in desk.get("/desk/X/").text
    seat(fresh, organiser)
    assert "报名的 1 人还没看" in desk.get("/desk/X/open").text
    waiting = desk.get("/desk/X/applications?tick=all").text
    who = ticks(waiting)
    assert len(who) == 1
    assert "单位和个人报名，1 人等你看" in desk.get("/desk/X/units").text
    without = desk.post("/desk/X/applications/return", data={"who": who})
    assert (without.status_code, f'value="{who[0]}"' in without.text) == (400, True)
    assert re.search(rf'value="{who[0]}"[^>]* checked', without.text)
    desk.post("/desk/X/applications/return", data={"who": who, "reason": "缺照片"})
    back = unit.get("/unit/X/").text
    assert "缺照片。吴敏" in back
    assert not re.search(rf'value="{draft.public_id}"[^>]* checked', back)
    unit.post("/unit/X/submit", data={"who": [draft.public_id]})
    who = ticks(desk.get("/desk/X/applications").text)
    taken = desk.post("/desk/X/applications/accept", data={"who": who}, follow_redirects=True)
    assert "收下 1 人" in taken.text
    db.session.expire_all()
    new = next(entrant for entrant in entrants_of(fresh.units[0]) if entrant.name == "新来")
    assert (new.department, new.mentor) == ("一班", None)
    assert [(word.given, word.source) for word in consents_of(new)] == [(False, "unit")]
    code = new.code
    assert f"参赛号 {code}" in unit.get("/unit/X/").text
    assert "新来" in desk.get("/desk/X/entrants").text
    assert f"/desk/X/entrants/{code}/" in desk.get("/desk/X/applications?show=accepted").text
    assert list(verify_chain(fresh)) == []


def test_who_is_left_stays_ticked_with_what_was_typed(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    change_conditions(fresh.events[0], Conditions(age_to=20), mark_of(Conditions()), organiser)
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    for name, number in (("新来", NEW), ("又来", OTHER)):
        unit.post("/unit/X/people/new", data={"name": name, "id_number": number})
    rows = applications_of(fresh.units[0])
    unit.post("/unit/X/submit", data={"who": [row.public_id for row in rows]})
    who = ticks(desk.get("/desk/X/applications").text)
    assert len(who) == 2
    left = desk.post("/desk/X/applications/accept", data={"who": who, "reason": "先看看"})
    assert "要收就写特准的原因" in left.text
    assert all(re.search(rf'value="{public_id}"[^>]* checked', left.text) for public_id in who)
    assert 'value="先看看"' in left.text
    done = desk.post("/desk/X/applications/accept", data={"who": who, "exempted_for": "劳模"})
    assert done.status_code == 302


def test_a_contact_is_told_before_handing_in_how_many_would_wait(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    """Two of the unit are on the list: with three places, one of two more waits."""
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    for name, number in (("新来", NEW), ("又来", OTHER)):
        unit.post("/unit/X/people/new", data={"name": name, "id_number": number})

    def number_waiting(quota: str) -> str | None:
        desk.post("/desk/X/applications/window", data={"quota": quota})
        hit = re.search(r"名额不够，有 (\d+) 人排候补", unit.get("/unit/X/").text)
        return hit and hit[1]

    assert [number_waiting(quota) for quota in ("", "4", "3", "2", "1")] == [
        None,
        None,
        "1",
        "2",
        "2",
    ]
    assert "2 人，名额 1，多的排候补" in unit.get("/unit/X/").text


def test_a_workbook_of_the_unit(app: Flask, fresh: Competition, organiser: Account) -> None:
    unit, desk = by_link(app, fresh, organiser), signed_in(app, organiser)
    template = unit.get("/unit/X/workbook.xlsx").data
    with zipfile.ZipFile(io.BytesIO(template)) as parts:
        texts = "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    assert ("甲单位" in texts, "乙单位" in texts) == (True, False)
    # A unit makes no units: there is no sheet for them, and no word of one.
    assert ("要新建的单位" in texts, "“单位”页" in texts) == (False, False)
    rows = [
        RegistrationRow(name="新来", id_number=NEW, unit="甲单位"),
        RegistrationRow(name="别家", id_number=OTHER, unit="海运公司"),
    ]
    content = write_registration_workbook(offer_of(fresh), rows)
    sent = unit.post("/unit/X/upload", data={"workbook": (io.BytesIO(content), "报名.xlsx")})
    assert sent.status_code == 302
    preview = unit.get(sent.location).text
    assert "写的是“海运公司”，这里只能报“甲单位”的人" in preview
    assert unit.get(f"{sent.location}/refused.xlsx").status_code == 200
    at_the_desk = sent.location.replace("/unit/X/upload", "/desk/X/entrants/upload")
    assert desk.get(at_the_desk).status_code == 404
    write = re.search(r'action="([^"]+/write\?plan=[0-9a-f]+)"', preview)
    assert write is not None
    assert "1 行已写入，1 行拒绝" in unit.post(write[1], follow_redirects=True).text
    assert [
        (application.name, application.state) for application in applications_of(fresh.units[0])
    ] == [("新来", ApplicationState.DRAFT)]
    # What is left stays on the page and is put right there, by one's own unit alone.
    row = re.search(r'name="row" value="([0-9]+)"', preview)
    assert row is not None
    cell = {"row": row[1], "key": "unit", "act": "text", "text": "甲单位"}
    right = unit.post(f"{sent.location}/cell", data=cell, follow_redirects=True).text
    write = re.search(r'action="([^"]+/write\?plan=[0-9a-f]+)"', right)
    assert write is not None
    unit.post(write[1])
    assert {application.name for application in applications_of(fresh.units[0])} == {"新来", "别家"}
    assert unit.post(f"{sent.location}/cell", data=cell).status_code == 409
    broken = unit.post("/unit/X/upload", data={"workbook": (io.BytesIO(b"no"), "x.xlsx")})
    assert broken.status_code == 400


def test_a_unit_says_what_the_columns_of_its_own_file_are(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    pasted = {"pasted": f"姓名\t证照\t单位\n新来\t{NEW}\t甲单位"}
    asked = unit.post("/unit/X/upload", data=pasted, follow_redirects=True)
    assert "问你" in asked.text
    address = asked.request.path
    fields = {"key": "证照", "field": "id_number"}
    unit.post(address, data=fields)
    assert "核对报名表" in unit.get(address.removesuffix("/columns")).text
    assert "忘掉" not in asked.text
    assert unit.post(f"{address}/forget").status_code in (404, 405)


def test_the_link_is_shown_once_renewed_ended_and_printed(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    desk, address_of_link = signed_in(app, organiser), "/desk/X/units/U1/link"
    assert "还没发过链接" in desk.get(address_of_link).text
    page = desk.post(address_of_link, data={"contact": "顾燕"}, follow_redirects=True).text
    address = re.search(r'data-part="link">[^<]*(/sign-in/[^<]+)<', page)
    assert address is not None
    assert desk.post(address_of_link, data={"contact": "长" * 90}).status_code == 400
    unit = app.test_client()
    unit.post(address[1], data={"pin": "4827", "again": "4827"})
    assert address[1] not in desk.get(address_of_link).text
    assert "打开过" in desk.get("/desk/X/units").text
    # The window is the organiser's; the unit is told why, and writes nothing after it.
    typed = {"opens": "2020-01-01T08:00", "closes": "2020-02-01T17:00", "quota": "5"}
    assert desk.post("/desk/X/applications/window", data=typed).status_code == 302
    wrong = desk.post("/desk/X/applications/window", data=typed | {"quota": "五"})
    assert (wrong.status_code, 'value="五"' in wrong.text) == (400, True)
    assert "报名已经在 2020年2月1日 17:00 截止" in unit.get("/unit/X/").text
    assert unit.post("/unit/X/people/new", data={"name": "晚"}).status_code == 409
    printed = desk.post("/desk/X/units/links.pdf")
    assert printed.data.startswith(b"%PDF")
    assert "作废了" in desk.post(f"{address_of_link}/cancel", follow_redirects=True).text
    assert unit.get("/unit/X/").status_code == 302
    assert unit.get(address[1]).status_code == 410


def test_who_was_given_back_or_taken_back_can_be_taken_off_the_list(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    typed = {"name": "新来", "id_number": NEW, "event": fresh.events[0].code}
    for back in ("return", "take back"):
        unit.post("/unit/X/people/new", data=typed)
        entered = applications_of(fresh.units[0])[0]
        unit.post("/unit/X/submit", data={"who": entered.public_id})
        drop = f"/unit/X/people/{entered.public_id}/drop"
        assert drop not in unit.get("/unit/X/").text
        assert unit.post(drop).status_code == 409
        if back == "return":
            return_people(fresh, {entered.public_id: entered.version}, "照片不是白底", organiser)
        else:
            unit.post(f"/unit/X/people/{entered.public_id}/take-back")
        assert drop in unit.get("/unit/X/").text
        assert "删掉了 新来" in unit.post(drop, follow_redirects=True).text
        assert applications_of(fresh.units[0]) == []
    assert list(verify_chain(fresh)) == []


def test_a_contact_is_told_of_the_link_and_of_who_hands_it_out(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    by_link(app, fresh, organiser)
    contact = contact_of(fresh.units[0])
    assert contact is not None
    assert signed_as(contact).render() == f"{contact.name}（凭{organiser.name}发的链接）"
    for _try in range(MOST_TRIES):
        with pytest.raises(WrongPin) as wrong:
            check_pin(contact, "0000")
    assert "找组委会" in str(wrong.value)
    with pytest.raises(Refused, match="组委会"):
        set_pin(contact, "4827", "4827")


def test_a_unit_is_led_to_the_results_once_they_are_out_and_to_each_new_version(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = load(small(all_marks()))
    unit = by_link(app, competition, organiser)
    assert "公布的成绩" not in unit.get("/unit/X/").text
    announce(competition, organiser)
    page = unit.get("/unit/X/").text
    assert re.search(r'href="/p/X"[^>]*>.*?公布的成绩', page, re.DOTALL)
    announce_again(competition, organiser, "改了一张")
    assert "第 2 版" in unit.get("/p/X").text


def test_another_units_people_are_not_there(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    first, second = by_link(app, fresh, organiser), by_link(app, fresh, organiser, unit=1)
    first.post("/unit/X/people/new", data={"name": "我的人", "id_number": NEW})
    mine = applications_of(fresh.units[0])[0]
    assert "我的人" not in second.get("/unit/X/").text
    assert second.get(f"/unit/X/people/{mine.public_id}").status_code == 404
    assert second.post(f"/unit/X/people/{mine.public_id}", data={"name": "x"}).status_code == 404
    for act in ("take-back", "drop"):
        assert second.post(f"/unit/X/people/{mine.public_id}/{act}").status_code == 404
    assert second.post("/unit/X/submit", data={"who": mine.public_id}).status_code == 409


def test_who_withdrew_is_counted_apart_from_those_on_the_list(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    withdraw_person(entrant_by_code(fresh, "P1"), "工伤", organiser)
    home = unit.get("/unit/X/").text
    counts = dict(re.findall(r'data-key="(accepted|away)".*?<b>(\d+)</b>', home))
    assert counts == {"accepted": "1", "away": "1"}
    gone = unit.get("/unit/X/?show=away").text
    assert ("赵启明" in gone, "钱文" in gone) == (True, False)
    assert "state-away" in gone


def test_whose_link_was_cancelled_is_told_so_and_whom_to_ask(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    assert unit.get("/unit/X/").status_code == 200
    cancel_link(fresh.units[0], fresh, organiser)
    for answer in (
        unit.get("/unit/X/", follow_redirects=True),
        unit.post("/unit/X/people/new", data={"name": "新来"}, follow_redirects=True),
    ):
        assert "你的链接或登录卡不能再用了" in answer.text
        assert "单位、部门的链接找组委会" in answer.text
        assert "登录以后放回去" not in answer.text
    assert "不能再用了" not in app.test_client().get("/sign-in").text
