"""What was decided of proposed grades, for papers and pages that name them."""

from __future__ import annotations

from sqlalchemy import select

from compete.domain.grades import Decided, DecidedGrade
from compete.domain.values import ConsequenceState, GradeState
from compete.models import Competition, Consequence, Entrant, GradeDecision, Member, db


def decided_grades(competition: Competition) -> Decided:
    """Each decision by the code of the entrant or, of a crew, the member."""
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
    found = {}
    for entrant, member, entrant_id, member_id, grade, state in rows:
        stands = state is GradeState.ISSUED and (entrant_id, member_id) in kept
        found[member or entrant] = DecidedGrade(grade, state, entrant if stands else None)
    return found


def kept_certificates(competition: Competition) -> set[tuple[int, int | None]]:
    """Whose grade two persons kept though the results say something else: entrant and member."""
    rows = db.session.execute(
        select(Consequence.entrant_id, Consequence.member_id).where(
            Consequence.competition_id == competition.id,
            Consequence.kind == "grade",
            Consequence.state == ConsequenceState.KEPT,
        )
    ).tuples()
    return {(entrant, member) for entrant, member in rows if entrant is not None}


def as_published(decided: Decided) -> dict[str, list[int | str]]:
    """Decisions as a publication keeps them: grade, state and, where it was kept, whose it is."""
    return {
        code: [
            decision.grade,
            decision.state.value,
            *([decision.kept_of] if decision.kept_of else []),
        ]
        for code, decision in decided.items()
    }


def published_decisions(stored: dict[str, list[int | str]]) -> Decided:
    """What `as_published` made."""
    return {
        code: DecidedGrade(int(grade), GradeState(str(state)), str(kept[0]) if kept else None)
        for code, (grade, state, *kept) in stored.items()
    }
