"""An event's results go from 暂定 to 最终 by moves of their own, each written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine

from compete.domain.values.states import CompetitionState, MoveError, ResultState
from compete.models import (
    Account,
    Competition,
    Event,
    ResultStand,
    db,
    utc_now,
)
from compete.services.appeals.filing import withdraw_appeal
from compete.services.appeals.windows import why_over
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.closing.results_verification import check_event
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish, publish_names
from compete.services.results.result_moves import (
    adopt_published,
    agree_final,
    ask_final,
    asked_mark,
    drop_final,
    extend_notice,
    final_blockers,
    make_final,
    withdraw_notice,
)
from compete.services.results.result_stands import moves_of, stand_of, stand_words
from tests.support.announced import (
    announce,
    announce_again,
    end_appeals,
    end_notice,
    lock,
    plain,
    reopen,
)
from tests.support.appealing import appealed
from tests.support.people import correct_identity
from tests.support.second_day import person, second_version, with_prizes
from tests.support.signing_in import official

_R = ResultState
Load = Callable[..., Competition]


@pytest.fixture
def event(judged: Competition) -> Event:
    return judged.events[0]


def state(event: Event) -> ResultState:
    db.session.expire_all()
    return stand_of(event).state


def acts(event: Event) -> list[str]:
    return [entry.action.removeprefix("results.") for entry in moves_of(event)][::-1]


def finish(event: Event, by: Account) -> None:
    end_notice(event.competition)
    make_final(event, by)


@pytest.mark.each_database
def test_from_provisional_to_final_each_move_has_its_record(
    event: Event, judged: Competition, organiser: Account
) -> None:
    assert state(event) is _R.PROVISIONAL
    plain(judged)
    with pytest.raises(Refused, match="评分还没锁定"):
        check_event(event, organiser)
    lock_marks(judged, organiser)
    check_event(event, official(judged, "C1"))
    assert state(event) is _R.CHECKED
    publish(judged, organiser)
    assert state(event) is _R.NOTICE
    assert [blocker.kind for blocker in final_blockers(event)] == ["window", "notice"]
    end_appeals(judged)
    with pytest.raises(Refused, match="还没期满"):
        make_final(event, organiser)
    finish(event, organiser)
    assert (state(event), judged.state) == (_R.FINAL, CompetitionState.FINAL)
    assert acts(event) == ["check", "notice", "final"]
    with pytest.raises(Refused, match="已经是最终成绩"):
        make_final(event, organiser)
    assert list(verify_chain(judged)) == []


def test_published_without_a_check_of_its_own_it_counts_as_checked(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    assert acts(event) == ["notice"]


def test_marks_opened_again_are_to_be_checked_again(
    event: Event, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    check_event(event, organiser)
    with pytest.raises(MoveError, match="已经是“已核对”"):
        check_event(event, organiser)
    unlock_marks(judged, "录错一张", organiser)
    assert state(event) is _R.PROVISIONAL


def test_nobody_else_may_check_and_nobody_else_may_decide(
    event: Event, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    judge = official(judged, "J1")
    with pytest.raises(Refused) as refused:
        check_event(event, judge)
    assert refused.value.kind is Refusal.FORBIDDEN
    publish(judged, organiser)
    end_notice(event.competition)
    for move in (lambda: make_final(event, official(judged, "C1")),
                 lambda: withdraw_notice(event, "试", judge),
                 lambda: extend_notice(event, 1, "试", judge)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            move()
        assert refused.value.kind is Refusal.FORBIDDEN


def test_before_the_notice_has_ended_it_takes_a_reason_and_two(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    with pytest.raises(Refused, match="申诉受理到"):
        ask_final(event, "颁奖仪式明天办", organiser)
    end_appeals(judged)
    with pytest.raises(Refused, match="要写理由") as refused:
        ask_final(event, "  ", organiser)
    assert refused.value.kind is Refusal.INVALID
    ask_final(event, "颁奖仪式明天办", organiser)
    assert state(event) is _R.NOTICE
    with pytest.raises(Refused, match="已经有人提出"):
        ask_final(event, "颁奖仪式明天办", organiser)
    with pytest.raises(Refused, match="另一位"):
        agree_final(event, organiser)
    drop_final(event, organiser)
    with pytest.raises(Refused, match="没有等着同意的"):
        agree_final(event, official(judged, "S1"))
    ask_final(event, "场地要还", organiser)
    seen = asked_mark(stand_of(event))
    drop_final(event, organiser)
    ask_final(event, "颁奖仪式明天办", organiser)
    with pytest.raises(Refused, match="没有等着同意的"):
        agree_final(event, official(judged, "S1"), seen=seen)
    agree_final(event, official(judged, "S1"), seen=asked_mark(stand_of(event)))
    assert state(event) is _R.FINAL
    early = next(entry for entry in moves_of(event) if entry.action == "results.final_early")
    assert early.reason == "颁奖仪式明天办"
    assert early.after["asked"] == organiser.name
    # It never ran for a working day: no paper tells of one.
    assert (stand_of(event).notice_from, stand_of(event).notice_until) == (None, None)
    assert list(verify_chain(judged)) == []


def test_a_notice_is_extended_by_working_days_and_the_asked_end_is_forgotten(
    event: Event, judged: Competition, organiser: Account
) -> None:
    with time_machine.travel("2026-09-11T10:00:00+08:00"):
        announce(judged, organiser)
        assert stand_of(event).last_day == date(2026, 9, 18)
        assert stand_of(event).notice_from == date(2026, 9, 14)
        end_appeals(judged)
        ask_final(event, "急", organiser)
        for days in (0, 31):
            with pytest.raises(Refused, match="1 到 30"):
                extend_notice(event, days, "有人补了材料", organiser)
        with pytest.raises(Refused, match="要写理由"):
            extend_notice(event, 2, "", organiser)
        extend_notice(event, 2, "有人补了材料", organiser)
        # The 20th is a Sunday that is worked.
        assert stand_of(event).last_day == date(2026, 9, 21)
        assert stand_of(event).asked_by is None
        assert str(stand_words(stand_of(event))) == "公示中，到9月21日"


def test_what_was_withdrawn_counts_no_more_until_it_is_published_anew(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    with pytest.raises(Refused, match="要写理由"):
        withdraw_notice(event, "", organiser)
    withdraw_notice(event, "漏了一个人", organiser)
    assert (state(event), stand_of(event).withdrawn_why) == (_R.PROVISIONAL, "漏了一个人")
    with pytest.raises(Refused, match="没有在公示"):
        make_final(event, organiser)
    announce_again(judged, organiser, "补上漏的")
    assert (state(event), stand_of(event).withdrawn_why) == (_R.NOTICE, None)
    assert acts(event) == ["notice", "withdraw", "notice"]


def test_a_version_that_corrects_names_alone_is_on_the_way_too(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    who = person(judged, "P1")
    correct_identity(who, name="赵启朙", id_number="", reason="身份证上是这个字", by=organiser)
    publish_names(judged, organiser, "P1 更正姓名")
    assert [(entry.action, entry.reason) for entry in moves_of(event)] == [
        ("results.publish", "P1 更正姓名"),
        ("results.notice", None),
    ]


def test_a_correction_after_the_end_is_under_notice_again_where_places_moved(
    load: Load, organiser: Account
) -> None:
    competition = with_prizes(load)
    event = competition.events[0]
    announce(competition, organiser)
    finish(event, organiser)
    second_version(competition, organiser)
    stand = stand_of(event)
    assert (stand.state, stand.runs, stand.stands) == (_R.CORRECTED, True, False)
    assert competition.state is CompetitionState.NOTICE
    last = moves_of(event)[0]
    assert (last.action, last.reason) == ("results.correct", "选手 P1 取消成绩。")
    finish(event, organiser)
    assert (state(event), competition.state) == (_R.FINAL, CompetitionState.FINAL)


def test_where_it_is_set_so_a_correction_stands_at_once(load: Load, organiser: Account) -> None:
    competition = with_prizes(load)
    event = competition.events[0]
    announce(competition, organiser)
    finish(event, organiser)
    with unit_of_work():
        change_settings(competition, notice_again=False)
    second_version(competition, organiser)
    stand = stand_of(event)
    assert (stand.state, stand.notice_until, stand.stands) == (_R.CORRECTED, None, True)
    # What was corrected may be appealed against as long as its version says.
    assert competition.state is CompetitionState.NOTICE
    assert [blocker.kind for blocker in final_blockers(event)] == ["window"]
    assert why_over(person(competition, "P2")) is None
    with pytest.raises(Refused, match="申诉受理到"):
        make_final(event, organiser)
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        make_final(event, organiser)
        assert (state(event), competition.state) == (_R.FINAL, CompetitionState.FINAL)
        assert "不再受理申诉" in str(why_over(person(competition, "P2")))


def test_what_was_corrected_without_a_notice_waits_for_its_appeal(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    # As it stands beside another event that is still under notice.
    with unit_of_work():
        row = db.session.query(ResultStand).one()
        row.state, row.notice_until = _R.CORRECTED, None
    appeal = appealed("P2")
    announce_again(judged, organiser, "核对过，没有改")
    assert (stand_of(event).stands, judged.state) == (True, CompetitionState.NOTICE)
    with pytest.raises(Refused, match="还有 1 件申诉没有了结"):
        make_final(event, organiser)
    withdraw_appeal(appeal, None)
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        make_final(event, organiser)
    assert (state(event), judged.state) == (_R.FINAL, CompetitionState.FINAL)


def test_where_the_rules_ask_for_no_notice_there_is_none_but_time_to_appeal(
    event: Event, judged: Competition, organiser: Account
) -> None:
    lock(judged, organiser)
    with unit_of_work():
        change_settings(judged, notice_days=0)
    publish(judged, organiser)
    stand = stand_of(event)
    assert (stand.notice_from, stand.notice_until, stand.runs) == (None, None, False)
    assert str(stand_words(stand)) == "不公示，等定为最终成绩"
    assert [blocker.kind for blocker in final_blockers(event)] == ["window"]
    with pytest.raises(Refused, match="申诉受理到"):
        make_final(event, organiser)
    with time_machine.travel(utc_now() + timedelta(hours=3)):
        make_final(event, organiser)
    assert state(event) is _R.FINAL


def test_published_again_with_nothing_changed_it_stays_as_it_is(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    before = stand_of(event).notice_until
    reopen(judged, organiser)
    end_notice(event.competition)
    with pytest.raises(Refused, match="评分又解锁了"):
        make_final(event, organiser)
    lock_marks(judged, organiser)
    publish(judged, organiser, "核对过，没有改")
    assert acts(event) == ["notice", "publish"]
    assert state(event) is _R.NOTICE
    assert before is not None
    # A new version can be appealed against like the first.
    assert [blocker.kind for blocker in final_blockers(event)] == ["window"]
    end_appeals(judged)
    make_final(event, organiser)
    assert state(event) is _R.FINAL


def test_under_notice_a_changed_result_begins_it_anew(load: Load, organiser: Account) -> None:
    competition = with_prizes(load)
    event = competition.events[0]
    with time_machine.travel("2026-09-11T10:00:00+08:00") as clock:
        announce(competition, organiser)
        clock.move_to("2026-09-16T10:00:00+08:00")
        second_version(competition, organiser)
        assert stand_of(event).notice_from == date(2026, 9, 17)
    assert state(event) is _R.NOTICE


@pytest.mark.each_database
@pytest.mark.parametrize(("ended", "expected"), [(True, _R.FINAL), (False, _R.NOTICE)])
def test_what_an_older_program_published_gets_its_state(
    event: Event, judged: Competition, organiser: Account, ended: bool, expected: ResultState
) -> None:
    announce(judged, organiser)
    with unit_of_work() as session:
        session.delete(session.query(ResultStand).one())
        publication = latest_publication(judged)
        assert publication is not None
        if ended:
            publication.notice_until = utc_now() - timedelta(days=1)
    for _again in range(2):
        with unit_of_work():
            adopt_published()
    assert state(event) is expected
    assert (judged.state is CompetitionState.FINAL) is ended
    assert acts(event).count("adopt") == 1
    assert list(verify_chain(judged)) == []


def test_what_was_never_published_is_left_alone(judged: Competition) -> None:
    with unit_of_work():
        adopt_published()
    assert db.session.query(ResultStand).count() == 0


def test_while_an_appeal_is_open_nothing_is_final_not_even_by_two(
    event: Event, judged: Competition, organiser: Account
) -> None:
    announce(judged, organiser)
    appeal = appealed("P2")
    end_appeals(judged)
    with unit_of_work():
        row = db.session.query(ResultStand).filter_by(event_id=event.id).one()
        row.asked_by, row.asked_at, row.asked_why = organiser.id, utc_now(), "明天颁奖"
    assert [blocker.kind for blocker in final_blockers(event)] == ["appeals", "notice"]
    with pytest.raises(Refused, match="还有 1 件申诉没有了结"):
        agree_final(event, official(judged, "S1"))
    end_notice(event.competition)
    with pytest.raises(Refused, match="还有 1 件申诉没有了结"):
        make_final(event, organiser)
    withdraw_appeal(appeal, None)
    make_final(event, organiser)
    assert state(event) is _R.FINAL
