"""Papers and lists of certificates that have nobody on them say why that is so."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from compete.domain.values.states import ConsequenceState, GradeState
from compete.models import Account, Certificate, Competition, db
from compete.services.certificates.authority_books import write_handing_out
from compete.services.certificates.printing import _print_all, print_handing_out
from compete.services.certificates.promotions import write_promotions
from compete.services.certificates.register import register_ids
from compete.services.certificates.reissuing import reissue_certificate
from compete.services.certificates.rows import revoke_certificate
from compete.services.certificates.settling import agree, settle
from compete.services.closing.grade_proposals import decide_grades
from compete.services.jobs.papers.kinds import Asked
from compete.services.kernel.refusal import Refused
from compete.services.results.consequences import consequences_of
from compete.services.results.result_moves import withdraw_notice
from tests.support.announced import announce
from tests.support.second_day import certify, second_version, strike_out, with_prizes
from tests.support.signing_in import official


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def refusals(competition: Competition, by: Account) -> set[str]:
    """What is answered to each paper and book of grade certificates."""
    asked = Asked(competition, by, str, {"kind": "grade"})
    rows = register_ids(competition, state="valid", kind="grade")
    answers = set()
    for make in (_print_all, print_handing_out, write_handing_out):
        with pytest.raises(Refused) as refused:
            make(asked, rows)
        answers.add(str(refused.value.message))
    return answers


def test_papers_say_whether_none_was_issued_or_none_holds(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    assert refusals(competition, organiser) == {"还没有证书，先发证"}


def test_papers_say_that_a_notice_was_taken_down(
    certified: Competition, organiser: Account
) -> None:
    withdraw_notice(certified.events[0], "材料要核", organiser)
    assert refusals(certified, organiser) == {"公示撤下了，3 张证书都在复核中，重新公布以后才能印"}


def test_papers_say_that_all_are_under_review_and_that_all_are_void(
    certified: Competition, organiser: Account
) -> None:
    third = select(Certificate).where(Certificate.kind == "grade", Certificate.subject == "P3")
    revoke_certificate(db.session.scalars(third).one(), "冒名", organiser)
    second_version(certified, organiser)
    assert refusals(certified, organiser) == {"2 张证书都在复核中或者等换发，办完以后才能印"}
    for row in db.session.scalars(select(Certificate).where(Certificate.kind == "grade")):
        if row.state == "valid":
            revoke_certificate(row, "冒名", organiser)
    assert refusals(certified, organiser) == {"发过的证书都撤销了，没有有效的"}


def promotions_refused(competition: Competition, by: Account) -> str:
    with pytest.raises(Refused) as refused:
        write_promotions(Asked(competition, by, str, {}))
    return str(refused.value.message)


def test_the_list_of_promotions_says_why_nobody_is_on_it(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    assert "评分锁定以后" in promotions_refused(competition, organiser)
    announce(competition, organiser)
    decide_grades(competition, ["P1", "P2", "P3"], GradeState.DEFERRED, organiser, "材料不全")
    assert promotions_refused(competition, organiser) == "拟晋升的人都缓办了、没有批准或者撤销了"


def test_the_list_of_promotions_says_that_those_of_before_have_changed(
    certified: Competition, organiser: Account
) -> None:
    third = select(Certificate).where(Certificate.kind == "grade", Certificate.subject == "P3")
    revoke_certificate(db.session.scalars(third).one(), "冒名", organiser)
    strike_out(certified, "P1", organiser)
    assert promotions_refused(certified, organiser) == (
        "按现在的成绩，原来的 2 人等级都变了。定了换发或者保留、重新批准以后列在这里"
    )


def test_a_kept_grade_bears_no_clause_that_its_place_does_not_meet(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    (row,) = [
        row
        for row in consequences_of(certified)
        if row.kind == "grade" and row.was["name"] == "赵启明"
    ]
    settle([row], "keep", organiser, "本人书面要求")
    agree(row, official(certified, "S1"))
    book = load_workbook(BytesIO(write_promotions(Asked(certified, organiser, str, {}))))
    texts = [str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line]
    clauses = [text for text in texts if text.startswith("两个人定了保留，原来的依据：")]
    assert len(clauses) == 1


def test_what_is_to_be_replaced_waits_for_an_approval_where_there_is_one_alone(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    for row in consequences_of(certified):
        if row.state is ConsequenceState.OPEN:
            settle([row], "withdraw" if row.now is None else "replace", organiser)
    answers = {}
    for kind in ("award", "grade"):
        query = select(Certificate).where(Certificate.kind == kind, Certificate.subject == "P2")
        with pytest.raises(Refused) as refused:
            reissue_certificate(db.session.scalars(query).one(), "丢了补办", organiser)
        answers[kind] = str(refused.value.message)
    assert answers == {
        "award": "这张证书已经定了换发，和别的新证一起发",
        "grade": "这张证书已经定了换发，批准以后和别的新证一起发",
    }


def test_who_presses_twice_is_told_that_it_was_the_own_press(
    certified: Competition, organiser: Account
) -> None:
    second_version(certified, organiser)
    row = next(row for row in consequences_of(certified) if row.kind == "award" and row.now)
    settle([row], "replace", organiser, seen="")
    with pytest.raises(Refused, match="你刚定过这一件"):
        settle([row], "replace", organiser, seen="")
    with pytest.raises(Refused, match="刚被别人定过"):
        settle([row], "replace", official(certified, "S1"), seen="")
