"""Channels: what each server, gateway and robot answers, taken as its papers say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from compete.config import Config
from compete.domain.values.states import DeliveryState
from compete.models import Account, Competition, Delivery, db
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import Refused
from compete.services.outbox import channels
from compete.services.outbox.channels import (
    Channel,
    read_mail,
    read_robot,
    robot_request,
    send_mail,
    sms_request,
)
from compete.services.outbox.deliveries import WHY_WORDS
from compete.services.outbox.http_sending import Sent, and_wait, send
from compete.services.outbox.message_acts import (
    add_group,
    remove_group,
)
from compete.services.outbox.messages import (
    groups_of,
    put_test,
)
from compete.services.outbox.worker import send_now
from tests.services.messages.conftest import MailBox
from tests.support.receivers import Receiver

PATHS = {
    "wecom": "/cgi-bin/webhook/send",
    "dingtalk": "/robot/send",
    "feishu": "/open-apis/bot/v2/hook/T",
}
KEYS = {"wecom": "?key=k", "dingtalk": "?access_token=t", "feishu": ""}
pytestmark = pytest.mark.usefixtures("fresh")


def to_robot(receiver: Receiver, channel: str, text: str = "好", more: str = "") -> Sent:
    url = receiver.url(PATHS[channel] + KEYS[channel] + more)
    return and_wait(send(robot_request(channel, url, text), 5))


@pytest.mark.parametrize("channel", PATHS)
def test_a_robot_gets_its_text_as_its_papers_say(receiver: Receiver, channel: str) -> None:
    receiver.bodies[PATHS[channel]] = b'{"errcode":0,"code":0,"errmsg":"ok"}'
    assert to_robot(receiver, channel, "成绩公布了").good
    (arrived,) = receiver.arrived
    assert arrived.content == (
        {"msg_type": "text", "content": {"text": "成绩公布了"}}
        if channel == "feishu"
        else {"msgtype": "text", "text": {"content": "成绩公布了"}}
    )
    assert arrived.path == PATHS[channel] + KEYS[channel]
    assert "成绩公布了".encode() in arrived.body


@pytest.mark.parametrize(
    ("channel", "answer", "why", "for_good"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url"}, "gone", True),
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}, "limit", False),
        ("wecom", {"errcode": 40008, "errmsg": "invalid message type"}, "refused", False),
        ("dingtalk", {"errcode": 300001, "errmsg": "token is not exist"}, "gone", True),
        ("dingtalk", {"errcode": 310000, "errmsg": "keywords not in content"}, "guard", False),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast"}, "limit", False),
        ("feishu", {"code": 19001, "msg": "param invalid: token"}, "gone", True),
        ("feishu", {"code": 19024, "msg": "Key Words Not Found"}, "guard", False),
        ("feishu", {"code": 11232, "msg": "frequency limited"}, "limit", False),
        ("feishu", {"code": 9499, "msg": "Bad Request"}, "content", False),
    ],
)
def test_a_refusal_in_a_two_hundred_is_no_yes(
    receiver: Receiver, channel: str, answer: dict[str, object], why: str, *, for_good: bool
) -> None:
    receiver.bodies[PATHS[channel]] = json.dumps(answer).encode()
    sent = to_robot(receiver, channel)
    assert (sent.why, sent.for_good) == (why, for_good)
    assert sent.status in answer.values()
    assert str(WHY_WORDS[why])


def test_what_is_no_answer_of_a_robot_is_tried_again(receiver: Receiver) -> None:
    path = PATHS["wecom"]
    receiver.bodies[path] = b"<html>"
    assert to_robot(receiver, "wecom")[:2] == (200, "answer")
    receiver.answers[path + KEYS["wecom"]] = 429
    assert to_robot(receiver, "wecom").why == "limit"
    receiver.answers[path + KEYS["wecom"]] = 502
    assert to_robot(receiver, "wecom").why == "status"
    receiver.answers[path + KEYS["wecom"]] = 302
    assert to_robot(receiver, "wecom").why == "redirect"
    assert not any(to_robot(receiver, "wecom").for_good for _ in range(1))


def test_a_robot_with_a_secret_is_signed_and_the_secret_stays_here(receiver: Receiver) -> None:
    for channel in ("dingtalk", "feishu"):
        receiver.bodies[PATHS[channel]] = b'{"errcode":0,"code":0}'
        begun = "&" if KEYS[channel] else "?"
        assert to_robot(receiver, channel, more=f"{begun}secret=SECx").good
    ding, fei = receiver.arrived
    query = {key: value[0] for key, value in parse_qs(urlsplit(ding.path).query).items()}
    signed = f"{query['timestamp']}\nSECx".encode()
    digest = hmac.new(b"SECx", signed, hashlib.sha256).digest()
    assert query["sign"] == base64.b64encode(digest).decode()
    stamp = f"{fei.content['timestamp']}\nSECx".encode()
    digest = hmac.new(stamp, b"", hashlib.sha256).digest()
    assert fei.content["sign"] == base64.b64encode(digest).decode()
    assert "SECx" not in ding.path + fei.path + ding.body.decode() + fei.body.decode()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://example.cn/hook", "不是企业微信、钉钉或飞书"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "key="),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/", "整个复制"),
        ("http://10.0.0.8/robot/send?access_token=t", "内网地址"),
        ("http://metadata.internal/robot/send?access_token=t", "内网地址"),
        ("robot", "写全"),
    ],
)
def test_what_is_no_address_of_a_robot_is_refused_in_words(url: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_robot(url)


def test_real_addresses_of_robots_are_known() -> None:
    assert [
        read_robot(url)[0]
        for url in (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx",
            "https://oapi.dingtalk.com/robot/send?access_token=abc",
            "https://open.feishu.cn/open-apis/bot/v2/hook/b0",
        )
    ] == [Channel.WECOM, Channel.DINGTALK, Channel.FEISHU]


def test_a_group_that_is_taken_off_is_told_no_more(
    fresh: Competition, organiser: Account, receiver: Receiver
) -> None:
    url = receiver.url("/robot/send?access_token=t")
    group = add_group(fresh, "群", url, organiser)
    assert [it.id for it in groups_of(fresh)] == [group.id]
    remove_group(fresh, group.id, organiser)
    assert list(groups_of(fresh)) == []
    with pytest.raises(Refused, match="不在了"):
        remove_group(fresh, group.id, organiser)
    assert add_group(fresh, "群", url, organiser).id == group.id


@pytest.mark.parametrize(
    ("status", "answer", "why", "for_good"),
    [
        (200, '{"code": "OK"}', None, False),
        (200, '{"code": "EMPTY_NUMBER"}', "dead", True),
        (400, '{"code": "EMPTY_NUMBER"}', "dead", True),
        (200, '{"code": "NO_MONEY"}', "refused", False),
        (500, "", "status", False),
        (429, "", "limit", False),
        (302, "", "redirect", False),
    ],
)
def test_a_gateway_is_taken_at_the_words_of_its_setting(
    receiver: Receiver, status: int, answer: str, why: str | None, *, for_good: bool
) -> None:
    receiver.bodies["/sms"], receiver.answers["/sms"] = answer.encode(), status
    settings = config_here().sms
    assert settings is not None
    sent = and_wait(send(sms_request(settings, "13800000000", '说"好"\\', "1"), 5))
    assert (sent.why, sent.for_good) == (why, for_good)
    assert receiver.arrived[0].content == {"to": "13800000000", "text": '说"好"\\'}


def test_a_gateway_that_wants_a_form_gets_one(receiver: Receiver) -> None:
    settings = config_here().sms
    assert settings is not None
    form = replace(settings, body="mobile={phone}&content={text}&no={id}")
    assert and_wait(send(sms_request(form, "13800000000", "好&坏=1", "msg_1"), 5)).good
    (arrived,) = receiver.arrived
    assert parse_qs(arrived.body.decode()) == {
        "mobile": ["13800000000"],
        "content": ["好&坏=1"],
        "no": ["msg_1"],
    }


@pytest.mark.parametrize(
    ("answer", "why", "for_good"),
    [
        ("550 5.1.1 no such user", "dead", True),
        ("553 5.1.3 bad address", "dead", True),
        ("451 4.7.1 greylisted", "later", False),
    ],
)
def test_what_a_mail_server_says_of_an_address(
    mail_box: MailBox, answer: str, why: str, *, for_good: bool
) -> None:
    mail_box.answers["a@example.cn"] = answer
    sent = mail("a@example.cn")
    assert (sent.why, sent.for_good, sent.status) == (why, for_good, int(answer[:3]))
    assert mail("b@example.cn").good


@pytest.mark.parametrize(
    ("answer", "why"),
    [("554 5.7.1 spam", "refused"), ("452 4.3.1 no room", "later")],
)
def test_what_it_says_of_the_mail_is_not_of_the_address(
    mail_box: MailBox, answer: str, why: str
) -> None:
    mail_box.after_data = answer
    sent = mail("a@example.cn")
    assert (sent.why, sent.for_good) == (why, False)


def mail(to: str) -> Sent:
    server = channels.mail_server(config_here().mail_url)
    return send_mail(server, to, "标题", "正文", "msg_1", 5)


def test_where_no_mail_server_is_it_says_so() -> None:
    from tests.support.ports import free_port

    url = f"mailto://127.0.0.1:{free_port()}?from=a@example.cn&mode=insecure"
    sent = send_mail(channels.mail_server(url), "a@example.cn", "标题", "正文", "1", 5)
    assert (sent.status, sent.why) == (None, "unreachable")
    with pytest.raises(Refused, match="COMPETE_MAIL_URL"):
        channels.mail_server("mailto://")


def test_port_465_is_spoken_to_by_tls_from_the_first_byte() -> None:
    server = channels.mail_server("mailtos://u:p@smtp.example.cn:465?from=a@example.cn")
    assert (server.secure_mode, server.smtp_host, server.password) == (
        "ssl",
        "smtp.example.cn",
        "p",
    )


@pytest.mark.parametrize("text", ["wu", "wu@", "wu@example", "a b@example.cn", "<a@example.cn>"])
def test_what_is_no_mail_address_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="邮箱要写全"):
        read_mail(text)


def test_a_test_message_goes_at_once_and_is_on_nobody(
    mail_box: MailBox, rows: Callable[[], list[Delivery]], config: Config
) -> None:
    sent = send_now(put_test("mail", "a@example.cn", "试发", None))
    assert sent.good
    assert mail_box.mails[0].get_content().startswith("试发")
    (row,) = rows()
    assert (row.state, row.person) == (DeliveryState.SENT, "test")
    assert db.session.query(Delivery).count() == 1


def test_a_test_that_was_refused_is_not_sent_again_by_itself(
    mail_box: MailBox, rows: Callable[[], list[Delivery]], config: Config
) -> None:
    mail_box.answers["a@example.cn"] = "452 too many"
    assert not send_now(put_test("mail", "a@example.cn", "试发", None)).good
    assert [row.state for row in rows()] == [DeliveryState.FAILED]
