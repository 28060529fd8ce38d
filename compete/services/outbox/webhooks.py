"""Webhooks: addresses of other systems that are told what happens, signed as Standard Webhooks."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

import msgspec
from sqlalchemy import insert, select
from standardwebhooks import Webhook as Signer

from compete.domain.values.messages import Message, listed, msg
from compete.models import Account, Competition, Delivery, Webhook, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.fields import Setting, kept_field
from compete.services.kernel.installation import config_here
from compete.services.kernel.news import (
    PING,
    WEBHOOK_TYPES,
    content_of,
    delivery_of,
    outbox_bell,
)
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.deliveries import hold_back, host_of, stop
from compete.services.outbox.house_addresses import check_host
from compete.services.outbox.http_sending import Request

BOTH_FOR = timedelta(days=1)
"""So long a former secret still signs beside the one that took its place."""

_AGENT = "compete-webhooks"

TYPE_WORDS: Mapping[str, Message] = {
    "competition.state_changed": msg("竞赛到了下一步"),
    "registration.accepted": msg("报名收下"),
    "registration.withdrawn": msg("退赛"),
    "schedule.changed": msg("场次、工位变了"),
    "results.published": msg("成绩公布"),
    "results.corrected": msg("成绩更正"),
    "results.final": msg("成绩定了"),
    "appeal.filed": msg("收到申诉"),
    "appeal.decided": msg("申诉有了决定"),
    "certificate.issued": msg("证书发了"),
    "certificate.voided": msg("证书作废"),
    "labour.period_closed": msg("劳动竞赛结账"),
    "labour.period_published": msg("劳动竞赛公布"),
    "labour.value_missing": msg("劳动竞赛缺数，催过"),
    "test.ping": msg("试一下"),
}
_OFFERED = {kind: TYPE_WORDS[kind] for kind in WEBHOOK_TYPES}


class WebhookFields(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a new webhook."""

    url: Annotated[
        str,
        Setting(
            msg("送到哪里"),
            msg("例：https://oa.example.cn/hook；内网地址要先在服务器上许可"),
            most=1000,
            needed=msg("写上送到哪里"),
        ),
    ]
    type: Annotated[
        tuple[str, ...],
        Setting(
            msg("什么事"),
            choices=_OFFERED,
            needed=msg("至少写一件事，可以写：%(all)s", all=listed(list(WEBHOOK_TYPES))),
        ),
    ]
    competitions: Annotated[
        str,
        Setting(msg("哪些竞赛"), msg("写竞赛编号，用逗号隔开；空着就是全部"), most=2000),
    ] = ""


def make_webhook(
    url: str,
    *,
    types: Collection[str],
    competitions: Sequence[Competition] = (),
    by: Account | None,
) -> tuple[Webhook, str]:
    """Make a webhook; give its row and its secret, to be shown once."""
    url = url.strip()
    check_host(url, config_here().webhook_hosts)
    kept_field(WebhookFields, "type", ",".join(types))
    secret = _new_secret()
    with unit_of_work() as session:
        row = Webhook(
            account_id=by.id if by else None,
            url=url,
            types=[kind for kind in WEBHOOK_TYPES if kind in types],
            competitions=[competition.code for competition in competitions] or None,
            secret=secret,
        )
        session.add(row)
        session.flush()
        after = {"id": row.id, "types": row.types, "competitions": row.competitions}
        audit.record(None, by, "webhook.make", host_of(row), after=after)
    return row, secret


def all_webhooks() -> Sequence[Webhook]:
    """List every webhook that was not removed, the newest first."""
    query = select(Webhook).where(Webhook.removed_at.is_(None)).order_by(Webhook.id.desc())
    return db.session.scalars(query).all()


def stopped_webhooks() -> Sequence[Webhook]:
    """List those at which somebody has to look: nothing is sent there any more."""
    query = select(Webhook).where(Webhook.removed_at.is_(None), Webhook.stopped_at.is_not(None))
    return db.session.scalars(query.order_by(Webhook.id.desc())).all()


def webhook_by_number(number: int) -> Webhook:
    """The webhook of a number. Raises `Refused` where there is none."""
    row = db.session.get(Webhook, number, populate_existing=True)
    if row is None or row.removed_at is not None:
        raise Refused(
            msg("没有编号 %(number)s 的地址，编号看 compete webhook list", number=number),
            kind=Refusal.UNKNOWN,
        )
    return row


def remove_webhook(number: int, *, by: Account | None) -> Webhook:
    """Remove a webhook: nothing is sent there any more, and its secret is forgotten."""
    with unit_of_work():
        row = webhook_by_number(number)
        hold_back(row)
        row.removed_at, row.former_secret, row.secret = utc_now(), None, ""
        audit.record(None, by, "webhook.remove", host_of(row), after={"id": row.id})
    return row


def stop_webhook(number: int, *, by: Account) -> Webhook:
    """Stop a webhook until somebody lets it go on."""
    with unit_of_work():
        row = webhook_by_number(number)
        stop(row, "person", by)
    return row


def go_on(number: int, *, by: Account) -> Webhook:
    """Let a stopped webhook be told of what happens from now on; what was held back stays so."""
    with unit_of_work():
        row = webhook_by_number(number)
        if row.stopped_at is not None:
            row.stopped_at = row.stopped_why = row.failing_since = row.failed_at = None
            audit.record(None, by, "webhook.go_on", host_of(row), after={"id": row.id})
    return row


def change_secret(number: int, *, by: Account | None) -> tuple[Webhook, str]:
    """Give a webhook another secret, to be shown once; the former signs beside it for a day."""
    secret = _new_secret()
    with unit_of_work():
        row = webhook_by_number(number)
        row.former_secret, row.former_until = row.secret, utc_now() + BOTH_FOR
        row.secret = secret
        audit.record(None, by, "webhook.secret", host_of(row), after={"id": row.id})
    return row, secret


def ping(number: int, *, later: timedelta = timedelta(0)) -> str:
    """Put up a try to a webhook, whatever it asked for; the id of the delivery.

    Whoever sends it himself has it due a little `later`, for the case that he is broken off.
    """
    with unit_of_work() as session:
        row = webhook_by_number(number)
        if row.stopped_at is not None:
            raise Refused(msg("这个地址停了，先接着送，再试"))
        now = utc_now()
        content = content_of(PING, now, {"webhook": row.id})
        columns = delivery_of(row, PING, content, now, competition=None)
        columns["due_at"] = now + later
        session.execute(insert(Delivery), [columns])
    outbox_bell().set()
    return str(columns["public_id"])


def request_of(delivery: Delivery, at: datetime) -> Request:
    """The request that a delivery is, signed as of now by each secret that holds."""
    row = delivery.webhook
    assert row is not None
    body = msgspec.json.encode(delivery.content)
    holding = [row.secret]
    if row.former_secret is not None and row.former_until is not None and row.former_until > at:
        holding.append(row.former_secret)
    signed = (Signer(secret).sign(delivery.public_id, at, body.decode()) for secret in holding)
    headers = {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "User-Agent": _AGENT,
        "webhook-id": delivery.public_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signed),
    }
    return Request(row.url, headers, body, config_here().webhook_hosts)


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
