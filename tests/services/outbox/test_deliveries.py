"""Deliveries: written with the change, sent once in effect, tried again by the plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from compete.domain.values.states import DeliveryState
from compete.models import Account, Competition, Delivery, Entrant, Webhook, db, utc_now
from compete.services.kernel import write_holds
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.outbox import worker
from compete.services.outbox.deliveries import (
    KEPT_FOR,
    STOPPED_AFTER,
    WAITS,
    forget_deliveries,
    oldest_message_since,
    outbox_sizes,
    send_again,
)
from compete.services.outbox.webhooks import (
    all_webhooks,
    change_secret,
    go_on,
    ping,
    remove_webhook,
    stopped_webhooks,
)
from compete.services.outbox.worker import Sending, start_outbox
from compete.services.registration.withdrawals import withdraw_person
from tests.support.databases import wait_until
from tests.support.receivers import Receiver

Hook = Callable[..., tuple[Webhook, str]]
Rows = Callable[[], list[Delivery]]
Turn = Callable[..., None]


def leave(competition: Competition, by: Account, place: int = 0) -> None:
    entrants = select(Entrant).where(Entrant.competition_id == competition.id).order_by(Entrant.id)
    withdraw_person(db.session.scalars(entrants).all()[place], "请假", by)


@pytest.mark.each_database
def test_what_happened_goes_out_signed_and_thin(
    fresh: Competition,
    organiser: Account,
    hook: Hook,
    receiver: Receiver,
    send_due: Turn,
    rows: Rows,
) -> None:
    _row, secret = hook("/ok/a")
    leave(fresh, organiser)
    assert [row.state for row in rows()] == [DeliveryState.WAITING]
    assert oldest_message_since() is not None
    send_due()
    (arrived,) = receiver.arrived
    content = Verifier(secret).verify(arrived.body, arrived.headers)
    assert content["type"] == "registration.withdrawn"
    assert content["data"] == {"code": "X", "count": 1, "link": "/api/v1/competitions/X"}
    assert arrived.headers["content-type"] == "application/json"
    (row,) = rows()
    assert (row.state, row.tries[0]["status"]) == (DeliveryState.SENT, 204)
    assert arrived.headers["webhook-id"] == row.public_id
    assert outbox_sizes()[DeliveryState.SENT] == 1
    assert oldest_message_since() is None


def test_what_was_rolled_back_is_told_to_nobody(
    fresh: Competition, organiser: Account, hook: Hook, rows: Rows
) -> None:
    hook("/ok/a", "registration.withdrawn", "competition.state_changed")

    def break_off() -> None:
        with unit_of_work():
            leave(fresh, organiser)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert rows() == []
    leave(fresh, organiser)
    assert len(rows()) == 1


def test_a_webhook_is_told_of_its_types_and_competitions_alone(
    fresh: Competition, organiser: Account, hook: Hook, rows: Rows
) -> None:
    mine, _ = hook("/ok/a", competitions=[fresh])
    hook("/ok/b", "results.published")
    hook("/ok/d", competitions=[Competition(code="ELSEWHERE")])
    gone, _ = hook("/ok/c")
    remove_webhook(gone.id, by=None)
    leave(fresh, organiser)
    assert [row.webhook_id for row in rows()] == [mine.id]


def test_tries_follow_the_plan_under_one_id_and_are_given_up(
    fresh: Competition,
    organiser: Account,
    hook: Hook,
    receiver: Receiver,
    send_due: Turn,
    rows: Rows,
) -> None:
    hook("/500/a")
    leave(fresh, organiser)
    now = utc_now()
    for wait in (timedelta(0), *WAITS):
        if wait:
            with time_machine.travel(now + wait - timedelta(seconds=1), tick=False):
                send_due()
        now += wait
        before = len(receiver.arrived)
        with time_machine.travel(now, tick=False):
            send_due()
        assert len(receiver.arrived) == before + 1
    (row,) = rows()
    assert row.state is DeliveryState.FAILED
    assert [it["status"] for it in row.tries] == [500] * 10
    assert len({it.headers["webhook-id"] for it in receiver.arrived}) == 1
    assert len({it.body for it in receiver.arrived}) == 1
    assert (
        sum(WAITS, timedelta(0)).total_seconds() == 5 + 35 * 60 + (2 + 5 + 10 + 14 + 20 + 24) * 3600
    )


@pytest.mark.parametrize(
    ("path", "why", "status"),
    [
        ("/500/a", "status", 500),
        ("/redirect/a", "redirect", 302),
        ("/hang/a", "late", None),
        ("/drip/a", "late", None),
    ],
)
def test_what_is_no_answer_is_tried_again(
    fresh: Competition,
    organiser: Account,
    hook: Hook,
    receiver: Receiver,
    send_due: Turn,
    rows: Rows,
    path: str,
    why: str,
    status: int | None,
) -> None:
    hook(path)
    leave(fresh, organiser)
    send_due(within=0.5)
    (row,) = rows()
    assert row.state is DeliveryState.WAITING
    assert (row.tries[0]["why"], row.tries[0]["status"]) == (why, status)
    assert row.due_at > utc_now()
    assert receiver.at("/ok/elsewhere") == []


def test_who_is_gone_is_sent_nothing_more(
    fresh: Competition,
    organiser: Account,
    hook: Hook,
    receiver: Receiver,
    send_due: Turn,
    rows: Rows,
) -> None:
    row, _ = hook("/410/a")
    leave(fresh, organiser)
    leave(fresh, organiser, 1)
    send_due()
    assert [it.state for it in rows()] == [DeliveryState.FAILED, DeliveryState.HELD]
    assert [(it.id, it.stopped_why) for it in stopped_webhooks()] == [(row.id, "gone")]
    leave(fresh, organiser, 2)
    assert len(rows()) == 2
    with pytest.raises(Refused, match="停了"):
        send_again(rows()[0].public_id, organiser)
    receiver.answers["/410/a"] = 204
    go_on(row.id, by=organiser)
    assert len(receiver.arrived) == 1
    send_again(rows()[0].public_id, organiser)
    send_due()
    assert [it.state for it in rows()] == [DeliveryState.SENT, DeliveryState.HELD]
    assert len({it.headers["webhook-id"] for it in receiver.arrived}) == 1


def test_five_days_of_failures_stop_it_and_one_good_answer_begins_anew(
    fresh: Competition, organiser: Account, hook: Hook, receiver: Receiver, send_due: Turn
) -> None:
    row, _ = hook("/500/a")
    begun = utc_now()

    def fail_on(day: float) -> None:
        with time_machine.travel(begun + timedelta(days=day), tick=False):
            ping(row.id)
            send_due()

    fail_on(0)
    fail_on(20)  # Another trouble, three weeks on.
    fail_on(21.5)
    receiver.answers["/500/a"] = 200
    fail_on(23)
    receiver.answers.clear()
    for day in (24, 25, 26, 27, 28):
        fail_on(day)
    assert stopped_webhooks() == []
    assert timedelta(days=5) == STOPPED_AFTER
    fail_on(29)
    assert [it.stopped_why for it in stopped_webhooks()] == ["failing"]


def test_both_secrets_sign_while_one_takes_the_others_place(
    fresh: Competition, organiser: Account, hook: Hook, receiver: Receiver, send_due: Turn
) -> None:
    row, former = hook("/ok/a")
    _row, secret = change_secret(row.id, by=organiser)
    leave(fresh, organiser)
    send_due()
    for key in (former, secret):
        Verifier(key).verify(receiver.arrived[0].body, receiver.arrived[0].headers)
    leave(fresh, organiser, 1)
    with time_machine.travel(utc_now() + timedelta(days=1, minutes=1)):
        send_due()
    signed = receiver.arrived[1].headers["webhook-signature"]
    assert signed.count("v1,") == 1


def test_who_dies_between_sending_and_noting_sends_again_under_the_same_id(
    fresh: Competition,
    organiser: Account,
    hook: Hook,
    receiver: Receiver,
    send_due: Turn,
    rows: Rows,
) -> None:
    hook("/ok/a")
    leave(fresh, organiser)
    killed = Sending()
    killed.start_due()
    wait_until(lambda: len(receiver.arrived) == 1, "it came")
    killed.stop()
    assert rows()[0].state is DeliveryState.WAITING
    send_due()
    assert rows()[0].state is DeliveryState.SENT
    first, second = receiver.arrived
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_nobody_waits_for_another(
    fresh: Competition,
    organiser: Account,
    hook: Hook,
    receiver: Receiver,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many, kinds = 1000, ("hang", "late", "500", "redirect", "410", "ok", "ok", "ok", "ok", "ok")
    with unit_of_work():
        for number in range(many):
            hook(f"/{kinds[number % len(kinds)]}/{number}")
    write_holds.forget_holds()
    leave(fresh, organiser)
    assert len(rows()) == many
    monkeypatch.setattr(worker, "_TURN_EVERY", 0.05)

    def sent() -> int:
        db.session.rollback()
        return outbox_sizes()[DeliveryState.SENT]

    running = start_outbox(within=30)
    try:
        good = [f"/ok/{number}" for number in range(many) if kinds[number % len(kinds)] == "ok"]
        wait_until(
            lambda: {it.path for it in receiver.arrived} >= set(good), "all that take have it", 60
        )
        # Those who hang were still hanging.
        wait_until(lambda: sent() == len(good), "it is noted", 60)
        receiver.let_go.set()
        wait_until(lambda: sent() == len(good) + many // 10, "who was late took it", 60)
    finally:
        running.stop()
    assert all(len(receiver.at(path)) == 1 for path in good)
    assert len([it for it in all_webhooks() if it.stopped_why == "gone"]) == many // 10
    assert max((hold.cpu for hold in write_holds.longest_holds()), default=0) < 0.25


def test_what_ended_a_month_ago_is_forgotten(
    fresh: Competition, organiser: Account, hook: Hook, send_due: Turn, rows: Rows
) -> None:
    hook("/ok/a")
    leave(fresh, organiser)
    send_due()
    leave(fresh, organiser, 1)
    assert forget_deliveries() == 0
    with time_machine.travel(utc_now() + KEPT_FOR + timedelta(hours=1)):
        assert forget_deliveries() == 1
    assert [row.state for row in rows()] == [DeliveryState.WAITING]
