"""Whatever the order of acts: nobody with a module under its line gets a grade."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from random import Random

import pytest
from sqlalchemy import select

from compete.domain.values.states import CertificateState, CompetitionState, GradeState, MoveError
from compete.models import Account, Certificate, Competition, GradeDecision, PenaltyEntry, db
from compete.services.closing.grade_proposals import decide_grades, grade_decisions_of
from compete.services.kernel.chain_checks import verify_chain
from compete.services.kernel.refusal import Refused
from compete.services.kernel.row_checks import check_rows
from compete.services.registration.earlier_sittings import verdicts_of_version
from compete.services.registration.withdrawals import return_person, withdraw_person
from compete.services.results.publishing import publish
from compete.services.results.snapshots import publications
from tests.support.announced import agree_to_grades, body_for, end_appeals, lock, reopen
from tests.support.issuing import issue_grade_certificates
from tests.support.sittings import Load, of, put_back, sitting, take_off, verdict

STEPS = 20
GIVEN = (GradeState.PROPOSED, GradeState.APPROVED)


class Acts:
    """Acts upon one sitting, each of which may be refused."""

    def __init__(self, competition: Competition, by: Account, seed: int) -> None:
        self.competition, self.by, self.dice = competition, by, Random(seed)
        self.body = body_for(competition)
        self.faults: dict[tuple[str, str], PenaltyEntry] = {}
        self.done: Counter[str] = Counter()

    def step(self) -> None:
        act = self.dice.choice(
            [
                *(self.change, self.lock, self.publish, self.approve, self.issue),
                *(self.lock, self.publish, self.approve, self.issue, self.withdraw, self.come_back),
                *(self.agree, self.agree),
            ]
        )
        with suppress(Refused, MoveError):
            act()
            self.done[act.__name__] += 1

    def change(self) -> None:
        """Somebody's theory or practice loses points, or gets them back."""
        if self.competition.state is not CompetitionState.JUDGING:
            reopen(self.competition, self.by)
        key = self.dice.choice(["P1", "P2"]), self.dice.choice(["theory", "one"])
        if key in self.faults:
            put_back(self.faults.pop(key))
        else:
            self.faults[key] = take_off(of(self.competition, key[0]), key[1], 30)

    def lock(self) -> None:
        lock(self.competition, self.by)

    def publish(self) -> None:
        publish(self.competition, self.by, "更正")
        end_appeals(self.competition)

    def approve(self) -> None:
        rows = grade_decisions_of(self.competition, GradeState.PROPOSED)
        codes = [row.person.code for row in rows]
        decide_grades(self.competition, codes, GradeState.APPROVED, self.by)

    def agree(self) -> None:
        agree_to_grades(self.competition)

    def issue(self) -> None:
        issue_grade_certificates(self.competition, self.body, self.by, "先发")

    def withdraw(self) -> None:
        withdraw_person(of(self.competition, "P2"), "病了", self.by)

    def come_back(self) -> None:
        return_person(of(self.competition, "P2"), self.by)


@pytest.mark.parametrize("seed", range(4))
def test_every_grade_rests_on_modules_that_reach_their_lines(
    load: Load, organiser: Account, seed: int
) -> None:
    competition = load(sitting("FIRST", "2026-05-10", hands=80, people=2))
    acts = Acts(competition, organiser, seed)
    acts.lock()
    acts.publish()
    for _ in range(STEPS):
        acts.step()
        if competition.state is not CompetitionState.JUDGING:
            for row in db.session.scalars(select(GradeDecision)):
                if row.state in GIVEN:
                    assert verdict(row.entrant).verdict == "pass", (row.entrant.code, row.state)
        for paper in db.session.scalars(
            select(Certificate).where(Certificate.state == CertificateState.VALID)
        ):
            assert paper.entrant is not None
            then = [it for it in publications(competition) if it.published_at <= paper.issued_at]
            verdicts = verdicts_of_version(max(then, key=lambda it: it.version))["A"]
            assert verdicts[paper.entrant.code].verdict == "pass"
    assert acts.done
    assert list(check_rows(competition)) == []
    assert list(verify_chain(competition)) == []
