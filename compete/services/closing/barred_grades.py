"""Grades of an evaluation that nobody may get: who was not passed, or rests on a void certificate.

What was published says nothing of either: a certificate may be made void, and somebody may come
late and be marked unseen, long after the results are worked out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compete.domain.identity.certificate_number import spaced_number
from compete.domain.kinds.kinds import competition_kind
from compete.domain.values.messages import Message, msg
from compete.models import GradeDecision
from compete.services.directory.registered_grades import any_void_grade
from compete.services.registration.applicant_eligibility import conditions_of_entrants
from compete.services.schedule.admissions import admitted_in


def barred_grades(rows: Sequence[GradeDecision]) -> Iterator[tuple[GradeDecision, Message]]:
    """Find those of whom the review says no: each with why. `rows` are of one competition."""
    if not rows or not competition_kind(rows[0].event.competition).has_review:
        return
    competition = rows[0].event.competition
    passed = {number for event in competition.events for number in admitted_in(event) or ()}
    void = any_void_grade()
    states = conditions_of_entrants(competition, [row.entrant for row in rows]) if void else {}
    for row in rows:
        state = states.get(row.entrant.code)
        if row.entrant_id not in passed:
            why = msg("%(name)s 没有通过审核：解锁以后通过，或者不批准", name=row.entrant.name)
            yield row, why
        elif state is not None and state.void is not None and not state.eligible:
            yield (
                row,
                msg(
                    "%(name)s 现等级的证书 %(number)s 撤销了，条件不够：不批准，或者解锁以后更正",
                    name=row.entrant.name,
                    number=spaced_number(state.void),
                ),
            )
