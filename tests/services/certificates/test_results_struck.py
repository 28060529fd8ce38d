"""A certificate made void alone leaves the result; made void with it, all that it gave goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from compete.domain.values import CertificateState, CompetitionState
from compete.models import Account, Certificate, Competition, db
from compete.services.certificates import (
    agree_revocation,
    ask_revocation,
    count_certificates,
    open_revocations,
    still_given,
    why_not_agree_revocation,
)
from compete.services.closing import lock_marks
from compete.services.kernel import Refused
from compete.services.publication import publish
from compete.services.scoring import live_results
from tests.support.announced import announce, approve_all
from tests.support.second_day import certify, with_prizes
from tests.support.signing_in import official, signed_in


@pytest.fixture
def certified(here: Flask, load: Callable[..., Competition], organiser: Account) -> Competition:
    competition = with_prizes(load)
    certify(competition, organiser)
    return competition


def papers(code: str) -> dict[str, Certificate]:
    """The certificates of a contestant, by kind."""
    return {row.kind: row for row in db.session.query(Certificate).filter_by(subject=code)}


def test_what_a_void_certificate_leaves_is_listed_until_the_result_is_struck(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    award = papers("P1")["award"]
    ask_revocation(award, "工龄不符", organiser)
    agree_revocation(award, official(certified, "S1"))
    (left,) = still_given(certified)
    assert (left.certificate, left.struck) == (award, False)
    assert [row.kind for row in left.valid] == ["grade"]
    page = signed_in(here, organiser).get("/desk/X/consequences").text
    assert papers("P1")["grade"].number[-6:] in page
    assert "去取消成绩" in page


def test_two_strike_a_result_together_with_its_certificates(
    here: Flask, certified: Competition, organiser: Account
) -> None:
    award = papers("P1")["award"]
    page = signed_in(here, organiser).post(
        f"/desk/X/certificates/{award.id}/revoke", data={"reason": "工龄不符", "scope": "result"}
    )
    assert page.status_code == 302
    (asked,) = open_revocations(certified)
    supervisor, chief = official(certified, "S1"), official(certified, "C1")
    assert why_not_agree_revocation(asked, supervisor) is not None
    assert why_not_agree_revocation(asked, chief) is None
    with pytest.raises(Refused, match="裁判长"):
        agree_revocation(award, supervisor)
    assert award.state is CertificateState.VALID
    agree_revocation(award, chief)
    assert {row.state for row in papers("P1").values()} == {CertificateState.REVOKED}
    assert certified.state is CompetitionState.JUDGING
    row = next(
        row for row in live_results(certified).results.events[0].standings if row.entrant == "P1"
    )
    assert row.status == "dsq"
    assert all(left.struck for left in still_given(certified))
    lock_marks(certified, organiser)
    publish(certified, organiser, "选手 P1 取消成绩。")
    assert still_given(certified) == []


def test_the_page_of_certificates_says_what_waits_for_approval(
    here: Flask, load: Callable[..., Competition], organiser: Account
) -> None:
    competition = with_prizes(load)
    announce(competition, organiser)
    page = signed_in(here, organiser).get("/desk/X/certificates").text
    waiting = count_certificates(competition).undecided
    assert waiting > 0
    assert f"待批准 {waiting} 人" in page
    assert 'href="/desk/X/awards"' in page.split("kind-cards")[1]
    approve_all(competition, organiser)
    assert "待批准" not in signed_in(here, organiser).get("/desk/X/certificates").text
