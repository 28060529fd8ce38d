"""Channels by which messages go: mail, the robots of groups, one SMS gateway.

Addresses are read, mails made and robots' requests signed by apprise. Sending is the house's own:
apprise says yes or no alone, takes a robot's refusal for a yes, and asks for each name itself,
without looking where it leads.
"""

from __future__ import annotations

import asyncio
import json
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from email import message_from_string
from email.policy import SMTP
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from compete.config import SmsSettings
from compete.domain.values.messages import Message, msg
from compete.models.types import keyed_hash
from compete.services.kernel.installation import config_here
from compete.services.kernel.refusal import invalid
from compete.services.outbox.house_addresses import check_host, split_url
from compete.services.outbox.http_sending import Request, Sent, Verdict, send

if TYPE_CHECKING:
    from apprise.plugins.email.base import NotifyEmail


class Channel(StrEnum):
    """The ways on which messages go."""

    MAIL = "mail"
    SMS = "sms"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


CHANNEL_WORDS: Mapping[str, Message] = {
    Channel.MAIL: msg("邮件"),
    Channel.SMS: msg("短信"),
    Channel.WECOM: msg("企业微信群"),
    Channel.DINGTALK: msg("钉钉群"),
    Channel.FEISHU: msg("飞书群"),
}
AT_ONCE: Mapping[str, int] = {Channel.MAIL: 8, Channel.SMS: 64}
"""So many are on their way at a time where all go by one server."""

_MAIL = re.compile(r"[^@\s<>,;\"']{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z]{2,24}")
_PHONE = re.compile(r"\+?[0-9]{8,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """A kind of robot: the path of its address, where the key stands, its answers' meanings."""

    path: str
    key: str
    content: Callable[[str], dict[str, Any]]
    code: str
    meanings: Mapping[int, str]
    gone: frozenset[int]


ROBOTS: Mapping[str, Robot] = {
    Channel.WECOM: Robot(
        path="/cgi-bin/webhook/send",
        key="key",
        content=lambda text: {"msgtype": "text", "text": {"content": text}},
        code="errcode",
        meanings={45009: "limit", 93000: "gone", 93004: "gone", 93008: "gone"},
        gone=frozenset({93000, 93004, 93008}),
    ),
    Channel.DINGTALK: Robot(
        path="/robot/send",
        key="access_token",
        content=lambda text: {"msgtype": "text", "text": {"content": text}},
        code="errcode",
        meanings={
            **{130101: "limit", 410100: "limit", 300001: "gone", 300005: "gone"},
            **{400013: "gone", 400101: "gone", 400102: "gone", 310000: "guard"},
        },
        gone=frozenset({300001, 300005, 400013, 400101, 400102}),
    ),
    Channel.FEISHU: Robot(
        path="/open-apis/bot/v2/hook/",
        key="",
        content=lambda text: {"msg_type": "text", "content": {"text": text}},
        code="code",
        meanings={
            **{11232: "limit", 9499: "content", 19001: "gone", 19002: "content"},
            **{19021: "guard", 19022: "guard", 19024: "guard"},
        },
        gone=frozenset({19001}),
    ),
}


def channels_here() -> frozenset[Channel]:
    """The channels that the installation has for people; robots are the competitions' own."""
    config = config_here()
    if not config.base_url:
        return frozenset()
    ways = {Channel.MAIL: config.mail_url, Channel.SMS: config.sms}
    return frozenset(way for way, setting in ways.items() if setting)


def address_key(channel: str, address: str, competition: int | None = None) -> str:
    """The hash by which an address is known; of a group for each competition its own."""
    return keyed_hash(address_text(channel, address, competition))


def address_text(channel: str, address: str, competition: int | None) -> str:
    """The text that the hash of an address is over."""
    return f"message {channel} {competition or ''} {address}"


def read_mail(text: str) -> str:
    """Read a mail address; raise `Refused` for what is none."""
    text = text.strip()
    if not _MAIL.fullmatch(text):
        raise invalid(msg("邮箱要写全，例：wang@example.cn"))
    return text


def is_phone(text: str) -> bool:
    """True if an SMS may go to it."""
    return _PHONE.fullmatch(text.strip()) is not None


def read_robot(text: str) -> tuple[Channel, str]:
    """Read the address of a group's robot; raise `Refused` for what is none or is inside."""
    url = text.strip()
    parts = split_url(url)
    for channel, robot in ROBOTS.items():
        if parts.path.startswith(robot.path):
            keys = parse_qs(parts.query)
            if robot.key and not keys.get(robot.key):
                raise invalid(msg("地址里少 %(key)s=，要整个复制", key=robot.key))
            if not robot.key and not parts.path.removeprefix(robot.path).strip("/"):
                raise invalid(msg("地址要整个复制，后面还有一串"))
            check_host(url, config_here().webhook_hosts)
            return Channel(channel), url
    raise invalid(msg("这不是企业微信、钉钉或飞书群机器人的地址，在群机器人的设置里复制"))


def read_receiver(channel: str, text: str) -> str:
    """Read where a message on a channel is to go; raise `Refused` for what is no such address.

    A mail without one goes to who sends all of them.
    """
    if channel in ROBOTS:
        of, url = read_robot(text)
        if of != channel:
            raise invalid(msg("这是%(channel)s机器人的地址", channel=CHANNEL_WORDS[of]))
        return url
    if channel not in channels_here():
        names = {Channel.MAIL: "COMPETE_MAIL_URL", Channel.SMS: "COMPETE_SMS_URL"}
        raise invalid(
            msg(
                "%(channel)s还没有设，在服务器上设 %(name)s",
                channel=CHANNEL_WORDS[channel],
                name=names[Channel(channel)],
            )
        )
    if channel == Channel.SMS:
        if not is_phone(text):
            raise invalid(msg("手机号写 8 到 15 位数字，国外的前面带国家号"))
        return text.strip()
    return read_mail(text or _sender(mail_server(config_here().mail_url)))


def robot_request(channel: str, url: str, text: str) -> Request:
    """The request of a message to a group's robot, signed where its address has a secret."""
    robot, parts = ROBOTS[channel], split_url(url)
    query = parse_qs(parts.query)
    secret = query.pop("secret", [""])[0]
    content = robot.content(text)
    if secret and channel == Channel.DINGTALK:
        from apprise.plugins.dingtalk import NotifyDingTalk

        signer: Any = NotifyDingTalk(token="x", secret=secret)  # type: ignore[no-untyped-call]
        # It comes quoted for an address already, and would be quoted twice.
        query["timestamp"], query["sign"] = ([unquote(it)] for it in signer.get_signature())
    elif secret:
        content |= _feishu_sign(secret)
    target = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if query:
        target += "?" + urlencode(query, doseq=True)
    body = json.dumps(content, ensure_ascii=False).encode()
    heads = {**_HEADS, "Content-Length": str(len(body))}
    return Request(target, heads, body, config_here().webhook_hosts, _judge_of(robot))


_HEADS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "compete-messages"}


def _feishu_sign(secret: str) -> dict[str, str]:
    import base64
    import hashlib
    import hmac

    stamp = str(int(time.time()))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}


def _judge_of(robot: Robot) -> Callable[[int, bytes], Verdict]:
    def judge(status: int, body: bytes) -> Verdict:
        if status == 429:
            return Verdict("limit")
        try:
            answer = json.loads(body)
            code = int(answer[robot.code])
        except (ValueError, TypeError, KeyError):
            return Verdict("status" if status >= 400 else "answer")
        if code == 0 and status == 200:
            return Verdict(None)
        return Verdict(robot.meanings.get(code, "refused"), code in robot.gone, code or status)

    return judge


def sms_request(settings: SmsSettings, phone: str, text: str, number: str) -> Request:
    """The request of an SMS by the template of the gateway; `number` is its own at each try."""
    is_json = settings.body.lstrip().startswith("{")
    quoted = (lambda it: json.dumps(it, ensure_ascii=False)[1:-1]) if is_json else quote
    body = settings.body.replace("{phone}", quoted(phone)).replace("{id}", number)
    content = body.replace("{text}", quoted(text)).encode()
    kind = "application/json; charset=utf-8" if is_json else "application/x-www-form-urlencoded"
    heads = {**_HEADS, "Content-Type": kind, "Content-Length": str(len(content))}
    if settings.header:
        name, _colon, value = settings.header.partition(":")
        heads[name.strip()] = value.strip()
    host = (urlsplit(settings.url).hostname or "").lower()

    def judge(status: int, body: bytes) -> Verdict:
        answer = body.decode(errors="replace")
        if any(word in answer for word in settings.dead):
            return Verdict("dead", for_good=True)
        if 200 <= status < 300 and any(word in answer for word in settings.taken):
            return Verdict(None)
        return Verdict("limit" if status == 429 else "refused" if status < 400 else "status")

    # The operator set the gateway: it may stand in the house.
    return Request(settings.url, heads, content, (host,), judge)


@lru_cache(maxsize=4)
def mail_server(url: str) -> NotifyEmail:
    """The mail server of a setting. Raises `Refused` where apprise cannot read it."""
    from apprise import Apprise
    from apprise.plugins.email.base import NotifyEmail

    server = Apprise.instantiate(url)
    if not isinstance(server, NotifyEmail):
        raise invalid(msg("COMPETE_MAIL_URL 看不懂，例：mailtos://user:密码@smtp.example.cn:465"))
    if server.port == 465 and "mode=" not in url:
        server.secure_mode = "ssl"
    return server


def _sender(server: NotifyEmail) -> str:
    return str(server.from_addr[1])


def send_mail(
    server: NotifyEmail, to: str, title: str, text: str, number: str, within: float
) -> Sent:
    """Send a mail and wait for the answer to it; `number` is its own at each try."""
    began = time.monotonic()
    status: int | None = None
    answer, for_good = "", False
    why: str | None = None
    try:
        status, answer = _handed_over(server, to, title, text, number, within)
    except smtplib.SMTPRecipientsRefused as refused:
        status, words = refused.recipients[to]
        answer = words.decode(errors="replace")
        for_good = 500 <= status < 600
        why = "dead" if for_good else "later"
    except smtplib.SMTPAuthenticationError as error:
        status, answer, why = error.smtp_code, _text(error.smtp_error), "login"
    except smtplib.SMTPSenderRefused as error:
        status, answer, why = error.smtp_code, _text(error.smtp_error), "sender"
    except smtplib.SMTPResponseException as error:
        status, answer = error.smtp_code, _text(error.smtp_error)
        why = "refused" if status >= 500 else "later"
    except ssl.SSLError:
        why = "tls"
    except TimeoutError:
        why = "late"
    except socket.gaierror:
        why = "name"
    except smtplib.SMTPServerDisconnected:
        why = "unreachable"
    except smtplib.SMTPException as error:
        why, answer = "answer", str(error)
    except OSError:
        why = "unreachable"
    ms = round((time.monotonic() - began) * 1000)
    return Sent(status, why, ms, for_good, answer[:300])


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _handed_over(
    server: NotifyEmail, to: str, title: str, text: str, number: str, within: float
) -> tuple[int, str]:
    from apprise import NotifyFormat

    [mail] = server.prepare_emails(
        subject=title,
        body=text,
        from_addr=server.from_addr,
        to=[(False, to)],
        notify_format=NotifyFormat.TEXT,
    )
    content = message_from_string(mail.body, policy=SMTP)
    # The same at each try: a receiver that has it already drops the second.
    del content["Message-ID"]
    content["Message-ID"] = f"<{number}@{_sender(server).partition('@')[2]}>"
    context, port = ssl.create_default_context(), server.port or 0
    if server.secure_mode == "ssl":
        talk: smtplib.SMTP = smtplib.SMTP_SSL(
            server.smtp_host, port, timeout=within, context=context
        )
    else:
        talk = smtplib.SMTP(server.smtp_host, port, timeout=within)
    with talk:
        if server.secure_mode == "starttls":
            talk.starttls(context=context)
        if server.user and server.password:
            talk.login(server.user, server.password)
        talk.ehlo_or_helo_if_needed()
        code, words = talk.mail(_sender(server))
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, words, _sender(server))
        code, words = talk.rcpt(to)
        if code not in (250, 251):
            raise smtplib.SMTPRecipientsRefused({to: (code, words)})
        code, words = talk.data(content.as_bytes())
        if code != 250:
            raise smtplib.SMTPDataError(code, words)
        return code, words.decode(errors="replace")


def sending(
    channel: str, address: str, title: str, text: str, number: str, threads: Executor | None
) -> Callable[[float], Coroutine[Any, Any, Sent]]:
    """Make what sends one message, from settings as they stand: called with how long it may take.

    Mail goes in one of the `threads`; everything else in the loop that waits for it.
    """
    config = config_here()
    if channel == Channel.MAIL:
        if not config.mail_url:
            return _cannot
        server = mail_server(config.mail_url)

        async def by_mail(within: float) -> Sent:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(
                threads, send_mail, server, address, title, text, number, within
            )

        return by_mail
    if channel == Channel.SMS:
        if config.sms is None:
            return _cannot
        request = sms_request(config.sms, address, signed(text), number)
    else:
        request = robot_request(channel, address, text)
    return lambda within: send(request, within)


async def _cannot(_within: float) -> Sent:
    return Sent(None, "unset", 0)


def signed(text: str) -> str:
    """An SMS with the signature that the gateway wants at its head; links as short as they work."""
    sms, text = config_here().sms, text.replace("https://", "")
    return f"【{sms.signature}】{text}" if sms is not None and sms.signature else text
