"""Messages of one competition at the desk, and the page on which somebody wants no more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from compete.config import Config, SmsSettings
from compete.domain.values.states import DeliveryState
from compete.models import Competition, Delivery, Entrant, MessageAddress, db
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.messages import (
    Draft,
    end_at,
    plan_of,
    put_messages,
    sizes_of,
)
from tests.support.people import visitor


@pytest.fixture
def config(config: Config) -> Config:
    """The installation has channels that nobody answers at: nothing is sent here."""
    sms = SmsSettings("http://127.0.0.1:9/", "{phone}{text}", "", ("OK",), (), "竞赛台")
    return replace(
        config,
        base_url="https://js.example",
        webhook_hosts=("127.0.0.1",),
        mail_url="mailto://127.0.0.1:9?from=a@example.cn&mode=insecure",
        sms=sms,
    )


def put(competition: Competition, count: int) -> list[Delivery]:
    values = {"name": "程栋", "competition": "小赛", "what": "公布", "link": "x"}
    with unit_of_work():
        put_messages(
            competition,
            "results",
            [Draft(f"entrant {n}", "sms", f"1380000{n:04}", values, "a") for n in range(count)],
        )
    return db.session.query(Delivery).order_by(Delivery.id).all()


def test_the_filters_are_states_and_add_up_and_trouble_comes_first(
    app: Flask, fresh: Competition
) -> None:
    desk = visitor(app, "organiser", fresh)
    rows = put(fresh, 6)
    with unit_of_work() as session:
        addresses = session.scalars(select(MessageAddress).order_by(MessageAddress.id)).all()
        end_at(addresses[3])
        session.get_one(Delivery, rows[0].id).state = DeliveryState.SENT
        late = session.get_one(Delivery, rows[1].id)
        late.state, late.why = DeliveryState.HELD, "done"
    page = desk.get("/desk/X/messages?kind=results").text
    shown = {
        word: int(count)
        for word, count in re.findall(r"(全部|没送到|等着|停下|送到) ([0-9]+)</a>", page)
    }
    assert shown == {"全部": 6, "没送到": 1, "等着": 3, "停下": 1, "送到": 1}
    assert shown["全部"] == sum(count for word, count in shown.items() if word != "全部")
    states = re.findall(r'<span class="chip[^"]*">(?:<svg.*?</svg>)?(?:<span>)?([^<]+)<', page)
    assert states[0] == "空号，不再试"
    assert "停下，事已经办完" in states
    assert "138****0003" in page
    assert "13800000003" not in page
    assert "改 1 个地址，再发" in page
    assert (
        desk.post(
            f"/desk/X/messages/{rows[3].public_id}/again", data={"address": "13911112222"}
        ).status_code
        == 302
    )
    assert sizes_of(fresh)[DeliveryState.FAILED] == 0
    calm = desk.get("/desk/X/messages?kind=results").text
    assert "再发</span>" not in calm
    assert 'class="button primary"' not in calm
    only = desk.get("/desk/X/messages?kind=results&state=held").text
    assert only.count("成绩出来了、更正了 → ") == 1


def test_words_are_tried_before_they_are_kept_and_counted_as_sms(
    app: Flask, fresh: Competition
) -> None:
    desk = visitor(app, "organiser", fresh)
    page = desk.get("/desk/X/messages?kind=results").text
    assert "赵启明 会收到" in page
    assert "【竞赛台】赵启明，小赛 的成绩公布了" in page
    assert "{姓名}，{竞赛} 的成绩{什么事}了，看 {链接}" in page
    refused = desk.post("/desk/X/messages/words/results", data={"words": "{名次} 出来了"})
    assert "这里不能放“名次”" in refused.text
    assert "{名次} 出来了" in refused.text
    assert plan_of(fresh).words == {}
    assert (
        desk.post("/desk/X/messages/words/results", data={"words": "{姓名} 看 {链接}"}).status_code
        == 302
    )
    page = desk.get("/desk/X/messages?kind=results").text
    assert re.search(r"最长 [0-9]+ 字，算 [12] 条短信", page)
    group = desk.get("/desk/X/messages?kind=results&by=group").text
    assert "群里会看到" in group
    assert "{姓名}" not in group


def test_a_kind_is_switched_all_is_stopped_and_goes_on(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    desk.post("/desk/X/messages/kinds/results", data={"on": "0"})
    assert plan_of(fresh).kinds == {"results": False}
    put(fresh, 2)
    desk.post("/desk/X/messages/stop")
    page = desk.get("/desk/X/messages").text
    assert "接着发 2 条" in page
    assert "消息都停着" in page
    desk.post("/desk/X/messages/go-on")
    db.session.rollback()
    assert sizes_of(fresh)[DeliveryState.WAITING] == 2
    assert (
        "钟点写 0 到 23"
        in desk.post("/desk/X/messages/quiet", data={"from": "25", "until": "7"}).text
    )
    desk.post("/desk/X/messages/quiet", data={"from": "21", "until": "8"})
    db.session.rollback()
    assert (plan_of(fresh).quiet_from, plan_of(fresh).quiet_until) == (21, 8)


def test_a_group_is_added_by_its_robots_address_and_taken_off(
    app: Flask, fresh: Competition
) -> None:
    desk = visitor(app, "organiser", fresh)
    inside = {"name": "群", "url": "http://10.1.2.3/robot/send?access_token=t"}
    assert "内网地址" in desk.post("/desk/X/messages/groups", data=inside).text
    url = "https://oapi.dingtalk.com/robot/send?access_token=secret-token"
    desk.post("/desk/X/messages/groups", data={"name": "筹备群", "url": url})
    page = desk.get("/desk/X/messages").text
    assert "筹备群" in page
    assert "secret-token" not in page
    (row,) = db.session.scalars(select(MessageAddress)).all()
    desk.post(f"/desk/X/messages/groups/{row.id}/remove")
    assert "筹备群" not in desk.get("/desk/X/messages").text


def test_a_try_goes_to_the_mail_address_of_who_asks(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    refused = desk.post("/desk/X/messages/try", data={"kind": "results"})
    assert "我的账号和设备" in refused.text
    desk.post("/account/mail", data={"mail": "wu@example.cn"})
    assert desk.post("/desk/X/messages/try", data={"kind": "results"}).status_code == 302
    (row,) = db.session.scalars(select(Delivery)).all()
    assert row.address is not None
    assert (row.kind, row.address.address) == ("test", "wu@example.cn")
    for _n in range(4):
        desk.post("/desk/X/messages/try", data={"kind": "results"})
    assert "等一分钟" in desk.post("/desk/X/messages/try", data={"kind": "results"}).text
    desk.post("/desk/X/messages/stop")
    assert "消息都停着" in desk.post("/desk/X/messages/try", data={"kind": "results"}).text


def test_one_press_without_signing_in_ends_messages_and_the_page_names_nobody(
    app: Flask, fresh: Competition
) -> None:
    put(fresh, 1)
    token = db.session.scalars(select(MessageAddress.off_token)).one()
    stranger = app.test_client()
    page = stranger.get(f"/m/{token}").text
    for secret in ("程栋", "1380000", "小赛"):
        assert secret not in page
    assert f'action="/m/{token}"' in page
    assert stranger.get("/m/nobody").status_code == 404
    assert stranger.post("/m/nobody").status_code == 404
    assert stranger.post(f"/m/{token}").status_code == 302
    db.session.rollback()
    assert sizes_of(fresh)[DeliveryState.HELD] == 1
    assert "不再给您发了" in stranger.get(f"/m/{token}").text
    stranger.post(f"/m/{token}", data={"again": "1"})
    assert "不想再收" in stranger.get(f"/m/{token}").text


def test_an_own_mail_address_is_written_on_the_own_account(app: Flask, fresh: Competition) -> None:
    person = visitor(app, "chief", fresh)
    assert "邮箱要写全" in person.post("/account/mail", data={"mail": "wu"}).text
    assert person.post("/account/mail", data={"mail": "wu@example.cn"}).status_code == 302
    assert "wu@example.cn" in person.get("/account").text
    person.post("/account/mail", data={"mail": ""})
    assert "wu@example.cn" not in person.get("/account").text


def test_a_number_that_is_dead_says_so_on_the_persons_page(app: Flask, fresh: Competition) -> None:
    desk = visitor(app, "organiser", fresh)
    with unit_of_work() as session:
        entrant = session.scalars(select(Entrant).order_by(Entrant.id)).first()
        assert entrant is not None
        entrant.phone = "13800000000"
    put(fresh, 1)
    page = f"/desk/X/entrants/{entrant.code}/"
    assert "短信" not in desk.get(page).text
    with unit_of_work() as session:
        end_at(session.scalars(select(MessageAddress)).one())
    assert "空号，短信不再发" in desk.get(page).text
