"""The form of tables over several events: typed, refused beside the field, agreed to by two."""

from __future__ import annotations

import html
import json
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from compete.domain.values.roles import Role
from compete.models import Account, Competition, db
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.kernel.transactions import unit_of_work
from compete.services.rules.asked_tables import waiting_tables
from compete.services.rules.rules_saving import stored_tables
from tests.support.every_table import every_table, two_events
from tests.support.panels import Panel, client_of
from tests.support.signing_in import signed_in
from tests.web.organiser.rules.test_event_pages import fields

Load = Callable[..., Competition]
FORM = "/desk/D/events/overall"


def typed(page: str) -> dict[str, str]:
    return fields(page, '<form class="cards rules"')


def stored(code: str = "D") -> list[dict[str, object]]:
    db.session.rollback()
    db.session.expire_all()
    return stored_tables(db.session.query(Competition).filter_by(code=code).one())


def opened_desk(app: Flask, organiser: Account, load: Load, **tables: object) -> FlaskClient:
    load(two_events(**tables))  # type: ignore[arg-type]
    return signed_in(app, organiser)


def test_what_stands_is_shown_and_sent_back_unchanged(
    app: Flask, organiser: Account, load: Load
) -> None:
    desk = opened_desk(app, organiser, load, tables=every_table())
    before = stored()
    form = typed(desk.get(FORM).text)
    assert form["overall[0].points"] == "1 9\n2 6.5"
    assert form["overall[1].points.w2"] == "2.5"
    assert form["overall[0].events.E1"] == "1"
    assert "和原来一样" in desk.post(FORM, data=form, follow_redirects=True).text
    assert stored() == before
    form |= {"overall[0].gone": "1", "overall[1].points.w1": "", "overall[2].who": "delegations"}
    assert "存下了" in desk.post(FORM, data=form, follow_redirects=True).text
    assert [table["code"] for table in stored()] == ["T2", "T3", "T4", "T5"]
    assert stored()[0]["points"] == {"w2": "2.5"}
    assert stored()[1]["who"] == "delegations"
    events = desk.get("/desk/D/events").text
    assert "排单位，按得的奖项，算 2 个赛项" in events
    assert FORM in events


def test_what_is_wrong_is_told_beside_its_field(app: Flask, organiser: Account, load: Load) -> None:
    plain = two_events()
    del plain["events"][1]["scale"]
    load(plain)
    desk = signed_in(app, organiser)
    form = typed(desk.get(FORM).text) | {"overall[0].name": "", "overall[0].best": "0"}
    page = desk.post(FORM, data=form).text
    assert stored() == []
    page += desk.post(FORM, data=form | {"overall[0].events.E9": "1"}).text
    for field, what in (("name", "名称要写"), ("by", "选一样"), ("best", "0"), ("events", "E9")):
        assert f'id="overall[0].{field}-error"' in page
        assert what in page
    for by, what in (
        ("ranks", "写各名次几分，每行一个，如 1 9"),
        ("awards", "至少一个奖项要写几分"),
        ("scaled", "“吊车”没有设标准分，先在它的规则里设"),
    ):
        page = desk.post(FORM, data=form | {"overall[0].name": "总分", "overall[0].by": by}).text
        assert what in html.unescape(page)
    sent = form | {"overall[0].name": "总分", "overall[0].by": "medals", "overall[0].best": ""}
    sent |= {"overall[0].ties[0]": "best"}
    assert "没有最高的一个分可比" in desk.post(FORM, data=sent).text
    assert "overall[1].name" in desk.post(FORM, data=sent | {"act": "more:overall"}).text
    too_many = form | {f"x{n}": "" for n in range(10_001)}
    assert desk.post(FORM, data=too_many).status_code in (400, 413)


def test_the_example_follows_what_is_typed(app: Flask, organiser: Account, load: Load) -> None:
    desk = opened_desk(app, organiser, load)
    form = typed(desk.get(FORM).text)
    assert json.loads(desk.post(f"{FORM}/try", data=form).text)["card"] == ""
    form |= {"overall[0].name": "总分", "overall[0].by": "ranks", "overall[0].points": "1 9\n2 6"}
    answer = json.loads(desk.post(f"{FORM}/try", data=form).text)
    assert "第 1 名，15.00" in answer["worked"]
    assert "叉车" in answer["card"]
    answer = json.loads(desk.post(f"{FORM}/try", data=form | {"try.0.0": "多"}).text)
    assert list(answer["problems"]) == ["try.0.0"]
    form |= {"overall[0].by": "medals", "try.table": "0"}
    assert "第 1 名，1、1、0" in json.loads(desk.post(f"{FORM}/try", data=form).text)["worked"]
    assert stored() == []
    assert "照这些数算" in desk.post(FORM, data=form | {"act": "try"}).text


def test_who_saved_meanwhile_is_named_and_nothing_typed_is_lost(
    app: Flask, organiser: Account, load: Load
) -> None:
    desk = opened_desk(app, organiser, load)
    form = typed(desk.get(FORM).text) | {"overall[0].name": "总分", "overall[0].by": "medals"}
    desk.post(FORM, data=form)
    again = desk.post(FORM, data=form | {"overall[0].name": "奖牌榜"})
    assert "你打开以后，" in again.text
    assert "划掉的是他的值" in again.text
    assert "奖牌榜" in again.text
    # What stands is there to be set beside what was typed, whoever saved it.
    in_force = again.text.partition('id="in-force"')[2].partition("</script>")[0]
    assert json.loads(in_force.partition(">")[2])["overall{T1}.name"] == "总分"
    assert [table["name"] for table in stored()] == ["总分"]


def test_a_change_goes_from_the_form_to_two_who_agree(app: Flask, opened: Panel) -> None:
    with app.app_context():
        with unit_of_work():
            opened.competition.format = "compete-bundle/2"
        opened.fill_papers()
        opened.fill_panel("3", "3", "3")
        opened.fill_panel("1", "1", "1", entrant="E2")
        db.session.remove()
    address = "/desk/PANEL/events/overall"
    desk = client_of(app, opened, "")
    page = desk.get(address).text
    assert "提出，等两个人同意" in page
    form = typed(page) | {"overall[0].name": "总分", "overall[0].by": "totals"}
    assert "写明为什么改总表" in desk.post(address, data=form).text
    sent = desk.post(address, data=form | {"reason": "规程写的"})
    where = sent.location
    assert where == f"{address}/change"
    assert "已经有一份改动在等裁判长和监督" in desk.get(address).text
    chief, supervisor = client_of(app, opened, "C1"), client_of(app, opened, "S1")
    overview = chief.get("/desk/PANEL/").text
    for seat in ("裁判长", "监督"):
        assert f"改总表的规则，等{seat}同意" in overview
    assert where in overview
    page = chief.get(where).text
    for words in ("规程写的", "新加的", "总成绩", "谁升谁降，生效以后才看得到"):
        assert words in page
    with app.app_context():
        change = waiting_tables(opened.competition)
        assert change is not None
        asked = change.mark
    query = {"asked": asked}
    refused = chief.post(f"{where}/chief", query_string=query, data={"act": "refuse"})
    assert "写明为什么不同意" in refused.text
    page = chief.post(f"{where}/chief", query_string=query, follow_redirects=True).text
    assert "还要另一个人同意才生效" in page
    assert supervisor.post(f"{where}/chief", query_string=query).status_code == 404
    page = supervisor.post(f"{where}/supervisor", query_string=query, follow_redirects=True).text
    assert "总表照新的算" in page
    moved = page.split("谁的名次变了")[-1]
    for words in ("总分", "甲港", "第 1，", "—"):
        assert words in moved
    with app.app_context():
        assert [table["name"] for table in stored("PANEL")] == ["总分"]
    records = desk.get("/desk/PANEL/").text
    assert "裁判长沈国梁、监督卞志强同意，改了总表的规则" in records
    form = typed(desk.get(address).text) | {"overall[0].best": "1", "reason": "只取一人"}
    desk.post(address, data=form)
    page = chief.get(where).text
    assert "每个赛项取本单位最高的几个" in page
    assert "撤回" in desk.get(where).text
    with app.app_context():
        change = waiting_tables(opened.competition)
        assert change is not None
        asked = change.mark
    desk.post(f"{where}/withdraw", query_string={"asked": asked})
    with app.app_context():
        assert waiting_tables(opened.competition) is None


def test_who_only_looks_sees_the_tables_and_no_form(
    app: Flask, organiser: Account, load: Load
) -> None:
    competition = load(two_events(tables=every_table()))
    watcher = create_account("监督")
    grant_role(watcher, competition, Role.SUPERVISOR, by=organiser)
    desk = signed_in(app, watcher)
    assert desk.get(FORM).status_code == 404
    page = html.unescape(desk.get(f"{FORM}/change").text)
    for words in ("一等奖几分", "同分先比什么", "取平均"):
        assert words in page
    assert "各奖项几分" not in page


def test_a_file_of_version_1_is_told_where_to_go(
    app: Flask, organiser: Account, load: Load
) -> None:
    plain = two_events() | {"format": "compete-bundle/1"}
    for event in plain["events"]:
        del event["scale"]
    load(plain)
    desk = signed_in(app, organiser)
    page = desk.get(FORM).text
    assert "总表要竞赛文件第 2 版" in page
    assert "disabled" in page
    assert "第 2 版" in desk.post(FORM, data={"overall[0].name": "总分"}).text
    assert stored() == []
