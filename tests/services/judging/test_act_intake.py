"""An act that is held is never lost, doubled or moved."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from sqlalchemy import func, select

from compete.domain.values.states import CompetitionState, SheetState
from compete.models import (
    Account,
    Act,
    AuditEntry,
    Competition,
    db,
)
from compete.services.judging.act_intake import MOST_ACTS
from compete.services.judging.sent_back_sheets import send_sheet_back
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.sheets.working_times import taken_time
from tests.support.judging import Tablet, seat_and_open

NOT_YOURS = "这张表现在不是你的（换了人，或者撤回了），分还在这台平板里，问裁判长"


@pytest.fixture
def hall(fresh: Competition, organiser: Account) -> Competition:
    """The small competition, open for judging, with nothing marked."""
    seat_and_open(fresh, organiser)
    return fresh


@pytest.fixture
def tablet(hall: Competition) -> Tablet:
    """The tablet of J1."""
    return Tablet(hall)


def stored_rows() -> int:
    return db.session.scalar(select(func.count(Act.id))) or 0


@pytest.mark.each_database
def test_marks_fill_a_sheet_and_the_last_of_them_completes_it(tablet: Tablet) -> None:
    assert tablet.sheet().state is SheetState.NOT_BEGUN
    tablet.send(tablet.mark("a", "30.5"), tablet.mark("f", "2"))
    assert tablet.values() == {"a": "30.5", "f": "2"}
    assert tablet.sheet().state is SheetState.BEGUN
    taken = tablet.send(tablet.mark("y", False))
    assert tablet.values()["y"] == "0"
    assert tablet.sheet().state is SheetState.COMPLETE
    assert tablet.sheet().version == 3
    assert set(taken.sheets) == {tablet.sheet().public_id}


@pytest.mark.each_database
def test_the_same_act_sent_twice_is_held_once(tablet: Tablet) -> None:
    act = tablet.mark("a", "30")
    assert tablet.send(act).stored == [act.uuid]
    assert tablet.send(act, act).stored == [act.uuid, act.uuid]
    assert stored_rows() == 1
    assert tablet.sheet().version == 1


@pytest.mark.each_database
def test_a_batch_remembers_which_value_it_held(tablet: Tablet) -> None:
    act = tablet.mark("a", "30.5")
    other = msgspec.structs.replace(act, value="40")
    taken = tablet.send(act, msgspec.structs.replace(act, value="30.50"), other)
    assert taken.stored == [act.uuid, act.uuid]
    assert [(uuid, str(why)) for uuid, why in taken.refused] == [
        (act.uuid, "这一条早就记下了，记的是 30.5，和这次送来的不一样，这次的没有记下")
    ]
    assert (stored_rows(), tablet.values()) == (1, {"a": "30.5"})
    word = tablet.act("note", note="夹具松了")
    taken = tablet.send(word, word, msgspec.structs.replace(word, note="夹具断了"))
    assert taken.stored == [word.uuid, word.uuid]
    assert [uuid for uuid, _why in taken.refused] == [word.uuid]


def test_what_is_no_value_of_its_aspect_is_no_repetition(tablet: Tablet) -> None:
    act = tablet.mark("y", True)
    tablet.send(act)
    other = msgspec.structs.replace(act, value="1")
    assert "记的是 1，和这次送来的不一样" in tablet.refusal(other)
    assert tablet.send(act).stored == [act.uuid]


def test_a_stopped_watch_is_sent_again_with_its_own_time_alone(hall: Competition) -> None:
    watch = Tablet(hall, "J3")
    stop = watch.act("watch_stop", aspect="s", value="75.5")
    watch.send(stop)
    assert watch.send(msgspec.structs.replace(stop, value="75.50")).stored == [stop.uuid]
    other = msgspec.structs.replace(stop, value="70")
    assert "记的是 75.5，和这次送来的不一样" in watch.refusal(other)
    assert taken_time(watch.sheet().entrant, "S", "t").seconds == Decimal("75.5")


def test_a_tablets_count_that_no_column_holds_stops_no_mark(tablet: Tablet) -> None:
    for sent in (0, 2**31 - 1, 2**31, -1):
        tablet.send(tablet.mark("a", "30", seq=sent))
    kept = db.session.scalars(select(Act.tablet_seq).order_by(Act.id)).all()
    assert kept == [0, 2**31 - 1, None, None]


def test_a_page_that_comes_back_with_old_acts_changes_nothing(tablet: Tablet) -> None:
    old, new = tablet.mark("a", "30"), tablet.mark("a", "40")
    tablet.send(old)
    tablet.send(new)
    tablet.send(old)
    assert tablet.values() == {"a": "40"}


def test_the_servers_order_decides_whatever_the_tablets_clock_says(tablet: Tablet) -> None:
    tablet.send(
        tablet.mark("a", "30", at="2030-01-01T00:00:00Z"),
        tablet.mark("a", "31", at="1999-01-01T00:00:00Z"),
    )
    assert tablet.values() == {"a": "31"}


def test_a_cleared_aspect_has_no_value(tablet: Tablet) -> None:
    tablet.send(*tablet.full()[:3])
    tablet.send(tablet.act("clear", aspect="f"))
    assert tablet.values() == {"a": "30", "y": "1"}
    assert tablet.sheet().state is SheetState.BEGUN
    tablet.send(tablet.act("clear", aspect="a"), tablet.act("clear", aspect="y"))
    assert tablet.sheet().state is SheetState.NOT_BEGUN


def test_a_whole_sheet_is_submitted_once_and_then_stands(tablet: Tablet) -> None:
    assert tablet.send(*tablet.full()).refused == []
    assert tablet.sheet().state is SheetState.SUBMITTED
    assert tablet.sheet().submitted_at is not None
    for act in (tablet.mark("a", "1"), tablet.act("submit"), tablet.act("clear", aspect="a")):
        assert "P1 已经提交" in tablet.refusal(act)
    assert tablet.values()["a"] == "30"


def test_a_sheet_with_holes_is_not_submitted_and_they_are_named(tablet: Tablet) -> None:
    tablet.send(tablet.mark("f", "0"))
    assert tablet.refusal(tablet.act("submit")) == "还有没评的：a、y"
    assert tablet.sheet().state is SheetState.BEGUN


def test_one_refused_act_holds_up_none_of_the_others(tablet: Tablet) -> None:
    good, bad, other = tablet.mark("a", "30"), tablet.mark("f", "-1"), tablet.mark("y", True)
    taken = tablet.send(good, bad, other)
    assert taken.stored == [good.uuid, other.uuid]
    assert [uuid for uuid, _ in taken.refused] == [bad.uuid]
    assert tablet.values() == {"a": "30", "y": "1"}


def test_another_judges_sheet_is_nobodys(hall: Competition, tablet: Tablet) -> None:
    other = Tablet(hall, "J2")
    act = tablet.mark("a", "30", sheet=other.sheet().public_id)
    assert tablet.refusal(act) == NOT_YOURS
    assert other.values() == {}
    assert tablet.send(act).sheets == {}


def test_another_judges_uuid_is_refused_and_tells_nothing(
    hall: Competition, tablet: Tablet
) -> None:
    act = tablet.mark("a", "30")
    tablet.send(act)
    other = Tablet(hall, "J2")
    assert other.refusal(other.mark("a", "40", uuid=act.uuid)) == "这一条的编号已经用过了"
    assert other.refusal(other.mark("a", "40", uuid=act.uuid, sheet=act.sheet)) == NOT_YOURS
    assert other.values() == {}


@pytest.mark.each_database
def test_a_returned_sheet_is_marked_and_submitted_again(tablet: Tablet, organiser: Account) -> None:
    tablet.send(*tablet.full())
    send_sheet_back(tablet.sheet(), " 再看一次操作 ", organiser)
    assert tablet.sheet().state is SheetState.RETURNED
    assert tablet.sheet().return_reason == "再看一次操作"
    assert tablet.sheet().version == 5
    record = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sheet.return")).one()
    assert (record.subject, record.actor, record.reason) == ("P1", organiser.name, "再看一次操作")
    assert record.before == {"state": "submitted"}
    assert record.after == {"state": "returned", "judge": "J1"}
    tablet.send(tablet.mark("a", "31"))
    assert tablet.sheet().state is SheetState.COMPLETE
    tablet.send(tablet.act("submit"))
    assert tablet.sheet().state is SheetState.SUBMITTED
    assert tablet.sheet().return_reason is None
    assert tablet.values()["a"] == "31"


def test_a_returned_sheet_may_be_submitted_as_it_is(tablet: Tablet, organiser: Account) -> None:
    tablet.send(*tablet.full())
    send_sheet_back(tablet.sheet(), "再看", organiser)
    tablet.send(tablet.act("submit"))
    assert tablet.sheet().state is SheetState.SUBMITTED


@pytest.mark.each_database
def test_only_what_is_in_goes_back_and_never_without_a_reason(
    tablet: Tablet, organiser: Account
) -> None:
    with pytest.raises(Refused, match=r"^P1 还没提交，不用退回$"):
        send_sheet_back(tablet.sheet(), "再看", organiser)
    tablet.send(*tablet.full())
    with pytest.raises(Refused, match="要写理由"):
        send_sheet_back(tablet.sheet(), "  ", organiser)
    with pytest.raises(Refused, match="最多 500 个字"):
        send_sheet_back(tablet.sheet(), "长" * 501, organiser)
    assert tablet.sheet().state is SheetState.SUBMITTED


def test_nothing_is_held_while_marks_are_not_open(
    hall: Competition, tablet: Tablet, organiser: Account
) -> None:
    tablet.send(*tablet.full("P2"))
    for state in CompetitionState:
        if state is CompetitionState.JUDGING:
            continue
        with unit_of_work():
            hall.state = state
        shut = "还没开始" if state is CompetitionState.REGISTERING else "已经锁定"
        assert shut in tablet.refusal(tablet.mark("a", "30")), state
        assert shut in tablet.refusal(tablet.act("note", note="话")), state
        with pytest.raises(Refused, match=shut):
            send_sheet_back(tablet.sheet("P2"), "再看", organiser)


def test_what_was_held_before_the_lock_still_counts_as_held(
    hall: Competition, tablet: Tablet
) -> None:
    act = tablet.mark("a", "30")
    tablet.send(act)
    with unit_of_work():
        hall.state = CompetitionState.LOCKED
    assert tablet.send(act).stored == [act.uuid]


def test_a_stopped_watch_is_the_working_time_and_a_correction_follows_it(
    hall: Competition,
) -> None:
    watch = Tablet(hall, "J3")
    watch.send(
        watch.act("watch_start", aspect="s", at="2026-09-16T09:00:00Z"),
        watch.act("watch_stop", aspect="s", value="75.5"),
        watch.mark("s", "75.5"),
        watch.act("watch_correct", aspect="s", value="74.25", note="手慢了"),
    )
    assert taken_time(watch.sheet().entrant, "S", "t").seconds == Decimal("74.25")
    assert watch.values() == {"s": "75.5"}


def test_a_time_that_is_none_is_refused(hall: Competition) -> None:
    watch = Tablet(hall, "J3")
    for kind in ("watch_stop", "watch_correct"):
        for value in (None, "", "-1", "NaN", "1e400", True, "七十秒"):
            refused = watch.refusal(watch.act(kind, aspect="s", value=value))
            assert "用时要写成秒数" in refused, (kind, value)
    assert taken_time(watch.sheet().entrant, "S", "t").seconds is None


def test_a_time_cannot_be_corrected_after_the_sheet_was_submitted(hall: Competition) -> None:
    watch = Tablet(hall, "J3")
    watch.send(*watch.full())
    late = watch.act("watch_correct", aspect="s", value="1")
    assert "已经提交" in watch.refusal(late)
    assert taken_time(watch.sheet().entrant, "S", "t").seconds is None


@pytest.mark.each_database
def test_words_may_be_added_to_a_submitted_sheet(tablet: Tablet) -> None:
    tablet.send(*tablet.full())
    tablet.send(tablet.act("note", note="第二次挂挡\0有异响"))
    noted = db.session.scalars(select(Act.note).where(Act.kind == "note")).one()
    assert noted == "第二次挂挡有异响"
    assert tablet.sheet().state is SheetState.SUBMITTED


def test_a_batch_has_an_end(tablet: Tablet) -> None:
    acts = [tablet.mark("a", "1")] * (MOST_ACTS + 1)
    with pytest.raises(Refused) as refused:
        tablet.send(*acts)
    assert refused.value.kind is Refusal.TOO_LARGE
    assert stored_rows() == 0


@pytest.mark.each_database
def test_a_batch_leaves_one_record_with_what_was_refused_in_it(tablet: Tablet) -> None:
    bad = tablet.mark("a", "61")
    tablet.send(tablet.mark("f", "1"), bad, tablet.mark("y", True))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "acts.take")).one()
    assert entry.after["held"] == 2
    assert entry.after["sheets"] == [tablet.sheet().public_id]
    assert entry.after["refused"][0]["act"]["uuid"] == bad.uuid
    assert "0 到 60" in entry.after["refused"][0]["reason"]
    assert entry.subject == "J1"


def test_nothing_new_leaves_no_record(tablet: Tablet) -> None:
    act = tablet.mark("a", "30")
    tablet.send(act)
    before = db.session.query(AuditEntry).count()
    tablet.send(act)
    tablet.send()
    assert db.session.query(AuditEntry).count() == before
