"""Whom what happens is told: from the act itself to the message, and what the clock tells."""

from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from compete.domain.values.roles import Role
from compete.domain.values.states import DeliveryState
from compete.models import (
    Account,
    Appeal,
    Competition,
    Delivery,
    Entrant,
    Publication,
    Slot,
    Withdrawal,
    db,
    utc_now,
)
from compete.services.accounts.accounts import create_account, grant_role, set_mail
from compete.services.kernel import audit
from compete.services.kernel.clock import local_zone
from compete.services.kernel.competition_settings import EntryDeadline
from compete.services.kernel.installation import installation_here
from compete.services.kernel.transactions import unit_of_work
from compete.services.labour.deadlines import remind, set_deadlines
from compete.services.labour.sign_off import sign_off
from compete.services.messages import by_clock
from compete.services.outbox.kinds import KINDS, kinds_for
from compete.services.outbox.message_acts import (
    add_group,
    set_quiet,
    switch,
)
from compete.services.outbox.messages import (
    plan_of,
    sizes_by_kind,
    text_of,
)
from compete.services.results.publishing import publish
from tests.services.labour.made_up import PIN, Contest, everything, made_up
from tests.support.announced import announce_again, lock
from tests.support.receivers import Receiver
from tests.support.signing_in import official

Rows = Callable[[], list[Delivery]]
Round = Callable[[], int]
Later = Callable[[float], None]


@pytest.fixture
def all_on(judged: Competition, organiser: Account) -> Competition:
    """The judged competition with phones, every kind switched on."""
    with unit_of_work() as session:
        for place, row in enumerate(session.scalars(select(Entrant).order_by(Entrant.id))):
            row.phone = f"1380000000{place}"
    for key in kinds_for(labour=False):
        switch(judged, key, True, organiser)
    return judged


def told_of(rows: list[Delivery], kind: str) -> list[str]:
    """List the texts of a kind, in the order of those they are for."""
    plan = plan_of(db.session.scalars(select(Competition)).one())
    return [text_of(row, plan) for row in rows if row.kind == kind]


def contact_with_mail(competition: Competition) -> Account:
    account = create_account("谢长林")
    grant_role(account, competition, Role.CONTACT, unit=competition.units[0])
    set_mail(account, "xie@example.cn")
    return account


def test_results_are_told_to_all_who_took_part_to_units_and_groups_and_say_no_result(
    all_on: Competition,
    organiser: Account,
    receiver: Receiver,
    go_round_due: Round,
    later: Later,
    rows: Rows,
) -> None:
    contact_with_mail(all_on)
    add_group(all_on, "筹备群", receiver.url("/robot/send?access_token=t"), organiser)
    lock(all_on, organiser)
    publish(all_on, organiser)
    later(11)
    go_round_due()
    texts = told_of(rows(), "results")
    assert [row.address.channel for row in rows() if row.address] == [
        *("sms", "sms", "sms", "sms", "mail", "dingtalk")
    ]
    assert texts[0].startswith("赵启明，小赛 的成绩公布了，看 https://js.example/p/X 不再收：")
    assert texts[4].startswith("谢长林，小赛 的成绩公布了")
    assert texts[5] == "小赛 的成绩公布了，看 https://js.example/p/X"
    results = str(db.session.scalars(select(Publication)).one().results)
    assert results
    announce_again(all_on, organiser)
    later(11)
    go_round_due()
    assert "成绩更正了" in told_of(rows(), "results")[-1]
    # What had not gone out yet says what holds now.
    assert sizes_by_kind(all_on) == {"results": 6}


def test_who_withdrew_is_told_nothing(
    all_on: Competition, organiser: Account, go_round_due: Round, later: Later, rows: Rows
) -> None:
    entrant = db.session.scalars(select(Entrant).order_by(Entrant.id)).first()
    assert entrant is not None
    with unit_of_work() as session:
        session.add(Withdrawal(entrant_id=entrant.id, reason="请假", made_by=organiser.id))
        audit.record(all_on, None, "results.final", "X")
    later(11)
    go_round_due()
    assert len(told_of(rows(), "results")) == 3


def test_a_sheet_that_comes_back_is_told_to_its_judge_by_mail(
    all_on: Competition, go_round_due: Round, rows: Rows
) -> None:
    set_mail(official(all_on, "J1"), "j1@example.cn")
    set_mail(official(all_on, "C1"), "c1@example.cn")
    with unit_of_work():
        audit.record(all_on, None, "sheet.return", "P1", after={"judge": "J1"}, reason="碰杆 3 次")
        audit.record(all_on, None, "sheet.remark", "P1", after={"judge": "J1"})
        audit.record(all_on, None, "appeal.file", "P1", after={"number": 1})
    go_round_due()
    texts = told_of(rows(), "sheets")
    assert [text.partition("，请到")[0] for text in texts] == [
        "周一，小赛 有评分表退回了",
        "周一，小赛 有评分表要重评",
        "裁判长甲，小赛 有评分表被申诉，等答复",
    ]
    assert "碰杆" not in str(texts)


def test_an_appeal_that_is_decided_is_told_to_who_appealed(
    all_on: Competition, go_round_due: Round, later: Later, rows: Rows
) -> None:
    with unit_of_work() as session:
        entrant = session.scalars(select(Entrant).order_by(Entrant.id)).first()
        assert entrant is not None
        session.add(
            Appeal(
                public_id="a",
                uuid="u",
                competition_id=all_on.id,
                entrant_id=entrant.id,
                number=1,
                stage="s",
                module="m",
                kind="mark",
                matter="x",
                answer_by=utc_now(),
            )
        )
        audit.record(all_on, None, "appeal.decide", "P1", after={"number": 1}, reason="改成 8 分")
    later(11)
    go_round_due()
    (text,) = told_of(rows(), "appeal")
    assert text.startswith("赵启明，小赛 的申诉有了答复，看 ")
    assert "8 分" not in text


def give_slot(competition: Competition, starts: datetime) -> Entrant:
    with unit_of_work() as session:
        entrant = session.scalars(
            select(Entrant).where(Entrant.competition_id == competition.id).order_by(Entrant.id)
        ).first()
        assert entrant is not None
        session.add(
            Slot(entrant_id=entrant.id, stage="s", module="m", station="2", starts_at=starts)
        )
    return entrant


def test_the_evening_before_and_an_hour_before_each_are_told_once(
    all_on: Competition, rows: Rows
) -> None:
    starts = datetime(2030, 9, 16, 9, 30, tzinfo=local_zone())
    give_slot(all_on, starts)

    def look(at: datetime) -> list[str]:
        with time_machine.travel(at, tick=False):
            by_clock.tell_before()
        return [row.about or "" for row in rows()]

    assert look(starts - timedelta(hours=17)) == []
    assert look(starts - timedelta(hours=15)) == ["day 9月16日 m"]
    installation_here().memory.clear()
    assert look(starts - timedelta(hours=15)) == ["day 9月16日 m"]
    assert look(starts - timedelta(minutes=61)) == ["day 9月16日 m"]
    assert look(starts - timedelta(minutes=59)) == ["day 9月16日 m", "hour 9月16日 m"]
    assert look(starts - timedelta(minutes=30)) == ["day 9月16日 m", "hour 9月16日 m"]
    (first, _second) = told_of(rows(), "before")
    assert first.startswith("赵启明，9月16日 09:30 到")


@pytest.fixture
def contest(load: Callable[..., Competition], organiser: Account) -> Contest:
    """A labour competition in which two departments enter."""
    return made_up(load, organiser)


def test_who_lacks_entries_is_told_three_days_and_a_day_before_and_once_late(
    contest: Contest, organiser: Account, receiver: Receiver, rows: Rows
) -> None:
    competition = contest.competition
    set_mail(contest.zhou, "zhou@example.cn")
    set_mail(contest.chen, "chen@example.cn")
    add_group(competition, "劳动竞赛群", receiver.url("/robot/send?access_token=t"), organiser)
    until = datetime(2030, 3, 5, 17, 0, tzinfo=local_zone())
    set_deadlines(competition, {"二月": EntryDeadline(sign=until)}, organiser)

    def look(before: timedelta) -> int:
        with time_machine.travel(until - before, tick=False):
            by_clock.tell_of_deadlines()
            by_clock.tell_of_deadlines()
        return len(rows())

    assert look(timedelta(days=4)) == 0
    assert look(timedelta(days=2, hours=12)) == 3
    assert look(timedelta(days=2)) == 3
    assert look(timedelta(hours=20)) == 6
    assert look(-timedelta(hours=1)) == 9
    assert look(-timedelta(days=2)) == 9
    texts = [text_of(row, plan_of(competition)) for row in rows()]
    assert "周茹" in texts[0] or "陈平" in texts[0]
    assert "3月5日 17:00 截止" in texts[0]
    assert "没交齐的部门 2 项" in texts[2]
    assert "周茹" not in texts[2]


def test_a_department_that_is_reminded_hears_of_it(
    contest: Contest, organiser: Account, go_round_due: Round, later: Later, rows: Rows
) -> None:
    competition = contest.competition
    set_mail(contest.chen, "chen@example.cn")
    contest.enter(*everything())
    sign_off(contest.safety, "二月", pin=PIN, name="周茹", by=contest.zhou)
    remind(competition, "二月", organiser)
    later(11)
    go_round_due()
    (row,) = rows()
    assert "还缺 3 项" in text_of(row, plan_of(competition))


def test_what_waits_for_a_second_person_is_told_after_ten_minutes_and_dropped_once_done(
    all_on: Competition, organiser: Account, later: Later, rows: Rows, mailed: Account
) -> None:
    from compete.services.closing.module_locks import ask_unlock, confirm_unlock, lock_module
    from compete.services.sheets.locks_in_force import standing_locks

    second = create_account("钱文")
    grant_role(second, all_on, Role.ORGANISER, by=organiser)
    set_mail(second, "qian@example.cn")
    lock_module(all_on.events[0], *_module(all_on), organiser)
    (standing,) = standing_locks(all_on)
    ask_unlock(standing, "录错了", organiser)
    by_clock.tell_of_second_persons()
    assert rows() == []
    later(11)
    by_clock.tell_of_second_persons()
    (row,) = rows()
    assert row.person == f"account {second.id}"
    assert "解锁" in text_of(row, plan_of(all_on))
    confirm_unlock(standing, second)
    by_clock.tell_of_second_persons()
    assert [(it.state, it.why) for it in rows()] == [(DeliveryState.HELD, "done")]


def _module(competition: Competition) -> tuple[str, str]:
    from compete.services.kernel.event_rules import modules_in

    _event, stage, module = modules_in(competition)[0]
    return stage, module


def test_a_day_before_nobody_can_appeal_any_more_all_are_told(
    all_on: Competition, organiser: Account, rows: Rows
) -> None:
    lock(all_on, organiser)
    publication = publish(all_on, organiser)
    until = publication.appeals_until
    assert until is not None
    # That they are out is told first.
    by_clock.tell_of_appeals_ending()
    assert not [row for row in rows() if row.kind == "appeal_ends"]
    with unit_of_work():
        publication.published_at = until - timedelta(days=3)
    for before, count in ((timedelta(hours=25), 0), (timedelta(hours=23), 4), (timedelta(1), 4)):
        with time_machine.travel(until - before, tick=False):
            by_clock.tell_of_appeals_ending()
        assert len([row for row in rows() if row.kind == "appeal_ends"]) == count


def test_an_administrator_is_told_of_a_full_disk_once_a_week(
    fresh: Competition, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    admin = create_account("管理员", is_admin=True)
    set_mail(admin, "root@example.cn")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(100, 95, 5))
    monkeypatch.setattr(by_clock, "_certificate_trouble", lambda: None)
    monkeypatch.setitem(by_clock.TROUBLES, "certificate", lambda: None)
    for _ in range(2):
        installation_here().memory.clear()
        by_clock.tell_of_troubles()
    (row,) = rows()
    assert "磁盘只剩 5%" in text_of(row, plan_of(fresh))
    with unit_of_work():
        row.state = DeliveryState.SENT
    with time_machine.travel(utc_now() + timedelta(days=7), tick=False):
        by_clock.tell_of_troubles()
    assert len(rows()) == 2


def test_quiet_hours_are_the_competitions_own(fresh: Competition, organiser: Account) -> None:
    set_quiet(fresh, 20, 8, organiser)
    assert (plan_of(fresh).quiet_from, plan_of(fresh).quiet_until) == (20, 8)


def test_each_kind_that_records_queue_has_who_tells_it() -> None:
    from compete.services.outbox import rounds

    assert set(rounds._TELLERS) == {key for key, kind in KINDS.items() if kind.actions}
