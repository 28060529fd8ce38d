"""The record on pages: who gets in, what stands there, who does not see it, what is shared."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import time_machine
from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, ConditionEdition, Person, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.directory.ladders.conditions import confirm_edition, fill_editions
from compete.services.kernel.transactions import unit_of_work
from compete.services.workers.own_links import MOST_TRIES, give_link
from tests.services.directory.test_person_records import entrant
from tests.sheets.reading.files import id_of
from tests.support.announced import announce
from tests.support.signing_in import signed_in
from tests.support.sittings import sitting
from tests.support.small import IDS, small
from tests.web.unit.test_unit_pages import by_link

PIN = "482716"


def person_of(competition: Competition, code: str = "P1") -> Person:
    person = entrant(competition, code).person
    assert person is not None
    return person


def claim(app: Flask, person: Person, four: str, by: Account) -> tuple[FlaskClient, str]:
    """A phone whose holder came by the paper and set a PIN."""
    app.config["WTF_CSRF_ENABLED"] = False
    url = f"/w/{give_link(person, by).link}"
    phone = app.test_client()
    assert phone.post(f"{url}/first", data={"four": four}).status_code == 303
    assert phone.post(f"{url}/pin", data={"pin": PIN, "again": PIN}).status_code == 303
    return phone, url


def words(page: str) -> str:
    """What is read of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1]))


def test_from_the_paper_to_the_record(app: Flask, fresh: Competition, organiser: Account) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    person = person_of(fresh)
    desk, phone = signed_in(app, organiser), app.test_client()
    there = desk.post(f"/desk/people/{person.id}/link", follow_redirects=True).text
    address = re.search(r"http://localhost(/w/[\w-]+)", there)
    assert address is not None
    url = address[1]
    asked = phone.get(url)
    assert asked.headers["Cache-Control"] == "no-store"
    assert "证件号码后四位" in asked.text
    assert "赵启明" not in asked.text
    wrong = phone.post(f"{url}/first", data={"four": "0000"})
    assert wrong.status_code == 422
    assert "还能试 4 次" in wrong.text
    assert "赵启明" not in wrong.text
    assert phone.post(f"{url}/first", data={"four": IDS["P1"][-4:]}).status_code == 303
    # Who is in and has no PIN yet sees nothing but the form for it.
    assert "设一个 PIN" in phone.get(url).text
    easy = phone.post(f"{url}/pin", data={"pin": "1234", "again": "1234"})
    assert (easy.status_code, "太好猜" in easy.text) == (400, True)
    phone.post(f"{url}/pin", data={"pin": PIN, "again": PIN})
    assert "赵启明" in phone.get(url).text
    # The paper is not shown at the desk any more, and says when it was used.
    known = desk.get(f"/desk/people/{person.id}").text
    assert url not in known
    assert "进去过" in known
    assert "赵启明 第一次进了自己的档案" in known
    phone.post(f"{url}/leave")
    out = phone.get(url).text
    assert "赵启明" not in out
    assert 'name="pin"' in out
    assert phone.post(f"{url}/enter", data={"pin": PIN}).status_code == 303
    assert "赵启明" in phone.get(url).text
    desk.post(f"/desk/people/{person.id}/link/back")
    ended = phone.get(url)
    assert (ended.status_code, "不能用" in ended.text) == (410, True)
    assert "赵启明" not in ended.text


def test_another_phone_gets_no_further_than_the_question(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    phone, url = claim(app, person_of(fresh), IDS["P1"][-4:], organiser)
    stranger = app.test_client()
    for act in ("share", "leave", "shares/1/back"):
        assert stranger.post(f"{url}/{act}").location.endswith(url)
    assert stranger.post(f"{url}/pin", data={"pin": "583921", "again": "583921"}).status_code == 428
    for _try in range(MOST_TRIES):
        last = stranger.post(f"{url}/enter", data={"pin": "583921"})
    assert last.status_code == 423
    assert stranger.post(f"{url}/enter", data={"pin": PIN}).status_code == 423
    assert "赵启明" not in stranger.get(url).text
    # Whoever is in stays in.
    assert "赵启明" in phone.get(url).text
    # The entry to one record opens no other.
    other, other_url = claim(app, person_of(fresh, "P2"), IDS["P2"][-4:], organiser)
    assert "赵启明" not in other.get(url).text
    assert "钱文" not in phone.get(other_url).text
    assert app.test_client().get("/w/no-such-link").status_code == 404


def test_a_share_shows_the_record_until_it_is_taken_back(
    app: Flask, fresh: Competition, organiser: Account
) -> None:
    phone, url = claim(app, person_of(fresh), IDS["P1"][-4:], organiser)
    assert "只有我" in phone.get(url).text
    phone.post(f"{url}/share")
    own = phone.get(url).text
    address = re.search(r"http://localhost(/w/seen/[\w-]+)", own)
    assert address is not None
    visitor = app.test_client()
    seen = visitor.get(address[1])
    assert seen.status_code == 200
    assert "赵启明让您看的" in seen.text
    assert "收回" not in seen.text
    assert "看过 1 次" in phone.get(url).text
    number = re.search(r"/shares/(\d+)/back", own)
    assert number is not None
    phone.post(f"{url}/shares/{number[1]}/back")
    gone = visitor.get(address[1])
    assert (gone.status_code, "收回了" in gone.text) == (410, True)
    assert "赵启明" not in gone.text


def test_published_places_stand_there_and_nothing_that_is_not(
    app: Flask, judged: Competition, organiser: Account
) -> None:
    phone, url = claim(app, person_of(judged), IDS["P1"][-4:], organiser)
    assert "第 1 名" not in phone.get(url).text
    announce(judged, organiser)
    page = words(phone.get(url).text)
    assert re.search(r"第 \d 名", page)
    assert judged.name in page


def _confirm(name: str) -> None:
    with unit_of_work():
        fill_editions()
    admin = create_account("管")
    with unit_of_work():
        admin.is_admin = True
    confirm_edition(db.session.query(ConditionEdition).filter_by(name=name).one(), admin)


def test_the_next_grade_says_what_is_short_and_on_which_day(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = sitting("ONE", "2026-05-10")
    plain["entrants"][0] |= {"grade": 4, "grade_since": "2024-06-01", "papers": []}
    plain["entrants"][0].pop("trade")
    plain["events"][0] |= {"grade": 3, "apply": []}
    person = person_of(load(plain))
    with time_machine.travel(date(2026, 11, 30), tick=False):
        with unit_of_work():
            fill_editions()
        phone, url = claim(app, person, id_of(1)[-4:], organiser)
        page = words(phone.get(url).text)
        assert "三级/高级工 年限还没核对" in page
        _confirm("国家 2023 版")
        page = words(phone.get(url).text)
    assert "现在 四级/中级工，下一级 三级/高级工 还差 1 条" in page
    assert "四级满 4 年，2028年6月1日 满，其余符合" in page
    assert "2024-06-01 过了 2 年 5 个月" in page
    assert "本等级满 4 年 差 1 年 7 个月，2028-06-01 满" in page
    assert "有四级/中级工" in page
    assert "从业满 10 年 要补资料" in page


def test_no_grade_yet_begins_with_the_first_and_the_top_has_no_next(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    _confirm("国家 2023 版")
    top = small(event={"occupation": {"code": "6-30-05-01", "name": "叉车司机"}})
    top["entrants"][0]["grade"] = 1
    first = sitting("ONE", "2026-05-10")
    for key in ("grade", "grade_since"):
        first["entrants"][0].pop(key)
    phone, url = claim(app, person_of(load(first)), id_of(1)[-4:], organiser)
    page = words(phone.get(url).text)
    assert "现在 无等级，下一级 五级/初级工 条件够了" in page
    phone, url = claim(app, person_of(load(top)), IDS["P1"][-4:], organiser)
    page = words(phone.get(url).text)
    assert "一级/高级技师 到顶了 再往上评聘看单位" in page


def test_a_unit_sees_its_own_people_and_their_time_with_it(
    app: Flask, fresh: Competition, load: Callable[..., Competition], organiser: Account
) -> None:
    # Elsewhere, for another organisation, they took part as well.
    plain = small()
    plain["competition"] |= {"code": "ELSE", "name": "别处的竞赛"}
    plain["units"] = [it | {"name": f"别处{it['code']}"} for it in plain["units"]]
    other = load(plain)
    assert person_of(other).id == person_of(fresh).id
    unit = by_link(app, fresh, organiser)
    listed = unit.get("/unit/X/records").text
    assert "赵启明" in listed
    assert "孙䶮" not in listed
    shown = unit.get("/unit/X/records/P1").text
    assert "赵启明" in shown
    assert "别处" not in shown
    for who in ("P3", "NOBODY"):
        assert unit.get(f"/unit/X/records/{who}").status_code == 404
        assert unit.post(f"/unit/X/records/{who}/link").status_code == 404
    given = unit.post("/unit/X/records/P1/link", follow_redirects=True).text
    assert re.search(r"http://localhost/w/[\w-]+", given)
    assert "还没进去" in unit.get("/unit/X/records").text
    stranger = app.test_client()
    assert stranger.get("/unit/X/records/P1").status_code == 302
    assert signed_in(app, create_account("谁")).get("/unit/X/records/P1").status_code == 404


def test_the_desk_gives_no_link_to_whom_it_does_not_see(
    app: Flask, fresh: Competition, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small()
    plain["competition"]["code"] = "ELSE"
    plain["entrants"] = plain["entrants"][:1]
    plain["entrants"][0] |= {"name": "外人", "id_number": id_of(9)}
    plain["marks"] = []
    neighbour = create_account("邻")
    grant_role(neighbour, load(plain), Role.ORGANISER, by=organiser)
    desk = signed_in(app, neighbour)
    number = person_of(fresh, "P2").id
    assert desk.post(f"/desk/people/{number}/link").status_code == 404
    assert desk.post(f"/desk/people/{number}/link/back").status_code == 404
