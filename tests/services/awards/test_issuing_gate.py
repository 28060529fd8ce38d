"""Certificates follow what is announced: not while it changes, not early without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from compete.models import Account, AuditEntry, Certificate, Competition, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.closing.competition_lock import lock_marks, unlock_marks
from compete.services.kernel.competition_settings import change_settings
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.publishing import publish
from compete.services.results.result_moves import make_final, withdraw_notice
from tests.support.announced import announce, approve_all, body_for, end_appeals, end_notice
from tests.support.begun import copied
from tests.support.issuing import issue_grade_certificates
from tests.support.second_day import PRIZES
from tests.support.signing_in import signed_in
from tests.support.small import all_marks, small


@pytest.fixture
def published(forklift: Competition, organiser: Account) -> Competition:
    announce(forklift, organiser)
    copied("all approved", lambda: approve_all(forklift, organiser))
    return forklift


@pytest.fixture
def desk(app: Flask, published: Competition, organiser: Account) -> FlaskClient:
    return signed_in(app, organiser)


def reasons(action: str) -> set[str | None]:
    return {entry.reason for entry in db.session.query(AuditEntry).filter_by(action=action)}


@pytest.mark.each_database
def test_nothing_is_issued_once_marks_are_open_again_until_published_anew(
    published: Competition, organiser: Account
) -> None:
    body = body_for(published)
    end_notice(published)
    unlock_marks(published, "录错一张", organiser)
    for state in ("open", "locked"):
        if state == "locked":
            lock_marks(published, organiser)
        with pytest.raises(Refused, match="第 1 版公布以后评分又解锁了"):
            issue_award_certificates(published, organiser, "急用")
        with pytest.raises(Refused, match="第 1 版公布以后评分又解锁了"):
            issue_grade_certificates(published, body, organiser, "急用")
    assert db.session.query(Certificate).count() == 0
    publish(published, organiser)
    assert issue_award_certificates(published, organiser, "急用")


@pytest.mark.each_database
def test_before_the_notice_ends_a_reason_is_wanted_and_recorded(
    published: Competition, organiser: Account
) -> None:
    body = body_for(published)
    for reason in ("", "  "):
        with pytest.raises(Refused, match="期满前发证要写理由") as refused:
            issue_award_certificates(published, organiser, reason)
        assert refused.value.kind is Refusal.INVALID
        with pytest.raises(Refused, match="期满前发证要写理由"):
            issue_grade_certificates(published, body, organiser, reason)
    assert db.session.query(Certificate).count() == 0
    issue_award_certificates(published, organiser, " 颁奖仪式当场发 ")
    issue_grade_certificates(published, body, organiser, "颁奖仪式当场发")
    assert reasons("certificate.issue_awards") == {"颁奖仪式当场发"}
    assert reasons("certificate.issue") == {"颁奖仪式当场发"}


def test_a_firms_own_awards_go_out_with_the_publication(
    load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event={"awards": [{"code": "first", "name": "一等奖", "top": 1}]})
    plain["competition"]["level"] = "enterprise"
    competition = load(plain)
    with unit_of_work():
        competition.settings = {"recheck": {"required": False}, "must_sign": False}
    lock_marks(competition, organiser)
    publish(competition, organiser)
    assert issue_award_certificates(competition, organiser)


def test_after_the_notice_a_reason_is_wanted_until_results_are_final(
    published: Competition, organiser: Account
) -> None:
    end_notice(published)
    with pytest.raises(Refused, match="还没有定为最终成绩，现在发证要写理由"):
        issue_award_certificates(published, organiser)
    make_final(published.events[0], organiser)
    assert issue_award_certificates(published, organiser)
    assert reasons("certificate.issue_awards") == {None}


def test_where_there_is_no_notice_a_reason_is_wanted_until_results_are_final(
    app: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=PRIZES)
    plain["competition"]["level"] = "enterprise"
    competition = load(plain)
    with unit_of_work():
        change_settings(competition, notice_days=0)
    announce(competition, organiser)
    desk = signed_in(app, organiser)
    assert "现在发证要写理由" in desk.get("/desk/X/certificates").text
    assert desk.post("/desk/X/certificates/issue/award").status_code == 400
    end_appeals(competition)
    make_final(competition.events[0], organiser)
    assert "要写理由" not in desk.get("/desk/X/certificates").text
    desk.post("/desk/X/certificates/issue/award")
    assert reasons("certificate.issue_awards") == {None}


def allow_early(competition: Competition, allowed: bool) -> None:
    with unit_of_work():
        change_settings(competition, certify_early=allowed)


@pytest.mark.each_database
def test_unless_it_is_set_otherwise_certificates_wait_until_results_are_final(
    published: Competition, organiser: Account
) -> None:
    allow_early(published, allowed=False)
    for over in (False, True):
        if over:
            end_notice(published)
        with pytest.raises(Refused, match="还没有定为最终成绩，定了以后才能发证"):
            issue_award_certificates(published, organiser, "急用")
    make_final(published.events[0], organiser)
    assert issue_award_certificates(published, organiser)
    assert reasons("certificate.issue_awards") == {None}


def test_after_a_notice_is_withdrawn_nothing_is_issued_whatever_is_set(
    published: Competition, organiser: Account, desk: FlaskClient
) -> None:
    withdraw_notice(published.events[0], "漏了一个人", organiser)
    with pytest.raises(Refused, match="公示撤下了，重新公布以后才能发证"):
        issue_award_certificates(published, organiser, "急用")
    assert "公示撤下了" in desk.get("/desk/FORK-2022/certificates").text


def test_the_page_asks_for_the_reason_only_while_the_notice_runs(
    desk: FlaskClient, published: Competition
) -> None:
    page = desk.get("/desk/FORK-2022/certificates").text
    assert "期满前发证要写理由" in page
    assert desk.post("/desk/FORK-2022/certificates/issue/award").status_code == 400
    desk.post("/desk/FORK-2022/certificates/issue/award", data={"reason": "当场发"})
    assert reasons("certificate.issue_awards") == {"当场发"}
    end_notice(published)
    assert "期满前发证要写理由" not in desk.get("/desk/FORK-2022/certificates").text


def test_the_page_offers_nothing_while_marks_are_open_again(
    desk: FlaskClient, published: Competition, organiser: Account
) -> None:
    unlock_marks(published, "录错一张", organiser)
    page = desk.get("/desk/FORK-2022/certificates").text
    assert "重新公布以后才能发" in page
    assert "certificates/issue/" not in page
