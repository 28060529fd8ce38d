"""What somebody decides of messages: kinds, words, quiet hours, groups; stop, go on, send again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import func, select, update

from compete.domain.values.messages import msg
from compete.domain.values.states import DELIVERY_MOVES, DeliveryState, move
from compete.models import Account, Competition, Delivery, MessageAddress, db, utc_now
from compete.services.kernel import audit
from compete.services.kernel.chunks import in_chunks
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.news import outbox_bell
from compete.services.kernel.refusal import Refusal, Refused, invalid
from compete.services.kernel.transactions import changing, unit_of_work
from compete.services.outbox.channels import ROBOTS, Channel, address_key, read_receiver, read_robot
from compete.services.outbox.kinds import KINDS, TEST_KEY, check_words
from compete.services.outbox.messages import (
    AT_ONCE,
    OFF,
    RESTORED,
    STOPPED,
    Draft,
    addresses_of,
    after_quiet,
    end_of_address,
    end_waiting,
    is_on,
    is_stopped,
    key_of,
    off_token,
    plan_of,
    put_test,
    title_of,
    write,
)

_MOST_TRIES = 5
"""So many messages somebody sends himself within a minute."""


def switch(competition: Competition, key: str, on: bool, by: Account) -> None:
    """Switch a kind of messages on or off."""
    if key not in KINDS:
        raise Refused(msg("没有这一种消息"), kind=Refusal.UNKNOWN)
    with changing(competition) as competition:
        plan = plan_of(competition)
        if is_on(plan, key) is on:
            return
        _change(competition, kinds={**plan.kinds, key: on})
        act = "message.on" if on else "message.off"
        audit.record(competition, by, act, str(KINDS[key].name), after={"kind": key})


def set_words(competition: Competition, key: str, words: str, by: Account, *, group: bool) -> None:
    """Set the words of a kind; none: the usual ones. Raises `Refused` for what they may not say."""
    if key not in KINDS:
        raise Refused(msg("没有这一种消息"), kind=Refusal.UNKNOWN)
    name = f"{key}/group" if group else key
    with changing(competition) as competition:
        plan = plan_of(competition)
        kept = {it: text for it, text in plan.words.items() if it != name}
        if words.strip():
            kept[name] = check_words(key, words, group=group)
        if kept != plan.words:
            _change(competition, words=kept)
            after = {"kind": name, "words": kept.get(name)}
            audit.record(competition, by, "message.words", str(KINDS[key].name), after=after)


def set_quiet(competition: Competition, begins: int, ends: int, by: Account) -> None:
    """Set the hours in which nothing is sent; the same twice: none."""
    if not (0 <= begins <= 23 and 0 <= ends <= 23):
        raise invalid(msg("钟点写 0 到 23"))
    with changing(competition) as competition:
        plan = plan_of(competition)
        if (plan.quiet_from, plan.quiet_until) != (begins, ends):
            _change(competition, quiet_from=begins, quiet_until=ends)
            hours = f"{begins:02}:00–{ends:02}:00"
            after = {"from": begins, "until": ends}
            audit.record(competition, by, "message.quiet", hours, after=after)


def _change(competition: Competition, **changed: Any) -> None:
    plan = msgspec.structs.replace(plan_of(competition), **changed)
    change_settings(competition, messages=plan)


def try_words(competition: Competition, address: str, words: str) -> None:
    """Send a kind's words to who tries them; not while all is stopped, nor many at once."""
    if is_stopped(plan_of(competition)):
        raise Refused(msg("消息都停着，先按“接着发”"))
    query = select(func.count()).where(
        Delivery.competition_id == competition.id,
        Delivery.kind == TEST_KEY,
        Delivery.made_at > utc_now() - timedelta(minutes=1),
    )
    if (db.session.scalar(query) or 0) >= _MOST_TRIES:
        raise Refused(msg("刚试过几条，等一分钟再试"))
    put_test(Channel.MAIL, address, words, competition)


def stop_messages(competition: Competition, by: Account) -> int:
    """Hold back all that waits, and write nothing new; how many were held back."""
    with changing(competition) as competition:
        if is_stopped(plan_of(competition)):
            raise Refused(msg("已经停了"))
        _change(competition, stopped_at=utc_now())
        audit.record(competition, by, "message.stop", "")
    query = select(Delivery.id).where(
        Delivery.competition_id == competition.id,
        Delivery.state == DeliveryState.WAITING,
        Delivery.webhook_id.is_(None),
    )
    numbers = db.session.scalars(query).all()
    for part in in_chunks(numbers, AT_ONCE):
        with unit_of_work():
            end_waiting(part, STOPPED, utc_now())
    return len(numbers)


def go_on_with_messages(competition: Competition, by: Account) -> int:
    """Send what was held back, in the quiet hours' order, and whatever comes; how many."""
    with changing(competition) as competition:
        if not is_stopped(plan_of(competition)):
            raise Refused(msg("没有停"))
        _change(competition, went_on_at=utc_now())
        audit.record(competition, by, "message.go_on", "")
    query = select(Delivery.id).where(
        Delivery.competition_id == competition.id,
        Delivery.state == DeliveryState.HELD,
        Delivery.webhook_id.is_(None),
        Delivery.why.in_((STOPPED, RESTORED)),
    )
    numbers = db.session.scalars(query).all()
    for part in in_chunks(numbers, AT_ONCE):
        with unit_of_work():
            due = after_quiet(plan_of(competition), utc_now())
            write(
                update(Delivery)
                .where(Delivery.id.in_(part), Delivery.state == DeliveryState.HELD)
                .values(state=DeliveryState.WAITING, why=None, ended_at=None, due_at=due, attempt=0)
            )
    outbox_bell().set()
    return len(numbers)


def send_message_again(competition: Competition, public_id: str, by: Account) -> None:
    """Put a message that did not arrive up again, at the address as it stands."""
    with changing(competition) as competition:
        row = _message_of(competition, public_id)
        if is_stopped(plan_of(competition)):
            raise Refused(msg("消息都停着，先接着发"))
        assert row.address is not None
        if row.words is None or row.address.off_at is not None:
            raise Refused(msg("对方不再收消息了"))
        if row.address.dead_at is not None:
            raise Refused(msg("这个地址送不到，先改地址"))
        row.state = move(row.state, DeliveryState.WAITING, DELIVERY_MOVES)
        row.due_at, row.ended_at = after_quiet(plan_of(competition), utc_now()), None
        row.attempt, row.why = 0, None
        audit.record(competition, by, "message.again", title_of(row))
    outbox_bell().set()


def correct_address(competition: Competition, public_id: str, address: str, by: Account) -> None:
    """Send a message that did not arrive to another address; the person's own row stays as it is.

    Raises `Refused` for what is no address of its channel.
    """
    with changing(competition) as competition:
        row = _message_of(competition, public_id)
        assert row.address is not None
        channel = row.address.channel
        address = read_receiver(channel, address)
        draft = Draft(row.person or "", channel, address, {}, "")
        key = key_of(competition, draft)
        number, off, dead = addresses_of(competition, [draft], utc_now())[key]
        if off or dead:
            raise Refused(msg("这个地址送不到，换一个"))
        row.address_id, row.receiver = number, f"{channel} {number}"
        db.session.flush()
        db.session.refresh(row)
    send_message_again(competition, public_id, by)


def _message_of(competition: Competition, public_id: str) -> Delivery:
    """A message of a competition, claimed. Raises `Refused` where it has none of that number."""
    row = db.session.scalar(
        select(Delivery)
        .where(Delivery.public_id == public_id, Delivery.competition_id == competition.id)
        .with_for_update()
    )
    if row is None or row.address_id is None:
        raise Refused(msg("这一条不在了"), kind=Refusal.UNKNOWN)
    return row


def add_group(competition: Competition, name: str, url: str, by: Account | None) -> MessageAddress:
    """Tell a group from now on, by the address of its robot."""
    channel, url = read_robot(url)
    name = name.strip()
    if not name or len(name) > 40:
        raise invalid(msg("写群的名字，40 个字以内"))
    with changing(competition) as competition:
        key = address_key(channel, url, competition.id)
        row = db.session.scalar(
            select(MessageAddress).where(
                MessageAddress.channel == channel, MessageAddress.address_hash == key
            )
        )
        if row is None:
            row = MessageAddress(
                channel=channel, address_hash=key, off_token=off_token(), made_at=utc_now()
            )
            db.session.add(row)
        row.address, row.name, row.competition_id = url, name, competition.id
        row.off_at = row.dead_at = None
        db.session.flush()
        audit.record(competition, by, "message.group", name, after={"channel": channel.value})
    return row


def remove_group(competition: Competition, number: int, by: Account) -> None:
    """Tell a group nothing more."""
    with changing(competition) as competition:
        row = db.session.get(MessageAddress, number)
        if row is None or row.competition_id != competition.id or row.off_at is not None:
            raise Refused(msg("这个群不在了"), kind=Refusal.UNKNOWN)
        row.off_at = utc_now()
        end_of_address(row.id, OFF)
        audit.record(competition, by, "message.group_off", row.name or "")


def address_by_token(token: str) -> MessageAddress | None:
    """The address of a link that stops messages; None where there is none."""
    return db.session.scalar(
        select(MessageAddress).where(
            MessageAddress.off_token == token, MessageAddress.channel.not_in(ROBOTS)
        )
    )


def want_no_more(token: str) -> bool:
    """Send nothing more to the address of a link; False where there is none."""
    with unit_of_work():
        row = address_by_token(token)
        if row is None:
            return False
        if row.off_at is None:
            row.off_at = utc_now()
            end_of_address(row.id, OFF)
    return True


def want_again(token: str) -> bool:
    """Send messages to the address of a link again; False where there is none."""
    with unit_of_work():
        row = address_by_token(token)
        if row is None:
            return False
        row.off_at = None
    return True
