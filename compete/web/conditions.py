"""Conditions of grade rules in words: what was wanted, what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

import msgspec
from flask_babel import gettext as _

from compete.domain.bundle import Condition, Module, Part, Reason
from compete.domain.explain import LEVEL_WORDS, levels_word
from compete.domain.grades import grade_label
from compete.domain.scoring import Scorer
from compete.domain.values import CREW_ROLE_WORDS, CrewRole
from compete.web.language import say
from compete.web.templating import plain
from compete.web.words import group_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition of a grade rule as people read it."""

    key: str
    """Which condition it is, as rules write it: `max_rank`."""
    wanted: str
    found: str
    met: bool


class WantedItem(TypedDict):
    """What the condition `item` wants, as rules write it."""

    code: str
    """A single item's, or `any`."""
    max_rank: int


def describe_conditions(
    conditions: Sequence[Condition], scorer: Scorer, event: str, entrant: str
) -> list[ConditionLine]:
    """Each condition as a line; what must be passed one line a module."""
    lines: list[ConditionLine] = []
    for condition in conditions:
        if condition.key == "pass_modules":
            lines += _passes(condition, scorer, event, entrant)
            continue
        wanted, found = _sentence(condition, scorer, event)
        lines.append(
            ConditionLine(key=condition.key, wanted=wanted, found=found, met=condition.held)
        )
    return lines


def reasons_from(stored: list[Any]) -> list[Reason]:
    """Reasons as they were kept with a decision."""
    return msgspec.convert(stored, list[Reason])


def first_unmet(lines: Sequence[ConditionLine]) -> str | None:
    """The first line that does not hold, as one short sentence."""
    for line in lines:
        if not line.met:
            return _("%(wanted)s：%(found)s", wanted=line.wanted, found=line.found)
    return None


def _sentence(condition: Condition, scorer: Scorer, event: str) -> tuple[str, str]:
    wanted, found = condition.wanted, condition.found
    bundle = scorer.bundle
    if condition.key == "max_rank":
        return _("名次在前 %(n)s", n=wanted), _("第 %(n)s", n=found)
    if condition.key == "top_percent":
        return _("名次在前 %(n)s%%", n=wanted), f"{found}%"
    if condition.key == "levels":
        return _("竞赛级别是%(levels)s", levels=say(levels_word(wanted))), say(LEVEL_WORDS[found])
    if condition.key == "groups":
        words = "、".join(group_word(group) for group in wanted)
        return _("组别是%(groups)s", groups=words), group_word(found)
    if condition.key == "min_total":
        return _("总成绩 %(n)s 以上", n=wanted), str(found)
    if condition.key == "once_a_year":
        if condition.held:
            return _("本年度未因竞赛晋升"), _("上次 %(year)s 年", year=found) if found else _(
                "没有"
            )
        return _("本年度未因竞赛晋升"), _("%(year)s 年已晋升", year=found)
    if condition.key == "under":
        units = {unit.code: unit.name for unit in bundle.units}
        names = "、".join(units.get(code, code) for code in wanted)
        return _("单位属于%(names)s", names=names), units.get(found, str(found))
    if condition.key == "holds":
        return _holds(wanted), say(grade_label(found))
    if condition.key == "min_ranked":
        return _("有名次的不少于 %(n)s 人", n=wanted), _("%(n)s 人", n=found)
    if condition.key == "awards":
        awards = {award.code: award.name for award in scorer.events[event].event.awards}
        names = "、".join(awards.get(code, code) for code in wanted)
        return _("得奖是%(names)s", names=names), awards.get(found, "") or _("没有")
    if condition.key == "item":
        return _item(wanted, scorer, event), _("第 %(n)s", n=found) if found else _("没有名次")
    if condition.key == "roles":
        words = "、".join(say(CREW_ROLE_WORDS[CrewRole(role)]) for role in wanted)
        return _("在组合里是%(roles)s", roles=words), say(CREW_ROLE_WORDS[CrewRole(found)])
    return condition.key, str(found)


def _item(wanted: WantedItem, scorer: Scorer, event: str) -> str:
    """Which single item, and down to which rank."""
    if wanted["code"] == "any":
        return _("任一单项前 %(n)s", n=wanted["max_rank"])
    items = {item.code: item.name for item in scorer.events[event].event.items}
    name = items.get(wanted["code"], wanted["code"])
    return _("单项“%(name)s”前 %(n)s", name=name, n=wanted["max_rank"])


def _passes(condition: Condition, scorer: Scorer, event: str, entrant: str) -> list[ConditionLine]:
    """A line for each module and part that has a pass mark and is asked for."""
    state = scorer.events[event]
    failed = set(condition.found)
    lines: list[ConditionLine] = []
    for stage in state.results.stages:
        row = next((r for r in stage.standings if r.entrant == entrant), None)
        if row is None:
            continue
        rules = next(s for s in state.event.stages if s.code == stage.code)
        scores = {code: result.score for code, result in row.modules.items()} | row.parts
        scored: tuple[Part | Module, ...] = (*rules.parts, *rules.modules)
        for what in scored:
            if what.pass_ is None or (
                condition.wanted != "all" and what.code not in condition.wanted
            ):
                continue
            score = scores.get(what.code)
            met = score is not None and Decimal(score) >= what.pass_
            lines.append(
                ConditionLine(
                    key="pass_modules",
                    wanted=_("%(name)s %(least)s 分以上", name=what.name, least=plain(what.pass_)),
                    found=score or _("没有成绩"),
                    met=met,
                )
            )
            failed.discard(what.code)
    lines += [
        ConditionLine(
            key="pass_modules",
            wanted=_("参加过 %(code)s", code=code),
            found=_("没有"),
            met=False,
        )
        for code in sorted(failed)
    ]
    return lines


def _holds(wanted: dict[str, int]) -> str:
    parts = []
    if wanted.get("at_least") is not None:
        parts.append(_("持有%(grade)s或更高", grade=say(grade_label(wanted["at_least"]))))
    if wanted.get("at_most") is not None:
        parts.append(_("持有%(grade)s或更低", grade=say(grade_label(wanted["at_most"]))))
    return "，".join(parts)
