"""Grade decisions on proposed grades, for papers and pages that name them."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from compete.domain.grades.proposals import Decided, DecidedGrade
from compete.domain.values.states import ConsequenceState, GradeState
from compete.models import Competition, Consequence, Entrant, GradeDecision, Member, db


def decided_grades(competition: Competition) -> Decided:
    """The decisions by the code of the entrant or, of a crew, the member."""
    rows = db.session.execute(
        select(
            Entrant.code, Member.code, Entrant.id, Member.id, GradeDecision.grade,
            GradeDecision.state,
        )
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(Entrant.competition_id == competition.id)
    ).tuples()  # fmt: skip
    kept = kept_certificates(competition)
    decisions = {}
    for entrant, member, entrant_id, member_id, grade, state in rows:
        kept_of = entrant if (entrant_id, member_id) in kept else None
        decisions[member or entrant] = DecidedGrade(grade, state, kept_of)
    return decisions


def grades_asked(competition: Competition) -> dict[str, int]:
    """Who asked for a proposed grade to be approved, by the code of the entrant or the member."""
    rows = db.session.execute(
        select(func.coalesce(Member.code, Entrant.code), GradeDecision.asked_by)
        .select_from(GradeDecision)
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(
            Entrant.competition_id == competition.id,
            GradeDecision.state == GradeState.PROPOSED,
            GradeDecision.asked_by.is_not(None),
        )
    ).tuples()
    return {code: first for code, first in rows if first is not None}


def kept_certificates(competition: Competition) -> set[tuple[int, int | None]]:
    """The grades that two persons kept against the results, as entrant and member.

    Kept is what stands: a certificate that was revoked afterwards keeps nobody's grade, nor does
    another grade that came in its stead.
    """
    rows = db.session.execute(
        select(
            GradeDecision.entrant_id, GradeDecision.member_id, GradeDecision.grade, Consequence.was
        )
        .join(
            Consequence,
            and_(
                Consequence.entrant_id == GradeDecision.entrant_id,
                Consequence.member_id.is_not_distinct_from(GradeDecision.member_id),
            ),
        )
        .where(
            Consequence.competition_id == competition.id,
            Consequence.kind == "grade",
            Consequence.state == ConsequenceState.KEPT,
            GradeDecision.state == GradeState.ISSUED,
        )
    ).tuples()
    return {(entrant, member) for entrant, member, grade, was in rows if was["grade"] == grade}


def as_published(decided: Decided) -> dict[str, list[int | str]]:
    """The decisions as a publication keeps them: grade, state and, where it was kept, whose."""
    return {
        code: [
            decision.grade,
            decision.state.value,
            *([decision.kept_of] if decision.kept_of else []),
        ]
        for code, decision in decided.items()
    }


def published_decisions(stored: dict[str, list[int | str]]) -> Decided:
    """Read back what `as_published` made."""
    return {
        code: DecidedGrade(int(grade), GradeState(str(state)), str(kept[0]) if kept else None)
        for code, (grade, state, *kept) in stored.items()
    }
