"""A grade evaluation (等级认定): people apply for a level and pass or fail; nobody is ranked."""

from __future__ import annotations

import re

from compete.domain.kinds.description import KindDescription, Outcome
from compete.domain.values.kinds import Kind
from compete.domain.values.messages import msg

_VERB = ("to ", "To ", "not ", "may ", "must ", "can ", "who ")
# Neither a verb nor the name of a hole is changed.
_NOUN = "".join(f"(?<!{before})" for before in (r"%\(", *_VERB))

EVALUATION = KindDescription(
    kind=Kind.EVALUATION,
    name=msg("等级认定"),
    outcome=Outcome.VERDICT,
    of_people=True,
    has_results=True,
    has_awards=False,
    has_sittings=True,
    has_conditions=True,
    has_review=True,
    tells_passed_alone=True,
    two_approve_grades=True,
    may_keep=False,
    unasked_columns=frozenset({"team", "promoted", "crew", "role", "coach", "leader"}),
    check_in_items=("身份证", "准考证", "劳保用品"),
    organisers=msg("认定工作组"),
    not_here=msg("等级认定没有这一页：人不排先后，只有合格、不合格和缺考"),
    nouns={
        "zh": (
            # People who did not pass stand on no public list: a number would tell of it.
            (re.compile("写参赛号，不写姓名"), "不写姓名和准考证号"),
            (re.compile("一个人报两个赛项，写两行"), "同一个职业只能报一个等级"),
            # Nobody is ranked: there are no best, of whom the rest could be told apart.
            (re.compile("其余抽多少"), "抽多少"),
            (re.compile("如 预赛、复赛、决赛"), "如 技能考核"),
            # Whoever comes instead applies as everybody does.
            (re.compile("申请换人"), "换人报名"),
            # No place is anybody's that another could come into.
            (re.compile("[，或]改递补"), ""),
            (re.compile("赛前看时间，赛后看成绩"), "考前看时间，考后看成绩"),
            (re.compile("竞赛档案"), "批次档案"),
            (re.compile("裁判长"), "考评组长"),
            (re.compile("裁判员?"), "考评员"),
            (re.compile("报名员"), "审核员"),
            (re.compile("赛务员"), "考务员"),
            (re.compile("监督(?!电话)"), "督导"),
            (re.compile("观察员"), "质量督导"),
            (re.compile("比赛"), "考核"),
            (re.compile("参赛选手|选手"), "考生"),
            (re.compile("参赛证"), "准考证"),
            (re.compile("参赛号"), "准考证号"),
            (re.compile("参赛条件"), "报名条件"),
            (re.compile("参赛单位"), "申报单位"),
            (re.compile("参赛"), "参加"),
            (re.compile("赛场"), "考场"),
            (re.compile("(?<!技能)(?<!劳动)(?<!新建)竞赛(?!台|晋升)"), "认定"),
            # As a heading it stands beside the grade that somebody holds now.
            (re.compile("^赛项$"), "申报等级"),
            (re.compile("赛项"), "等级"),
            (re.compile("赛段"), "考核"),
            (re.compile("退赛"), "退出"),
            (re.compile("领队"), "单位"),
            (re.compile("教练"), "培训教师"),
            (re.compile("(?<!认定)(?<!竞赛)晋升"), "认定"),
        ),
        "en": (
            (
                re.compile("write (?:codes, not names|the contestant's number, not the name)"),
                "write neither names nor numbers",
            ),
            (re.compile(r"\b([Aa]) judge\b"), r"\1n examiner"),
            (re.compile(rf"{_NOUN}\bjudge(s?)\b"), r"examiner\1"),
            (re.compile(rf"{_NOUN}\bJudge(s?)\b"), r"Examiner\1"),
            (re.compile(r"\b([Aa]) competition\b"), r"\1n evaluation"),
            (re.compile(r"(?<!%\()(?<!labour )\bcompetition(s?)\b"), r"evaluation\1"),
            (re.compile(r"\bCompetition(s?)\b"), r"Evaluation\1"),
            (re.compile(r"(?<!%\()\bcontestant(s?)\b"), r"candidate\1"),
            (re.compile(r"\bContestant(s?)\b"), r"Candidate\1"),
            (re.compile(r"\b([Aa]) badge\b"), r"\1n admission card"),
            (re.compile(r"(?<!%\()\bbadge(s?)\b"), r"admission card\1"),
            (re.compile(r"\bBadge(s?)\b"), r"Admission card\1"),
        ),
    },
)
