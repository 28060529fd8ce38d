"""Conditions of grade rules in words: what was wanted, what was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypedDict

from flask_babel import gettext as _

from compete.domain.bundle.crews import crewed, heads
from compete.domain.bundle.event_types import Module, Part
from compete.domain.bundle.results import Condition, Reason
from compete.domain.explanation.grades import LEVEL_WORDS, levels_word
from compete.domain.grades.conditions import WORDS
from compete.domain.grades.ladder import Ladder, grade_label, ladder_in
from compete.domain.scoring.scorer import Scorer
from compete.domain.values.kinds import CrewRole
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.web.language import say
from compete.web.templating import plain
from compete.web.words import group_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionLine:
    """A condition of a grade rule as people read it."""

    key: str
    """The condition's name, as rules write it: `max_rank`."""
    wanted: str
    found: str
    met: bool
    unknown: bool = False
    """True if the grade it asks about is not written down, so that nobody can say if it is met."""


class WantedItem(TypedDict):
    """The wanted part of the condition `item`, as rules write it."""

    code: str
    """A single item's, or `any`."""
    max_rank: int


def describe_conditions(
    conditions: Sequence[Condition], scorer: Scorer, event: str, entrant: str
) -> list[ConditionLine]:
    """Describe each condition in a line; passes to be reached, one line a module."""
    lines: list[ConditionLine] = []
    for condition in conditions:
        if condition.key == "pass_modules":
            lines += _passes(condition, scorer, event, entrant)
            continue
        wanted, actual = _sentence(condition, scorer, event)
        lines.append(
            ConditionLine(
                key=condition.key,
                wanted=wanted,
                found=actual,
                met=condition.met,
                unknown=condition.key == "holds" and condition.found is None,
            )
        )
    return lines


def first_unmet(lines: Sequence[ConditionLine]) -> str | None:
    """The first line that does not hold, as one short sentence."""
    for line in lines:
        if not line.met:
            return _("%(wanted)s：%(found)s", wanted=line.wanted, found=line.found)
    return None


def just_missed(reason: Reason) -> bool:
    """Say whether the rank was enough and one condition alone stood in the way.

    A rule for another group, or another part in a crew, was never theirs to miss.
    """
    unmet = [condition for condition in reason.conditions if not condition.met]
    ranked = [
        condition for condition in reason.conditions if condition.key in ("max_rank", "top_percent")
    ]
    close = len(unmet) == 1 and unmet[0].key not in ("groups", "roles")
    return close and bool(ranked) and all(condition.met for condition in ranked)


def _sentence(condition: Condition, scorer: Scorer, event: str) -> tuple[str, str]:
    """Return the wanted and the found side of a condition, in words."""
    own = SENTENCES.get(condition.key)
    if own is not None:
        return own(_Asked(condition, scorer, event))
    wanted, actual = WORDS[condition.key](condition.wanted, condition.found)
    return say(wanted), say(actual)


class _Asked(NamedTuple):
    """A condition, and the event in which it was asked."""

    condition: Condition
    scorer: Scorer
    event: str

    @property
    def wanted(self) -> Any:
        return self.condition.wanted

    @property
    def ladder(self) -> Ladder:
        """Return the ladder with the names of the event's grades."""
        return ladder_in(self.scorer.events[self.event].event)

    @property
    def found(self) -> Any:
        return self.condition.found


def _unrepeated(wanted: str, actual: str) -> str:
    """Return the found words, or that it is met if they repeat the wanted ones word for word."""
    return _("符合") if actual == wanted else actual


def _max_rank(asked: _Asked) -> tuple[str, str]:
    return _("名次在前 %(n)s", n=asked.wanted), _("第 %(n)s", n=asked.found)


def _top_percent(asked: _Asked) -> tuple[str, str]:
    return _("名次在前 %(n)s%%", n=asked.wanted), f"{asked.found}%"


def _levels(asked: _Asked) -> tuple[str, str]:
    words = say(levels_word(asked.wanted))
    actual = _unrepeated(words, say(LEVEL_WORDS[asked.found]))
    return _("竞赛级别是%(levels)s", levels=words), actual


def _groups(asked: _Asked) -> tuple[str, str]:
    words = _("、").join(group_word(group) for group in asked.wanted)
    return _("组别是%(groups)s", groups=words), _unrepeated(words, group_word(asked.found))


def _min_total(asked: _Asked) -> tuple[str, str]:
    return _("总成绩 %(n)s 以上", n=asked.wanted), str(asked.found)


def _once_a_year(asked: _Asked) -> tuple[str, str]:
    wanted, year = _("本年度未因竞赛晋升"), asked.found
    if not asked.condition.met:
        return wanted, _("%(year)s 年已晋升", year=year)
    return wanted, _("上次 %(year)s 年", year=year) if year else _("符合")


def _under(asked: _Asked) -> tuple[str, str]:
    units = {unit.code: unit.name for unit in asked.scorer.bundle.units}
    names = _("、").join(units.get(code, code) for code in asked.wanted)
    return _("单位属于%(names)s", names=names), units.get(asked.found, str(asked.found))


def _holds(asked: _Asked) -> tuple[str, str]:
    parts = []
    if asked.wanted.get("at_least") is not None:
        grade = say(grade_label(asked.wanted["at_least"], asked.ladder))
        parts.append(_("持有%(grade)s或更高", grade=grade))
    if asked.wanted.get("at_most") is not None:
        grade = say(grade_label(asked.wanted["at_most"], asked.ladder))
        parts.append(_("持有%(grade)s或更低", grade=grade))
    return _("，").join(parts), say(grade_label(asked.found, asked.ladder))


def _min_ranked(asked: _Asked) -> tuple[str, str]:
    kinds = crewed(asked.scorer.events[asked.event].entrants.values())
    least, there = say(heads(asked.wanted, kinds)), say(heads(asked.found, kinds))
    return _("有名次的不少于 %(who)s", who=least), there


def _awards(asked: _Asked) -> tuple[str, str]:
    event = asked.scorer.events[asked.event].event
    awards = {award.code: award.name for award in event.awards}
    names = _("、").join(awards.get(code, code) for code in asked.wanted)
    return _("得奖是%(names)s", names=names), awards.get(asked.found, "") or _("没有")


def _item(asked: _Asked) -> tuple[str, str]:
    """Name the single item, and the lowest rank that counts."""
    place: WantedItem = asked.wanted
    actual = _("第 %(n)s", n=asked.found) if asked.found else _("没有名次")
    if place["code"] == "any":
        return _("任一单项前 %(n)s", n=place["max_rank"]), actual
    items = {item.code: item.name for item in asked.scorer.events[asked.event].event.items}
    name = items.get(place["code"], place["code"])
    return _("单项“%(name)s”前 %(n)s", name=name, n=place["max_rank"]), actual


def _roles(asked: _Asked) -> tuple[str, str]:
    words = _("、").join(say(CREW_ROLE_WORDS[CrewRole(role)]) for role in asked.wanted)
    actual = _unrepeated(words, say(CREW_ROLE_WORDS[CrewRole(asked.found)]))
    return _("在组合里是%(roles)s", roles=words), actual


SENTENCES: dict[str, Callable[[_Asked], tuple[str, str]]] = {
    "levels": _levels,
    "groups": _groups,
    "max_rank": _max_rank,
    "awards": _awards,
    "item": _item,
    "top_percent": _top_percent,
    "min_total": _min_total,
    "once_a_year": _once_a_year,
    "under": _under,
    "holds": _holds,
    "min_ranked": _min_ranked,
    "roles": _roles,
}
"""Words by key, if `WORDS` has none or pages say it shorter; `pass_modules` has a line for each
module instead (`_passes`)."""


def _passes(condition: Condition, scorer: Scorer, event: str, entrant: str) -> list[ConditionLine]:
    """A line for each module and part that has a pass mark and is asked for."""
    state = scorer.events[event]
    failed = set(condition.found)
    lines: list[ConditionLine] = []
    for stage in state.results.stages:
        row = next((r for r in stage.standings if r.entrant == entrant), None)
        if row is None:
            continue
        of_stage = next(s for s in state.event.stages if s.code == stage.code)
        scores = {code: result.score for code, result in row.modules.items()} | row.parts
        scored: tuple[Part | Module, ...] = (*of_stage.parts, *of_stage.modules)
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
