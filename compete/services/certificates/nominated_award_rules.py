"""Nominated award rules: the organiser's list of titles, and what each asks."""

from __future__ import annotations

from collections.abc import Sequence

from compete.domain.values.distinction_states import DistinctionKind, DistinctionState
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg
from compete.models import Account, Competition
from compete.services.certificates.nominated_awards import distinctions_of
from compete.services.kernel import audit
from compete.services.kernel.competition_settings import (
    DistinctionRule,
    change_settings,
    distinction_rules_of,
)
from compete.services.kernel.refusal import Refused, invalid
from compete.services.kernel.text_limits import check_text
from compete.services.kernel.transactions import changing

LONGEST_TITLE = 60
_KINDS_OF_LABOUR = DistinctionKind.of_labour()
MOST_RULES, OLDEST, MOST_PLACES = 40, 100, 100


def change_rules(competition: Competition, rules: Sequence[DistinctionRule], by: Account) -> None:
    """The titles that are given by hand from now on; what was given stays as it was given.

    Raises `Refused` (INVALID) for a title that is empty, too long or there twice, for an age or
    a number of places that cannot be; CONFLICT where an award of another kind stands under it.
    """
    if len(rules) > MOST_RULES:
        raise invalid(msg("最多 %(most)s 个奖项", most=MOST_RULES))
    for rule in rules:
        _check_rule(rule)
        if (competition.kind == Kind.LABOUR) != (rule.kind in _KINDS_OF_LABOUR) and (
            rule.kind is not DistinctionKind.UNIT
        ):
            raise invalid(msg("“%(title)s”评给的对象这个竞赛没有", title=rule.title))
    titles = [rule.title for rule in rules]
    for title in titles:
        if titles.count(title) > 1:
            raise invalid(msg("“%(title)s”写了两次", title=title))
    with changing(competition) as competition:
        kinds = {rule.title: rule.kind for rule in rules}
        for row in distinctions_of(competition):
            if (
                row.state in DistinctionState.standing()
                and kinds.get(row.title, row.kind) is not row.kind
            ):
                raise Refused(msg("“%(title)s”已经评给了别的对象，不能改", title=row.title))
        before = distinction_rules_of(competition)
        change_settings(competition, distinctions=tuple(rules))
        audit.record(
            competition,
            by,
            "distinction.rules",
            competition.code,
            before={"titles": [rule.title for rule in before]},
            after={"titles": titles},
        )


def _check_rule(rule: DistinctionRule) -> None:
    check_text(rule.title, LONGEST_TITLE)
    if not rule.title:
        raise invalid(msg("要写奖项的名称"))
    if rule.age_to is not None and not 1 <= rule.age_to <= OLDEST:
        raise invalid(msg("年龄要在 1 到 %(most)s 之间", most=OLDEST))
    if not 1 <= rule.places <= MOST_PLACES:
        raise invalid(msg("名额要在 1 到 %(most)s 之间", most=MOST_PLACES))
    personal = rule.age_to is not None or rule.age_on is not None or rule.gender
    if personal and rule.kind is not DistinctionKind.ENTRANT:
        raise invalid(msg("年龄和性别只对选手有用，“%(title)s”不是给选手的", title=rule.title))
