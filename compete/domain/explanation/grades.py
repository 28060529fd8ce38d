"""Explanations of grade rules: each with what it wanted and what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec

from compete.domain.bundle.crews import Participant, crewed, heads
from compete.domain.bundle.grade_types import GradeRule, Grant
from compete.domain.bundle.results import Condition, Reason
from compete.domain.explanation.steps import Step, StepKind, codes
from compete.domain.grades.conditions import WORDS, Words
from compete.domain.grades.granting import granted
from compete.domain.grades.ladder import NATIONAL, Ladder, grade_label, ladder_in
from compete.domain.scoring.event_scorer import EventScorer
from compete.domain.values.kinds import GROUP_WORDS
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import plain
from compete.domain.values.roles import CREW_ROLE_WORDS

GRADE_WORDS = {
    5: msg("初级工"),
    4: msg("中级工"),
    3: msg("高级工"),
    2: msg("技师"),
    1: msg("高级技师"),
}
LEVEL_WORDS = {
    "national-1": msg("国家级一类"),
    "national-2": msg("国家级二类"),
    "provincial-1": msg("省级一类"),
    "provincial-2": msg("省级二类"),
    "municipal": msg("市级"),
    "industry": msg("行业"),
    "enterprise": msg("企业"),
}
LEVELS_DOWNWARDS = tuple(LEVEL_WORDS)[:5]
"""The levels that stand one above the other, the highest first."""

_UPWARDS = {
    2: msg("国家级"),
    3: msg("省级一类及以上"),
    4: msg("省级及以上"),
    5: msg("市级及以上"),
}


def grade_word(grade: int | None, ladder: Ladder = NATIONAL) -> Message:
    """The name of a grade, an employer's own where the event has its own ladder."""
    if grade not in GRADE_WORDS:
        return msg("没有等级")
    return GRADE_WORDS[grade] if ladder is NATIONAL else grade_label(grade, ladder)


def grade_steps(event: EventScorer, code: str) -> list[Step]:
    """The decision, every rule, and the titles."""
    if not event.grades.rules:
        return []
    if event.finals.places[code].rank is None:
        return [Step(kind=StepKind.GRADE, text=msg("没有名次，不参加晋升"))]
    people = event.grades.people(code)
    return [step for person in people for step in _steps_of(event, person)]


def _steps_of(event: EventScorer, person: Participant) -> list[Step]:
    """Steps of one person: a crew's member is named before the decision and the titles."""
    decision = event.grades.decide(person)
    rule_steps = tuple(_rule_step(event, reason, person) for reason in event.grades.reasons(person))
    current, ladder = person.grade, ladder_in(event.event)
    if decision.grade is None:
        text = msg("没有晋升（现为%(present)s）", present=grade_word(current, ladder))
    elif decision.grade.change == "kept":
        text = msg(
            "保持%(present)s：规则 %(rule)s 给的不高于现有等级",
            present=grade_word(current, ladder),
            rule=decision.grade.rule,
        )
    else:
        text = msg(
            "由%(present)s晋升为%(grade)s，依据规则 %(rule)s",
            present=grade_word(current, ladder),
            grade=grade_word(decision.grade.grade, ladder),
            rule=decision.grade.rule,
        )
    promoted = decision.grade is not None and decision.grade.change == "promoted"
    steps = [
        Step(kind=StepKind.GRADE, met=promoted, text=_of_member(person, text), steps=rule_steps)
    ]
    steps += [
        Step(
            kind=StepKind.TITLE,
            code=honour.rule,
            text=_of_member(
                person,
                msg("授予%(title)s（规则 %(rule)s）", title=honour.title, rule=honour.rule),
            ),
        )
        for honour in decision.honours
    ]
    return steps


def _of_member(person: Participant, text: Message) -> Message:
    """Put a crew member's name and role before a sentence."""
    if person.member is None:
        return text
    return msg(
        "%(name)s（%(member)s，%(role)s）：%(text)s",
        name=person.name,
        member=person.member,
        role=CREW_ROLE_WORDS[person.role],
        text=text,
    )


def _rule_step(event: EventScorer, reason: Reason, person: Participant) -> Step:
    rule = next(checked.rule for checked in event.grades.rules if checked.rule.code == reason.rule)
    ladder = ladder_in(event.event)
    gives = _gives(rule.grant, person.grade, ladder)
    params: dict[str, object] = {
        "rule": rule.code,
        "cite": rule_title(rule, ladder),
        "gives": gives,
    }
    if reason.met:
        text = msg("规则 %(rule)s（%(cite)s，%(gives)s）：符合", **params)
    else:
        text = msg("规则 %(rule)s（%(cite)s，%(gives)s）：不符合", **params)
    steps = tuple(
        Step(
            kind=StepKind.CONDITION,
            code=condition.key,
            met=condition.met,
            text=condition_sentence(condition, ladder, crewed(event.entrants.values())),
        )
        for condition in reason.conditions
    )
    return Step(kind=StepKind.RULE, code=rule.code, met=reason.met, text=text, steps=steps)


def rule_title(rule: GradeRule, ladder: Ladder = NATIONAL) -> Message:
    """The name of a rule: the regulation it stands for, or what it asks and gives."""
    if rule.cite:
        return msg("%(cite)s", cite=rule.cite)
    when, grant = rule.when, rule.grant
    asked = [
        words
        for wanted, words in (
            (when.max_rank, msg("前 %(n)s 名", n=when.max_rank)),
            (when.top_percent, msg("名次在前 %(n)s%%", n=plain(when.top_percent or 0))),
            (when.item, msg("单项前 %(n)s 名", n=when.item.max_rank if when.item else 0)),
            (when.awards, msg("获奖")),
            (when.min_total, msg("总成绩 %(n)s 分起", n=plain(when.min_total or 0))),
            (when.pass_modules, msg("合格")),
        )
        if wanted
    ]
    if grant.to is not None:
        gives = msg("升到%(grade)s", grade=grade_word(grant.to, ladder))
    elif grant.up is not None:
        gives = msg("升 %(n)s 级", n=grant.up)
    else:
        gives = msg("只授称号")
    if not asked:
        return msg("有名次的%(gives)s", gives=gives)
    return msg("%(asked)s%(gives)s", asked=listed(asked), gives=gives)


def rule_words(rule: GradeRule, present: int | None, ladder: Ladder = NATIONAL) -> Message:
    """Say where a rule stands written; and if `max_step` gives less than it says, that it does."""
    cite = rule_title(rule, ladder)
    if granted(rule.grant, present) == _unbounded(rule.grant, present):
        return cite
    return msg("%(cite)s（%(gives)s）", cite=cite, gives=_gives(rule.grant, present, ladder))


def _unbounded(grant: Grant, present: int | None) -> int | None:
    return granted(msgspec.structs.replace(grant, max_step=None), present)


def _gives(grant: Grant, present: int | None, ladder: Ladder) -> Message:
    """Say what a rule gives a holder of `present`; if `max_step` keeps it lower, that it does."""
    grade = granted(grant, present)
    if grade is None:
        return msg("只授称号")
    unbounded = _unbounded(grant, present)
    if grade == unbounded:
        return msg("给%(grade)s", grade=grade_word(grade, ladder))
    return msg(
        "给%(full)s，最多升 %(steps)s 级，到%(grade)s",
        full=grade_word(unbounded, ladder),
        steps=grant.max_step,
        grade=grade_word(grade, ladder),
    )


def condition_sentence(
    condition: Condition,
    ladder: Ladder = NATIONAL,
    kinds: Collection[bool] = (False,),
) -> Message:
    """Say a condition in words: what it wants, and what was found."""
    mark = "✓" if condition.met else "✗"
    if condition.key in _SENTENCES:
        return msg(
            "%(mark)s %(sentence)s", mark=mark, sentence=_SENTENCES[condition.key](condition)
        )
    actual: Message | str
    if condition.key == "holds":
        wanted, actual = _holds(condition.wanted, condition.found, ladder)
    elif condition.key == "min_ranked":
        wanted = msg("至少 %(count)s有名次", count=heads(condition.wanted, kinds))
        actual = heads(condition.found, kinds)
    else:
        wanted, actual = _WORDS[condition.key](condition.wanted, condition.found)
    return msg("%(mark)s %(wanted)s；实际 %(found)s", mark=mark, wanted=wanted, found=actual)


def _plain(value: Any) -> Message | str:
    return msg("没有") if value is None else str(value)


def levels_word(wanted: Sequence[str]) -> Message | str:
    """Levels of competitions by the shortest name: 省级及以上 for the four highest."""
    for count, word in _UPWARDS.items():
        if set(wanted) == set(LEVELS_DOWNWARDS[:count]):
            return word
    return listed(LEVEL_WORDS[level] for level in wanted)


def _level_sentence(condition: Condition) -> Message:
    params = {"level": LEVEL_WORDS[condition.found], "levels": levels_word(condition.wanted)}
    if condition.met:
        return msg("竞赛级别：%(level)s（要求%(levels)s），符合", **params)
    return msg("竞赛级别：%(level)s（要求%(levels)s），不符合", **params)


def _once_a_year_sentence(condition: Condition) -> Message:
    if condition.found is None:
        return msg("本年度未因竞赛晋升：没有晋升过，符合")
    if condition.met:
        return msg("本年度未因竞赛晋升：上次是 %(year)s 年，符合", year=condition.found)
    return msg("本年度未因竞赛晋升：%(year)s 年已晋升，不符合", year=condition.found)


def _groups(wanted: Any, actual: Any) -> tuple[Message, Message]:
    return msg(
        "组别是%(groups)s", groups=listed(GROUP_WORDS[group] for group in wanted)
    ), GROUP_WORDS[actual]


def _item(wanted: Any, actual: Any) -> tuple[Message, Message]:
    if wanted["code"] == "any":
        asked = msg("任一单项前 %(rank)s 名", rank=wanted["max_rank"])
    else:
        asked = msg("单项 %(item)s 前 %(rank)s 名", item=wanted["code"], rank=wanted["max_rank"])
    return asked, msg("没有名次") if actual is None else msg("第 %(rank)s 名", rank=actual)


def _pass_modules(wanted: Any, actual: Any) -> tuple[Message, Message]:
    if wanted == "all":
        asked = msg("有及格线的都及格")
    elif wanted == "taken":
        asked = msg("参加的赛段里有及格线的都及格")
    else:
        asked = msg("%(modules)s 及格", modules=codes(wanted))
    if not actual:
        return asked, msg("都及格")
    return asked, msg("没有及格或没有参加：%(modules)s", modules=codes(actual))


def _holds(wanted: Any, actual: Any, ladder: Ladder = NATIONAL) -> tuple[Message, Message]:
    least, most = wanted.get("at_least"), wanted.get("at_most")
    if most is None:
        asked = msg("现有等级至少%(least)s", least=grade_word(least, ladder))
    elif least is None:
        asked = msg("现有等级至多%(most)s", most=grade_word(most, ladder))
    else:
        asked = msg(
            "现有等级在%(least)s和%(most)s之间",
            least=grade_word(least, ladder),
            most=grade_word(most, ladder),
        )
    return asked, grade_word(actual, ladder)


_WORDS: dict[str, Words] = {
    **WORDS,
    "groups": _groups,
    "awards": lambda wanted, actual: (
        msg("得奖是 %(awards)s", awards=codes(wanted)),
        _plain(actual),
    ),
    "item": _item,
    "pass_modules": _pass_modules,
    "under": lambda wanted, actual: (
        msg("单位是或属于 %(units)s", units=codes(wanted)),
        _plain(actual),
    ),
    "holds": _holds,
    "roles": lambda wanted, actual: (
        msg(
            "在组合里是%(roles)s",
            roles=listed(CREW_ROLE_WORDS[role] for role in wanted),
        ),
        CREW_ROLE_WORDS[actual],
    ),
}

_SENTENCES: dict[str, Callable[[Condition], Message]] = {
    "levels": _level_sentence,
    "once_a_year": _once_a_year_sentence,
}
"""The conditions that are said in one sentence, with their own word on whether they hold."""
