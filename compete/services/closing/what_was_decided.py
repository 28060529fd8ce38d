"""What was decided of proposed grades, for papers and pages that name them."""

from __future__ import annotations

from sqlalchemy import func, select

from compete.domain.grades import Decided
from compete.models import Competition, Entrant, GradeDecision, Member, db


def decided_grades(competition: Competition) -> Decided:
    """Each decision's grade and state, by the code of the entrant or, of a crew, the member."""
    rows = db.session.execute(
        select(func.coalesce(Member.code, Entrant.code), GradeDecision.grade, GradeDecision.state)
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(Entrant.competition_id == competition.id)
    )
    return {code: (grade, state) for code, grade, state in rows.tuples()}
