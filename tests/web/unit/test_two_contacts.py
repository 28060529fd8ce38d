"""Two contacts of one unit at once: no press of one loses what the other set."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, Competition, db
from compete.services.registration.applications import applications_of, cells_of
from compete.services.registration.preview import offer_of
from compete.sheets.registration.template import write_registration_workbook
from tests.sheets.people import RegistrationRow
from tests.web.unit.test_unit_pages import NEW, OTHER, by_link

Form = dict[str, str]


def form_in(page: str) -> Form:
    """What a browser would send of the page's form: lines, choices and what is hidden."""
    form = page[page.index("<form", page.index('class="card padded"')) :].split("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input [^>]+>", form):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None:
            sent[name[1]] = html.unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)".*?>(.*?)</select>', form):
        chosen = re.findall(r'value="([^"]*)" selected', options)
        sent[name] = html.unescape((chosen or re.findall(r'value="([^"]*)"', options))[0])
    return sent


def buttons_in(page: str) -> list[str]:
    return re.findall(r'name="settle" value="([^"]+)"', page)


@pytest.fixture
def unit(app: Flask, fresh: Competition, organiser: Account) -> FlaskClient:
    """A contact's browser; one person is entered."""
    client = by_link(app, fresh, organiser)
    client.post("/unit/X/people/new", data={"name": "新来", "id_number": NEW, "post": "钳工"})
    return client


def address_of(competition: Competition) -> str:
    [person] = applications_of(competition.units[0])
    return f"/unit/X/people/{person.public_id}"


def stored(competition: Competition) -> Form:
    db.session.rollback()
    db.session.expire_all()
    [person] = applications_of(competition.units[0])
    return cells_of(person)


def test_what_each_of_two_contacts_changed_stays(unit: FlaskClient, fresh: Competition) -> None:
    address = address_of(fresh)
    first = form_in(unit.get(address).text)
    second = dict(first)
    saved = unit.post(address, data=first | {"post": "班长", "mentor": "孙师傅"})
    assert saved.status_code == 302
    assert unit.post(address, data=second | {"department": "二车间"}).status_code == 302
    cells = stored(fresh)
    assert (cells["post"], cells["mentor"], cells["department"]) == ("班长", "孙师傅", "二车间")
    assert cells["id_number"] == NEW


@pytest.mark.parametrize(("whose", "post"), [("mine", "组长"), ("theirs", "班长")])
def test_of_what_both_changed_the_page_asks_whose_counts(
    unit: FlaskClient, fresh: Competition, whose: str, post: str
) -> None:
    address = address_of(fresh)
    first = form_in(unit.get(address).text)
    second = first | {"post": "组长", "department": "二车间"}
    unit.post(address, data=first | {"post": "班长", "mentor": "孙师傅"})
    asked = unit.post(address, data=second)
    assert (asked.status_code, "改成“班长”" in asked.text) == (409, True)
    assert "孙师傅" in asked.text, "what the other alone set"
    assert stored(fresh)["post"] == "班长"
    again = form_in(asked.text)
    assert (again["post"], again["department"]) == ("组长", "二车间")
    still = unit.post(address, data=again)
    assert (still.status_code, buttons_in(still.text)) == (409, ["theirs:post", "mine:post"])
    assert unit.post(address, data=again | {"settle": f"{whose}:post"}).status_code == 302
    cells = stored(fresh)
    assert (cells["post"], cells["mentor"], cells["department"]) == (post, "孙师傅", "二车间")


@pytest.mark.parametrize(("whose", "phone"), [("mine", "13800000002"), ("theirs", "13800000001")])
def test_a_number_is_asked_about_masked(
    unit: FlaskClient, fresh: Competition, whose: str, phone: str
) -> None:
    address = address_of(fresh)
    first = form_in(unit.get(address).text)
    unit.post(address, data=first | {"phone": "13800000001"})
    second = first | {"phone": "13800000002", "post": "组长"}
    asked = unit.post(address, data=second)
    assert (asked.status_code, "13800000001" in asked.text) == (409, False)
    assert "0001”" in asked.text
    again = form_in(asked.text) | {"settle": f"{whose}:phone"}
    assert unit.post(address, data=again).status_code == 302
    cells = stored(fresh)
    assert (cells["phone"], cells["post"], cells["id_number"]) == (phone, "组长", NEW)


def test_a_fault_in_between_does_not_hide_the_others_change(
    unit: FlaskClient, fresh: Competition
) -> None:
    address = address_of(fresh)
    first = form_in(unit.get(address).text)
    unit.post(address, data=first | {"post": "班长"})
    wrong = unit.post(address, data=first | {"id_number": OTHER[:-1] + "Y", "gender": "男"})
    assert wrong.status_code == 400
    assert unit.post(address, data=form_in(wrong.text) | {"id_number": ""}).status_code == 302
    assert stored(fresh)["post"] == "班长"


def test_a_form_that_says_not_what_it_showed_empties_and_overwrites_nothing(
    unit: FlaskClient, fresh: Competition
) -> None:
    address = address_of(fresh)
    assert unit.post(address, data={"name": "新来", "post": "组长"}).status_code == 409
    assert unit.post(address, data={"name": "新来", "post": ""}).status_code == 302
    assert stored(fresh)["post"] == "钳工"


def test_one_number_in_two_rows_is_said_as_it_is_saved_and_as_both_are_handed_in(
    unit: FlaskClient, fresh: Competition
) -> None:
    twin = {"name": "李同", "id_number": NEW}
    saved = unit.post("/unit/X/people/new", data=twin, follow_redirects=True).text
    assert "李同 存好了，但证件号码和 新来 的一样" in saved
    assert saved.count("另一份的证件号码一样") == 2
    who = [person.public_id for person in applications_of(fresh.units[0])]
    both = unit.post("/unit/X/submit", data={"who": who})
    assert both.status_code == 409
    assert "新来 和 李同 证件号码一样，同一个赛项只能交一份。去掉其中一个的勾" in both.text
    alone = unit.post("/unit/X/submit", data={"who": who[:1]}, follow_redirects=True)
    assert "提交了 1 人" in alone.text


def uploaded(unit: FlaskClient, competition: Competition, name: str, number: str) -> str:
    """Where the file of one person is looked at."""
    rows = [RegistrationRow(name=name, id_number=number, unit="甲单位")]
    content = write_registration_workbook(offer_of(competition), rows)
    sent = {"workbook": (io.BytesIO(content), f"{name}.xlsx")}
    return unit.post("/unit/X/upload", data=sent).location or ""


def test_the_files_of_two_contacts_are_both_written(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    addresses = [uploaded(unit, fresh, "甲来", NEW), uploaded(unit, fresh, "乙来", OTHER)]
    for address in addresses:
        write = re.search(r'action="([^"]+/write[^"]*)"', unit.get(address).text)
        assert write is not None
        unit.post(html.unescape(write[1]))
    db.session.rollback()
    assert [row.name for row in applications_of(fresh.units[0])] == ["甲来", "乙来"]


def test_of_a_file_that_was_thrown_away_it_is_said_that_nothing_was_written(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    unit = by_link(app, fresh, organiser)
    address = uploaded(unit, fresh, "甲来", NEW)
    unit.post(f"{address}/discard")
    late = unit.post(f"{address}/write", follow_redirects=True).text
    assert "“甲来.xlsx”没有写入" in late
    assert "已经处理过了" not in late
