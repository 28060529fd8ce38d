"""Explanations of a rank against its neighbours, and of going on to the next stage."""

from __future__ import annotations

from collections.abc import Mapping

from compete.domain.bundle.crews import crewed, heads
from compete.domain.bundle.event_types import Advance
from compete.domain.bundle.types import Playoff
from compete.domain.explanation.steps import (
    Step,
    StepKind,
    beside_words,
    codes,
    compared,
    number,
    reason_words,
    seconds_words,
    times_compared,
)
from compete.domain.ranking.advancement_cut import Stop
from compete.domain.ranking.playoffs import PLAYOFF_WORDS
from compete.domain.ranking.stage import StageState
from compete.domain.ranking.standing import Standing
from compete.domain.ranking.tie_keys import TieKey
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.kinds import AdvanceTies, PlayoffKind, RankStyle
from compete.domain.values.messages import Message, msg
from compete.domain.values.points import divided, show


def rank_steps(state: StageState, code: str) -> list[Step]:
    """Compare an entrant with the one before and the one behind."""
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
    """Say what puts a neighbour before or behind someone, or leaves them level."""
    pair = (other, code) if is_before else (code, other)
    why = separated_by(state, *pair)
    ranks = [state.standing.ranks[state.standing.position(entrant)] for entrant in pair]
    return beside_words(other, why, level=ranks[0] == ranks[1], behind=is_before)


def deciding_key(standing: Standing, code: str, other: str) -> int | None:
    """The part of their keys that separates two: 0 the total, 1 the first tie key; None if none.

    One beyond the tie keys is a playoff.
    """
    pairs = zip(standing.keys[code], standing.keys[other], strict=True)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), None)


def separated_by(state: StageState, better: str, worse: str) -> Message:
    """Say what put `better` before `worse`, both ranked in the stage."""
    place = deciding_key(state.standing, better, worse)
    scores = state.scores
    plan = state.plan
    if place is None:
        if state.event.ranking.style is RankStyle.ORDINAL:
            return msg("总分和同分要比的各项都相同，按编号先后")
        return msg("总分和同分要比的各项都相同")
    if place == 0:
        totals = [show(scores[code].total or 0, plan.total_places) for code in (better, worse)]
        if totals[0] == totals[1]:
            exact = [divided(scores[code].exact or 0, plan.unit) for code in (better, worse)]
            return msg(
                "公布的总分同为 %(total)s，取整以前 %(values)s",
                total=totals[0],
                values=compared(exact[0], exact[1], ">"),
            )
        return msg("总分 %(better)s > %(worse)s", better=totals[0], worse=totals[1])
    if place > len(state.ties):
        return _playoff_told(state, better, worse)
    tie = state.ties[place - 1]
    return msg(
        "总分相同，同分要比的第 %(place)s 项 %(key)s：%(values)s",
        place=place,
        key=tie_name(state, tie),
        values=_tie_values(state, tie, better, worse),
    )


def parted_by(state: StageState, better: str, worse: str) -> Message | None:
    """Name shortly what parted two whose shown totals are equal; None where nothing did."""
    place = deciding_key(state.standing, better, worse)
    if place is None:
        return None
    if place == 0:
        return msg("取整以前的总分")
    if place > len(state.ties):
        return PLAYOFF_WORDS[_playoff_between(state, better, worse).kind]
    return tie_name(state, state.ties[place - 1])


def _playoff_told(state: StageState, better: str, worse: str) -> Message:
    """Name the playoff that put `better` before `worse`."""
    playoff = _playoff_between(state, better, worse)
    params = {"reason": reason_words(playoff.reason, playoff.extra)}
    if playoff.kind is PlayoffKind.EXTRA:
        return msg("总分和同分要比的各项都相同，加赛定的先后：%(reason)s", **params)
    return msg("总分和同分要比的各项都相同，抽签定的先后：%(reason)s", **params)


def _playoff_between(state: StageState, better: str, worse: str) -> Playoff:
    for own in state.playoffs:
        groups = own.groups
        apart = not any(better in group and worse in group for group in groups)
        named = {code for group in groups for code in group}
        if own.index not in state.unfit and apart and {better, worse} <= named:
            return own.playoff
    raise ValueError(f"no playoff parts {better} and {worse}")


def tie_name(state: StageState, tie: TieKey) -> Message:
    """The name of a tie key for people."""
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
    if kind == "stage":
        return msg("%(name)s总分", name=name)
    return key_name(tie.text, named) or msg("%(name)s", name=name)


def key_name(text: str, named: Mapping[str, str]) -> Message | None:
    """The name of a tie key by time, by age or by what does not count; None for any other.

    `named` are the names of modules and parts, by `time:CODE` and `part:CODE`.
    """
    kind, _, code = text.partition(":")
    match kind:
        case "time" if text not in named and code == "all":
            return msg("全部用时")
        case "time" if text not in named:
            names = [named.get(f"time:{part}", part) for part in code.split("+")]
            return msg("%(name)s用时", name="＋".join(names))
        case "time":
            return msg("%(name)s用时", name=named[text])
        case "next":
            return msg("%(name)s没有计的几次里最好的", name=named.get(f"part:{code}", code))
        case "age":
            return msg("年长者在前") if code == "older" else msg("年轻者在前")
    return None


def _tie_values(state: StageState, tie: TieKey, better: str, worse: str) -> Message:
    """The two values of a tie key, with the sign between them."""
    sign = ">" if tie.higher else "<"
    values = tie.read(better), tie.read(worse)
    kind = tie.text.partition(":")[0]
    if kind == "age" or values[0] is None or values[1] is None:
        shown = [_tie_value(state, tie, code) for code in (better, worse)]
        return msg("%(better)s，%(worse)s", better=shown[0], worse=shown[1])
    if kind == "time":
        return times_compared(divided(values[0], tie.unit), divided(values[1], tie.unit), sign)
    if kind in ("aspect", "criterion", "next"):
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
    return seconds_words(text) if kind == "time" else text


def advance_step(event: EventScorer, index: int, code: str) -> Step:
    """Say if a ranked entrant went on from a stage, and by which rule."""
    state, following = event.stages[index], event.stages[index + 1]
    rule = state.plan.stage.advance
    went = code in following.entrants
    name = following.plan.stage.name
    if rule is None:
        text = msg("有名次的都进入%(stage)s", stage=name)
    elif went:
        text = msg("进入%(stage)s（%(rule)s）", stage=name, rule=_advance_rule(event, rule))
    else:
        text = msg(
            "没有进入%(stage)s：%(why)s（%(rule)s）",
            stage=name,
            why=_why_left(event, index, code),
            rule=_advance_rule(event, rule),
        )
    return Step(kind=StepKind.ADVANCE, code=following.plan.code, met=went, text=text)


def _why_left(event: EventScorer, index: int, code: str) -> Message:
    """Say why somebody did not go on: where the places ended."""
    going, kinds = event.goings[index], crewed(event.entrants.values())
    ranks = event.stages[index].standing.by_code()
    unit = event.unit_of[code]
    own = [other for other in going.entrants if event.unit_of[other] == unit]
    notice = next((notice for notice in going.notices if code in notice.entrants), None)
    match going.stops[code]:
        case Stop.AWAY:
            return msg("不参加下一赛段，名额由后面的依次递补")
        case Stop.MISSED:
            return msg("照更正以后的名次能进，那时下一赛段已经开始，决定不再补进，名额空着")
        case Stop.UNIT if any(notice.unit == unit for notice in going.notices):
            return msg("本单位的名额给了名次在前的，有的留着等加赛或抽签")
        case Stop.UNIT:
            return msg("本单位已有 %(who)s进入", who=heads(len(own), kinds))
        case Stop.UNIT_BY_CODE:
            level = codes(sorted(other for other in own if ranks[other] == ranks[code]))
            return msg("和本单位的 %(others)s 名次相同，按编号先后，名额已满", others=level)
        case Stop.TOP_BY_CODE:
            level = codes(
                sorted(entrant for entrant in going.entrants if ranks[entrant] == ranks[code])
            )
            return msg("和 %(others)s 名次相同，按编号先后，名额已满", others=level)
        case Stop.UNIT_TIE if notice is not None:
            return msg(
                "本单位有 %(who)s名次相同，只剩 %(open)s 个名额，留着等加赛或抽签",
                who=heads(len(notice.entrants), kinds),
                open=notice.open,
            )
        case Stop.CUT_TIE if notice is not None:
            return msg(
                "有 %(who)s名次相同，只剩 %(open)s 个名额，留着等加赛或抽签",
                who=heads(len(notice.entrants), kinds),
                open=notice.open,
            )
    if going.notices:
        return msg("名额给了名次在前的，有的留着等加赛或抽签")
    return msg("名额已由名次在前的用完")


def _advance_rule(event: EventScorer, rule: Advance) -> Message:
    top, most = rule.top, rule.per_unit
    ends: Message | str = ""
    if rule.ties is AdvanceTies.INCLUDE and (top is not None or not event.version.code_decides):
        by_code = event.version.code_decides
        ends = msg("，末位并列的都算") if by_code else msg("，名次相同的都算")
    if most is None:
        return msg("取前 %(top)s 名%(ends)s", top=top, ends=ends)
    quota = heads(most, crewed(event.entrants.values()))
    if top is None:
        return msg("每单位至多 %(who)s%(ends)s", who=quota, ends=ends)
    return msg("取前 %(top)s 名，每单位至多 %(who)s%(ends)s", top=top, who=quota, ends=ends)
