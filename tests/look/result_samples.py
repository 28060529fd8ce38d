"""Sample data of standings, awards and certificates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.organiser.shapes import Chip, Figure, Link
from compete.web.organiser.standings.shapes import (
    Column,
    ComparedRow,
    Comparison,
    ExplainedRow,
    HashWords,
    PageAct,
    StandingRow,
    StandingsHead,
    StandingsTable,
    TeamRow,
    Teams,
    Term,
    Unranked,
)
from compete.web.pages import fields_of
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]


def _row(
    rank: int, number: str, name: str, unit: str, marks: str, award: str, grade: str
) -> StandingRow:
    theory, practice, time, total = marks.split()
    low = theory == "59.50"
    return StandingRow(
        id=number,
        rank=rank,
        number=number,
        name=name,
        unit=unit,
        award=award,
        grade=None if low else grade,
        grade_refused="理论不足 60" if low else None,
        values={
            "theory": Figure(text=theory, bad=low),
            "practice": Figure(text=practice),
            "time": Figure(text=time),
        },
        total=total,
        how_url="#",
    )


HOW = ExplainedRow(
    title="怎么算出来的：周一凡 94.20，第 5 名",
    clause="规则 2022-03 第 12 条",
    sums=[
        Term(label="理论", text="91.00 × 20%", value="18.20"),
        Term(label="实操", text="95.00 × 80%", value="76.00"),
        Term(label="扣罚", text=None, value="0"),
        Term(label="合计", text=None, value="94.20"),
    ],
    compare=Comparison(
        names=["周一凡", "孙志远"],
        rows=[
            ComparedRow(
                key="总成绩",
                values=["94.20", "94.20"],
                result="相同，比下一项",
                decided=False,
            ),
            ComparedRow(
                key="实操成绩",
                values=["95.00", "94.00"],
                result="周一凡高 1.00，排在前",
                decided=True,
            ),
        ],
    ),
)


def standings() -> Sample:
    """Page 6."""
    first, second = "一等奖", "二等奖"
    fifth = _row(5, "B14", "周一凡", "运河港", "91.00 95.00 8:01 94.20", first, "三级/高级工")
    head = StandingsHead(
        competition=COMPETITION,
        chips=[
            Chip(text="公示中，还有 3 个工作日", kind="warn", icon="clock"),
            Chip(text="第 1 版", kind=""),
        ],
        hash=HashWords(
            words="青松 江桥 白鹭 石榴",
            digest="8c1f 04d2 … 77ae",
            when="9月16日 14:00 存档",
        ),
        acts=[
            PageAct(label="导出 Excel", url="#", icon="download"),
            PageAct(label="公示文件", url="#", icon="print"),
            PageAct(label="9月21日期满后终审", url="#", blocked=True),
        ],
        message_text=None,
    )
    table = StandingsTable(
        stage="决赛",
        views=[],
        page=None,
        search=None,
        self_url="#",
        columns=[
            Column(key="theory", label="理论"),
            Column(key="practice", label="实操"),
            Column(key="time", label="用时", soft=True),
        ],
        rows=[
            _row(1, "B01", "赵启明", "省港口集团", "92.00 100.00 7:32 98.40", first, "二级/技师"),
            _row(2, "B02", "吕䂮", "省港口集团", "90.00 98.00 7:50 96.40", first, "二级/技师"),
            _row(3, "B03", "程国栋", "省港口集团", "88.00 97.00 8:06 95.20", first, "二级/技师"),
            _row(4, "B10", "李晓东", "海州港", "89.00 96.00 8:20 94.60", first, "三级/高级工"),
            replace(fifth, open=True, how=HOW),
            _row(6, "B07", "孙志远", "江北港", "95.00 94.00 8:31 94.20", second, "三级/高级工"),
            _row(7, "B04", "钱海峰", "江南港", "85.00 94.00 8:15 92.20", second, "三级/高级工"),
            _row(10, "B21", "林海涛", "洪泽湖港", "59.50 98.00 7:44 90.30", second, "三级/高级工"),
        ],
        unranked=[Unranked(name="李浩", unit="海州港", why="缺考")],
        more_unranked=0,
        teams=_teams(),
    )
    return {"site": SITE, **fields_of(head), **fields_of(table)}


def _teams() -> Teams:
    return Teams(
        title="团体",
        note="3 名队员总成绩相加，缺考计 0",
        rows=[
            TeamRow(rank=1, name="省港口集团", sum="98.40＋96.40＋95.20", total="290.00"),
            TeamRow(
                rank=2,
                name="江北港",
                sum="94.20＋90.00＋86.80",
                total="271.00",
                notes=["与江南港同分，最好名次 6 比 7"],
            ),
            TeamRow(rank=3, name="江南港", sum="92.20＋91.60＋87.20", total="271.00"),
            TeamRow(
                rank=None,
                name="运河港",
                sum="94.20＋88.60",
                total="182.80",
                notes=["只有 2 人，不排名"],
            ),
        ],
        more=Link(label="看第 5 到 10 名", url="#"),
    )


def standings_empty() -> Sample:
    """Page 6 before the first mark."""
    return {
        **standings(),
        "rows": [],
        "teams": None,
        "hash": None,
        "unranked": [],
        "chips": [],
        "acts": [],
    }


def _conditions(theory: str = "88.00") -> list[Sample]:
    return [
        {"wanted": "名次在前 10", "found": "第 10", "met": True},
        {"wanted": "理论 60 分以上", "found": theory, "met": theory != "59.50"},
        {"wanted": "实操 60 分以上", "found": "98.00", "met": True},
    ]


def awards() -> Sample:
    """Awards and proposed grades."""

    def person(rank: int, name: str, state: str, **more: Any) -> Sample:
        return {
            "id": rank,
            "rank": rank,
            "name": name,
            "unit": "省港口集团",
            "from": "四级/中级工",
            "to": "三级/高级工",
            "state": state,
            "conditions": _conditions(),
            "rule": "竞赛规则 2022-03 第 15 条",
            **more,
        }

    urls = {"approve_url": "#", "hold_url": "#", "refuse_url": "#"}
    return {
        "site": SITE,
        "competition": COMPETITION,
        "page": None,
        "why_not": None,
        "left": None,
        "promotions_url": "#",
        "questions": [
            {
                "title": "海南自贸港技能大赛装配式建筑赛项（团队）",
                "presumes": "每个队只登记了一人，这个人的名次就是队的名次",
                "found": "登记了 12 人、12 个队；不止一人的队 0 个，没有写队的 0 人",
                "pack": "hainan-team",
                "url": "#",
            }
        ],
        "approve_all": {"url": "#", "count": 10},
        "counts": {"all": 4, "proposed": 1, "approved": 1, "held": 1, "refused": 1},
        "filter_urls": dict.fromkeys(("all", "proposed", "approved", "held", "refused"), "#"),
        "shown": "all",
        "standings_url": "#",
        "grades": [
            person(1, "赵启明", "proposed", **urls),
            person(
                2, "吕䂮", "held", reason="等单位补工龄证明", decided="吴敏 9月21日 10:02", **urls
            ),
            person(3, "程国栋", "approved", decided="吴敏 9月21日 10:03", **urls),
            person(4, "李晓东", "refused", reason="今年已晋升过一次", decided="吴敏 9月21日 10:05"),
        ],
        "near_total": 12,
        "near": [
            {
                "rank": 10,
                "name": "林海涛",
                "unit": "洪泽湖港",
                "why": "理论不足 60",
                "conditions": _conditions("59.50"),
            }
        ],
        "awards": [
            {
                "name": "个人一等奖",
                "total": 5,
                "people": [
                    {"rank": 1, "name": "赵启明", "unit": "省港口集团", "total": "98.40"},
                    {"rank": 2, "name": "吕䂮", "unit": "省港口集团", "total": "96.40"},
                ],
            },
            {
                "name": "团体一等奖",
                "total": 1,
                "people": [{"rank": 1, "name": "省港口集团", "unit": "", "total": "290.00"}],
            },
        ],
    }


def certificates() -> Sample:
    """Certificates issued and to be issued."""

    def row(number: str, name: str, state: str, **more: Any) -> Sample:
        return {
            "id": number[-1],
            "number": number,
            "kind": "技能等级证书",
            "name": name,
            "id_masked": "3200**********0012",
            "notes": [],
            "reissue": None,
            "settle_url": None,
            "reissue_url": None,
            "revoke_url": None,
            "unit": "省港口集团",
            "title": "二级/技师",
            "issued": "2022年10月12日",
            "state": state,
            "pdf_url": "#",
            "verify_url": "#",
            **more,
        }

    return {
        "site": SITE,
        "competition": COMPETITION,
        "page": {"first": 1, "last": 4, "total": 4, "previous_url": None, "next_url": None},
        "body_missing": None,
        "left": None,
        "filters": {"q": "", "kind": "", "state": "all"},
        "counts": {"all": 4, "valid": 2, "review": 1, "replacing": 1, "replaced": 0, "revoked": 1},
        "state_urls": dict.fromkeys(
            ("all", "valid", "review", "replacing", "replaced", "revoked"), "#"
        ),
        "urls": {"self": "#", "settings": "#", "consequences": "#", "workbook": "#"},
        "kinds": [
            {
                "key": "grade",
                "name": "技能等级证书",
                "ready": 8,
                "issue_url": "#",
                "print_url": "#",
            },
            {
                "key": "award",
                "name": "获奖证书",
                "ready": 12,
                "blocked": "公示 9月21日期满以后才能发",
                "date": {"chosen": "", "said": "落款 2022年10月12日，编号〔2022〕", "url": "#"},
            },
        ],
        "certificates": [
            row("Y000032000123222000001", "赵启明", "valid", revoke_url="#", reissue_url="#"),
            row("Y000032000123222000003", "李晓东", "review", settle_url="#", revoke_url="#"),
            row("Y000032000123222000004", "何卫东", "revoked", notes=["理论成绩更正为 58.00"]),
            row("Y000032000123222000006", "郑大炜", "valid", revoke_url="#", reissue_url="#")
            | {
                "reissue": {
                    "url": "#",
                    "reasons": [
                        {"value": "name", "label": "姓名写错"},
                        {"value": "lost", "label": "丢了补办"},
                    ],
                    "chosen": "name",
                    "was": "郑大炜",
                    "now": "郑大伟",
                    "corrected": False,
                    "number": "Y0000 32 000123 22 2 000045",
                    "correct_url": "#",
                }
            },
        ],
    }


def certificates_empty() -> Sample:
    """Nothing issued, and the issuing body not yet described."""
    return {
        **certificates(),
        "certificates": [],
        "kinds": [],
        "counts": dict.fromkeys(("all", "valid", "review", "replacing", "replaced", "revoked"), 0),
        "body_missing": "评价机构还没填，发不了技能等级证书。",
    }
