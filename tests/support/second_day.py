"""Second day: a small competition after its prizes: certified, then the winner goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from compete.models import Account, Competition, Entrant, Publication, db
from compete.services.certificates.award_certificates import issue_award_certificates
from compete.services.closing.competition_lock import lock_marks
from compete.services.closing.penalties_and_outcomes import (
    Proposal,
    confirm_proposal,
    propose_decision,
)
from compete.services.kernel.publications import latest_publication
from compete.services.results.publishing import publish
from tests.support.announced import announce, approve_all, body_for, reopen
from tests.support.begun import copied
from tests.support.issuing import issue_grade_certificates
from tests.support.signing_in import official
from tests.support.small import all_marks, small

PRIZES: dict[str, Any] = {
    "occupation": {"code": "6-30-05-01", "name": "起重装卸机械操作工", "track": "叉车司机"},
    "awards": [
        {"code": "first", "name": "一等奖", "top": 1},
        {"code": "second", "name": "二等奖", "top": 1},
        {"code": "third", "name": "三等奖", "top": 1},
    ],
    "grades": [
        {"code": "top-1", "when": {"groups": ["worker"], "max_rank": 1}, "grant": {"to": 2}},
        {"code": "top-3", "when": {"groups": ["worker"], "max_rank": 3}, "grant": {"to": 3}},
    ],
}


def with_prizes(load: Callable[..., Competition]) -> Competition:
    """Set up P1 to P4 in this order: three prizes, grade 2 for the first, 3 for the next two."""
    return load(small(all_marks(), event=PRIZES))


def certify(competition: Competition, by: Account) -> None:
    """Publish, approve, and issue every certificate."""

    def make() -> None:
        announce(competition, by)
        approve_all(competition, by)
        issue_grade_certificates(competition, body_for(competition), by, "急用")
        issue_award_certificates(competition, by, "急用")

    copied(f"certify {competition.id} {by.id}", make)


def person(competition: Competition, code: str) -> Entrant:
    """Find an entrant by code."""
    return db.session.query(Entrant).filter_by(competition_id=competition.id, code=code).one()


def strike_out(competition: Competition, code: str, by: Account) -> None:
    """Open again, and disqualify one by two persons."""
    reopen(competition, by)
    wanted = Proposal("dsq", "S", None, "工龄不符", "报名表和社保记录")
    decision = propose_decision(person(competition, code), wanted, official(competition, "C1"))
    confirm_proposal(decision, official(competition, "S1"))


def second_version(competition: Competition, by: Account, code: str = "P1") -> Publication:
    """Strike the winner out, lock and publish anew."""

    def make() -> None:
        strike_out(competition, code, by)
        lock_marks(competition, by)
        publish(competition, by, "选手 P1 取消成绩。")

    copied(f"second version {competition.id} {by.id} {code}", make)
    published = latest_publication(competition)
    assert published is not None
    return published
