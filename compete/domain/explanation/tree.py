"""Explanation of a whole result, in sentences that can be said in any language.

`explain` takes a competition and the code of an entrant (of a unit, for a
labour competition) and gives a tree of steps. The web pages and the command
line show the same tree.
"""

from __future__ import annotations

from collections.abc import Iterable

from compete.domain.bundle.types import Bundle, Mark
from compete.domain.explanation.labour import explain_unit
from compete.domain.explanation.steps import Explanation, NobodyError
from compete.domain.kinds.kinds import competition_kind
from compete.domain.scoring.scorer import Scorer


def explain(bundle: Bundle, code: str) -> Explanation:
    """Explain everything about one entrant or unit; for a crew's member, the crew.

    `NobodyError` for a code that nobody bears.
    """
    if competition_kind(bundle.competition).has_periods:
        return explain_unit(bundle, code)
    if competition_kind(bundle.competition).gives_verdicts:
        from compete.domain.explanation.evaluations import explain_judged

        return explain_judged(bundle, code)
    return explain_entrant(Scorer(bundle), _crew_of(bundle).get(code, code))


def _crew_of(bundle: Bundle) -> dict[str, str]:
    return {member.code: entrant.code for entrant in bundle.entrants for member in entrant.members}


def explain_entrant(scorer: Scorer, code: str, marks: Iterable[Mark] = ()) -> Explanation:
    """Explain everything about one entrant, with the marks that came in since.

    `marks` are the entrant's where the scorer's bundle was left without any.
    """
    from compete.domain.explanation.brought import overall_steps, unit_steps
    from compete.domain.explanation.grades import grade_steps
    from compete.domain.explanation.modules import Papers, stage_step
    from compete.domain.explanation.places import award_steps, final_step, item_steps, team_steps

    if not scorer.has(code):
        raise NobodyError(code)
    event = scorer.event_of(code)
    papers = Papers(scorer.bundle, code, (*scorer.later, *marks))
    steps = [
        stage_step(event, index, papers)
        for index, state in enumerate(event.stages)
        if code in state.entrants
    ]
    steps.append(final_step(event, code))
    steps += item_steps(event, code)
    steps += team_steps(event, code)
    steps += unit_steps(event, code)
    steps += award_steps(event, code)
    steps += grade_steps(event, code)
    steps += overall_steps(scorer, code)
    return Explanation(code=code, name=event.entrants[code].name, steps=tuple(steps))
