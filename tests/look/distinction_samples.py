"""Sample data of awards given by hand."""

from __future__ import annotations

from typing import Any

from compete.web.organiser.distinctions.shapes import (
    Candidate,
    Contest,
    DistinctionCard,
    Given,
    RuleRow,
)
from compete.web.organiser.shapes import Link
from compete.web.shapes import Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]


def distinctions() -> Sample:
    """Awards given by hand in every state, and each of the forms by which they are given."""

    def given(number: int, name: str, key: str, word: str, **other: Any) -> Given:
        known: dict[str, Any] = {
            "unit": "江苏省港口集团江北港务有限公司",
            "reason": "承办预赛两场，组织 320 人参加岗位练兵",
            "notes": ["吴敏 提名，9月21日 10:02", "沈国梁 同意，9月21日 10:30"],
            "certificate": None,
            "agree_url": None,
            "agree_label": "同意",
            "agree_why_not": None,
            "drop_url": None,
            "drop_label": "不评了",
            "drop_asks": "为什么不评了",
            "recall_url": None,
            "correct_url": None,
        }
        return Given(id=number, name=name, state=key, word=word, **(known | other))

    def card(number: int, title: str, kind: str, asks: str, **other: Any) -> DistinctionCard:
        known: dict[str, Any] = {
            "given": [],
            "waiting": 0,
            "candidates": [],
            "units": [],
            "by_place": False,
            "contests": [],
            "not_yet": None,
        }
        mark = f"award-{number}"
        return DistinctionCard(mark=mark, title=title, kind=kind, asks=asks, **(known | other))

    units = [
        Candidate(code=f"U{n}", name=name, note="")
        for n, name in enumerate(("省港口集团江北港务有限公司", "沿江石化港", "洪泽湖港"))
    ]
    waiting = {"notes": ["吴敏 提名，9月21日 10:02"], "drop_url": "#"}
    cards = [
        card(
            1,
            "优秀组织奖",
            "unit",
            "评给单位",
            waiting=2,
            candidates=units,
            given=[
                given(1, "沿江石化港", "proposed", "等第二人同意", agree_url="#", **waiting),
                given(
                    2,
                    "洪泽湖港",
                    "review",
                    "等同意收回",
                    drop_asks=None,
                    drop_label="不收回",
                    drop_url="#",
                    agree_why_not="要另一个人来。现在能办的：沈国梁",
                ),
                given(
                    3,
                    "省港口集团",
                    "issued",
                    "已发证",
                    certificate=Link(label="〔2022〕第012号", url="#"),
                ),
                given(4, "连云港港", "refused", "不评了", notes=["沈国梁，9月21日：材料不实"]),
            ],
        ),
        card(
            2,
            "优秀裁判员",
            "official",
            "评给裁判和工作人员",
            candidates=[Candidate(code="J1", name="周海峰", note="裁判员")],
            given=[given(5, "周海峰", "approved", "已评定", recall_url="#", correct_url="#")],
        ),
        card(
            3,
            "优秀教练员",
            "coach",
            "评给教练、领队",
            units=[Choice(value="U1", label="沿江石化港")],
        ),
        card(
            4,
            "青年岗位能手",
            "entrant",
            "评给选手、不超过 35 周岁，算到 2022年9月20日、每个赛项里符合的前 1 名",
            by_place=True,
            contests=[
                Contest(
                    event="FORK",
                    name="叉车司机",
                    candidates=[
                        Candidate(code="B01", name="赵启明", note="第 2 名、34 岁、省港口集团"),
                        Candidate(
                            code="B02",
                            name="吕䂮",
                            note="第 5 名、29 岁、沿江石化港",
                            why_not="在符合的人里排第 2",
                        ),
                    ],
                    unknown="不知道出生日期或性别，没有算进来：李晓东",
                )
            ],
        ),
    ]
    return {
        "site": SITE,
        "competition": COMPETITION,
        "cards": cards,
        "typed": None,
        "may_decide": True,
        "rules": [
            RuleRow(title="优秀组织奖"),
            RuleRow(title="青年岗位能手", kind="entrant", age_to="35"),
            RuleRow(),
        ],
        "rules_problem": None,
        "kinds": [Choice(value="unit", label="单位"), Choice(value="entrant", label="选手")],
        "genders": [Choice(value="", label="不限")],
        "nominate_url": "#",
        "rules_url": "#",
        "honours_url": "#",
        "book_url": "#",
        "money_url": "#",
        "certificates_url": "#",
    }
