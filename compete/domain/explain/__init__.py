"""Why a result is what it is, in sentences that can be said in any language.

`explain` takes a competition and the code of an entrant (of a unit, for a
labour competition) and gives a tree of steps. The web pages and the command
line show the same tree.
"""

from __future__ import annotations

from collections.abc import Iterable

from compete.domain.bundle import Bundle, Mark
from compete.domain.explain.evaluations import VERDICT_WORDS, line_steps
from compete.domain.explain.grades import (
    LEVEL_WORDS,
    grade_word,
    levels_word,
    rule_title,
    rule_words,
)
from compete.domain.explain.labour import explain_outcome, explain_unit
from compete.domain.explain.labour_moves import (
    Change,
    causes_words,
    changes_since,
    named_changes,
    signed,
)
from compete.domain.explain.labour_ranks import unit_tie_told
from compete.domain.explain.marks import given_value
from compete.domain.explain.ranks import deciding_key, separated_by
from compete.domain.explain.steps import (
    Explanation,
    NobodyError,
    Step,
    StepKind,
    every_step,
    number,
    reason_words,
)
from compete.domain.explain.team_ranks import team_tie_told
from compete.domain.explain.telling import Part, numbered, telling_parts
from compete.domain.explain.ties import TiesTold, any_parted, ties_told
from compete.domain.explain.times import readings_told, time_told
from compete.domain.scoring import Scorer
from compete.domain.values import Kind

__all__ = [
    "LEVEL_WORDS",
    "VERDICT_WORDS",
    "Change",
    "Explanation",
    "NobodyError",
    "Part",
    "Step",
    "StepKind",
    "TiesTold",
    "any_parted",
    "causes_words",
    "changes_since",
    "deciding_key",
    "every_step",
    "explain",
    "explain_entrant",
    "explain_outcome",
    "given_value",
    "grade_word",
    "levels_word",
    "line_steps",
    "named_changes",
    "number",
    "numbered",
    "readings_told",
    "reason_words",
    "rule_title",
    "rule_words",
    "separated_by",
    "signed",
    "team_tie_told",
    "telling_parts",
    "ties_told",
    "time_told",
    "unit_tie_told",
]


def explain(bundle: Bundle, code: str) -> Explanation:
    """Everything about one entrant or unit; of a crew's member it is the crew.

    `NobodyError` for a code that nobody bears.
    """
    if bundle.competition.kind is Kind.LABOUR:
        return explain_unit(bundle, code)
    if bundle.competition.kind is Kind.EVALUATION:
        from compete.domain.explain.evaluations import explain_judged

        return explain_judged(bundle, code)
    return explain_entrant(Scorer(bundle), _crew_of(bundle).get(code, code))


def _crew_of(bundle: Bundle) -> dict[str, str]:
    return {member.code: entrant.code for entrant in bundle.entrants for member in entrant.members}


def explain_entrant(scorer: Scorer, code: str, marks: Iterable[Mark] = ()) -> Explanation:
    """Everything about one entrant, with the marks that came in since.

    `marks` are the entrant's where the scorer's bundle was left without any.
    """
    from compete.domain.explain.grades import grade_steps
    from compete.domain.explain.modules import Papers
    from compete.domain.explain.overall import overall_steps
    from compete.domain.explain.places import award_steps, final_step, item_steps, team_steps
    from compete.domain.explain.totals import stage_step

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
    steps += award_steps(event, code)
    steps += grade_steps(event, code)
    steps += overall_steps(scorer, code)
    return Explanation(code=code, name=event.entrants[code].name, steps=tuple(steps))
