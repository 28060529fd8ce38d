"""Messages: written once for each, told as one, held back, never with what they must not say."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from compete.domain.values.messages import msg
from compete.domain.values.states import DeliveryState
from compete.models import (
    Account,
    Competition,
    Delivery,
    Entrant,
    MessageAddress,
    Slot,
    db,
    utc_now,
)
from compete.services.backups.generations import begin_generation
from compete.services.kernel import audit, write_holds
from compete.services.kernel.competition_settings import MessagePlan
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.messages import tellers
from compete.services.outbox import channels, messages, rounds
from compete.services.outbox.kinds import (
    FIELDS,
    INSTALLATION,
    KINDS,
    PERSONAL,
    To,
    check_words,
    fill,
    holes_of,
    sms_count,
)
from compete.services.outbox.message_acts import (
    add_group,
    correct_address,
    go_on_with_messages,
    send_message_again,
    set_words,
    stop_messages,
    switch,
    want_again,
    want_no_more,
)
from compete.services.outbox.messages import (
    Draft,
    erase_messages,
    plan_of,
    put_messages,
    sizes_of,
    text_of,
)
from compete.services.outbox.worker import start_outbox
from tests.services.messages.conftest import MailBox
from tests.support.databases import wait_until
from tests.support.receivers import Receiver

Rows = Callable[[], list[Delivery]]
Turn = Callable[..., None]
Round = Callable[[], int]
Later = Callable[[float], None]
_quiet = messages.after_quiet


def place(entrant: Entrant, station: str, starts: datetime | None = None) -> None:
    """Give somebody a station, on record as a draw or a move does."""
    with unit_of_work() as session:
        row = session.scalar(select(Slot).where(Slot.entrant_id == entrant.id, Slot.module == "m"))
        if row is None:
            row = Slot(entrant_id=entrant.id, stage="s", module="m")
            session.add(row)
        row.station, row.starts_at = station, starts or datetime(2099, 9, 16, 1, 30, tzinfo=UTC)
        session.flush()
        competition = session.get_one(Competition, entrant.competition_id)
        after = {"stage": "s", "stations": {entrant.code: {"m": station}}}
        audit.record(competition, None, "entrants.place", entrant.event.code, after=after)


def texts(rows: list[Delivery]) -> list[str]:
    plan = MessagePlan()
    return [text_of(row, plan) for row in rows]


def test_only_who_was_placed_is_told_and_nobody_of_a_day_that_is_past(
    phones: list[Entrant], go_round_due: Round, later: Later, rows: Rows
) -> None:
    place(phones[0], "1")
    place(phones[1], "2", datetime(2020, 9, 16, 1, 30, tzinfo=UTC))
    with unit_of_work() as session:
        session.add(Slot(entrant_id=phones[2].id, stage="s", module="m", station="3"))
    later(11)
    go_round_due()
    assert [row.person for row in rows()] == [f"entrant {phones[0].id}"]


@pytest.mark.each_database
def test_a_session_is_told_once_to_each_and_changes_of_ten_minutes_as_one(
    fresh: Competition,
    phones: list[Entrant],
    go_round_due: Round,
    send_due: Turn,
    receiver: Receiver,
    rows: Rows,
    later: Later,
) -> None:
    place(phones[0], "2")
    place(phones[0], "3")
    assert go_round_due() == 0
    later(11)
    assert go_round_due() == 1
    (row,) = rows()
    assert row.state is DeliveryState.WAITING
    send_due()
    (arrived,) = receiver.at("/sms")
    assert arrived.headers["authorization"] == "Bearer t"
    assert arrived.content["to"] == "13800000000"
    text = arrived.content["text"]
    assert text.startswith("【竞赛台】赵启明，9月16日 09:30 到")
    assert "3 号工位" in text
    assert "2 号工位" not in text
    assert "不再收：js.example/m/" in text
    assert rows()[0].state is DeliveryState.SENT
    # The same again: nobody hears of it. Another: once more.
    place(phones[0], "3")
    later(11)
    assert (go_round_due(), len(rows())) == (1, 1)
    place(phones[0], "4")
    later(11)
    go_round_due()
    assert len(rows()) == 2
    # Changed back before it went out: what they know stands, nothing is sent.
    place(phones[0], "3")
    later(11)
    go_round_due()
    send_due()
    assert [(it.state, it.why) for it in rows()] == [
        (DeliveryState.SENT, None),
        (DeliveryState.HELD, "done"),
    ]
    assert len(receiver.at("/sms")) == 1


def test_without_a_channel_nothing_is_written(
    fresh: Competition, phones: list[Entrant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "channels_here", lambda: frozenset())
    place(phones[0], "2")
    assert db.session.query(Delivery).count() == 0


def test_what_was_rolled_back_or_switched_off_is_told_to_nobody(
    fresh: Competition, phones: list[Entrant], organiser: Account
) -> None:

    def break_off() -> None:
        with unit_of_work():
            place(phones[0], "2")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert db.session.query(Delivery).count() == 0
    switch(fresh, "schedule", False, organiser)
    place(phones[0], "2")
    assert db.session.query(Delivery).count() == 0
    with pytest.raises(Refused, match="没有这一种"):
        switch(fresh, "marks", True, organiser)


def draft(number: int, mark: str = "a", **more: object) -> Draft:
    values = {"name": f"人{number}", "competition": "小赛", "what": "公布", "link": "x"}
    return Draft(f"entrant {number}", "sms", f"139{number:08}", values, mark, **more)  # type: ignore[arg-type]


def put(competition: Competition, *drafts: Draft, key: str = "results") -> int:
    with unit_of_work():
        return put_messages(competition, key, drafts)


def test_who_wants_no_more_gets_no_more_from_anybody(
    fresh: Competition, send_due: Turn, receiver: Receiver, rows: Rows
) -> None:
    put(fresh, draft(1), draft(2))
    token = db.session.scalars(select(MessageAddress.off_token).order_by(MessageAddress.id)).first()
    assert token is not None
    assert want_no_more(token)
    assert want_no_more(token)
    assert not want_no_more("nobody")
    send_due()
    assert [(it.state, it.why) for it in rows()] == [
        (DeliveryState.HELD, "off"),
        (DeliveryState.SENT, None),
    ]
    assert put(fresh, draft(1, "b"), draft(2, "b")) == 1
    want_again(token)
    assert put(fresh, draft(1, "c")) == 1


def test_a_number_that_is_dead_is_tried_no_more_and_says_so(
    fresh: Competition, organiser: Account, send_due: Turn, receiver: Receiver, rows: Rows
) -> None:
    receiver.bodies["/sms"] = b'{"code": "EMPTY_NUMBER"}'
    put(fresh, draft(1), draft(1, "b", about="other"))
    send_due()
    assert len(receiver.at("/sms")) == 1
    assert [(it.state, it.why) for it in rows()] == [(DeliveryState.FAILED, "dead")] * 2
    put(fresh, draft(1, "z"))
    send_due()
    assert len(receiver.at("/sms")) == 1
    assert sizes_of(fresh)[DeliveryState.FAILED] == 3
    with pytest.raises(Refused, match="先改地址"):
        send_message_again(fresh, rows()[0].public_id, organiser)
    receiver.bodies["/sms"] = b'{"code": "OK"}'
    with pytest.raises(Refused, match="8 到 15 位"):
        correct_address(fresh, rows()[0].public_id, "12", organiser)
    correct_address(fresh, rows()[0].public_id, "13911112222", organiser)
    send_due()
    assert receiver.at("/sms")[-1].content["to"] == "13911112222"
    assert rows()[0].state is DeliveryState.SENT


def test_what_is_refused_for_a_while_is_tried_again_by_the_plan(
    fresh: Competition, send_due: Turn, receiver: Receiver, rows: Rows, later: Later
) -> None:
    receiver.bodies["/sms"] = b'{"code": "LIMIT"}'
    put(fresh, draft(1))
    send_due()
    (row,) = rows()
    assert (row.state, row.tries[0]["why"]) == (DeliveryState.WAITING, "refused")
    receiver.bodies["/sms"] = b'{"code": "OK"}'
    later(1)
    send_due()
    assert rows()[0].state is DeliveryState.SENT


def test_one_stop_holds_all_that_waits_and_what_comes_and_going_on_sends_it(
    fresh: Competition,
    phones: list[Entrant],
    organiser: Account,
    go_round_due: Round,
    send_due: Turn,
    receiver: Receiver,
    rows: Rows,
    later: Later,
) -> None:
    put(fresh, *(draft(number) for number in range(450)))
    assert stop_messages(fresh, organiser) == 450
    with pytest.raises(Refused, match="已经停了"):
        stop_messages(fresh, organiser)
    place(phones[0], "2")
    put(fresh, draft(999))
    later(11)
    send_due()
    assert (go_round_due(), receiver.arrived) == (0, [])
    assert sizes_of(fresh)[DeliveryState.HELD] == 451
    assert go_on_with_messages(fresh, organiser) == 452
    assert go_round_due() == 1
    send_due()
    assert sizes_of(fresh)[DeliveryState.SENT] == 452
    assert len(receiver.at("/sms")) == 452
    with pytest.raises(Refused, match="没有停"):
        go_on_with_messages(fresh, organiser)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-09-16T21:59", "2026-09-16T21:59"),
        ("2026-09-16T22:00", "2026-09-17T07:00"),
        ("2026-09-17T00:30", "2026-09-17T07:00"),
        ("2026-09-17T06:59", "2026-09-17T07:00"),
        ("2026-09-17T07:00", "2026-09-17T07:00"),
    ],
)
def test_at_night_it_waits_for_seven(fresh: Competition, now: str, due: str) -> None:
    from compete.services.kernel.clock import local_zone

    at, wanted = (datetime.fromisoformat(it).replace(tzinfo=local_zone()) for it in (now, due))
    assert _quiet(plan_of(fresh), at) == wanted
    assert _quiet(MessagePlan(quiet_from=0, quiet_until=0), at) == at


def test_what_is_over_by_the_morning_is_not_sent(fresh: Competition, rows: Rows) -> None:
    assert put(fresh, draft(1, until=utc_now() - timedelta(minutes=1))) == 0
    assert put(fresh, draft(1, until=utc_now() + timedelta(hours=1))) == 1


def test_an_erased_person_takes_address_and_words_along(
    fresh: Competition, send_due: Turn, rows: Rows
) -> None:
    put(fresh, draft(1), draft(2))
    send_due()
    put(fresh, draft(1, "b"), draft(2, "b"))
    with unit_of_work():
        erase_messages({"entrant 1"})
    mine = [row for row in rows() if row.person == "entrant 1"]
    assert [(row.words, row.address_id, row.state) for row in mine] == [
        (None, None, DeliveryState.SENT),
        (None, None, DeliveryState.HELD),
    ]
    assert db.session.scalars(select(MessageAddress.address)).all() == ["13900000002"]
    assert all(row.words for row in rows() if row.person == "entrant 2")


def test_what_an_erased_person_said_of_messages_stays(fresh: Competition) -> None:
    put(fresh, draft(1))
    token = db.session.scalars(select(MessageAddress.off_token)).one()
    want_no_more(token)
    with unit_of_work():
        erase_messages({"entrant 1"})
    assert db.session.scalars(select(MessageAddress.address)).all() == [None]
    assert put(fresh, draft(1, "b")) == 0


def test_mail_goes_to_who_has_an_address(
    fresh: Competition, mailed: Account, mail_box: MailBox, send_due: Turn, rows: Rows
) -> None:
    values = {
        "name": "吴敏",
        "competition": "小赛",
        "what": "退回了",
        "link": "https://js.example/",
    }
    put(fresh, Draft("account 1", "mail", "wu@example.cn", values, "1"), key="sheets")
    send_due()
    (mail,) = mail_box.mails
    assert mail["To"] == "wu@example.cn"
    assert mail["Subject"] == "评分表退回、要重评"
    assert mail.get_all("Message-ID") == [f"<{rows()[0].public_id}@example.cn>"]
    assert mail.get_content().startswith("吴敏，小赛 有评分表退回了，请到平板上看。")
    mail_box.answers["gone@example.cn"] = "550 5.1.1 no such user"
    put(fresh, Draft("account 2", "mail", "gone@example.cn", values, "1"), key="sheets")
    send_due()
    row = rows()[-1]
    assert (row.state, row.why, row.tries[0]["status"]) == (DeliveryState.FAILED, "dead", 550)
    assert "gone@example.cn" not in str(row.tries)


def test_a_group_is_told_without_anything_of_a_person(
    fresh: Competition,
    organiser: Account,
    send_due: Turn,
    receiver: Receiver,
    rows: Rows,
) -> None:
    receiver.bodies["/cgi-bin/webhook/send"] = b'{"errcode":0,"errmsg":"ok"}'
    group = add_group(fresh, "筹备群", receiver.url("/cgi-bin/webhook/send?key=k"), organiser)
    values = {"name": "赵启明", "competition": "小赛", "what": "公布", "link": "x", "station": "2"}
    assert group.address is not None
    put(fresh, Draft(f"group {group.id}", group.channel, group.address, values, "1"))
    send_due()
    (arrived,) = receiver.arrived
    assert arrived.content["text"]["content"] == "小赛 的成绩公布了，看 x"
    assert "赵启明" not in arrived.body.decode()
    assert rows()[0].state is DeliveryState.SENT


# What they can say.

FORBIDDEN = (
    "mark",
    "score",
    "total",
    "rank",
    "place_number",
    "id",
    "id_number",
    "phone",
    "code",
    "pin",
)


def test_no_field_says_a_mark_a_rank_a_number_or_a_code() -> None:
    assert not set(FIELDS) & set(FORBIDDEN)
    for key, group in itertools.product((*KINDS, "installation"), (True, False)):
        for field in FORBIDDEN:
            with pytest.raises(Refused, match="不能放"):
                check_words(key, f"{{{field}}}", group=group)
    for field in FORBIDDEN:
        with pytest.raises(LookupError):
            fill(f"{{{field}}}", {field: "91.5"}, group=False)


def test_the_usual_words_of_each_kind_have_its_own_fields_and_of_a_group_nothing_personal() -> None:
    for kind in (*KINDS.values(), INSTALLATION):
        assert set(holes_of(kind.words.text)) <= set(kind.fields) <= set(FIELDS)
        assert (kind.group_words is not None) is (To.GROUP in kind.to)
        if kind.group_words is not None:
            assert not set(holes_of(kind.group_words.text)) & PERSONAL


@pytest.mark.parametrize("field", sorted(PERSONAL))
def test_no_words_for_a_group_name_anybody(
    fresh: Competition, organiser: Account, field: str
) -> None:
    with pytest.raises(Refused, match="不能放"):
        set_words(fresh, "results", f"{{{field}}} 好", organiser, group=True)
    with pytest.raises(LookupError):
        fill(f"{{{field}}}", {field: "赵启明"}, group=True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("{名次}", "不能放“名次”"),
        ("打 13800000000 问", "电话"),
        ("{competition", "大括号"),
        ("字" * 301, "300"),
    ],
)
def test_words_that_may_not_stand_are_refused_by_name(
    fresh: Competition, organiser: Account, words: str, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        set_words(fresh, "results", words, organiser, group=False)


def test_own_words_are_what_goes_out_and_empty_ones_the_usual(
    fresh: Competition, organiser: Account
) -> None:
    set_words(fresh, "results", "{姓名} 看 {链接}", organiser, group=False)
    assert plan_of(fresh).words == {"results": "{name} 看 {link}"}
    set_words(fresh, "results", "", organiser, group=False)
    assert plan_of(fresh).words == {}


def test_an_sms_is_counted_as_it_is_paid() -> None:
    assert [sms_count("字" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert sms_count("😀" * 35) == 1
    assert sms_count("😀" * 36) == 2


def test_ten_thousand_hold_nobody_up(fresh: Competition, organiser: Account, rows: Rows) -> None:
    write_holds.forget_holds()
    for start in range(0, 10_000, messages.AT_ONCE):
        put(fresh, *(draft(number) for number in range(start, start + messages.AT_ONCE)))
    stop_messages(fresh, organiser)
    go_on_with_messages(fresh, organiser)
    assert sizes_of(fresh)[DeliveryState.WAITING] == 10_000
    assert max(hold.cpu for hold in write_holds.longest_holds()) < 0.25


def test_no_message_waits_for_another_and_each_that_is_taken_comes_once(
    fresh: Competition, mail_box: MailBox, receiver: Receiver, rows: Rows, organiser: Account
) -> None:
    kinds = ("ok", "late", "hang", "500", "redirect")
    groups = [
        add_group(fresh, kind, receiver.url(f"/robot/send/{kind}?access_token=t"), organiser)
        for kind in kinds
    ]
    receiver.by_last_word = True
    receiver.bodies["/robot/send/ok"] = receiver.bodies["/robot/send/late"] = b'{"errcode":0}'
    values = {"name": "x", "competition": "小赛", "what": "公布", "link": "x"}
    put(fresh, *(draft(number) for number in range(20)))
    put(fresh, *(Draft(f"account {n}", "mail", f"p{n}@x.cn", values, "a") for n in range(20)))
    put(
        fresh,
        *(Draft(f"group {it.id}", it.channel, it.address or "", values, "a") for it in groups),
    )
    running = start_outbox(within=30)
    try:
        wait_until(lambda: sizes_now(fresh) >= 41, "all that take it have it", 40)
        assert not receiver.let_go.is_set()
        receiver.let_go.set()
        wait_until(lambda: sizes_now(fresh) >= 42, "who was late took it", 40)
    finally:
        running.stop()
    assert len(receiver.at("/sms")) == len({it.content["to"] for it in receiver.at("/sms")}) == 20
    assert len(mail_box.mails) == 20
    assert len(receiver.at("/robot/send/late?access_token=t")) == 1
    whys = [row.tries[0]["why"] for row in rows() if row.tries and "why" in row.tries[0]]
    assert sorted(whys) == ["redirect", "status"]


def sizes_now(competition: Competition) -> int:
    db.session.rollback()
    return sizes_of(competition)[DeliveryState.SENT]


def test_a_restored_copy_tells_nobody_anything_until_somebody_lets_it(
    fresh: Competition, phones: list[Entrant], organiser: Account, go_round_due: Round, later: Later
) -> None:
    put(fresh, draft(1))
    begin_generation("backup")
    place(phones[0], "2")
    later(11)
    assert go_round_due() == 0
    assert sizes_of(fresh)[DeliveryState.HELD] == 1
    later(1)
    assert go_on_with_messages(fresh, organiser) == 2
    assert go_round_due() == 1
    assert sizes_of(fresh)[DeliveryState.WAITING] == 2


def test_what_cannot_be_sent_for_a_setting_holds_up_no_other(
    fresh: Competition,
    send_due: Turn,
    receiver: Receiver,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = {"name": "x", "competition": "小赛", "what": "公布", "link": "x"}
    put(fresh, Draft("account 1", "mail", "a@example.cn", values, "a"), draft(1))

    def unreadable(_url: str) -> None:
        raise Refused(msg("看不懂"))

    monkeypatch.setattr(channels, "mail_server", unreadable)
    send_due()
    first, second = rows()
    assert (first.state, first.tries[0]["why"]) == (DeliveryState.WAITING, "error")
    assert second.state is DeliveryState.SENT


def test_what_happens_while_a_round_is_on_its_way_is_told_to_all(
    fresh: Competition,
    phones: list[Entrant],
    rows: Rows,
    go_round_due: Round,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tellers, "AT_ONCE", 2)
    for person in phones:
        place(person, "1")
    later(11)
    assert rounds.write_due_slice()
    assert len(rows()) == 2
    place(phones[0], "5")
    assert go_round_due() == 2
    assert len(rows()) == 4
    later(11)
    go_round_due()
    assert "5 号工位" in texts(rows())[0]


def test_a_kind_that_is_switched_off_meanwhile_is_told_to_nobody(
    fresh: Competition,
    phones: list[Entrant],
    organiser: Account,
    rows: Rows,
    go_round_due: Round,
    later: Later,
) -> None:
    place(phones[0], "2")
    switch(fresh, "schedule", False, organiser)
    later(11)
    assert go_round_due() == 1
    assert rows() == []
