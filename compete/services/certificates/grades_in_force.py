"""Decided grades beside the results that stand now: who still has one, by which rank and rule.

A decision keeps what was decided, on the results of its day. What a page or a paper says of
rank and reasons comes from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.bundle import GradeRow, Results
from compete.domain.values import GradeState
from compete.models import Competition, GradeDecision
from compete.services.closing import grade_decisions_of, kept_certificates


@dataclass(frozen=True)
class GradeNow:
    """A decision, the person's rank now, and what the results give: None where nothing.

    `kept` is a certificate that two kept though the results give it no more.
    """

    decision: GradeDecision
    rank: int | None
    given: GradeRow | None
    kept: bool

    @property
    def follows(self) -> bool:
        """Whether the results give the grade that was decided."""
        return self.kept or self._is_given

    @property
    def is_kept(self) -> bool:
        """Whether its certificate stands against what the results give."""
        return self.kept and not self._is_given

    @property
    def is_left(self) -> bool:
        """Whether a certificate is out for a grade that the results give no more."""
        return self.decision.state is GradeState.ISSUED and not self.follows

    @property
    def rule(self) -> str:
        """The rule that gives the grade now; else the one it was decided by."""
        if self.given is not None and self._is_given:
            return self.given.rule
        return self.decision.rule

    @property
    def _is_given(self) -> bool:
        return self.given is not None and self.given.grade == self.decision.grade


def grades_now(competition: Competition, results: Results) -> list[GradeNow]:
    """Every decision of the competition, by event, then the rank of now, then number."""
    given: dict[tuple[str, str], GradeRow] = {}
    ranks: dict[str, int | None] = {}
    for event in results.events:
        ranks |= {row.entrant: row.rank for row in event.standings}
        for row in event.grades or ():
            if row.change == "promoted":
                given[event.code, row.member or row.entrant] = row
    kept = kept_certificates(competition)
    found = []
    for decision in grade_decisions_of(competition):
        found.append(
            GradeNow(
                decision,
                ranks.get(decision.entrant.code),
                given.get((decision.event.code, decision.person.code)),
                (decision.entrant_id, decision.member_id) in kept,
            )
        )
    return sorted(found, key=_place)


def is_kept(decision: GradeDecision) -> bool:
    """Whether two persons kept its certificate though the results in force give another grade."""
    kept = kept_certificates(decision.entrant.competition)
    return (decision.entrant_id, decision.member_id) in kept


def _place(now: GradeNow) -> tuple[int, bool, int, str, int]:
    decision = now.decision
    return (
        decision.event_id,
        now.rank is None,
        now.rank or 0,
        decision.entrant.code,
        decision.id,
    )
