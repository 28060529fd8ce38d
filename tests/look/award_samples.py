"""Sample data of awards, proposed grades and certificates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from compete.web.conditions import ConditionLine
from compete.web.organiser.awards.shapes import (
    Act,
    AwardsPage,
    Foot,
    FootAct,
    GroupHead,
    OpenPoint,
    PackQuestion,
    PersonRow,
    PrizeRow,
)
from compete.web.organiser.certificates.shapes import (
    AsideNote,
    AwardDate,
    KindCard,
    RegisterPage,
    RegisterRow,
    RegisterUrls,
    ReissueForm,
)
from compete.web.organiser.honours.shapes import HonourCard, HonourPerson
from compete.web.organiser.prize_money.shapes import MoneyLine, MoneyPage, Paid
from compete.web.organiser.shapes import Link, View
from compete.web.pages import fields_of
from compete.web.paging import Paging
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]


TIE = "在第 1 名之后：总分相同，同分要比的第 1 项 实操成绩：80.00 > 70.00"
OTHER = "换成 Y0000 32 000123 22 2 000005"


def _conditions(theory: str = "88.00") -> list[ConditionLine]:
    return [
        ConditionLine(key="max_rank", wanted="名次在前 10", found="第 10", met=True),
        ConditionLine(
            key="pass_modules", wanted="理论 60 分以上", found=theory, met=theory != "59.50"
        ),
        ConditionLine(key="pass_modules", wanted="实操 60 分以上", found="98.00", met=True),
    ]


def honours() -> Sample:
    """Honours: one that others approve in every state, one of the organiser's own."""

    def person(name: str, state: str, word: str, note: str = "") -> HonourPerson:
        return HonourPerson(
            code=name,
            name=name,
            unit="江苏省港口集团江北港务有限公司",
            state=state,
            word=word,
            note=note,
            document_url="#" if state in ("approved", "issued") else None,
            open=state in ("proposed", "approved", "refused"),
        )

    cards = [
        HonourCard(
            mark="honour-1",
            event="FORK",
            event_name="叉车司机",
            title="江苏省技术能手",
            body="江苏省人力资源和社会保障厅",
            unsaid=False,
            people=[
                person("赵启明", "approved", "已核准", "苏人社函〔2022〕411 号，2022年10月9日"),
                person("吕䂮", "proposed", "等核准"),
                person("程国栋", "refused", "没有核准", "社保关系不在本省"),
            ],
            waiting=2,
            may_need=False,
            asked="",
            asked_by="",
            agree=False,
            agree_why_not=None,
            waive=False,
            waive_why_not="要另一个人来。现在能办的：沈国梁",
        ),
        HonourCard(
            mark="honour-2",
            event="FORK",
            event_name="叉车司机",
            title="岗位操作标兵",
            body=None,
            unsaid=False,
            people=[person("林海涛", "own", "可以发证")],
            waiting=0,
            may_need=True,
            asked="",
            asked_by="",
            agree=False,
            agree_why_not=None,
            waive=False,
            waive_why_not=None,
        ),
        HonourCard(
            mark="honour-3",
            event="",
            event_name="评选",
            title="江苏省五一劳动奖状",
            body=None,
            unsaid=True,
            people=[person("江苏省港口集团", "unsaid", "等写明由谁核准")],
            waiting=1,
            may_need=True,
            asked="省厅授权组委会授予，见苏人社函〔2022〕4 号",
            asked_by="吴敏",
            agree=True,
            agree_why_not=None,
            waive=False,
            waive_why_not=None,
        ),
    ]
    return {
        "site": SITE,
        "competition": COMPETITION,
        "cards": cards,
        "published": True,
        "is_labour": False,
        "typed": None,
        "may_decide": True,
        "need_url": "#",
        "own_url": "#",
        "agree_url": "#",
        "waive_url": "#",
        "decide_url": "#",
    }


def prize_money() -> Sample:
    """Amounts, one of them wrong, and who is to be paid."""

    def line(title: str, yuan: str, problem: str | None = None) -> MoneyLine:
        return MoneyLine(field=title, title=title, yuan=yuan, problem=problem)

    return {"site": SITE} | fields_of(
        MoneyPage(
            competition=COMPETITION,
            is_labour=False,
            titles=[
                line("一等奖", "3000"),
                line("江苏省技术能手", "三千", "金额写成 3000 或 3000.50 这样"),
                line("优秀组织奖", ""),
            ],
            grades=[line("三级/高级工", "1500"), line("二级/技师", "2000")],
            problem=None,
            paid=[
                Paid(
                    name="赵启明",
                    unit="江苏省港口集团江北港务有限公司",
                    title="一等奖",
                    yuan="3000",
                )
            ]
            * 3,
            count=5,
            total="15000",
            save_url="#",
            book_url="#",
        )
    )


def awards() -> Sample:
    """Awards and promotions, with what is open of each kind."""

    def chip_of(text: str, kind: str, sign: str | None) -> Chip:
        return Chip(text=text, kind=kind, icon=sign)

    met = chip_of("3 条都符合", "ok", "check")
    decide = [
        Act(key=key, label=label, url="#")
        for key, label in (("approve", "批准"), ("hold", "缓办"), ("refuse", "不批准"))
    ]
    look = Act(key="link", label="更正资料", url="#", likely=True)

    def person(rank: int, name: str, **more: Any) -> PersonRow:
        given = {
            "id": str(rank),
            "group": None,
            "rank": rank,
            "name": name,
            "now": None,
            "unit": "省港口集团",
            "honours": [],
            "changed": None,
            "total": "98.40",
            "of_stage": None,
            "present": "四级/中级工",
            "to": "三级/高级工",
            "state": "proposed",
            "said": met,
            "tie": None,
            "then": None,
            "reason": None,
            "decided": None,
            "conditions": _conditions(),
            "rule": "竞赛规则 2022-03 第 15 条",
            "point": None,
            "acts": decide,
            "seen": "proposed",
        }
        return PersonRow(**(given | more))

    def point(fact: str, source: str, *acts: Act, doubted: bool = True) -> OpenPoint:
        return OpenPoint(fact=fact, source=source, acts=acts, doubted=doubted)

    first = GroupHead(name="一等奖", count="3 人", ranks="10%，第 1 到 3 名")
    second = GroupHead(name="二等奖", count="3 人", ranks="第 4 到 6 名")
    short = chip_of("差 1 条，2 条符合", "bad", "diamond-alert")
    unknown = chip_of("现等级没填，3 条符合", "bad", "diamond-alert")
    leap = chip_of("一次升 2 级，3 条都符合", "warn", "warn")
    blank = "报名资料里空着；本来就没有等级的，核对过再批准"
    people = [
        person(1, "赵启明", group=first, honours=["江苏省技术能手（等核准）"], state="approved",
               decided="吴敏 9月21日 10:03"),
        person(2, "吕䂮", tie=TIE, changed="第 2 版改了"),
        person(3, "程国栋", present="", said=unknown,
               point=point("现等级没填，不能说符合。", blank, decide[0], look)),
        person(4, "李晓东", group=second, state="held", reason="等单位补工龄证明",
               point=point("缓办：等单位补工龄证明", "吴敏 9月21日 10:02", decide[2], decide[0])),
        person(5, "何卫东", present="五级/初级工", said=leap,
               point=point("一次升 2 级。", "报名资料里是五级/初级工", look, decide[0])),
        person(6, "林海涛", to=None, state=None, said=short, conditions=_conditions("59.50"),
               acts=[], point=point("理论 60 分以上：59.50", "见成绩", look, doubted=False)),
    ]  # fmt: skip
    return {"site": SITE} | fields_of(
        AwardsPage(
            competition=COMPETITION,
            entrants="30 人",
            chips=[chip_of("公示中，到11月29日", "warn", "clock")],
            tabs=[
                View(label=label, url="#", current=label == "个人") for label in ("个人", "团体")
            ],
            views=[
                View(label="全部 6", url="#", current=True),
                View(label="要来定", url="#?show=open", current=False),
                View(label="晋升 5", url="#", current=False),
                View(label="不升 1", url="#", current=False),
            ],
            open_count=3,
            people=people,
            prizes=[],
            raises=True,
            page=Paging(number=1, pages=1, total=6, previous_url=None, next_url=None),
            warning=None,
            notes=["两个人定了保留，所以“二等奖”有 2 个得主的证书有效，第 2 版定的是 1 个。"],
            questions=[
                PackQuestion(
                    title="海南自贸港技能大赛装配式建筑赛项（团队）",
                    presumes="每个队只登记了一人，这个人的名次就是队的名次",
                    found="登记了 12 人、12 个队；不止一人的队 0 个，没有写队的 0 人",
                    pack="hainan-team",
                    url="#",
                )
            ],
            foot=Foot(
                title="1 人可以批准，3 人要来定",
                lines=["公示到2022年9月28日，期满以后才能批准"],
                beside=[
                    FootAct(label="核对过了，批准 2 人", url="#", posts=True, asks="核对：程国栋")
                ],
                next=FootAct(label="定下一个：程国栋", url="#", next_open=True),
            ),
            rules_url="#",
            print_url="#",
            book_url="#",
            more=[Link(label="荣誉称号", url="#"), Link(label="评选奖项", url="#")],
        )
    )


def award_prizes() -> Sample:
    """What teams won, under a tab of its own."""
    return awards() | {
        "people": [],
        "prizes": [
            PrizeRow(
                group=GroupHead(name="团体一等奖", count="1 个", ranks=""),
                rank=1,
                name="省港口集团",
                unit="",
                total="290.00",
                tie=None,
            )
        ],
    }


def _certificate(number: str, name: str, state: str) -> RegisterRow:
    return RegisterRow(
        id=int(number[-1]),
        number=number,
        kind="技能等级证书",
        name=name,
        now=None,
        id_masked="3200**********0012",
        **{"others": [], "notes": []},
        settle_url=None,
        reissue_url=None,
        revoke_url=None,
        unit="省港口集团",
        title="二级/技师",
        ground="竞赛晋升，2022年全省港口叉车司机职业技能竞赛",
        issued="2022年10月12日",
        state=state,
        pdf_url="#",
        verify_url="#",
    )


def certificates() -> Sample:
    """Certificates issued and to be issued."""
    valid = replace(
        _certificate("Y000032000123222000001", "赵启明", "valid"), revoke_url="#", reissue_url="#"
    )
    review = _certificate("Y000032000123222000003", "李晓东", "review")
    revoked = _certificate("Y000032000123222000004", "何卫东", "revoked")
    return {
        "site": SITE,
        "competition": COMPETITION,
        "page": RegisterPage(
            first=1, last=4, total=4, whole=True, previous_url=None, next_url=None
        ),
        "body_missing": None,
        "kept": None,
        "void": Link(label="1 人的等级证书撤销了，没有重新发", url="#"),
        "left": None,
        "filters": {"q": "", "kind": "", "year": "", "level": "", "state": "all"},
        "years": [2022],
        "levels": [Choice(value=level, label=level) for level in ("二级/技师", "三级/高级工")],
        "aside": AsideNote(
            said="没有照片的留空框：陈露，共 1 张。", count=1, url="#", shown=False, back_url="#"
        ),
        "counts": {"all": 4, "valid": 2, "review": 1, "replacing": 1, "replaced": 0, "revoked": 1},
        "state_urls": dict.fromkeys(
            ("all", "valid", "review", "replacing", "replaced", "revoked"), "#"
        ),
        "urls": RegisterUrls(
            self="#",
            words="#",
            settings="#",
            handing_out="#",
            handing_out_book="#",
            upload="#",
            consequences="#",
            workbook="#",
        ),
        "waits": None,
        "kinds": [
            KindCard(
                key="grade",
                name="技能等级证书",
                ready=8,
                issue_url="#",
                print_url="#",
                blocked=None,
                note=None,
            ),
            KindCard(
                key="award",
                name="获奖证书",
                ready=12,
                issue_url=None,
                print_url=None,
                blocked="公示 9月21日期满以后才能发",
                note=None,
                date=AwardDate(chosen="", said="落款 2022年10月12日，编号〔2022〕", url="#"),
            ),
        ],
        "certificates": [
            valid,
            replace(review, settle_url="#", revoke_url="#"),
            replace(revoked, **{"others": [OTHER], "notes": ["理论成绩更正为 58.00"]}),
            replace(
                valid,
                id=6,
                number="Y000032000123222000006",
                name="郑大炜",
                reissue=ReissueForm(
                    url="#",
                    reasons=[
                        Choice(value="name", label="姓名写错"),
                        Choice(value="lost", label="丢了补办"),
                    ],
                    chosen="name",
                    by_two=False,
                    was="郑大炜",
                    now="郑大伟",
                    corrected=False,
                    number="Y0000 32 000123 22 2 000045",
                    count=1,
                    correct_url="#",
                ),
            ),
        ],
    }


def certificates_empty() -> Sample:
    """Nothing issued, and the issuing body not yet described."""
    return {
        **certificates(),
        "certificates": [],
        "waits": None,
        "kinds": [],
        "counts": dict.fromkeys(("all", "valid", "review", "replacing", "replaced", "revoked"), 0),
        "void": None,
        "body_missing": "评价机构还没填，发不了技能等级证书。",
    }
