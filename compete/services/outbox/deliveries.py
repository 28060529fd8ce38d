"""Deliveries: which are due, what came of a try, when the next one is; held back, sent again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import selectinload

from compete.domain.values.messages import Message, msg
from compete.domain.values.states import DELIVERY_MOVES, DeliveryState, move
from compete.models import Account, Delivery, MessageAddress, Webhook, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.news import outbox_bell
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox.channels import AT_ONCE
from compete.services.outbox.house_addresses import split_url
from compete.services.outbox.http_sending import Sent
from compete.services.outbox.kinds import TEST_KEY
from compete.services.outbox.messages import end_at, forget_addresses

WAITS = (
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=hours) for hours in (5, 10, 14, 20, 24)),
)
"""How long after a try that failed comes the next; after the last of them it is given up."""

STOPPED_AFTER = timedelta(days=5)
"""A webhook at which every try failed for so long is stopped."""

KEPT_FOR = timedelta(days=30)
MESSAGES_KEPT_FOR = timedelta(days=366)
"""Messages are kept longer: what somebody was told last is not told again."""
WHY_WORDS: Mapping[str, Message] = {
    "status": msg("没收下"),
    "redirect": msg("转到别处，不跟去"),
    "late": msg("15 秒没回"),
    "inside": msg("是内网地址，没有送"),
    "name": msg("找不到这个名字"),
    "tls": msg("证书不对"),
    "unreachable": msg("连不上"),
    "answer": msg("答的看不懂"),
    "error": msg("没送成，已记下"),
    "dead": msg("没有这个地址，不再试"),
    "later": msg("对方说过一会再送"),
    "login": msg("邮件服务器不认账号密码"),
    "sender": msg("邮件服务器不让这个发件人发"),
    "refused": msg("对方不收"),
    "limit": msg("发得太快，对方说过一会再送"),
    "gone": msg("群机器人没了，不再试"),
    "guard": msg("群机器人的安全设置不让发：关键词、加签或网段"),
    "content": msg("群机器人说内容不对"),
    "unset": msg("这个通道没有设"),
    "off": msg("对方不再收消息"),
    "done": msg("事已经办完"),
}
STOPPED_WORDS: Mapping[str, Message] = {
    "gone": msg("对方说不要再送（410）"),
    "failing": msg("连着五天没送到"),
    "restored": msg("从备份恢复的，等人看过再送"),
    "person": msg("停下的"),
}
_APART = timedelta(days=2)
"""Failures further apart are not of one trouble: no wait of the plan is as long."""

_GONE = 410
_A_MINUTE = timedelta(minutes=1)
_MOST_TRIES_KEPT = 20
_PORTION = 500


class Due(NamedTuple):
    """A delivery whose time has come, and its receiver."""

    id: int
    receiver: str


def due_now(busy: Collection[str], most: int) -> Sequence[Due]:
    """List the first delivery of each receiver that is due, of receivers that are not busy.

    Of those that share one server (mail, SMS) only so many as it takes at a time.
    """
    first = (
        select(func.min(Delivery.id).label("id"), Delivery.receiver)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.due_at <= utc_now(),
            Delivery.webhook_id.is_not(None) | Delivery.address_id.is_not(None),
        )
        .group_by(Delivery.receiver)
    )
    free = Counter(AT_ONCE)
    free.subtract(receiver.partition(" ")[0] for receiver in busy)
    due: list[Due] = []
    for row in (Due(*row) for row in db.session.execute(first)):
        way = row.receiver.partition(" ")[0]
        if row.receiver in busy or (way in AT_ONCE and free[way] <= 0):
            continue
        free[way] -= 1
        due.append(row)
    return due[:most]


def note_tries(results: Sequence[tuple[int, datetime, Sent]]) -> None:
    """Note what came of tries, in one unit of work."""
    with unit_of_work() as session:
        query = (
            select(Delivery)
            .where(Delivery.id.in_([number for number, _at, _sent in results]))
            .options(selectinload(Delivery.webhook), selectinload(Delivery.address))
            .order_by(Delivery.id)
            .with_for_update()
        )
        rows = {row.id: row for row in session.scalars(query)}
        for number, at, sent in results:
            if number in rows:
                _note_try(rows[number], at, sent)


def _note_try(row: Delivery, at: datetime, sent: Sent) -> None:
    entry: dict[str, Any] = {"at": at.isoformat(), "status": sent.status, "ms": sent.ms}
    if sent.why is not None:
        entry["why"] = sent.why
    row.tries = [*row.tries, entry][-_MOST_TRIES_KEPT:]
    row.attempt += 1
    now = utc_now()
    if row.state is DeliveryState.WAITING:
        if sent.good:
            _end(row, DeliveryState.SENT)
        elif sent.for_good or row.attempt > len(WAITS) or row.kind == TEST_KEY:
            # Of a try it is said at once what came of it: it is not sent again unasked.
            _end(row, DeliveryState.FAILED)
            row.why = sent.why
        elif row.webhook is not None and sent.status == _GONE:
            _end(row, DeliveryState.FAILED)
        else:
            # A robot that was sent too much counts by the minute.
            least = _A_MINUTE if sent.why == "limit" else timedelta(0)
            row.due_at = now + max(WAITS[row.attempt - 1], least)
    if row.webhook is not None:
        _note_at_webhook(row.webhook, sent, now)
    elif row.address is not None and sent.for_good:
        end_at(row.address)


def _end(row: Delivery, state: DeliveryState) -> None:
    row.state = move(row.state, state, DELIVERY_MOVES)
    row.ended_at = utc_now()


def _note_at_webhook(hook: Webhook, sent: Sent, now: datetime) -> None:
    if sent.good:
        if hook.failing_since is not None:
            hook.failing_since = hook.failed_at = None
        return
    if hook.failing_since is None or hook.failed_at is None or now - hook.failed_at > _APART:
        hook.failing_since = now
    hook.failed_at = now
    if sent.status == _GONE:
        stop(hook, "gone")
    elif now - hook.failing_since >= STOPPED_AFTER:
        stop(hook, "failing")


def host_of(hook: Webhook) -> str:
    """The machine to which a webhook leads: what of its address may stand on record."""
    return split_url(hook.url).hostname or ""


def stop(hook: Webhook, why: str, by: Account | None = None) -> None:
    """Send nothing more there; what waits is held back. In a unit of work."""
    if hook.stopped_at is not None or hook.removed_at is not None:
        return
    hook.stopped_at, hook.stopped_why = utc_now(), why
    hold_back(hook)
    audit.record(None, by, "webhook.stop", host_of(hook), after={"id": hook.id, "why": why})


def hold_back(hook: Webhook | None = None) -> None:
    """Hold back what waits, for one webhook or for all; in a unit of work."""
    statement = update(Delivery).where(Delivery.state == DeliveryState.WAITING)
    if hook is not None:
        statement = statement.where(Delivery.webhook_id == hook.id)
    why = "restored" if hook is None else None
    db.session.execute(
        statement.values(state=DeliveryState.HELD, ended_at=utc_now(), why=why),
        execution_options={"synchronize_session": "fetch"},
    )


def send_again(public_id: str, by: Account) -> Delivery:
    """Put a delivery up again, now, under the same id, whatever became of it."""
    with unit_of_work() as session:
        row = session.scalar(
            select(Delivery).where(Delivery.public_id == public_id).with_for_update()
        )
        if row is None or row.webhook is None or row.webhook.removed_at is not None:
            raise Refused(msg("这一条不在了"), kind=Refusal.UNKNOWN)
        if row.webhook.stopped_at is not None:
            raise Refused(msg("这个地址停了，先接着送，再送这一条"))
        row.state = move(row.state, DeliveryState.WAITING, DELIVERY_MOVES)
        row.due_at, row.ended_at, row.attempt = utc_now(), None, 0
        after = {"webhook": row.webhook_id, "type": row.kind}
        audit.record(None, by, "webhook.again", host_of(row.webhook), after=after)
    outbox_bell().set()
    return row


def given_up_since(since: datetime) -> Sequence[Webhook]:
    """List the webhooks, not removed, to which something was given up since then."""
    given_up = select(Delivery.webhook_id).where(
        Delivery.state == DeliveryState.FAILED, Delivery.ended_at > since
    )
    query = select(Webhook).where(Webhook.id.in_(given_up), Webhook.removed_at.is_(None))
    return db.session.scalars(query.order_by(Webhook.id)).all()


def deliveries_of(hook: Webhook, most: int = 50) -> Sequence[Delivery]:
    """List the last deliveries to a webhook, the newest first."""
    query = select(Delivery).where(Delivery.webhook_id == hook.id)
    return db.session.scalars(query.order_by(Delivery.id.desc()).limit(most)).all()


def outbox_sizes() -> dict[DeliveryState, int]:
    """Count what is in each state."""
    query = select(Delivery.state, func.count()).group_by(Delivery.state)
    sizes = dict.fromkeys(DeliveryState, 0)
    sizes.update(db.session.execute(query).tuples().all())
    return sizes


def oldest_message_since() -> datetime | None:
    """When the oldest delivery that waits was written; None where none waits.

    A message that waits for the morning is not late.
    """
    late = Delivery.webhook_id.is_not(None) | (Delivery.due_at <= utc_now())
    return db.session.scalar(
        select(func.min(Delivery.made_at)).where(Delivery.state == DeliveryState.WAITING, late)
    )


def message_sizes() -> Mapping[tuple[str, DeliveryState], int]:
    """Count the messages to people and groups by channel and state."""
    query = (
        select(MessageAddress.channel, Delivery.state, func.count())
        .join(MessageAddress, MessageAddress.id == Delivery.address_id)
        .group_by(MessageAddress.channel, Delivery.state)
    )
    return {(channel, state): n for channel, state, n in db.session.execute(query).tuples()}


def forget_deliveries() -> int:
    """Take away a portion of what ended a month ago, of messages a year ago; how many that were."""
    now = utc_now()
    over = (Delivery.person.is_(None)) | (Delivery.ended_at < now - MESSAGES_KEPT_FOR)
    with unit_of_work() as session:
        old = session.execute(
            select(Delivery.id, Delivery.address_id)
            .where(
                Delivery.state != DeliveryState.WAITING, Delivery.ended_at < now - KEPT_FOR, over
            )
            .limit(_PORTION)
        ).all()
        if old:
            session.execute(delete(Delivery).where(Delivery.id.in_([row.id for row in old])))
            forget_addresses([row.address_id for row in old if row.address_id is not None])
    return len(old)
