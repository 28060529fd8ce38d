"""A grade by place is approved once its results have been under notice, unless set otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from compete.domain.values.states import GradeState
from compete.models import Account, Competition, ResultStand, db, utc_now
from compete.services.closing.competition_lock import unlock_marks
from compete.services.closing.grade_approval_gate import why_notice_first
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.kernel.clock import local_time
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce, lock
from tests.support.signing_in import signed_in


def only_after(competition: Competition, *, early: bool = False) -> None:
    with unit_of_work():
        change_settings(competition, certify_early=early)


def ends(competition: Competition, at: datetime) -> None:
    with unit_of_work():
        stand = db.session.query(ResultStand).filter_by(competition_id=competition.id).one()
        stand.notice_until = at


def approve(competition: Competition, by: Account) -> int:
    return decide_grades(competition, ["B01"], GradeState.APPROVED, by)


def test_before_anything_is_announced_grades_are_held_or_refused_alone(
    forklift: Competition, organiser: Account
) -> None:
    lock(forklift, organiser)
    only_after(forklift)
    with pytest.raises(Refused, match="成绩还没公示，公示期满以后才能批准"):
        approve(forklift, organiser)
    assert decide_grades(forklift, ["B01"], GradeState.REFUSED, organiser, "不在本省") == 1


def test_until_the_notice_ends_approving_is_refused_with_its_last_day(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    only_after(forklift)
    last = utc_now() + timedelta(days=3)
    ends(forklift, last)
    day = local_time(last).date()
    why = f"公示到{day.year}年{day.month}月{day.day}日，期满以后才能批准"
    with pytest.raises(Refused, match=why):
        approve(forklift, organiser)
    desk, address = signed_in(app, organiser), f"/desk/{forklift.code}/awards"
    # All of them at once: none is, and the page says why and has no such button.
    assert why in desk.post(f"{address}/approve/proposed", follow_redirects=True).text
    assert {row.state for row in grade_decisions_of(forklift)} == {GradeState.PROPOSED}
    page = desk.get(address).text
    assert why in page
    assert "/awards/approve/" not in page
    assert "/awards/hold/B01" in page
    assert why in desk.get(f"/desk/{forklift.code}/").text
    # With the setting it is approved meanwhile.
    only_after(forklift, early=True)
    assert "/awards/approve/B01" in desk.get(address).text
    assert approve(forklift, organiser) == 1


def test_once_the_notice_has_ended_all_are_approved(
    app: Flask, forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    only_after(forklift)
    ends(forklift, utc_now() - timedelta(minutes=1))
    assert why_notice_first(forklift) == {}
    desk = signed_in(app, organiser)
    desk.post(f"/desk/{forklift.code}/awards/approve/proposed", data={"checked": "yes"})
    assert {row.state for row in grade_decisions_of(forklift)} == {GradeState.APPROVED}


def test_marks_opened_again_put_it_off(forklift: Competition, organiser: Account) -> None:
    announce(forklift, organiser)
    only_after(forklift)
    ends(forklift, utc_now() - timedelta(minutes=1))
    unlock_marks(forklift, "录错一张", organiser)
    (why,) = why_notice_first(forklift).values()
    assert why.render() == "成绩还没公示，公示期满以后才能批准"


def test_what_was_withdrawn_is_announced_anew_first(
    forklift: Competition, organiser: Account
) -> None:
    announce(forklift, organiser)
    only_after(forklift)
    withdraw_notice(forklift.events[0], "漏了一个人", organiser)
    with pytest.raises(Refused, match="公示撤下了，重新公布、公示期满以后才能批准"):
        approve(forklift, organiser)
