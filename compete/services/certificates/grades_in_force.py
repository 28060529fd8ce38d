"""Decided grades beside the results that stand now: who still has one, by which rank and rule.

A decision keeps what was decided, on the results of its day. What a page or a paper says of
rank and reasons comes from here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from compete.domain.bundle.results import GradeRow, Results
from compete.domain.values.states import GradeState
from compete.models import Competition, Entrant, Event, GradeDecision, Member, db
from compete.services.closing.grade_decisions import kept_certificates
from compete.services.closing.grade_proposals import grade_decisions_of


@dataclass(frozen=True)
class GradeNow:
    """A decision, the person's rank now, and what the results give: None where nothing.

    `kept` is a certificate that two kept though the results give it no more.
    """

    decision: GradeDecision
    rank: int | None
    from_results: GradeRow | None
    kept: bool

    @property
    def follows(self) -> bool:
        """True if the results give the grade that was decided."""
        return self.kept or self._is_given

    @property
    def is_kept(self) -> bool:
        """True if its certificate stands against what the results give."""
        return self.kept and not self._is_given

    @property
    def is_left_over(self) -> bool:
        """True if a certificate is out for a grade that the results give no more."""
        return self.decision.state is GradeState.ISSUED and not self.follows

    @property
    def rule(self) -> str:
        """The rule that gives the grade now; else the one it was decided by."""
        if self.from_results is not None and self._is_given:
            return self.from_results.rule
        return self.decision.rule

    @property
    def _is_given(self) -> bool:
        return self.from_results is not None and self.from_results.grade == self.decision.grade


class GradeLine(NamedTuple):
    """A decision as lists count and order it; the whole is read of a page's alone."""

    number: int
    state: GradeState
    is_left_over: bool
    event: str
    entrant: str
    member: str | None
    """The code in the crew; None for who stands alone."""
    present_grade: int | None
    grade: int
    asked: bool
    """True if it is proposed and one of two asked for it to be approved."""

    @property
    def person(self) -> str:
        """The person's own code."""
        return self.member or self.entrant


def grades_now(
    competition: Competition, results: Results, numbers: Collection[int] | None = None
) -> list[GradeNow]:
    """List every decision of the competition, by event, then the rank of now, then number.

    Of those rows alone where they are given: there may be tens of thousands.
    """
    ranks, given = _as_given(results)
    kept = kept_certificates(competition)
    grades = []
    for decision in grade_decisions_of(competition, numbers=numbers):
        grades.append(
            GradeNow(
                decision,
                ranks.get(decision.entrant.code),
                given.get((decision.event.code, decision.person.code)),
                (decision.entrant_id, decision.member_id) in kept,
            )
        )
    return sorted(grades, key=_place)


def grade_lines(competition: Competition, results: Results) -> list[GradeLine]:
    """List every decision as `grades_now` orders them, and whether it `is_left_over`."""
    ranks, given = _as_given(results)
    kept = kept_certificates(competition)
    rows = db.session.execute(
        select(
            GradeDecision.id, GradeDecision.state, GradeDecision.grade, GradeDecision.event_id,
            GradeDecision.entrant_id, GradeDecision.member_id, Entrant.code, Member.code,
            Event.code, GradeDecision.present_grade, GradeDecision.asked_by,
        )
        .join(Entrant, Entrant.id == GradeDecision.entrant_id)
        .join(Event, Event.id == GradeDecision.event_id)
        .outerjoin(Member, Member.id == GradeDecision.member_id)
        .where(Entrant.competition_id == competition.id)
    ).tuples()  # fmt: skip
    placed = []
    for (
        number, state, grade, event, entrant_id, member_id, entrant, member, code, present, first
    ) in rows:  # fmt: skip
        row = given.get((code, member or entrant))
        follows = (entrant_id, member_id) in kept or (row is not None and row.grade == grade)
        line = GradeLine(
            number=number,
            state=state,
            is_left_over=state is GradeState.ISSUED and not follows,
            event=code,
            entrant=entrant,
            member=member,
            present_grade=present,
            grade=grade,
            asked=state is GradeState.PROPOSED and first is not None,
        )
        placed.append((_placed(event, ranks.get(entrant), entrant, number), line))
    return [line for _place, line in sorted(placed)]


def _as_given(results: Results) -> tuple[dict[str, int | None], dict[tuple[str, str], GradeRow]]:
    """The rank of everybody, and by event and person the grade that the results give."""
    given: dict[tuple[str, str], GradeRow] = {}
    ranks: dict[str, int | None] = {}
    for event in results.events:
        ranks |= {row.entrant: row.rank for row in event.standings}
        for row in event.grades or ():
            if row.change == "promoted":
                given[event.code, row.member or row.entrant] = row
    return ranks, given


def is_kept(decision: GradeDecision) -> bool:
    """True if two persons kept its certificate though the results in force give another grade."""
    kept = kept_certificates(decision.entrant.competition)
    return (decision.entrant_id, decision.member_id) in kept


def _place(now: GradeNow) -> tuple[int, bool, int, str, int]:
    decision = now.decision
    return _placed(decision.event_id, now.rank, decision.entrant.code, decision.id)


def _placed(
    event: int, rank: int | None, code: str, number: int
) -> tuple[int, bool, int, str, int]:
    return event, rank is None, rank or 0, code, number
