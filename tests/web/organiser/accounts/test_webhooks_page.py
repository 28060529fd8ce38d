"""Administrators say at the desk who is told what happens, and see each try."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from compete.config import Config
from compete.models import Competition, Delivery, db
from compete.services.outbox.webhooks import all_webhooks
from compete.services.outbox.worker import send_now
from tests.support.people import visitor
from tests.support.receivers import Receiver, receiving

FORM = {"type": ["results.published", "test.ping"], "competitions": "X"}


@pytest.fixture
def config(config: Config) -> Config:
    """The installation may send to this machine."""
    return replace(config, webhook_hosts=("127.0.0.1",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that listens during the test."""
    with receiving() as receiver:
        yield receiver


def secrets_in(page: str) -> list[str]:
    return re.findall(r">(whsec_[0-9A-Za-z+/=]{44})<", page)


def test_one_is_made_tried_sent_again_changed_and_removed(
    app: Flask, fresh: Competition, receiver: Receiver
) -> None:
    admin = visitor(app, "admin", fresh)
    made = admin.post("/desk/webhooks", data={**FORM, "url": receiver.url("/500/a")})
    (secret,) = secrets_in(made.text)
    (row,) = all_webhooks()
    assert (row.secret, row.competitions) == (secret, ["X"])
    assert row.types == ["results.published", "test.ping"]
    page = f"/desk/webhooks/{row.id}"
    assert secrets_in(admin.get("/desk/webhooks").text + admin.get(page).text) == []
    assert admin.post(f"{page}/ping").status_code == 302
    assert "还没送过" in admin.get(page).text
    number = db.session.query(Delivery.public_id).scalar()
    send_now(number)
    shown = admin.get(page).text
    assert re.search(r"<b>500</b>\s*没收下", shown)
    assert "没送到，还会再送" in shown
    receiver.answers["/500/a"] = 200
    assert admin.post(f"{page}/again/{number}").status_code == 302
    send_now(number)
    shown = admin.get(page).text
    assert re.search(r"<b>200</b>\s*送到了", shown)
    assert "送到了" in admin.get("/desk/webhooks").text
    assert {it.headers["webhook-id"] for it in receiver.arrived} == {number}
    (other,) = secrets_in(admin.post(f"{page}/secret").text)
    db.session.expire_all()
    assert (row.secret, row.former_secret) == (other, secret)
    assert admin.post(f"{page}/remove").status_code == 302
    assert all_webhooks() == []
    assert admin.get(page).status_code == 404
    assert admin.post(f"{page}/ping").status_code == 404


def test_who_wants_nothing_more_is_told_of_at_home_and_goes_on_by_hand(
    app: Flask, fresh: Competition, receiver: Receiver
) -> None:
    admin = visitor(app, "admin", fresh)
    admin.post("/desk/webhooks", data={**FORM, "url": receiver.url("/410/a")})
    page = f"/desk/webhooks/{all_webhooks()[0].id}"
    assert "有事送不到" not in admin.get("/desk/").text
    admin.post(f"{page}/ping")
    number = db.session.query(Delivery.public_id).scalar()
    send_now(number)
    assert "有事送不到，停了" in admin.get("/desk/").text
    assert "对方说不要再送（410）" in admin.get(page).text
    assert admin.post(f"{page}/ping").status_code == 409
    assert admin.post(f"{page}/again/{number}").status_code == 409
    assert admin.post(f"{page}/go-on").status_code == 302
    home = admin.get("/desk/").text
    assert "有事送不到，停了" not in home
    assert "有事没送到，不再送" in home
    assert admin.post(f"{page}/stop").status_code == 302
    assert [it.stopped_why for it in all_webhooks()] == ["person"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"url": "http://10.0.0.9/hook"}, "COMPETE_WEBHOOK_HOSTS"),
        ({"url": "oa.example.cn"}, "地址要写全"),
        ({"type": []}, "至少写一件事"),
        ({"type": "standing"}, "没有“standing”"),
        ({"competitions": "NONE"}, "没有编号为“NONE”的竞赛"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(
    app: Flask, fresh: Competition, change: dict[str, object], words: str
) -> None:
    admin = visitor(app, "admin", fresh)
    form = {**FORM, "url": "https://oa.example.cn/hook", **change}
    answer = admin.post("/desk/webhooks", data=form)
    assert answer.status_code == 400
    assert words in answer.text
    assert all_webhooks() == []


def test_nobody_else_sees_or_changes_one(app: Flask, fresh: Competition) -> None:
    visitor(app, "admin", fresh).post(
        "/desk/webhooks", data={**FORM, "url": "https://oa.example.cn/hook"}
    )
    (row,) = all_webhooks()
    desk = visitor(app, "organiser", fresh)
    page = f"/desk/webhooks/{row.id}"
    for path in ("/desk/webhooks", page):
        assert desk.get(path).status_code == 404
    for path in ("/desk/webhooks", *(f"{page}/{act}" for act in ("ping", "secret", "stop"))):
        assert desk.post(path, data=FORM).status_code == 404
    assert desk.post(f"{page}/remove").status_code == 404
    assert [it.id for it in all_webhooks()] == [row.id]
