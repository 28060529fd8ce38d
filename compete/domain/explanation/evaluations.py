"""Explanations of an evaluation: passed or not, which line of conditions holds, what is short."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from compete.domain.bundle.evaluation_facts import attempt_of, line_of
from compete.domain.bundle.evaluation_types import Carried
from compete.domain.bundle.results import Condition
from compete.domain.bundle.types import Bundle
from compete.domain.evaluation.conditions import Asked, Line, LineState
from compete.domain.evaluation.verdicts import Evaluations, EvaluationScorer, Score
from compete.domain.explanation.grades import condition_sentence, grade_word
from compete.domain.explanation.modules import Papers, module_step, part_step
from compete.domain.explanation.steps import Explanation, NobodyError, Step, StepKind, number
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.points import show_or_none

VERDICT_WORDS = {
    "pass": msg("合格"),
    "fail": msg("不合格"),
    "absent": msg("缺考"),
    "incomplete": msg("没有评完"),
    "dsq": msg("取消成绩"),
}
_NUMBERS = {5: msg("五级"), 4: msg("四级"), 3: msg("三级"), 2: msg("二级"), 1: msg("一级")}


def explain_judged(bundle: Bundle, code: str) -> Explanation:
    """Explain everything about one entrant of an evaluation."""
    evaluations = Evaluations(bundle)
    entrant = evaluations.entrants.get(code)
    if entrant is None:
        raise NobodyError(code)
    event = evaluations.events[entrant.event]
    steps = (
        _stage_step(event, bundle, code),
        *_lines_step(event, code),
        _grade_step(evaluations, code),
    )
    return Explanation(code=code, name=entrant.name, steps=steps)


def _stage_step(event: EvaluationScorer, bundle: Bundle, code: str) -> Step:
    """Explain every module and part with its line."""
    papers, carried = Papers(bundle, code), event.carried(code)
    modules = event.modules(code)
    parts = event.parts(code, modules)
    steps = [
        _judged_step(event, score, carried, module_step(event.stage, place, papers))
        for place, score in enumerate(modules)
    ]
    steps += [
        _judged_step(event, score, carried, part_step(event.stage, place, code))
        for place, score in enumerate(parts)
    ]
    keeps = event.rows[code].keeps
    steps += [
        Step(
            kind=StepKind.OUTCOME,
            code=score.scored.code,
            text=msg(
                "%(name)s的成绩可以留到 %(day)s，带到下一次",
                name=score.scored.name,
                day=keeps[score.scored.code],
            ),
        )
        for score in (*modules, *parts)
        if score.scored.code in keeps
    ]
    stage, attempt = event.event.stages[0], attempt_of(event.entrants[code])
    verdict = VERDICT_WORDS[event.rows[code].verdict]
    text = msg("%(stage)s：%(verdict)s", stage=stage.name, verdict=verdict)
    if attempt > 1:
        text = msg(
            "%(stage)s（第 %(n)s 次）：%(verdict)s", stage=stage.name, n=attempt, verdict=verdict
        )
    return Step(kind=StepKind.STAGE, code=stage.code, text=text, steps=tuple(steps))


def _judged_step(
    event: EvaluationScorer, score: Score, carried: dict[str, Carried], step: Step
) -> Step:
    """Explain a module or part as scored, or brought along, and what its line makes of it."""
    scored, brought = score.scored, carried.get(score.scored.code)
    steps = step.steps
    if score.is_carried:
        text = msg("%(name)s：免考，所属部分的成绩是带来的", name=scored.name)
        if brought is not None:
            text = msg(
                "%(name)s：免考，成绩 %(score)s 是带来的",
                name=scored.name,
                score=show_or_none(score.score, event.places),
            )
        step, steps = msgspec.structs.replace(step, text=text), ()
    if brought is not None:
        steps = (*steps, _from_step(brought))
    least = line_of(scored)
    if score.verdict is not None:
        text = VERDICT_WORDS[score.verdict]
        if least is not None:
            text = msg("合格线 %(line)s：%(verdict)s", line=number(least), verdict=text)
        met = score.verdict == "pass"
        steps = (*steps, Step(kind=StepKind.FLAG, met=met, text=text))
    return msgspec.structs.replace(step, steps=steps)


def _from_step(carried: Carried) -> Step:
    """Say where a mark was published, and why it is void."""
    at = carried.from_
    params: dict[str, object] = {
        "competition": at.competition,
        "event": at.event,
        "entrant": at.entrant,
        "publication": at.publication,
    }
    if carried.void is None:
        text = msg(
            "出自 %(competition)s 赛项 %(event)s 选手 %(entrant)s，第 %(publication)s 次公布，"
            "留到 %(until)s",
            until=str(carried.until),
            **params,
        )
    else:
        text = msg(
            "出自 %(competition)s 赛项 %(event)s 选手 %(entrant)s，第 %(publication)s 次公布，"
            "%(day)s 作废：%(reason)s",
            day=str(carried.void.day),
            reason=carried.void.reason,
            **params,
        )
    return Step(kind=StepKind.OUTCOME, text=text)


def _lines_step(event: EvaluationScorer, code: str) -> list[Step]:
    """Say which line holds, or the day on which one will."""
    state = event.lines(code)
    if not state.lines:
        return []
    if state.applies is not None:
        text = msg("申报条件：符合 %(line)s", line=_called(state.applies))
    elif state.exempt:
        text = msg("申报条件：不符合，两个人定了特准")
    elif state.earliest is not None:
        text = msg(
            "申报条件：到 %(on)s 还不符合，最早 %(day)s 符合",
            on=str(event.day),
            day=str(state.earliest),
        )
    else:
        text = msg("申报条件：到 %(on)s 还不符合", on=str(event.day))
    steps = line_steps(state, event.entrants[code].grade)
    return [Step(kind=StepKind.RULE, met=state.eligible, text=text, steps=steps)]


def line_steps(state: LineState, grade: int | None) -> tuple[Step, ...]:
    """Explain every line of conditions for a holder of a grade, and each condition in it."""
    return tuple(_line_step(line, grade) for line in state.lines)


def _called(line: Line) -> Message:
    if line.line.cite is None:
        return msg("%(value)s", value=line.line.code)
    return msg("%(line)s（%(cite)s）", line=line.line.code, cite=line.line.cite)


def _line_step(line: Line, grade: int | None) -> Step:
    name = _called(line)
    if line.met:
        text = msg("%(line)s：符合", line=name)
    elif line.met_on is not None:
        text = msg("%(line)s：%(day)s 符合", line=name, day=str(line.met_on))
    else:
        text = msg("%(line)s：不符合", line=name)
    steps = tuple(
        Step(kind=StepKind.CONDITION, code=asked.key, met=asked.met, text=_condition(asked, grade))
        for asked in line.asked
    )
    return Step(kind=StepKind.RULE, code=line.line.code, met=line.met, text=text, steps=steps)


def _condition(asked: Asked, grade: int | None) -> Message:
    """A condition in words, of somebody who holds a grade."""
    if asked.key not in _SENTENCES:
        return condition_sentence(Condition(asked.key, asked.wanted, asked.found, asked.met))
    mark = "✓" if asked.met else "✗"
    return msg("%(mark)s %(sentence)s", mark=mark, sentence=_SENTENCES[asked.key](asked, grade))


def _years_in_grade(asked: Asked, grade: int | None) -> Message:
    if asked.found is None:
        return msg("取得现有等级满 %(n)s 年：没有写取得的日期", n=asked.wanted)
    return msg(
        "%(grade)s证书 %(since)s，满 %(n)s 年是 %(day)s",
        grade=_NUMBERS.get(grade or 0, msg("现有等级")),
        since=asked.found,
        n=asked.wanted,
        day=_day(asked.full),
    )


def _years_in_trade(asked: Asked, _grade: int | None) -> Message:
    if asked.found is None:
        return msg("从业满 %(n)s 年：没有写从业时间", n=asked.wanted)
    return msg(
        "到 %(at)s 从业 %(months)s 个月，满 %(n)s 年是 %(day)s",
        at=asked.found["at"],
        months=asked.found["months"],
        n=asked.wanted,
        day=_day(asked.full),
    )


def _min_age(asked: Asked, _grade: int | None) -> Message:
    if asked.found is None:
        return msg("满 %(n)s 周岁：没有写出生日期", n=asked.wanted)
    return msg(
        "%(birth)s 出生，满 %(n)s 周岁是 %(day)s",
        birth=asked.found,
        n=asked.wanted,
        day=_day(asked.full),
    )


def _papers(asked: Asked, _grade: int | None) -> Message:
    kinds, years = listed(asked.wanted["of"]), asked.wanted["years"]
    if asked.found is None:
        return msg("要有 %(kinds)s：没有", kinds=kinds)
    if not years:
        return msg("有 %(kinds)s，%(since)s 取得", kinds=kinds, since=asked.found)
    return msg(
        "有 %(kinds)s，%(since)s 取得，满 %(n)s 年是 %(day)s",
        kinds=kinds,
        since=asked.found,
        n=years,
        day=_day(asked.full),
    )


_SENTENCES: dict[str, Callable[[Asked, int | None], Message]] = {
    "years_in_grade": _years_in_grade,
    "years_in_trade": _years_in_trade,
    "min_age": _min_age,
    "papers": _papers,
}


def _day(full: date | None) -> Any:
    return str(full) if full is not None else msg("9999 年以后")


def _grade_step(evaluations: Evaluations, code: str) -> Step:
    """Explain the grade, or why there is none."""
    entrant = evaluations.entrants[code]
    scorer = evaluations.events[entrant.event]
    event, row, before = scorer.event, scorer.rows[code], evaluations.got_before(entrant)
    grade = grade_word(event.grade)
    if code in evaluations.got:
        text = msg("认定为%(grade)s（考核认定）", grade=grade)
        if event.cite is not None:
            text = msg("认定为%(grade)s（考核认定，%(cite)s）", grade=grade, cite=event.cite)
    elif row.verdict != "pass":
        text = msg("没有认定：%(verdict)s", verdict=VERDICT_WORDS[row.verdict])
    elif not row.eligible:
        text = msg("没有认定：考核合格，申报条件不符合")
    else:
        assert before is not None
        text = msg("没有再认定：%(code)s 已经认定过", code=before.code)
    return Step(kind=StepKind.GRADE, met=code in evaluations.got, text=text)
