"""Counts of certificates, and of the steps that still lead to one: made here alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select

from compete.domain.values.states import CertificateState, GradeState
from compete.models import (
    Certificate,
    Competition,
    Entrant,
    GradeDecision,
    OutcomeEntry,
    db,
)
from compete.services.awards.external_awards import honours_to_approve
from compete.services.awards.issuing_gate import ANNOUNCED, issuable_events
from compete.services.awards.nominated_awards import waiting_distinctions
from compete.services.certificates.award_certificates import unissued_awards
from compete.services.certificates.claim_certificates import count_claims_due
from compete.services.certificates.claims import claims_to_decide
from compete.services.certificates.grades_due import grades_ready
from compete.services.certificates.outdated_names import (
    Correction,
    Renaming,
    open_corrections,
    open_renamings,
)
from compete.services.certificates.revocation_requests import open_revocations
from compete.services.closing.grade_proposals import codes_in_state
from compete.services.kernel.publications import latest_publication
from compete.services.results.consequences import open_consequences
from compete.services.results.snapshots import read_snapshot


@dataclass(frozen=True)
class CertificateCounts:
    """The counts of certificates issued and not issued.

    `valid` are neither revoked nor replaced. `due` could be issued now: none while something is
    left `to_settle`. `waiting` are due too, of events that have to wait while others go out.
    `approving` honours wait for another body's word. `undecided` grades wait for approval,
    `agreeing` ones for the second of two who approve, `deferred` ones were put off; `nominated`
    awards given by hand, `revoking` certificates and `again`, void ones to be given anew, wait for
    the second of two. `claimed` grades on other grounds can be decided, `claims_due` be certified.
    `corrections` of people and `renamings` of units are not followed yet by certificates or the
    version announced. `announced`: results are published and not open again. `void` people's grades
    were certified and made void, and none was given again: that is told, and nobody has to.
    """

    announced: bool
    valid: int
    due: int
    waiting: int
    approving: int
    to_settle: int
    undecided: int
    agreeing: int
    deferred: int
    revoking: int
    again: int
    nominated: int
    claimed: int
    claims_due: int
    void: int
    corrections: tuple[Correction, ...]
    renamings: tuple[Renaming, ...]

    @property
    def done(self) -> bool:
        """True if something was issued and nothing is left to do."""
        left = (
            *(self.due, self.waiting, self.approving, self.to_settle, self.undecided),
            *(self.agreeing, self.deferred, self.revoking, self.again, self.nominated),
            *(self.claimed, self.claims_due, self.corrections, self.renamings),
        )
        return self.announced and bool(self.valid) and not any(left)


def count_certificates(competition: Competition) -> CertificateCounts:
    """Count the certificates as they are now."""
    published = latest_publication(competition) is not None
    announced = published and competition.state in ANNOUNCED
    grades = _grades(competition)
    to_settle = open_consequences(competition)
    issuing = announced and not to_settle
    due = unissued_awards(competition) + grades_ready(competition) if issuing else 0
    waiting = 0
    if issuing and issuable_events(competition) is not None:
        everything = unissued_awards(competition, everywhere=True)
        waiting = everything + grades_ready(competition, everywhere=True) - due
    asked = Counter(row.again for row in open_revocations(competition))
    return CertificateCounts(
        announced=announced,
        valid=_valid(competition),
        due=due,
        waiting=waiting,
        approving=honours_to_approve(competition) if published else 0,
        to_settle=to_settle,
        undecided=grades[GradeState.PROPOSED, False],
        agreeing=grades[GradeState.PROPOSED, True],
        deferred=grades[GradeState.DEFERRED, False],
        revoking=asked[False],
        again=asked[True],
        claimed=claims_to_decide(competition),
        claims_due=count_claims_due(competition),
        nominated=waiting_distinctions(competition),
        void=void_grades(competition),
        corrections=tuple(open_corrections(competition)),
        renamings=tuple(open_renamings(competition)),
    )


def void_grades(competition: Competition) -> int:
    """Count the people whose grade was certified and made void, and not given again.

    Of those alone to whom the version in force gives a grade, whose result is not struck.
    """
    struck = exists().where(
        OutcomeEntry.entrant_id == GradeDecision.entrant_id,
        OutcomeEntry.status == "dsq",
        OutcomeEntry.withdrawn_at.is_(None),
    )
    void = set(db.session.scalars(codes_in_state(competition, GradeState.REVOKED).where(~struck)))
    publication = latest_publication(competition) if void else None
    if publication is None:
        return 0
    return len(
        void
        & {
            row.member or row.entrant
            for event in read_snapshot(publication)[1].events
            for row in event.grades or ()
            if row.change == "promoted"
        }
    )


def grades_to_decide(competition: Competition) -> tuple[int, int]:
    """Count the people whose grades by place wait for approval, and those that were put off."""
    grades = _grades(competition)
    return grades[GradeState.PROPOSED, False], grades[GradeState.DEFERRED, False]


def _valid(competition: Competition) -> int:
    query = select(func.count(Certificate.id)).where(
        Certificate.competition_id == competition.id,
        Certificate.state == CertificateState.VALID,
    )
    return db.session.scalar(query) or 0


def _grades(competition: Competition) -> Counter[tuple[GradeState, bool]]:
    """Count the grades by state, and whether one of two asked for them to be approved."""
    asked = and_(
        GradeDecision.state == GradeState.PROPOSED, GradeDecision.asked_by.is_not(None)
    ).label("asked")
    query = (
        select(GradeDecision.state, asked, func.count())
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .where(Entrant.competition_id == competition.id)
        .group_by(GradeDecision.state, asked)
    )
    rows = db.session.execute(query).tuples()
    return Counter({(state, bool(given)): count for state, given, count in rows})
