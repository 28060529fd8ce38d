"""Grades of an evaluation are approved by two: one asks, another of another hand agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from compete.domain.values.roles import Role
from compete.domain.values.states import GradeState
from compete.models import Account, Competition, Job, db
from compete.services.accounts import second_persons
from compete.services.accounts.accounts import create_account, grant_role
from compete.services.accounts.card_handlers import note_handling
from compete.services.closing.approving_jobs import (
    agree_to_approval,
    approve_proposed_or_ask,
    asked_approvals,
)
from compete.services.closing.grade_proposals import (
    decide_grades,
    drop_asked_approval,
    grade_decisions_of,
)
from compete.services.competitions.details import agree_terms, change_details, details_of
from compete.services.competitions.pending_approvals import asked_by, pending_approvals
from compete.services.competitions.same_day_approvals import agree_on_paper
from compete.services.jobs import queue
from compete.services.jobs.running import do_next
from compete.services.kernel.audit import recent, record_contents
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.fields import with_values
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.results.result_moves import withdraw_notice
from compete.services.sheets import counts
from compete.web.organiser.log.record_words import record_text
from tests.support.announced import announce, end_appeals, end_notice, lock
from tests.support.pictures import photo
from tests.support.second_day import with_prizes
from tests.support.signing_in import signed_in
from tests.support.sittings import Load, correct, of, sitting, take_off

PEOPLE = 3
CODES = ["P1", "P2", "P3"]


@pytest.fixture
def announced(load: Load, organiser: Account) -> Competition:
    """An evaluation whose three people all passed, announced, its notice over."""
    competition = load(sitting("EV", "2026-05-10", hands=80, people=PEOPLE))
    lock(competition, organiser)
    publish(competition, organiser, "")
    end_appeals(competition)
    return competition


@pytest.fixture
def second(announced: Competition) -> Account:
    account = create_account("周颖")
    grant_role(account, announced, Role.ORGANISER)
    return account


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody begins a job by himself: the test takes the turns."""
    monkeypatch.setattr(queue, "wake", lambda _competition: None)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every competition is one that nobody waits for."""
    monkeypatch.setattr(counts, "MOST_AT_ONCE", 0)


def states(competition: Competition) -> list[GradeState]:
    return [row.state for row in grade_decisions_of(competition)]


def test_one_asks_and_another_agrees(
    announced: Competition, organiser: Account, second: Account
) -> None:
    assert approve_proposed_or_ask(announced, organiser, checked=True) == PEOPLE
    assert states(announced) == [GradeState.PROPOSED] * PEOPLE
    assert approve_proposed_or_ask(announced, organiser, checked=True) == 0
    (asked,) = asked_approvals(announced)
    assert str(asked.what) == "批准王小1、王小2、王小3的等级"
    for act in (
        lambda: agree_to_approval(asked, organiser),
        lambda: decide_grades(announced, ["P1"], GradeState.APPROVED, organiser),
    ):
        with pytest.raises(Refused, match="请另一位来同意"):
            act()
    assert states(announced) == [GradeState.PROPOSED] * PEOPLE
    assert agree_to_approval(asked, second) == PEOPLE
    rows = grade_decisions_of(announced)
    assert {(row.state, row.asked_by, row.decided_by) for row in rows} == {
        (GradeState.APPROVED, organiser.id, second.id)
    }
    assert asked_approvals(announced) == []
    assert not list(verify_chain(announced))
    assert not list(check_rows(announced))


def test_who_was_let_in_by_a_link_of_the_first_is_no_second(
    announced: Competition, organiser: Account
) -> None:
    linked = create_account("自己的第二个账号")
    grant_role(linked, announced, Role.ORGANISER)
    with unit_of_work():
        note_handling(linked, organiser, "link")
    decide_grades(announced, CODES, GradeState.APPROVED, organiser)
    (asked,) = asked_approvals(announced)
    with pytest.raises(Refused):
        agree_to_approval(asked, linked)
    assert states(announced) == [GradeState.PROPOSED] * PEOPLE


def test_what_was_asked_waits_with_the_rest_and_a_signed_paper_will_do(
    announced: Competition, organiser: Account, second: Account
) -> None:
    decide_grades(announced, CODES, GradeState.APPROVED, organiser)
    (pending,) = [row for row in pending_approvals(announced) if row.kind == "grade"]
    assert pending.key in [row.key for row in asked_by(announced, organiser)]
    agree_on_paper(announced, pending.key, second, photo(), organiser, seen=pending.mark)
    assert states(announced) == [GradeState.APPROVED] * PEOPLE


def test_what_is_held_refused_taken_back_or_changed_has_to_be_asked_anew(
    announced: Competition, organiser: Account, second: Account
) -> None:
    decide_grades(announced, CODES, GradeState.APPROVED, organiser)
    decide_grades(announced, ["P1"], GradeState.DEFERRED, second, "等一份证明")
    decide_grades(announced, ["P2"], GradeState.REFUSED, second, "证明不对")
    (asked,) = asked_approvals(announced)
    assert len(asked.numbers) == 1
    assert drop_asked_approval(announced, organiser.id, second) == 1
    assert asked_approvals(announced) == []
    # Held or refused, it is approved by two again.
    assert decide_grades(announced, ["P1"], GradeState.APPROVED, second, "证明来了") == 1
    assert states(announced) == [GradeState.PROPOSED, GradeState.REFUSED, GradeState.PROPOSED]
    (asked,) = asked_approvals(announced)
    assert (asked.first, asked.reason) == (second.id, "证明来了")
    assert agree_to_approval(asked, organiser) == 1
    assert grade_decisions_of(announced)[0].decision_reason == "证明来了"


def test_what_is_no_more_is_not_agreed_to(
    announced: Competition, organiser: Account, second: Account
) -> None:
    decide_grades(announced, CODES, GradeState.APPROVED, organiser)
    correct(announced, organiser, lambda: take_off(of(announced, "P1"), "theory", 30))
    end_appeals(announced)
    (asked,) = asked_approvals(announced)
    assert len(asked.numbers) == PEOPLE - 1
    assert agree_to_approval(asked, second) == PEOPLE - 1
    assert {row.person.code for row in grade_decisions_of(announced)} == {"P2", "P3"}


def test_many_are_approved_by_a_job_in_the_second_persons_name(
    announced: Competition, organiser: Account, second: Account, large: None, asleep: None
) -> None:
    for by, state in ((organiser, GradeState.PROPOSED), (second, GradeState.APPROVED)):
        waiting = asked_approvals(announced)
        job = (
            agree_to_approval(waiting[0], by)
            if waiting
            else approve_proposed_or_ask(announced, by, checked=True)
        )
        assert isinstance(job, Job)
        assert do_next(announced.id)
        db.session.expire_all()
        assert states(announced) == [state] * PEOPLE
    assert {row.decided_by for row in grade_decisions_of(announced)} == {second.id}


def test_what_is_asked_after_the_second_agreed_waits_for_a_word_of_its_own(
    announced: Competition, organiser: Account, second: Account, large: None, asleep: None
) -> None:
    decide_grades(announced, ["P1"], GradeState.APPROVED, organiser)
    (asked,) = asked_approvals(announced)
    agree_to_approval(asked, second)
    # Before the job has its turn.
    decide_grades(announced, ["P2", "P3"], GradeState.APPROVED, organiser)
    assert do_next(announced.id)
    db.session.expire_all()
    assert states(announced) == [GradeState.APPROVED, GradeState.PROPOSED, GradeState.PROPOSED]
    assert [len(it.numbers) for it in asked_approvals(announced)] == [2]


def test_what_two_approved_no_third_approves_again(
    announced: Competition, organiser: Account, second: Account
) -> None:
    decide_grades(announced, ["P1"], GradeState.APPROVED, organiser, "证明来了")
    decide_grades(announced, ["P1"], GradeState.APPROVED, second)
    third = create_account("第三个人")
    grant_role(third, announced, Role.ORGANISER)
    for late in (third, organiser):
        assert decide_grades(announced, ["P1"], GradeState.APPROVED, late, seen="proposed") == 0
    row = grade_decisions_of(announced)[0]
    assert (row.asked_by, row.decided_by) == (organiser.id, second.id)
    assert len(list(record_contents(announced, "grade.decide"))) == 1


def test_once_one_approves_nothing_waits_for_another(
    announced: Competition, organiser: Account, second: Account
) -> None:
    decide_grades(announced, CODES, GradeState.APPROVED, organiser)
    stands = details_of(announced)
    wanted = with_values(stands, two_approve_grades=False)
    change_details(announced, wanted, stands, organiser, "只有一个人")
    agree_terms(announced, second)
    assert asked_approvals(announced) == []
    assert approve_proposed_or_ask(announced, organiser, checked=True) == PEOPLE
    rows = grade_decisions_of(announced)
    assert {(row.state, row.asked_by, row.decided_by) for row in rows} == {
        (GradeState.APPROVED, None, organiser.id)
    }
    assert not list(verify_chain(announced))


def test_who_is_no_second_for_a_grade_does_not_agree_that_one_is_enough(
    announced: Competition, organiser: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    linked = create_account("自己的第二个账号")
    grant_role(linked, announced, Role.ORGANISER)
    with unit_of_work():
        note_handling(linked, organiser, "link")
    monkeypatch.setattr(second_persons, "NO_SECOND_PERSON_FOR", timedelta(0))
    stands = details_of(announced)
    wanted = with_values(stands, two_approve_grades=False)
    change_details(announced, wanted, stands, organiser, "只有一个人")
    with pytest.raises(Refused, match="给的链接开的"):
        agree_terms(announced, linked)
    assert details_of(announced).two_approve_grades is True


def test_a_contest_takes_one_unless_its_organiser_wants_two(load: Load, organiser: Account) -> None:
    contest = with_prizes(load)
    stands = details_of(contest)
    assert stands.two_approve_grades is False
    change_details(contest, with_values(stands, two_approve_grades=True), stands, organiser)
    announce(contest, organiser)
    codes = [row.person.code for row in grade_decisions_of(contest, GradeState.PROPOSED)]
    assert codes
    decide_grades(contest, codes, GradeState.APPROVED, organiser)
    assert not grade_decisions_of(contest, GradeState.APPROVED)
    assert len(asked_approvals(contest)[0].numbers) == len(codes)


def test_one_instead_of_two_is_asked_of_a_second_person_once_judging_has_begun(
    announced: Competition, organiser: Account
) -> None:
    stands = details_of(announced)
    assert stands.two_approve_grades is True
    wanted = with_values(stands, two_approve_grades=False)
    change_details(announced, wanted, stands, organiser, "只有一个人")
    assert details_of(announced).two_approve_grades is True
    assert [row.kind for row in asked_by(announced, organiser)] == ["terms"]


def test_one_event_that_waits_for_its_notice_keeps_no_other_from_being_asked_for(
    app: Flask, load: Load, organiser: Account
) -> None:
    plain = sitting("EV", "2026-05-10", hands=80, people=PEOPLE)
    other = {"code": "C", "name": "电工 四级"}
    occupation = {"code": "5-09", "name": "电工", "track": "乙"}
    plain["events"].append(plain["events"][0] | other | {"occupation": occupation})
    plain["entrants"][2]["event"] = "C"
    competition = load(plain)
    lock(competition, organiser)
    publish(competition, organiser, "")
    with unit_of_work():
        change_settings(competition, certify_early=False)
    end_notice(competition)
    withdraw_notice(competition.events[1], "漏了一个人", organiser)
    desk = signed_in(app, organiser)
    assert "提出批准 2 人" in desk.get("/desk/EV/verdicts").text
    asked = desk.post("/desk/EV/awards/approve/proposed", follow_redirects=True).text
    assert "提出批准了 2 人，等另一位同意" in asked
    assert "公示撤下了" in asked
    assert "/awards/approve/proposed" not in asked


def test_the_pages_say_who_asked_and_offer_the_second_what_the_first_is_not(
    app: Flask, announced: Competition, organiser: Account, second: Account
) -> None:
    first, other = signed_in(app, organiser), signed_in(app, second)
    page = "/desk/EV/verdicts"
    assert "提出批准 3 人" in first.get(page).text
    asked = first.post("/desk/EV/awards/approve/proposed", follow_redirects=True)
    assert "提出批准了 3 人，等另一位同意" in asked.text
    first_page, others_page = first.get(page).text, other.get(page).text
    agree = f"/awards/agree/{organiser.id}?asked={asked_approvals(announced)[0].mark}"
    assert (agree in first_page, agree in others_page) == (False, True)
    assert "等级等另一位同意" in first_page
    assert "批准王小1、王小2、王小3的等级，等第二个人同意" in other.get("/desk/EV/").text
    refused = first.post(f"/desk/EV{agree}")
    assert (refused.status_code, "请另一位来同意" in refused.text) == (409, True)
    stale = other.post(f"/desk/EV/awards/agree/{organiser.id}?asked=other")
    assert (stale.status_code, "不一样了" in stale.text) == (409, True)
    done = other.post(f"/desk/EV{agree}", follow_redirects=True)
    assert "同意了，批准 3 人" in done.text
    assert states(announced) == [GradeState.APPROVED] * PEOPLE
    recorded = record_contents(announced, "grade.decide")
    assert {content["asked"] for content in recorded} == {organiser.name}
    sentences = [record_text(row, {}) for row in recent(announced) if row.action == "grade.decide"]
    assert len(sentences) == PEOPLE
    assert all("提出、" in words and "同意，批准" in words for words in sentences)
