"""A practice (实操练习): pupils practise a module, a mentor marks; nothing comes of it."""

from __future__ import annotations

import re

from compete.domain.kinds.description import KindDescription, Outcome
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg

PRACTICE = KindDescription(
    kind=Kind.PRACTICE,
    name=msg("实操练习"),
    outcome=Outcome.MARK,
    of_people=True,
    has_results=False,
    has_awards=False,
    has_sittings=False,
    has_conditions=False,
    has_review=False,
    tells_passed_alone=False,
    two_approve_grades=False,
    may_keep=False,
    unasked_columns=frozenset(
        {"grade_since", "papers", "team", "promoted", "crew", "role", "coach", "leader"}
    ),
    check_in_items=(),
    organisers=msg("带教师傅"),
    not_here=msg("实操练习没有这一页：它只有每次练习的分，不排名次，不评奖，不定等级"),
    nouns={
        "zh": (
            (re.compile("裁判长"), "组织人"),
            (re.compile("裁判员?"), "师傅"),
            (re.compile("参赛选手|选手"), "学员"),
            (re.compile("参赛号"), "编号"),
            (re.compile("参赛证"), "练习码"),
            (re.compile("比赛"), "练习"),
            (re.compile("赛场"), "场地"),
            (re.compile("赛项"), "项目"),
            (re.compile("(?<!技能)(?<!劳动)(?<!新建)竞赛(?!台)"), "练习"),
        ),
        "en": (
            (re.compile(r"\b([Cc])hief judge\b"), r"organiser"),
            (re.compile(r"(?<!to )(?<!%\()\bjudge(s?)\b"), r"mentor\1"),
            (re.compile(r"(?<!to )\bJudge(s?)\b"), r"Mentor\1"),
            (re.compile(r"(?<!%\()\bcontestant(s?)\b"), r"pupil\1"),
            (re.compile(r"\bContestant(s?)\b"), r"Pupil\1"),
            (re.compile(r"(?<!%\()(?<!labour )\bcompetition(s?)\b"), r"practice\1"),
            (re.compile(r"\bCompetition(s?)\b"), r"Practice\1"),
        ),
    },
)
