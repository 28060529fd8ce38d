"""A skills contest (技能竞赛): people are ranked in events; texts are written in its words."""

from __future__ import annotations

from compete.domain.kinds.description import KindDescription, Outcome
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg

CONTEST = KindDescription(
    kind=Kind.SKILLS,
    name=msg("技能竞赛"),
    outcome=Outcome.RANK,
    of_people=True,
    has_results=True,
    has_awards=True,
    has_sittings=False,
    has_conditions=False,
    has_review=False,
    tells_passed_alone=False,
    two_approve_grades=False,
    may_keep=True,
    unasked_columns=frozenset({"grade_since", "papers"}),
    check_in_items=("身份证", "参赛证", "劳保用品"),
    organisers=msg("竞赛组委会"),
    not_here=msg("技能竞赛没有这一页：它是劳动竞赛按期打分、等级认定看合格用的"),
)
