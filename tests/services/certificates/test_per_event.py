"""Certificates of an event whose results are final go out while another's wait."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
from flask import Flask

from compete.models import Account, Competition
from compete.services.awards.issuing_gate import events_that_wait
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.result_moves import make_final, withdraw_notice
from tests.support.announced import announce, approve_all, body_for, end_notice
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import PRIZES
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small


@pytest.fixture
def two(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    """P1 and P2 in the first event, P3 and P4 in the second; every notice is over."""
    plain = small(all_marks(), event=PRIZES)
    plain["events"].append(copy.deepcopy(plain["events"][0]) | {"code": "E2", "name": "第二项"})
    for entrant in plain["entrants"][2:]:
        entrant["event"] = "E2"
    competition = load(plain)
    announce(competition, organiser)
    approve_all(competition, organiser)
    with unit_of_work():
        change_settings(competition, certify_early=False)
    end_notice(competition)
    return competition


def test_a_final_event_does_not_wait_for_another(
    app: Flask, two: Competition, organiser: Account
) -> None:
    first, second = two.events
    with pytest.raises(Refused, match="赛项、第二项 还没有定为最终成绩"):
        issue_award_certificates(two, organiser)
    assert events_that_wait(two) is None
    make_final(first, organiser)
    counts = count_certificates(two)
    assert (counts.due, counts.waiting) == (4, 4)
    desk = signed_in(app, organiser)
    page = desk.get(f"/desk/{two.code}/certificates").text
    assert "第二项（公示期满，等定为最终成绩） 的证书要等；别的赛项可以先发" in page
    assert "可发 2 张" in page
    assert "4 张证书等赛项定下来" in desk.get(f"/desk/{two.code}/").text
    awards = issue_award_certificates(two, organiser)
    assert {certificate.face["event"] for certificate in awards} == {first.name}
    body = body_for(two)
    grades = issue_grade_certificates(two, body, organiser)
    assert {certificate.subject for certificate in grades} == {"P1", "P2"}
    counts = count_certificates(two)
    assert (counts.due, counts.waiting, counts.done) == (0, 4, False)
    with pytest.raises(Refused, match="都已经发了"):
        issue_award_certificates(two, organiser)
    (again,) = reissue_certificate(awards[0], "纸张污损", organiser)
    assert again.replaces is awards[0]
    make_final(second, organiser)
    assert count_certificates(two).waiting == 0
    late = issue_award_certificates(two, organiser)
    assert {certificate.face["event"] for certificate in late} == {"第二项"}
    assert len(issue_grade_certificates(two, body, organiser)) == 2
    assert count_certificates(two).done


def test_what_is_withdrawn_keeps_back_its_own_event_alone(
    two: Competition, organiser: Account
) -> None:
    second = two.events[1]
    with unit_of_work():
        change_settings(two, certify_early=True)
    certificates = issue_award_certificates(two, organiser, "领奖会在即")
    of_second = next(
        certificate for certificate in certificates if certificate.face["event"] == "第二项"
    )
    withdraw_notice(second, "漏了一个人", organiser)
    assert "公示已撤下" in str(events_that_wait(two))
    with pytest.raises(Refused, match="公示已撤下"):
        reissue_certificate(of_second, "纸张污损", organiser)
    grades = issue_grade_certificates(two, body_for(two), organiser, "领奖会在即")
    assert {certificate.subject for certificate in grades} == {"P1", "P2"}


def test_honours_that_wait_with_their_event_are_not_among_those_to_issue(
    app: Flask, here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    title = {"code": "best", "when": {"max_rank": 1}, "grant": {"titles": ["操作标兵"]}}
    plain = small(all_marks(), event={**PRIZES, "grades": [title]})
    plain["events"].append(copy.deepcopy(plain["events"][0]) | {"code": "E2", "name": "第二项"})
    for entrant in plain["entrants"][2:]:
        entrant["event"] = "E2"
    competition = load(plain)
    announce(competition, organiser)
    with unit_of_work():
        change_settings(competition, certify_early=False)
    end_notice(competition)
    make_final(competition.events[0], organiser)
    page = f"/desk/{competition.code}/certificates"
    desk = signed_in(app, organiser)
    assert "其中 1 张是荣誉称号：操作标兵" in desk.get(page).text
    issue_award_certificates(competition, organiser)
    assert "张是荣誉称号" not in desk.get(page).text
    make_final(competition.events[1], organiser)
    assert "其中 1 张是荣誉称号：操作标兵" in desk.get(page).text
