"""Why someone stands before one neighbour and behind the other, and whether they went on."""

from __future__ import annotations

from collections.abc import Collection

from compete.domain.bundle import heads
from compete.domain.explain.steps import (
    Step,
    StepKind,
    compared,
    number,
    seconds_told,
    times_compared,
)
from compete.domain.ranking import StageState, TieKey
from compete.domain.values import AdvanceTies, Message, RankStyle, divided, msg, show


def rank_steps(state: StageState, code: str) -> list[Step]:
    """Against the one before and the one behind."""
    order = state.standing.codes()
    at = state.standing.position(code)
    steps = []
    for place in (at - 1, at + 1):
        if 0 <= place < len(order):
            text = beside(state, order[place], code, is_before=place < at)
            steps.append(Step(kind=StepKind.RANK, code=order[place], text=text))
    if not steps:
        steps.append(Step(kind=StepKind.RANK, text=msg("只有一人有名次")))
    return steps


def beside(state: StageState, other: str, code: str, *, is_before: bool) -> Message:
    """What puts a neighbour before or behind someone, or leaves them level."""
    pair = (other, code) if is_before else (code, other)
    why = separated_by(state, *pair)
    if (
        state.standing.ranks[state.standing.position(code)]
        == (state.standing.ranks[state.standing.position(other)])
    ):
        return msg("与 %(other)s 并列：%(why)s", other=other, why=why)
    if is_before:
        return msg("在 %(other)s 之后：%(why)s", other=other, why=why)
    return msg("在 %(other)s 之前：%(why)s", other=other, why=why)


def deciding_key(state: StageState, code: str, other: str) -> int | None:
    """Which part of their keys separates two: 0 the total, 1 the first tie key; None if none."""
    pairs = zip(state.standing.keys[code], state.standing.keys[other], strict=True)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), None)


def separated_by(state: StageState, better: str, worse: str) -> Message:
    """What put `better` before `worse`, both ranked in the stage."""
    place = deciding_key(state, better, worse)
    scores = state.scores
    plan = state.plan
    if place is None:
        if state.event.ranking.style is RankStyle.ORDINAL:
            return msg("总分和同分要比的各项都相同，按编号先后")
        return msg("总分和同分要比的各项都相同")
    if place == 0:
        totals = [show(scores[code].total or 0, plan.total_places) for code in (better, worse)]
        if totals[0] == totals[1]:
            return msg("公布的总分同为 %(total)s，取整以前的总分较高", total=totals[0])
        return msg("总分 %(better)s > %(worse)s", better=totals[0], worse=totals[1])
    tie = state.ties[place - 1]
    return msg(
        "总分相同，同分要比的第 %(place)s 项 %(key)s：%(values)s",
        place=place,
        key=tie_name(state, tie),
        values=tie_values(state, tie, better, worse),
    )


def tie_name(state: StageState, tie: TieKey) -> Message:
    """What a tie key is called by people."""
    kind, _, code = tie.text.partition(":")
    stage = state.plan.stage
    named = {
        **{f"module:{part_module.code}": part_module.name for part_module in stage.modules},
        **{f"time:{part_module.code}": part_module.name for part_module in stage.modules},
        **{f"part:{part.code}": part.name for part in stage.parts},
        **{
            f"aspect:{aspect.code}": aspect.name
            for module in stage.modules
            for aspect in module.aspects
        },
        **{
            f"stage:{state_before.plan.code}": state_before.plan.stage.name
            for state_before in (*state.earlier, state)
        },
    }
    name = named.get(tie.text, code)
    match kind:
        case "time":
            return msg("%(name)s用时", name=name)
        case "stage":
            return msg("%(name)s总分", name=name)
        case "age":
            return msg("年长者在前") if code == "older" else msg("年轻者在前")
    return msg("%(name)s", name=name)


def tie_values(state: StageState, tie: TieKey, better: str, worse: str) -> Message:
    """The two values of a tie key, with the sign between them."""
    sign = ">" if tie.higher else "<"
    values = tie.read(better), tie.read(worse)
    kind = tie.text.partition(":")[0]
    if kind == "age" or values[0] is None or values[1] is None:
        shown = [_tie_value(state, tie, code) for code in (better, worse)]
        return msg("%(better)s，%(worse)s", better=shown[0], worse=shown[1])
    if kind == "time":
        return times_compared(divided(values[0], tie.unit), divided(values[1], tie.unit), sign)
    if kind in ("aspect", "criterion"):
        text = compared(divided(values[0], tie.unit), divided(values[1], tie.unit), sign)
        return msg("%(value)s", value=text)
    shown = [_tie_value(state, tie, code) for code in (better, worse)]
    return msg("%(better)s %(sign)s %(worse)s", better=shown[0], sign=sign, worse=shown[1])


def _tie_value(state: StageState, tie: TieKey, code: str) -> Message | str:
    value = tie.read(code)
    if value is None:
        return msg("没有")
    kind = tie.text.partition(":")[0]
    if kind in ("module", "part"):
        return show(int(value), state.plan.places)
    if kind == "stage":
        return show(int(value), state.plan.total_places)
    if kind == "age":
        return str(state.births[code])
    text = number(divided(value, tie.unit))
    return seconds_told(text) if kind == "time" else text


def advance_steps(
    state: StageState,
    following: StageState,
    code: str,
    unit_of: dict[str, str],
    kinds: Collection[bool],
) -> Step:
    """Whether a ranked entrant went on, and by which rule."""
    rule = state.plan.stage.advance
    went = code in following.entrants
    name = following.plan.stage.name
    if rule is None:
        text = msg("有名次的都进入%(stage)s", stage=name)
    elif went:
        text = msg("进入%(stage)s（%(rule)s）", stage=name, rule=_advance_rule(state, kinds))
    elif _unit_is_full(state, following, code, unit_of):
        text = msg(
            "没有进入%(stage)s：本单位已有 %(who)s进入（%(rule)s）",
            stage=name,
            who=heads(rule.per_unit or 0, kinds),
            rule=_advance_rule(state, kinds),
        )
    else:
        text = msg(
            "没有进入%(stage)s：名额已由名次在前的用完（%(rule)s）",
            stage=name,
            rule=_advance_rule(state, kinds),
        )
    return Step(kind=StepKind.ADVANCE, code=following.plan.code, met=went, text=text)


def _unit_is_full(
    state: StageState, following: StageState, code: str, unit_of: dict[str, str]
) -> bool:
    """Whether the unit had its share taken by those who stand before."""
    rule = state.plan.stage.advance
    if rule is None or rule.per_unit is None:
        return False
    order = state.standing.codes()
    before = order[: state.standing.position(code)]
    sent = [
        entrant
        for entrant in before
        if entrant in following.entrants and unit_of[entrant] == unit_of[code]
    ]
    return len(sent) >= rule.per_unit


def _advance_rule(state: StageState, kinds: Collection[bool]) -> Message:
    rule = state.plan.stage.advance
    top, most = (rule.top, rule.per_unit) if rule else (None, None)
    shared = rule is not None and rule.ties is AdvanceTies.INCLUDE
    ends = msg("，末位并列的都算") if shared and top is not None else ""
    if most is None:
        return msg("取前 %(top)s 名%(ends)s", top=top, ends=ends)
    if top is None:
        return msg("每单位至多 %(who)s", who=heads(most, kinds))
    each = heads(most, kinds)
    return msg("取前 %(top)s 名，每单位至多 %(who)s%(ends)s", top=top, who=each, ends=ends)
