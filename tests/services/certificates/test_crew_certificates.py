"""A crew's award: a certificate for each member, who is found, corrected and revoked alone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.exc import IntegrityError

from compete.commands.verify import all_faults
from compete.domain.values.states import CertificateState, ConsequenceState
from compete.models import Account, Certificate, Competition, db
from compete.services.awards.prize_money import set_money
from compete.services.awards.prize_money_payments import payments_of
from compete.services.certificates.award_certificates import (
    awards_due,
    issue_award_certificates,
    unissued_awards,
)
from compete.services.certificates.counts import count_certificates
from compete.services.certificates.outdated_names import open_corrections, touched_by
from compete.services.certificates.printing import print_certificates
from compete.services.certificates.register import read_register
from compete.services.certificates.reissuing import numbers_to_come, reissue_certificate
from compete.services.certificates.revoking import agree_revocation, ask_again, ask_revocation
from compete.services.certificates.rows import is_of_erased, revoke_certificate
from compete.services.certificates.search import find_by_number
from compete.services.certificates.settling import agree, settle
from compete.services.competitions.erasure_requests import erase_person
from compete.services.kernel.refusal import Refused
from compete.services.kernel.transactions import unit_of_work
from compete.services.registration.corrections import correct_person
from compete.services.results.consequences import consequences_of
from compete.services.results.record_checks import check_records
from tests.support.announced import announce, announce_again
from tests.support.crewed import NAMES, certified_as_one, member, with_a_crew
from tests.support.second_day import certify, person, second_version
from tests.support.signing_in import official, signed_in
from tests.support.together import together

_Q = ConsequenceState


@pytest.fixture
def announced(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_a_crew(load)
    announce(competition, organiser)
    return competition


@pytest.fixture
def crewed(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    """P1 is a crew of two; everybody certified."""
    competition = with_a_crew(load)
    certify(competition, organiser)
    return competition


def awards(state: CertificateState = CertificateState.VALID) -> dict[str, Certificate]:
    """Award certificates in one state, by whose they are; of one holder one."""
    query = db.session.query(Certificate).filter_by(kind="award", state=state)
    rows = query.order_by(Certificate.id).all()
    row_of = {row.subject: row for row in rows}
    assert len(row_of) == len(rows)
    return row_of


@pytest.mark.each_database
def test_two_who_press_at_once_give_each_member_one(
    here: Flask, announced: Competition, organiser: Account
) -> None:
    numbers = announced.id, organiser.id
    assert unissued_awards(announced) == count_certificates(announced).due == 4
    assert awards_due(announced) == ([], ["魏海燕", "施雪梅", "钱文", "孙䶮"])

    def press() -> int:
        competition = db.session.get_one(Competition, numbers[0])
        return len(
            issue_award_certificates(competition, db.session.get_one(Account, numbers[1]), "急用")
        )

    answers = together(here, press, press)
    assert sorted(isinstance(answer, Refused) for answer in answers) == [False, True]
    issued = awards()
    assert list(issued) == ["P1a", "P1b", "P2", "P3"]
    assert [row.number[-4:-1] for row in issued.values()] == ["001", "002", "003", "004"]
    for code, name in NAMES.items():
        row = issued[code]
        assert row.member is not None
        assert (row.member.code, row.entrant, row.place) == (code, person(announced, "P1"), 1)
        assert (row.face["name"], row.face["crew"]) == (name, "第1组")
        assert (row.face["award"], row.face["rank"], "members" in row.face) == ("一等奖", 1, False)
        assert find_by_number(row.number, name) is row
        for other in {*NAMES.values(), "第1组"} - {name}:
            assert find_by_number(row.number, other) is None
    assert unissued_awards(announced) == count_certificates(announced).due == 0
    assert list(check_records(announced)) == []


@pytest.mark.each_database
def test_the_database_lets_no_member_have_two(crewed: Competition) -> None:
    mine, others = awards()["P1a"], awards()["P1b"]
    columns = {column.name for column in Certificate.__table__.columns}
    own = columns - {"id", "number", "token_hash", "place", "replaces_id"}

    def again(**keys: object) -> Certificate:
        own_columns = {name: getattr(mine, name) for name in own}
        return Certificate(**own_columns | {"number": "X", "token_hash": "x", "place": 7} | keys)

    def add(*made: Certificate) -> None:
        with unit_of_work():
            db.session.add_all(made)

    for double in (again(), again(entrant_id=None, place=mine.place)):
        with pytest.raises(IntegrityError):
            add(double)
    # Nor does one give way to two of the same member, nor to two that are nobody's of a crew.
    gone: dict[str, object] = {"state": CertificateState.REPLACED, "replaces_id": others.id}
    second: dict[str, object] = {"number": "Y", "token_hash": "y"}
    for whose in (mine.member_id, None):
        with pytest.raises(IntegrityError):
            add(again(**gone, member_id=whose), again(**gone, **second, member_id=whose))
    add(again(**gone), again(**gone, **second, member_id=others.member_id))
    assert len(others.replaced_by) == 2


def test_the_paper_and_the_look_up_page_name_the_member_and_the_crew(
    app: Flask, crewed: Competition
) -> None:
    mine = awards()["P1a"]
    page = app.test_client().get(f"/v/{mine.token}").text
    for word in ("魏海燕", "第1组", "一等奖", "<h1>有效</h1>"):
        assert word in page
    assert "施雪梅" not in page
    with app.test_request_context():
        assert print_certificates([mine, awards()["P1b"]]).startswith(b"%PDF")
    badge = app.test_client().get(f"/c/{person(crewed, 'P1').badge_token}").text
    for row in awards().values():
        assert (row.number in badge) is (row.subject in NAMES)
    token = person(crewed, "P1").badge_token
    for code in NAMES:
        got = app.test_client().get(f"/c/{token}/certificates/{awards()[code].id}.pdf")
        assert got.data.startswith(b"%PDF")


def test_a_members_new_name_touches_that_members_alone(
    crewed: Competition, organiser: Account
) -> None:
    crew, before = person(crewed, "P1"), awards()
    assert touched_by(crew).certificates == []
    correct_person(member(crewed, "P1a"), {"name": "魏海艳"}, "身份证", organiser)
    touched = touched_by(crew).certificates
    assert [(row.kind, row.subject) for row in touched] == [("grade", "P1a"), ("award", "P1a")]
    [correction] = open_corrections(crewed)
    assert (correction.holder, correction.certificates) == (crew, 2)
    for row in touched:
        (new,) = reissue_certificate(row, "姓名写错", organiser)
        assert (new.face["name"], new.prize, new.place) == ("魏海艳", row.prize, row.place)
    assert touched_by(crew).certificates == []
    assert awards()["P1b"] is before["P1b"]
    assert find_by_number(awards()["P1a"].number, "魏海艳") is awards()["P1a"]
    assert list(check_records(crewed)) == []


def test_a_crews_new_name_touches_what_names_it(crewed: Competition, organiser: Account) -> None:
    crew = person(crewed, "P1")
    correct_person(crew, {"name": "先锋组"}, "报名表", organiser)
    touched = touched_by(crew).certificates
    assert [(row.kind, row.subject) for row in touched] == [("award", "P1a"), ("award", "P1b")]
    [correction] = open_corrections(crewed)
    assert correction.certificates == 2
    announce_again(crewed, organiser, "组名更正")
    rows = [row for row in consequences_of(crewed) if row.state is _Q.OPEN]
    assert [row.why for row in rows] == [{"crew": ["第1组", "先锋组"]}] * 2
    assert settle(rows, "replace", organiser) == 2
    assert len(issue_award_certificates(crewed, organiser, "急用")) == 2
    assert {awards()[code].face["crew"] for code in NAMES} == {"先锋组"}


def test_what_is_taken_from_a_crew_is_listed_for_each_member(
    crewed: Competition, organiser: Account
) -> None:
    second_version(crewed, organiser)
    rows = {
        (row.kind, row.certificate.subject): row
        for row in consequences_of(crewed)
        if row.certificate is not None
    }
    of_crew = {code: rows["award", code] for code in NAMES}
    assert {code: (row.was["name"], row.now, row.why) for code, row in of_crew.items()} == {
        code: (name, None, {"status": "dsq"}) for code, name in NAMES.items()
    }
    assert count_certificates(crewed).to_settle == len(rows) == 6
    settle([of_crew["P1a"]], "withdraw", organiser)
    settle([of_crew["P1b"]], "keep", organiser, "当事人没有过错")
    assert awards().keys() == {"P1b", "P2", "P3"}


def test_one_members_is_revoked_and_given_again_by_two(
    crewed: Competition, organiser: Account
) -> None:
    second, mine, others = official(crewed, "S1"), awards()["P1a"], awards()["P1b"]
    ask_revocation(mine, "冒名", organiser)
    assert agree_revocation(mine, second) == []
    assert awards().keys() == {"P1b", "P2", "P3"}
    assert unissued_awards(crewed) == 0
    ask_again(mine, "查清了", organiser)
    (new,) = agree_revocation(mine, second)
    assert (new.member, new.replaces, mine.replaced_by) == (mine.member, mine, [new])
    assert awards() == awards() | {"P1a": new, "P1b": others}
    assert list(check_records(crewed)) == []


def test_one_that_was_issued_for_a_crew_stands_and_is_not_due_again(
    app: Flask, announced: Competition, organiser: Account
) -> None:
    crew = person(announced, "P1")
    as_one = certified_as_one(crew, "一等奖", 1, "94.00", organiser)
    assert awards_due(announced) == ([], ["钱文", "孙䶮"])
    issue_award_certificates(announced, organiser, "急用")
    assert unissued_awards(announced) == count_certificates(announced).due == 0
    assert touched_by(crew).certificates == []
    page = app.test_client().get(f"/v/{as_one.token}").text
    assert "魏海燕、施雪梅" in page
    assert "<h1>有效</h1>" in page
    with app.test_request_context():
        assert print_certificates([as_one]).startswith(b"%PDF")
    announce_again(announced, organiser, "再公布一次")
    assert list(consequences_of(announced)) == []
    correct_person(member(announced, "P1b"), {"name": "施雪霉"}, "身份证", organiser)
    assert touched_by(crew).certificates == [as_one]


@pytest.mark.each_database
def test_one_that_was_issued_for_a_crew_gives_way_to_each_members(
    here: Flask, announced: Competition, organiser: Account
) -> None:
    as_one = certified_as_one(person(announced, "P1"), "一等奖", 1, "94.00", organiser)
    new = reissue_certificate(as_one, "各人一张", organiser)
    assert [(row.subject, row.face["name"]) for row in new] == list(NAMES.items())
    assert {row.replaces for row in new} == {as_one}
    assert (as_one.state, as_one.replaced_by) == (CertificateState.REPLACED, new)
    assert unissued_awards(announced) == 2
    both = "、".join(row.number for row in new)
    with pytest.raises(Refused, match=f"已经换成 {both}"):
        reissue_certificate(as_one, "再来", organiser)
    issue_award_certificates(announced, organiser, "急用")
    assert awards().keys() == {*NAMES, "P2", "P3"}
    page = here.test_client().get(f"/v/{as_one.token}").text
    assert "<h1>已换发</h1>" in page
    for row in new:
        assert row.number in page
        assert row.face["name"] in page
    assert [row.id for row in read_register(announced).rows][:3] == [
        as_one.id,
        *(row.id for row in new),
    ]
    assert list(check_records(announced)) == []
    assert all_faults() == []


@pytest.mark.parametrize("by_two", [False, True])
def test_a_new_version_or_two_people_give_each_member_one_in_its_stead(
    announced: Competition, organiser: Account, by_two: bool
) -> None:
    """By a version with another total; or revoked and given again."""
    as_one = certified_as_one(person(announced, "P1"), "一等奖", 1, "93.00", organiser)
    issue_award_certificates(announced, organiser, "急用")
    if by_two:
        second = official(announced, "S1")
        ask_revocation(as_one, "总分写错", organiser)
        agree_revocation(as_one, second)
        assert unissued_awards(announced) == 0
        ask_again(as_one, "改过来", organiser)
        made = agree_revocation(as_one, second)
        assert as_one.state is CertificateState.REVOKED
    else:
        announce_again(announced, organiser, "总分更正")
        [row] = consequences_of(announced)
        assert row.why == {"total": ["93.00", "94.00"]}
        settle([row], "replace", organiser)
        assert awards_due(announced) == (list(NAMES.values()), [])
        made = issue_award_certificates(announced, organiser, "急用")
        assert as_one.state is CertificateState.REPLACED
    assert [row.subject for row in made] == list(NAMES)
    assert {(row.face["total"], row.replaces) for row in made} == {("94.00", as_one)}
    assert unissued_awards(announced) == 0
    assert list(check_records(announced)) == []


def test_what_is_kept_for_a_crew_and_lost_goes_to_each_member(
    announced: Competition, organiser: Account
) -> None:
    as_one = certified_as_one(person(announced, "P1"), "特等奖", 1, "94.00", organiser)
    announce_again(announced, organiser, "核对")
    [row] = consequences_of(announced)
    assert row.was["award"] == "特等奖"
    settle([row], "keep", organiser, "当场宣布过")
    agree(row, official(announced, "S1"))
    new = reissue_certificate(as_one, "丢了补办", organiser)
    assert [
        (certificate.face["name"], certificate.face["award"], certificate.face["crew"])
        for certificate in new
    ] == [(name, "特等奖", "第1组") for name in NAMES.values()]
    assert {"members" in certificate.face for certificate in new} == {False}


def test_nobody_is_certified_under_a_pseudonym(announced: Competition, organiser: Account) -> None:
    crew = person(announced, "P1")
    as_one = certified_as_one(crew, "一等奖", 1, "94.00", organiser)
    assert not is_of_erased(as_one)
    with unit_of_work():
        erase_person(member(announced, "P1a"), "本人要求", organiser)
    assert len(numbers_to_come(as_one)) == 1
    (new,) = reissue_certificate(as_one, "各人一张", organiser)
    assert new.subject == "P1b"
    assert awards_due(announced)[1] == ["钱文", "孙䶮"]
    with unit_of_work():
        erase_person(member(announced, "P1b"), "本人要求", organiser)
    assert is_of_erased(as_one)
    with pytest.raises(Refused, match="个人资料已经删除"):
        reissue_certificate(new, "丢了补办", organiser)


def test_prize_money_stays_one_for_the_crew(announced: Competition, organiser: Account) -> None:
    set_money(announced, {"一等奖": 100_000}, {}, organiser)
    [paid] = payments_of(announced)
    assert (paid.name, str(paid.title), paid.cents) == (
        "第1组（魏海燕、施雪梅）",
        "一等奖（组合共一份）",
        100_000,
    )


def test_a_crew_is_paid_until_every_members_is_void_and_what_is_kept_once(
    crewed: Competition, organiser: Account
) -> None:
    set_money(crewed, {"一等奖": 100_000}, {}, organiser)
    second_version(crewed, organiser)
    assert [str(paid.name) for paid in payments_of(crewed)] == ["钱文"]
    for row in consequences_of(crewed):
        if row.certificate is not None and row.certificate.subject in NAMES and row.kind == "award":
            settle([row], "keep", organiser, "当事人没有过错")
            agree(row, official(crewed, "S1"))
    assert [str(paid.name) for paid in payments_of(crewed)] == [
        "钱文",
        "第1组（魏海燕、施雪梅）",
    ]
    for left, code in ((2, "P1a"), (1, "P1b")):
        revoke_certificate(awards()[code], "查实了", organiser)
        assert len(payments_of(crewed)) == left


def test_the_desk_says_beforehand_that_each_member_gets_one(
    app: Flask, announced: Competition, organiser: Account
) -> None:
    as_one = certified_as_one(person(announced, "P1"), "一等奖", 1, "94.00", organiser)
    desk, numbers = signed_in(app, organiser), numbers_to_come(as_one)
    assert len(numbers) == 2
    opened = desk.get(f"/desk/X/certificates?open={as_one.id}").text
    for word in ("魏海燕、施雪梅", "、".join(numbers), "换发，每人 1 张"):
        assert word in opened
    sent = {"why": "other", "reason": "各人一张"}
    answer = desk.post(f"/desk/X/certificates/{as_one.id}/reissue", data=sent)
    assert answer.status_code == 302
    register = desk.get(answer.location).text
    assert f"换发了：{'、'.join(numbers)} 替换 {as_one.number}" in register
    assert register.count(f"{as_one.face['unit']} 第1组") == 2
    book = desk.get("/desk/X/certificates/register.xlsx").data
    cells = {cell.value for row in load_workbook(BytesIO(book)).active.rows for cell in row}
    assert {"、".join(numbers), *numbers, *NAMES.values()} <= cells
