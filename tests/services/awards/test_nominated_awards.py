"""Awards given by hand: nominated by one, granted by two, certified, taken back, given again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.states import CertificateState
from compete.models import Account, AuditEntry, Certificate, Competition, Distinction, db
from compete.services.awards.nominated_awards import (
    Nominee,
    agree_distinction,
    ask_recall,
    change_rules,
    drop_distinction,
    propose_distinctions,
    waiting_distinctions,
    why_not_agree_on,
)
from compete.services.certificates.award_certificates import (
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.search import find_by_number, find_by_token
from compete.services.certificates.settling import settle
from compete.services.closing.competition_lock import lock_marks
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.competition_settings import DistinctionRule
from compete.services.kernel.publications import latest_publication
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.results.consequences import consequences_of
from compete.services.results.nominated_awards_in_force import distinction_lines
from compete.services.results.outdated_decisions import foreseen
from compete.services.results.publishing import publish
from compete.services.results.record_checks import check_records
from compete.services.scoring.live import live_results
from tests.documents.reading import pages
from tests.support.announced import announce
from tests.support.second_day import PRIZES, person, second_version, strike_out
from tests.support.signing_in import official, signed_in
from tests.support.small import all_marks, small

UNIT, JUDGE, COACH, YOUNG = "优秀组织奖", "优秀裁判员", "优秀教练员", "青年岗位能手"


@pytest.fixture
def competition(here: Flask, load: Callable[..., Competition]) -> Competition:
    """P1 the best and 45 years old on the day, P2 and P3 34 and 35, P4 of unknown age."""
    plain = small(all_marks(), event=PRIZES)
    plain["competition"]["starts"] = "2022-09-20"
    for entrant, born in zip(
        plain["entrants"], ("1977-01-01", "1988-01-01", "1986-09-21", None), strict=True
    ):
        entrant["birth"] = born
    plain["entrants"][3].pop("id_number", None)
    plain["entrants"][3].pop("birth")
    return load(plain)


def nominate(
    competition: Competition, by: Account, title: str, *codes: str, why: str = "组织有力"
) -> list[Distinction]:
    event = competition.events[0] if title == YOUNG else None
    return propose_distinctions(
        competition, title, [Nominee(code) for code in codes], why, by, event=event
    )


def grant(competition: Competition, by: Account, title: str, *codes: str) -> list[Distinction]:
    rows = nominate(competition, by, title, *codes)
    for row in rows:
        agree_distinction(row, official(competition, "S1"))
    return rows


def certificate_of(row: Distinction) -> Certificate:
    query = db.session.query(Certificate).filter_by(distinction_id=row.id)
    certificate = query.order_by(Certificate.id.desc()).first()
    assert certificate is not None
    return certificate


@pytest.mark.each_database
def test_a_units_award_is_granted_by_two_certified_checked_revoked_and_given_again(
    competition: Competition, organiser: Account
) -> None:
    (row,) = nominate(competition, organiser, UNIT, "U1")
    with pytest.raises(Refused, match="另一位"):
        agree_distinction(row, organiser)
    with pytest.raises(Refused, match="才能同意"):
        agree_distinction(row, official(competition, "J1"))
    assert waiting_distinctions(competition) == 1
    agree_distinction(row, official(competition, "S1"))
    announce(competition, organiser)
    assert unissued_awards(competition) == 4
    issued = issue_award_certificates(competition, organiser, "急用")
    paper = certificate_of(row)
    # One register, one series: it follows the prizes without a gap.
    assert paper is issued[-1]
    numbers = [certificate.number for certificate in issued]
    assert len(set(numbers)) == 4
    assert [int(number[-4:-1]) for number in numbers] == [1, 2, 3, 4]
    assert find_by_number(paper.number, "甲单位") is paper
    assert find_by_number(paper.number, "乙单位") is None
    assert find_by_token(paper.token) is paper
    ask_revocation(paper, "弄虚作假", organiser)
    assert distinction_lines(competition, latest_publication(competition), say=str) != []
    agree_revocation(paper, official(competition, "S1"))
    assert row.state is DistinctionState.RECALLED
    assert distinction_lines(competition, latest_publication(competition), say=str) == []
    assert unissued_awards(competition) == 0
    ask_again(paper, "查清了", organiser)
    (new,) = agree_revocation(paper, official(competition, "S1"))
    assert (new.replaces, new.state, row.state) == (
        paper,
        CertificateState.VALID,
        DistinctionState.GRANTED,
    )
    (again,) = reissue_certificate(new, "丢了补办", organiser)
    assert (new.state, again.face["award"], again.distinction) == (
        CertificateState.REPLACED,
        UNIT,
        row,
    )
    verify_chain(competition)
    assert list(check_records(competition)) == []


@pytest.mark.each_database
def test_the_database_allows_one_standing_award_a_holder_and_one_valid_certificate(
    competition: Competition, organiser: Account
) -> None:
    (row,) = grant(competition, organiser, UNIT, "U1")
    with pytest.raises(Refused, match="甲单位 已经有"):
        nominate(competition, organiser, UNIT, "U2", "U1")
    assert db.session.query(Distinction).count() == 1
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(
            Distinction(
                competition_id=competition.id,
                kind=DistinctionKind.UNIT,
                title=UNIT,
                unit_id=row.unit_id,
                holder=row.holder,
                reason="再来一次",
                proposed_by=organiser.id,
            )
        )
    announce(competition, organiser)
    issue_award_certificates(competition, organiser, "急用")
    paper = certificate_of(row)
    kept = {
        column.name: getattr(paper, column.name)
        for column in Certificate.__table__.columns
        if column.name not in ("id", "number", "token_hash", "place", "prize", "replaces_id")
    }
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(Certificate(**kept, number="二", token_hash="2" * 64, prize="另一个", place=1))


def test_an_award_by_age_goes_to_the_best_who_fits_and_moves_with_a_new_version(
    competition: Competition, organiser: Account
) -> None:
    with pytest.raises(Refused, match="成绩公布以后"):
        nominate(competition, organiser, YOUNG, "P2")
    announce(competition, organiser)
    with pytest.raises(Refused, match="不符合"):
        nominate(competition, organiser, YOUNG, "P1")
    # Nobody knows how old P4 is.
    with pytest.raises(Refused, match="不符合"):
        nominate(competition, organiser, YOUNG, "P4")
    with pytest.raises(Refused, match="排第 2"):
        nominate(competition, organiser, YOUNG, "P3")
    (row,) = grant(competition, organiser, YOUNG, "P2")
    assert row.basis is not None
    assert (row.basis["rank"], row.basis["age"], row.basis["age_to"]) == (2, 34, 35)
    issue_award_certificates(competition, organiser, "急用")
    paper = certificate_of(row)
    assert (paper.face["rank"], paper.entrant) == (2, person(competition, "P2"))
    assert list(check_records(competition)) == []
    # The winner goes out: P2 is first now and has the award all the same, with another place.
    second_version(competition, organiser)
    (moved,) = [c for c in consequences_of(competition) if c.certificate_id == paper.id]
    assert (moved.was["rank"], moved.now and moved.now["rank"]) == (2, 1)
    for consequence in consequences_of(competition):
        settle(
            [consequence],
            "replace" if consequence.now else "withdraw",
            organiser,
        )
    issue_award_certificates(competition, organiser, "急用")
    assert (certificate_of(row).replaces, certificate_of(row).face["rank"]) == (paper, 1)
    assert list(check_records(competition)) == []


def test_who_is_struck_out_loses_an_award_given_by_hand(
    competition: Competition, organiser: Account
) -> None:
    rules = (DistinctionRule("优秀选手", DistinctionKind.ENTRANT),)
    change_rules(competition, rules, organiser)
    announce(competition, organiser)
    (row,) = grant(competition, organiser, "优秀选手", "P1")
    issue_award_certificates(competition, organiser, "急用")
    second_version(competition, organiser)
    (gone,) = [
        c for c in consequences_of(competition) if c.certificate_id == certificate_of(row).id
    ]
    assert (gone.now, gone.why["status"]) == (None, "dsq")
    settle([gone], "withdraw", organiser)
    assert row.state is DistinctionState.RECALLED
    with pytest.raises(Refused, match="成绩取消了"):
        grant(competition, organiser, "优秀选手", "P1")


@pytest.mark.parametrize("certified", [True, False])
def test_an_award_by_hand_that_the_next_version_takes_is_foreseen(
    app: Flask, competition: Competition, organiser: Account, certified: bool
) -> None:
    change_rules(competition, (DistinctionRule("优秀选手", DistinctionKind.ENTRANT),), organiser)
    announce(competition, organiser)
    grant(competition, organiser, "优秀选手", "P1")
    if certified:
        issue_award_certificates(competition, organiser, "急用")
    strike_out(competition, "P1", organiser)
    lock_marks(competition, organiser)
    live = live_results(competition)
    ahead = foreseen(competition, live.bundle, live.results)
    page = signed_in(app, organiser).get(f"/desk/{competition.code}/publish").text
    assert ("评了还没发证的，1 项照这一版站不住" in page) is not certified
    publish(competition, organiser, "选手 P1 取消成绩。")
    rows = consequences_of(competition)
    assert any(row.why.get("status") == "dsq" for row in rows)
    about = [row for row in rows if row.certificate_id is not None]
    assert (ahead.all, ahead.given) == (len(about), len(rows) - len(about))
    assert ahead.given == (0 if certified else 1)
    assert (f"已发的证书里 {len(about)} 张和这一版不一样" in page) is certified


def test_an_officials_and_a_coachs_paper_say_what_they_are_given_for(
    here: Flask, competition: Competition, organiser: Account
) -> None:
    # Nobody has the second word on an award of their own.
    (own,) = nominate(competition, organiser, JUDGE, "S1")
    with pytest.raises(Refused, match="评给你自己的"):
        agree_distinction(own, official(competition, "S1"))
    # Nor is it named among those who can.
    nominee, reason = official(competition, "S1").name, str(why_not_agree_on(own, organiser))
    assert "要另一个人来" in reason
    assert nominee not in reason
    drop_distinction(own, "另评", organiser)
    grant(competition, organiser, JUDGE, "J1")
    coach = Nominee(name=" 顾 云 ", unit="U2", full_name=True)
    (row,) = propose_distinctions(competition, COACH, [coach], "带出两名前三", organiser)
    with pytest.raises(Refused, match="已经有"):
        propose_distinctions(
            competition, COACH, [Nominee(name="顾云", unit="U2")], "再报", organiser
        )
    agree_distinction(row, official(competition, "S1"))
    announce(competition, organiser)
    publication = latest_publication(competition)
    lines = distinction_lines(competition, publication, say=str)
    assert [(line.title, line.name, line.unit) for line in lines] == [
        (JUDGE, "周*", ""),
        (COACH, "顾 云", "乙单位"),
    ]
    issued = issue_award_certificates(competition, organiser, "急用")[-2:]
    with here.test_request_context():
        texts = pages(print_certificates(issued))
    for text, reason in zip(texts, ("被评为", "被评为"), strict=True):
        assert "荣誉证书" in text
        assert reason in text
    assert "公正执裁" in texts[0]
    assert "乙单位" in texts[1]


def test_what_was_nominated_is_dropped_and_what_was_granted_is_taken_back_by_two(
    competition: Competition, organiser: Account
) -> None:
    second = official(competition, "S1")
    first, other = nominate(competition, organiser, UNIT, "U1", "U2")
    with pytest.raises(Refused, match="要写理由"):
        drop_distinction(first, " ", second)
    drop_distinction(first, "材料不实", second)
    assert (first.state, first.ended_why) == (DistinctionState.DROPPED, "材料不实")
    with pytest.raises(Refused, match="没有等着同意的"):
        agree_distinction(first, second)
    agree_distinction(other, second)
    with pytest.raises(Refused, match="要写理由"):
        ask_recall(other, "", organiser)
    ask_recall(other, "查出瞒报", organiser)
    with pytest.raises(Refused, match="另一位"):
        agree_distinction(other, organiser)
    drop_distinction(other, "", second)
    assert other.state is DistinctionState.GRANTED
    ask_recall(other, "查出瞒报", organiser)
    announce(competition, organiser)
    # What is about to be taken back is not certified.
    assert unissued_awards(competition) == 3
    agree_distinction(other, second)
    assert (other.state, other.ended_why) == (DistinctionState.RECALLED, "查出瞒报")
    acts = [
        entry.action
        for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)
        if entry.action.startswith("distinction.")
    ]
    assert acts == [
        *("distinction.propose", "distinction.propose", "distinction.drop", "distinction.grant"),
        *("distinction.ask_recall", "distinction.keep", "distinction.ask_recall"),
        "distinction.recall",
    ]
    # Once taken back it may be given to the same unit again.
    assert nominate(competition, organiser, UNIT, "U2")


def test_what_is_missing_or_wrong_is_refused_and_nothing_is_written(
    competition: Competition, organiser: Account
) -> None:
    for title, nominees, why, match in (
        (UNIT, [Nominee("U1")], " ", "要写理由"),
        (UNIT, [], "好", "还没选"),
        (UNIT, [Nominee("U9")], "好", "名单刚变过"),
        ("没有的奖", [Nominee("U1")], "好", "没有这个奖项"),
        (COACH, [Nominee(unit="U1")], "好", "姓名"),
        (COACH, [Nominee(name="顾云")], "好", "单位"),
        (COACH, [Nominee(name="顾" * 61, unit="U1")], "好", "最长 60"),
    ):
        with pytest.raises(Refused, match=match):
            propose_distinctions(competition, title, nominees, why, organiser)
    assert db.session.query(Distinction).count() == 0
    kind = DistinctionKind
    for rules, match in (
        ([DistinctionRule("", kind.UNIT)], "名称"),
        ([DistinctionRule("奖", kind.UNIT)] * 2, "两次"),
        ([DistinctionRule("奖", kind.ENTRANT, age_to=0)], "年龄"),
        ([DistinctionRule("奖", kind.ENTRANT, age_to=35, places=0)], "名额"),
        ([DistinctionRule("奖", kind.UNIT, age_to=35)], "只对选手"),
        ([DistinctionRule("奖" * 61, kind.UNIT)], "太长"),
    ):
        with pytest.raises(Refused, match=match):
            change_rules(competition, rules, organiser)
    nominate(competition, organiser, UNIT, "U1")
    with pytest.raises(Refused, match="不能改"):
        change_rules(competition, [DistinctionRule(UNIT, kind.OFFICIAL)], organiser)
    change_rules(
        competition,
        [DistinctionRule(YOUNG, kind.ENTRANT, age_to=30, age_on=date(2022, 1, 1), places=2)],
        organiser,
    )


@pytest.mark.each_database
@pytest.mark.parametrize("title", [YOUNG, "优秀选手"])
def test_what_has_no_certificate_yet_is_asked_again_by_a_version_that_strikes_its_holder(
    competition: Competition, organiser: Account, title: str
) -> None:
    rules = (
        DistinctionRule("优秀选手", DistinctionKind.ENTRANT),
        DistinctionRule(YOUNG, DistinctionKind.ENTRANT, age_to=50),
    )
    change_rules(competition, rules, organiser)
    announce(competition, organiser)
    (row,) = grant(competition, organiser, title, "P1")
    due = unissued_awards(competition, everywhere=True)
    # The winner is struck out.
    second_version(competition, organiser)
    (gone,) = consequences_of(competition)
    assert (gone.kind, gone.now, gone.why["status"]) == ("given", None, "dsq")
    assert gone.certificate_id is None
    assert unissued_awards(competition, everywhere=True) < due
    with pytest.raises(Refused):
        issue_award_certificates(competition, organiser, "急用")
    with pytest.raises(Refused, match="不能保留"):
        settle([gone], "keep", organiser, "他最好")
    settle([gone], "withdraw", organiser)
    assert row.state is DistinctionState.RECALLED
    issued = issue_award_certificates(competition, organiser, "急用")
    assert all(paper.distinction_id is None for paper in issued)
    assert consequences_of(competition) == [gone]
