"""A labour competition (劳动竞赛): units with values by period, and a place by their totals."""

from __future__ import annotations

import re

from compete.domain.kinds.description import KindDescription, Outcome
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg

LABOUR_COMPETITION = KindDescription(
    kind=Kind.LABOUR,
    name=msg("劳动竞赛"),
    outcome=Outcome.TOTAL,
    of_people=False,
    has_results=True,
    has_awards=True,
    has_sittings=False,
    has_conditions=False,
    has_review=False,
    tells_passed_alone=False,
    two_approve_grades=False,
    may_keep=True,
    unasked_columns=frozenset({"grade_since", "papers"}),
    check_in_items=(),
    organisers=msg("竞赛组委会"),
    not_here=msg("劳动竞赛没有这一页：它只有各期的排名，由各单位的得分算出来"),
    nouns={
        # Nobody has a badge or a page of his own.
        "zh": ((re.compile("参赛证、"), ""), (re.compile("选手本人的页面、"), "")),
        "en": (
            (re.compile("badges, "), ""),
            (re.compile("Contestants' own pages and certificates"), "Certificates"),
        ),
    },
)
