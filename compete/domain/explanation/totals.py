"""Explanations of parts and the stage total, with what was carried over."""

from __future__ import annotations

from compete.domain.explanation.modules import OUTCOME_WORDS, Papers, module_step
from compete.domain.explanation.ranks import advance_step, rank_steps
from compete.domain.explanation.steps import Step, StepKind, number
from compete.domain.ranking.stage import INCOMPLETE, RANKED, StageState
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.equations import equation, negative_in_brackets
from compete.domain.values.kinds import OutcomeStatus
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import divided, exact, show, shown


def stage_step(event: EventScorer, index: int, papers: Papers) -> Step:
    """Explain one stage: modules, parts, total, rank, and going on to the next."""
    code = papers.entrant
    state = event.stages[index]
    score = state.scores[code]
    plan = state.plan
    steps = [module_step(state, place, papers) for place in range(len(state.module_books))]
    steps += [part_step(state, place, code) for place in range(len(plan.parts))]
    if score.total is not None:
        steps.append(_total_step(state, code))
    if score.status == RANKED:
        steps += rank_steps(state, code)
        if index + 1 < len(event.stages):
            steps.append(advance_step(event, index, code))
    else:
        steps.append(Step(kind=StepKind.RANK, text=_no_rank(score.status)))
    return Step(kind=StepKind.STAGE, code=plan.code, text=_heading(state, code), steps=tuple(steps))


def _heading(state: StageState, code: str) -> Message:
    score = state.scores[code]
    total = shown(score.total, state.plan.total_places)
    name = state.plan.stage.name
    if total is None:
        return msg("%(stage)s：没有总分", stage=name)
    if score.status != RANKED:
        return msg("%(stage)s：总分 %(total)s，没有名次", stage=name, total=total)
    rank = state.standing.ranks[state.standing.position(code)]
    return msg("%(stage)s：第 %(rank)s 名，总分 %(total)s", stage=name, rank=rank, total=total)


def _no_rank(status: str) -> Message:
    if status == INCOMPLETE:
        return msg("评分没有完成，还不能排名")
    return msg("%(outcome)s，不排名次", outcome=OUTCOME_WORDS[OutcomeStatus(status)])


def part_step(state: StageState, place: int, code: str) -> Step:
    plan = state.plan
    part = plan.parts[place]
    score = state.scores[code].parts[place]
    if score is None:
        text = msg("%(name)s：还没有得分", name=part.part.name)
        return Step(kind=StepKind.PART, code=part.part.code, text=text)
    modules = state.scores[code].modules
    inside = [(plan.stage.modules[at], modules[at].score) for at in part.members]
    terms = " + ".join(
        f"{shown(points, plan.places)} ÷ {number(exact(module.full))} × "
        f"{number(exact(module.weight))}"
        for module, points in inside
    )
    weights = sum(exact(module.weight) for module, _ in inside)
    full = exact(part.part.full)
    shares = sum(
        divided(exact(module.weight) * (points or 0), exact(module.full) * 10**plan.places)
        for module, points in inside
    )
    written = f"{number(full)} × ({terms}) ÷ {number(weights)}"
    text = msg(
        "%(name)s：%(equation)s",
        name=part.part.name,
        equation=equation(divided(full * shares, weights), written, plan.places, plan.mode),
    )
    return Step(kind=StepKind.PART, code=part.part.code, text=text)


def _total_step(state: StageState, code: str) -> Step:
    """Explain the sum of modules without a part and of parts, and the carry."""
    plan, score = state.plan, state.scores[code]
    terms = [
        f"{shown(module_score.score, plan.places)} ÷ {number(exact(module.full))} × "
        f"{number(exact(module.weight))}"
        for module, module_score in zip(plan.stage.modules, score.modules, strict=True)
        if module.part is None
    ]
    terms += [
        f"{shown(mark, plan.places)} ÷ {number(exact(part.full))} × {number(exact(part.weight))}"
        for part, mark in zip(plan.stage.parts, score.parts, strict=True)
    ]
    own = " + ".join(terms)
    exact_total = divided(score.exact or 0, plan.unit)
    carry = plan.stage.carry
    if carry is None or plan.from_ is None:
        text = msg(
            "总分 %(equation)s", equation=equation(exact_total, own, plan.total_places, plan.mode)
        )
        return Step(kind=StepKind.TOTAL, text=text)
    before = state.earlier[plan.from_]
    written = msg(
        "%(weight)s × %(stage)s总分 %(before)s + %(share)s × (%(own)s)",
        weight=number(exact(carry.weight)),
        stage=before.plan.stage.name,
        before=show(before.scores[code].total or 0, plan.total_places),
        share=negative_in_brackets(number(exact(carry.own))),
        own=own,
    )
    total = equation(exact_total, written, plan.total_places, plan.mode)
    text = msg("总分 %(equation)s", equation=total)
    return Step(kind=StepKind.TOTAL, text=text)
