"""What one of two asks about a certificate: it is never lost, and never stands in the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from compete.domain.values.states import CertificateState
from compete.models import (
    Account,
    AuditEntry,
    Certificate,
    Competition,
    Decision,
    Revocation,
    db,
)
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.issuing_bodies import required_body
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revocation_requests import (
    open_revocations,
    standing_revocation,
)
from compete.services.certificates.revoking import (
    agree_revocation,
    ask_again,
    ask_revocation,
    drop_revocation,
    prizes_still_given,
)
from compete.services.certificates.settling import agree, settle, settle_by_results, why_not
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish, publish_names
from compete.services.results.record_checks import check_records
from compete.web.organiser.log.record_words import record_text
from tests.support.announced import announce, approve_all, reopen
from tests.support.crewed import certified_as_one, with_a_crew
from tests.support.issuing import issue_grade_certificates
from tests.support.people import correct_identity
from tests.support.second_day import certify, person, second_version, with_prizes
from tests.support.signing_in import official, signed_in
from tests.support.undoing import undo_decision

_V = CertificateState
PAGE = "/desk/X/consequences"


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def certificate(kind: str, subject: str) -> Certificate:
    """The newest of a kind that somebody has."""
    query = db.session.query(Certificate).filter_by(kind=kind, subject=subject)
    return query.order_by(Certificate.id.desc()).first()  # type: ignore[return-value]


def valid(subject: str) -> list[str]:
    query = db.session.query(Certificate).filter_by(subject=subject, state=_V.VALID)
    return [row.number for row in query]


def settle_everything(competition: Competition, by: Account) -> None:
    open_ones = [row for row in consequences_of(competition) if row.state == "open"]
    if open_ones:
        settle_by_results(open_ones, by)


def give_back(competition: Competition, by: Account) -> None:
    """Take the striking of the result back, and publish the next version."""
    reopen(competition, by)
    struck = db.session.query(Decision).filter_by(kind="dsq").one()
    undo_decision(struck, "查清不是冒名", official(competition, "C1"))
    lock_marks(competition, by)
    publish(competition, by, "恢复成绩")


def last_record(app: Flask, action: str) -> str:
    query = db.session.query(AuditEntry).filter_by(action=action).order_by(AuditEntry.seq.desc())
    entry = query.first()
    assert entry is not None
    with app.test_request_context():
        return record_text(entry, {})


@pytest.mark.parametrize("strike", [True, False])
def test_a_certificate_is_not_replaced_while_somebody_asks_to_make_it_void(
    here: Flask, certified: Competition, organiser: Account, strike: bool
) -> None:
    old = certificate("award", "P1")
    desk, form = signed_in(here, organiser), f"/desk/X/certificates/{old.id}/reissue"
    assert form in desk.get(f"/desk/X/certificates?open={old.id}").text
    asked = ask_revocation(old, "冒名", organiser, strike=strike)
    assert form not in desk.get(f"/desk/X/certificates?open={old.id}").text
    with pytest.raises(Refused, match=r"有人提出撤销.*点它的“去定”.*“不撤销了”"):
        reissue_certificate(old, "纸坏了", organiser)
    assert (old.state, open_revocations(certified)) == (_V.VALID, [asked])
    drop_revocation(old, organiser)
    reissue_certificate(old, "纸坏了", organiser)
    assert old.state is _V.REPLACED
    assert list(check_records(certified)) == []


def test_what_replaces_a_certificate_waits_for_what_is_asked_about_it(
    certified: Competition, organiser: Account
) -> None:
    old = certificate("award", "P2")
    asked = ask_revocation(old, "冒名", organiser, strike=True)
    second_version(certified, organiser)
    settle_everything(certified, organiser)
    with pytest.raises(Refused, match=rf"有人提出撤销 {old.number}"):
        issue_award_certificates(certified, organiser, "急用")
    assert open_revocations(certified) == [asked]
    grade = certificate("grade", "P2")
    asked_too = ask_revocation(grade, "冒名", organiser)
    approve_all(certified, organiser)
    with pytest.raises(Refused, match="有人提出撤销"):
        issue_grade_certificates(certified, required_body(certified), organiser, "急用")
    assert open_revocations(certified) == [asked, asked_too]
    for paper in (old, grade):
        drop_revocation(paper, organiser)
    issue_award_certificates(certified, organiser, "急用")
    assert old.state is _V.REPLACED


def test_a_certificate_is_not_withdrawn_while_somebody_asks_to_make_it_void(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    old = certificate("award", "P1")
    asked = ask_revocation(old, "冒名", organiser, strike=True)
    second_version(certified, organiser)
    row = next(row for row in consequences_of(certified) if row.certificate is old)
    assert "有人提出撤销" in str(why_not(row, "withdraw"))
    with pytest.raises(Refused, match="有人提出撤销"):
        settle([row], "withdraw", organiser)
    with pytest.raises(Refused, match=rf"有人提出撤销 {old.number}"):
        settle_everything(certified, organiser)
    assert (old.state, open_revocations(certified)) == (_V.VALID, [asked])
    page = signed_in(here, organiser).get(f"{PAGE}?open={row.id}").text
    assert "等第二个人同意。先在" in page
    drop_revocation(old, organiser)
    settle_everything(certified, organiser)
    assert old.state is _V.REVOKED


def test_a_struck_result_ends_on_record_what_was_asked_about_the_holders_other_certificates(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    award, grade = certificate("award", "P1"), certificate("grade", "P1")
    ended = ask_revocation(award, "姓名印错", organiser)
    ask_revocation(grade, "冒名", organiser, strike=True)
    agree_revocation(grade, official(certified, "C1"))
    assert open_revocations(certified) == []
    assert (award.state, ended.agreed) == (_V.REVOKED, False)
    assert ended.ended_at is not None
    text = last_record(here, "certificate.end_revoke")
    assert organiser.name in text
    assert award.number in text
    assert "已经撤销" in text
    history = signed_in(here, organiser).get("/desk/X/entrants/P1/").text
    assert f"{organiser.name} 提出的撤销 {award.number} 不用定了" in history
    # Two were wrong: with the result the certificates come back, whatever was asked before.
    lock_marks(certified, organiser)
    publish(certified, organiser, "取消成绩")
    settle_everything(certified, organiser)
    give_back(certified, organiser)
    settle_everything(certified, organiser)
    # Nobody is told to strike it once more: what is left is to give them again.
    desk = signed_in(here, organiser)
    page = desk.get(PAGE).text
    assert ("去取消成绩" in page, "取消成绩撤回了，证书还是撤销的" in page) == (False, True)
    (address,) = set(re.findall(r'href="([^"]+)"[^>]*>(?:<[^>]+>)*去重新发<', page))
    assert f"open={award.id}#" in desk.get(unescape(address)).text
    ask_again(award, "查清了", organiser)
    (new,) = agree_revocation(award, official(certified, "S1"))
    assert valid("P1") == [new.number]
    assert list(check_records(certified)) == []


@pytest.mark.each_database
def test_what_a_program_from_before_left_open_never_blocks(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    old, second = certificate("award", "P1"), official(certified, "S1")
    ask_revocation(old, "冒名", organiser)
    agree_revocation(old, second)
    with unit_of_work() as session:
        left = Revocation(certificate=old, reason="忘了", asked_by=second.id)
        session.add(left)
    assert standing_revocation(old) is None
    for act in (agree_revocation, drop_revocation):
        with pytest.raises(Refused, match="没有等着同意的"):
            act(old, second)
    asked = ask_again(old, "撤销错了", organiser)
    assert (left.agreed, left.ended_by) == (False, organiser.id)
    assert second.name in last_record(here, "certificate.end_revoke")
    with pytest.raises(Refused, match="已经有人提出重新发"):
        ask_again(old, "再来", organiser)
    (new,) = agree_revocation(old, second, seen=str(asked.id))
    with unit_of_work() as session:
        # The other way round: to be given again, and valid.
        session.add(Revocation(certificate=new, again=True, reason="忘了", asked_by=second.id))
    ask_revocation(new, "冒名", organiser)
    agree_revocation(new, second)
    assert new.state is _V.REVOKED


def test_who_was_withdrawn_by_a_version_and_given_it_back_is_not_to_be_struck(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    old = certificate("award", "P1")
    second_version(certified, organiser)
    settle_everything(certified, organiser)
    give_back(certified, organiser)
    settle_everything(certified, organiser)
    assert prizes_still_given(certified) == []
    desk = signed_in(here, organiser)
    assert "去取消成绩" not in desk.get(PAGE).text
    # Asked before the new one is out: it ends with that, and both cannot be.
    asked = ask_again(old, "查清了", organiser)
    issued = issue_award_certificates(certified, organiser, "急用")
    new = next(row for row in issued if row.subject == "P1")
    assert (asked.agreed, open_revocations(certified)) == (False, [])
    assert f"已经发了 {new.number}" in last_record(here, "certificate.end_again")
    assert prizes_still_given(certified) == []
    with pytest.raises(Refused, match=f"已经有 {new.number}"):
        ask_again(old, "再发一张", organiser)
    register = desk.get("/desk/X/certificates").text
    assert f"open={old.id}#" not in register
    assert f"open={new.id}#" in register
    # Where the second of two agrees to what was asked before that was known:
    with unit_of_work() as session:
        session.add(Revocation(certificate=old, again=True, reason="旧的", asked_by=organiser.id))
    with pytest.raises(Refused, match=f"已经有 {new.number}"):
        agree_revocation(old, official(certified, "S1"))
    assert valid("P1") == [new.number]


def test_what_two_made_void_under_review_does_not_come_back_by_itself(
    certified: Competition, organiser: Account
) -> None:
    correct_identity(
        person(certified, "P3"), name="孙龑", id_number="", reason="身份证", by=organiser
    )
    publish_names(certified, organiser, "选手 P3 姓名更正")
    old = certificate("award", "P3")
    ask_revocation(old, "冒名", organiser)
    agree_revocation(old, official(certified, "S1"))
    settle_everything(certified, organiser)
    assert unissued_awards(certified) == 0
    assert [left.certificate for left in prizes_still_given(certified)] == [old]
    ask_again(old, "查清了", organiser)
    (new,) = agree_revocation(old, official(certified, "S1"))
    assert new.face["name"] == "孙龑"
    assert prizes_still_given(certified) == []


def test_one_of_two_void_certificates_is_given_again(
    certified: Competition, organiser: Account
) -> None:
    second = official(certified, "S1")
    second_version(certified, organiser)
    settle_everything(certified, organiser)
    first = certificate("award", "P1")
    give_back(certified, organiser)
    settle_everything(certified, organiser)
    issue_award_certificates(certified, organiser, "急用")
    later = certificate("award", "P1")
    ask_revocation(later, "冒名", organiser)
    agree_revocation(later, second)
    assert [left.certificate for left in prizes_still_given(certified)] == [later]
    for paper in (first, later):
        ask_again(paper, "查清了", organiser)
    (new,) = agree_revocation(later, second)
    assert open_revocations(certified) == []
    assert valid("P1") == [new.number]


def test_none_is_given_again_in_whose_place_two_have_kept_another(
    certified: Competition, organiser: Account
) -> None:
    first, kept = certificate("award", "P1"), certificate("award", "P2")
    second_version(certified, organiser)
    row = next(row for row in consequences_of(certified) if row.certificate is kept)
    settle([row], "keep", organiser, "仲裁维持")
    agree(row, official(certified, "S1"))
    settle_everything(certified, organiser)
    with unit_of_work() as session:
        void = Certificate(
            **{
                column.key: getattr(kept, column.key)
                for column in Certificate.__table__.columns
                if column.key not in ("id", "prize", "number", "token_hash")
            },
            prize=first.prize,
            number="〔2026〕第099号",
            token_hash="0" * 64,
        )
        void.state = _V.REVOKED
        session.add(void)
    with pytest.raises(Refused, match=f"已经有 {kept.number}，不能再发"):
        ask_again(void, "查清了", organiser)


def test_of_a_crew_only_who_has_none_is_given_one(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_a_crew(load)
    announce(competition, organiser)
    as_one = certified_as_one(person(competition, "P1"), "一等奖", 1, "94.00", organiser)
    issue_award_certificates(competition, organiser, "急用")
    second_version(competition, organiser)
    settle_everything(competition, organiser)
    give_back(competition, organiser)
    asked = ask_again(as_one, "查清了", organiser)
    (first,) = issue_award_certificates(competition, organiser, "急用", most=1)
    assert (first.subject, asked.agreed, open_revocations(competition)) == ("P1a", False, [])
    ask_again(as_one, "还差一张", organiser)
    (second,) = agree_revocation(as_one, official(competition, "S1"))
    assert (second.subject, second.replaces) == ("P1b", as_one)
    assert unissued_awards(competition) == 0
    assert list(check_records(competition)) == []
