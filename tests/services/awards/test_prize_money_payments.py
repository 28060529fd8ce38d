"""Who is paid after a correction: one rule for awards and grades, by the results in force."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from openpyxl import load_workbook

from compete.domain.values.states import ConsequenceState
from compete.models import Account, Certificate, Competition, Consequence, Decision, db
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    propose_distinctions,
)
from compete.services.awards.prize_money import set_money, write_payments
from compete.services.awards.prize_money_payments import notes_on_payments, payments_of
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import agree, settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.refusal import Refused
from compete.services.results.consequences import consequences_of
from compete.services.results.publishing import publish, publish_names
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce, announce_again, reopen
from tests.support.people import correct_identity
from tests.support.second_day import (
    PRIZES,
    certify,
    person,
    second_version,
    strike_out,
    with_prizes,
)
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small
from tests.support.undoing import undo_decision

_TITLES = {"一等奖": 3000, "二等奖": 2000, "三等奖": 1000}
_GRADES = {2: 500, 3: 300}


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    set_money(competition, _TITLES, _GRADES, organiser)
    return competition


def paid(competition: Competition) -> list[tuple[str, str]]:
    """Who is paid, and for what; a grade by its first word."""
    return [(str(row.name), str(row.title).split("/")[0]) for row in payments_of(competition)]


def notes(competition: Competition) -> list[str]:
    return [str(note) for note in notes_on_payments(competition)]


def open_rows(competition: Competition) -> dict[tuple[str, str], Consequence]:
    """The open consequences, by kind and who."""
    return {
        (row.kind, row.entrant.code): row
        for row in consequences_of(competition)
        if row.state is ConsequenceState.OPEN and row.entrant is not None
    }


def settle_rest(competition: Competition, by: Account) -> None:
    for row in open_rows(competition).values():
        settle([row], "withdraw" if row.now is None else "replace", by)


def certificate(competition: Competition, kind: str, subject: str) -> Certificate:
    """The newest certificate of the kind and person."""
    query = db.session.query(Certificate).filter_by(
        competition_id=competition.id, kind=kind, subject=subject
    )
    return query.order_by(Certificate.id.desc()).first()


def keep(row: Consequence, by: Account) -> None:
    """Keep the certificate, by two."""
    settle([row], "keep", by, "本人书面要求")
    agree(row, official(row.competition, "S1"))


def test_a_new_version_pays_awards_and_grades_by_its_results_and_says_what_is_not_settled(
    certified: Competition, organiser: Account
) -> None:
    assert paid(certified) == [
        ("赵启明", "一等奖"), ("钱文", "二等奖"), ("孙䶮", "三等奖"),
        ("赵启明", "二级"), ("钱文", "三级"), ("孙䶮", "三级"),
    ]  # fmt: skip
    assert notes(certified) == []
    second_version(certified, organiser)
    # The first is out of it, the second's grade is another now: neither was approved so.
    assert paid(certified) == [
        ("钱文", "一等奖"), ("孙䶮", "二等奖"), ("李小小", "三等奖"), ("孙䶮", "三级"),
    ]  # fmt: skip
    (note,) = notes(certified)
    assert "第 2 版公布以后还有 5 件没办" in note
    book = load_workbook(io.BytesIO(write_payments(certified, organiser, str)))
    assert any(
        "还有 5 件没办" in str(cell.value)
        for row in book.worksheets[0].iter_rows(max_row=3)
        for cell in row
    )
    settle_rest(certified, organiser)
    assert notes(certified) == []


def test_what_was_opened_again_is_said(certified: Competition, organiser: Account) -> None:
    reopen(certified, organiser)
    (note,) = notes(certified)
    assert "第 1 版公布以后评分又解锁了" in note


def test_a_notice_taken_down_pays_nobody_and_says_why(
    app: Flask, certified: Competition, organiser: Account
) -> None:
    withdraw_notice(certified.events[0], "材料要核", organiser)
    assert payments_of(certified) == []
    (note,) = notes(certified)
    assert "公示撤下了（材料要核）" in note
    with pytest.raises(Refused, match=r"公示撤下了（材料要核）"):
        write_payments(certified, organiser, str)
    desk = signed_in(app, organiser)
    assert "公示撤下了（材料要核）" in desk.get("/desk/X/prize-money").text
    announce_again(certified, organiser)
    assert len(payments_of(certified)) == 6


def test_what_a_version_took_and_a_later_one_gives_again_is_paid_at_once(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    settle_rest(certified, organiser)
    reopen(certified, organiser)
    decision = db.session.query(Decision).one()
    undo_decision(decision, "核实无误", official(certified, "C1"))
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P1 恢复成绩。")
    assert ("赵启明", "一等奖") in paid(certified)
    assert ("李小小", "三等奖") not in paid(certified)


def test_what_two_kept_is_paid_in_place_of_what_the_results_give(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    rows = open_rows(certified)
    keep(rows["award", "P2"], organiser)
    keep(rows["grade", "P2"], organiser)
    keep(rows["award", "P1"], organiser)
    settle_rest(certified, organiser)
    assert paid(certified) == [
        ("孙䶮", "二等奖"), ("李小小", "三等奖"), ("赵启明", "一等奖"), ("钱文", "二等奖"),
        ("钱文", "三级"), ("孙䶮", "三级"),
    ]  # fmt: skip
    # Kept and made void since: neither it nor what it stood in the way of is due by itself.
    old = certificate(certified, "award", "P2")
    revoke_certificate(old, "材料不实", organiser)
    assert "钱文" not in {who for who, title in paid(certified) if title.endswith("奖")}
    ask_again(old, "查清楚了", organiser)
    agree_revocation(old, official(certified, "S1"))
    assert ("钱文", "一等奖") in paid(certified)


def test_what_is_struck_is_paid_no_more_before_the_new_version_is_out(
    certified: Competition, organiser: Account
) -> None:
    ask_revocation(certificate(certified, "grade", "P1"), "冒名顶替", organiser, strike=True)
    assert ("赵启明", "一等奖") in paid(certified)
    agree_revocation(certificate(certified, "grade", "P1"), official(certified, "C1"))
    assert "赵启明" not in {who for who, _title in paid(certified)}


def test_what_has_no_certificate_yet_goes_with_the_struck_result_as_well(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    set_money(competition, _TITLES, _GRADES, organiser)
    assert ("赵启明", "一等奖") in paid(competition)
    strike_out(competition, "P1", organiser)
    assert paid(competition) == [("钱文", "二等奖"), ("孙䶮", "三等奖")]


def test_one_person_has_one_name_on_the_list(certified: Competition, organiser: Account) -> None:
    correct_identity(
        person(certified, "P3"), name="孙龑", id_number="", reason="姓名写错", by=organiser
    )
    own = {who for who, _title in paid(certified) if who.startswith("孙")}
    assert own == {"孙龑（公布时 孙䶮）"}
    publish_names(certified, organiser, "选手 P3 姓名更正")
    assert {who for who, _title in paid(certified) if who.startswith("孙")} == {"孙龑"}


def test_an_award_by_age_goes_with_the_place_that_it_rests_on_unless_two_keep_it(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    plain = small(all_marks(), event=PRIZES)
    plain["competition"]["starts"] = "2022-09-20"
    for entrant, born in zip(plain["entrants"], (1977, 1988, 1986, 1970), strict=True):
        entrant["birth"] = f"{born}-01-01"
    competition = load(plain)
    announce(competition, organiser)
    set_money(competition, {"青年岗位能手": 100}, {}, organiser)
    nominees, event = [Nominee("P2")], competition.events[0]
    (row,) = propose_distinctions(
        competition, "青年岗位能手", nominees, "年轻", organiser, event=event
    )
    agree_distinction(row, official(competition, "S1"))
    assert paid(competition) == [("钱文", "青年岗位能手")]
    issue_award_certificates(competition, organiser, "急用")
    strike_out(competition, "P2", organiser)
    assert paid(competition) == []
    lock_marks(competition, organiser)
    publish(competition, organiser, "选手 P2 取消成绩。")
    assert paid(competition) == []
    (lost,) = [
        consequence
        for consequence in consequences_of(competition)
        if consequence.was["award"] == "青年岗位能手"
    ]
    keep(lost, organiser)
    assert paid(competition) == [("钱文", "青年岗位能手")]
    withdraw_notice(event, "材料要核", organiser)
    assert paid(competition) == []
