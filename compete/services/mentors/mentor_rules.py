"""Rules on mentors: of an organisation, else of the nearest above it, else the usual ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
from sqlalchemy import select

from compete.domain.values.mentor_states import Allowance, MentorOutcome
from compete.domain.values.messages import Message, msg
from compete.models import Account, MentorRuleSet, Organisation
from compete.services.directory.merged import with_merged
from compete.services.directory.tree import lines_above, may_change
from compete.services.kernel import audit
from compete.services.kernel.chunks import rows_among
from compete.services.kernel.fields import Setting, differences, texts_of
from compete.services.kernel.refusal import Refusal, Refused
from compete.services.kernel.transactions import unit_of_work

OUTCOME_WORDS: Mapping[MentorOutcome, Message] = {
    MentorOutcome.EXCELLENT: msg("优秀"),
    MentorOutcome.PASS: msg("合格"),
    MentorOutcome.FAIL: msg("不合格"),
    MentorOutcome.ENDED: msg("提前结束"),
}
ALLOWANCE_WORDS: Mapping[Allowance, Message] = {
    Allowance.FULL: msg("全额"),
    Allowance.HALF: msg("一半"),
    Allowance.NONE: msg("不发"),
}
_MOST_POINTS = 1000
_LONGEST_TERM = 60


def _points(title: Message, hint: Message | None = None) -> Setting:
    return Setting(title, hint, most=_MOST_POINTS)


class MentorRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation asks of agreements, what it pays, and what pupils' results count."""

    pupils: Annotated[int, Setting(msg("同时最多带几个徒弟"), least=1, most=20)] = 2
    months: Annotated[int, Setting(msg("最长几个月"), least=1, most=_LONGEST_TERM)] = 12
    pays_excellent: Annotated[Allowance, Setting(msg("优秀的补贴"), choices=ALLOWANCE_WORDS)] = (
        Allowance.FULL
    )
    pays_pass: Annotated[Allowance, Setting(msg("合格的补贴"), choices=ALLOWANCE_WORDS)] = (
        Allowance.HALF
    )
    pays_fail: Annotated[Allowance, Setting(msg("不合格的补贴"), choices=ALLOWANCE_WORDS)] = (
        Allowance.NONE
    )
    pays_ended: Annotated[Allowance, Setting(msg("提前结束的补贴"), choices=ALLOWANCE_WORDS)] = (
        Allowance.NONE
    )
    after: Annotated[
        int,
        Setting(msg("出师后几个月内的成绩还算"), most=_LONGEST_TERM),
    ] = 12
    points_excellent: Annotated[int, _points(msg("徒弟考核优秀"))] = 10
    points_pass: Annotated[int, _points(msg("徒弟考核合格"))] = 5
    points_first: Annotated[int, _points(msg("徒弟得第 1 名"))] = 10
    points_second: Annotated[int, _points(msg("徒弟得第 2 名"))] = 8
    points_third: Annotated[int, _points(msg("徒弟得第 3 名"))] = 6
    points_award: Annotated[
        int, _points(msg("徒弟得一个奖项或荣誉"), msg("名次和奖项各算各的"))
    ] = 3
    points_grade_5: Annotated[int, _points(msg("徒弟取得五级/初级工"))] = 1
    points_grade_4: Annotated[int, _points(msg("徒弟取得四级/中级工"))] = 2
    points_grade_3: Annotated[int, _points(msg("徒弟取得三级/高级工"))] = 4
    points_grade_2: Annotated[int, _points(msg("徒弟取得二级/技师"))] = 7
    points_grade_1: Annotated[int, _points(msg("徒弟取得一级/高级技师"))] = 10

    def allowance(self, outcome: MentorOutcome) -> Allowance:
        """The share of the allowance for an outcome."""
        return Allowance(getattr(self, f"pays_{outcome.value}"))

    def of_outcome(self, outcome: MentorOutcome | None) -> int:
        """The points of an outcome."""
        points = {
            MentorOutcome.EXCELLENT: self.points_excellent,
            MentorOutcome.PASS: self.points_pass,
        }
        return points.get(outcome, 0) if outcome is not None else 0

    def of_place(self, rank: int | None) -> int:
        """The points of a place."""
        points = {1: self.points_first, 2: self.points_second, 3: self.points_third}
        return points.get(rank, 0) if rank is not None else 0

    def of_grade(self, grade: int) -> int:
        """The points of a grade, 5 to 1."""
        return int(getattr(self, f"points_grade_{grade}", 0))


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules that hold for an organisation, and whose they are; None: the usual ones."""

    rules: MentorRules
    whose: Organisation | None


_USUAL = RulesInForce(MentorRules(), None)


def rules_in_force(organisation: Organisation) -> RulesInForce:
    """The rules that hold for an organisation."""
    return rules_of_many([organisation.id])[organisation.id]


def rules_of_many(numbers: Collection[int]) -> dict[int, RulesInForce]:
    """The rules that hold for each of these organisations."""
    lines = lines_above(set(numbers))
    above = {row.id for line in lines.values() for row in line}
    counted = with_merged(Organisation, above)
    query = select(MentorRuleSet).order_by(MentorRuleSet.id)
    sets: dict[int, MentorRuleSet] = {}
    for row in rows_among(query, MentorRuleSet.organisation_id, sorted(counted)):
        number = counted[row.organisation_id]
        # What it says itself comes before what was merged into it.
        if number not in sets or row.organisation_id == number:
            sets[number] = row
    in_force = {}
    for number, line in lines.items():
        whose = next((row for row in line if row.id in sets), None)
        in_force[number] = (
            RulesInForce(msgspec.convert(sets[whose.id].rules, MentorRules, strict=False), whose)
            if whose is not None
            else _USUAL
        )
    return in_force


def set_rules(organisation: Organisation, rules: MentorRules, by: Account) -> bool:
    """Write the organisation's own rules; whether anything is another now.

    Agreements that stand are not looked at again. Raises `Refused` (FORBIDDEN) for who may not
    change the organisation.
    """
    if not may_change(organisation, by):
        raise Refused(msg("这个组织的规则由管理员定"), kind=Refusal.FORBIDDEN)
    with unit_of_work() as session:
        audit.claim_chain(None)
        stands = rules_in_force(organisation)
        names = differences(stands.rules, rules)
        own = stands.whose is not None and stands.whose.id == organisation.id
        if own and not names:
            return False
        query = select(MentorRuleSet).where(MentorRuleSet.organisation_id == organisation.id)
        row = session.scalar(query)
        if row is None:
            row = MentorRuleSet(organisation_id=organisation.id, made_by=by.id)
            session.add(row)
        kept: dict[str, Any] = msgspec.to_builtins(rules)
        row.rules, row.made_by = kept, by.id
        session.flush()
        before, after = texts_of(stands.rules), texts_of(rules)
        audit.record(
            None,
            by,
            "mentor_rules.set",
            organisation.name,
            before={name: before[name] for name in names},
            after={name: after[name] for name in names},
        )
    return True
