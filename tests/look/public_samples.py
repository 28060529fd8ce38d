"""Sample data of the phone pages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from markupsafe import Markup
from wtforms import Form, PasswordField, StringField

from compete.documents.qr import qr_svg
from compete.documents.standings_list import (
    HonourLine,
    StandingsRow,
    TeamLine,
    UnitLine,
)
from compete.services.kernel.noted_elsewhere import ChainRecord
from compete.web.conditions import ConditionLine
from compete.web.drawing.charts import radar
from compete.web.pages import fields_of
from compete.web.public.badge import (
    AppealWords,
    AspectLine,
    AspectRadar,
    BadgeHead,
    HashWords,
    Holder,
    Published,
    Result,
    TeamWords,
)
from compete.web.public.badge_certificates import BadgeCertificate
from compete.web.public.badge_plan import Fact, NextTime, Plan, PlanLine
from compete.web.public.badge_scores import ModuleBar
from compete.web.public.certificate import (
    CredentialDoor,
)
from compete.web.public.grade_words import GradeWords
from compete.web.public.results_shapes import (
    Award,
    Chip,
    Columns,
    Lists,
    Period,
    PersonRow,
    Place,
    ResultsPage,
    Search,
    Shown,
    Side,
    StoredHash,
    Superseded,
    Tab,
    VersionLink,
    WorkedRow,
)
from compete.web.public.views import Announced
from compete.web.trust.views import Authority
from tests.look.people import page

Sample = dict[str, Any]
HEADING, SUBHEADING = "港口叉车司机职业技能竞赛", "2022年全省 · 决赛"
PERSON = Holder(name="林海涛", unit="洪泽湖港", number="B21")
CONTACT = "有事找领队 韩平，或检录处 0517-0000 0016"
HEAD = BadgeHead(
    heading=HEADING, subheading=SUBHEADING, person=PERSON, contact=CONTACT, published=False
)

PLAN = Plan(
    status="成绩还没公布",
    next_time=NextTime(
        title="实操 第3场",
        label="下一场",
        where=None,
        place="江北港实训场 B 区，东门进，先到检录处",
        facts=[
            Fact(label="检录", value="09:50", unit=None),
            Fact(label="进场", value="10:20", unit=None),
            Fact(label="工位", value="2", unit="号"),
        ],
    ),
    after_last=None,
    wide=False,
    deadline="10:05 还没检录，按弃权处理。",
    plan=[
        PlanLine(day="9月15日", time="14:00", what="理论考试", note="已参加"),
        PlanLine(day="9月16日", time="10:20", what="实操 2号工位", note=""),
        PlanLine(day="9月16日", time="14:00", what="成绩公布", note="扫同一个码"),
    ],
    bring="身份证原件、参赛证、反光背心、安全帽",
)


TIE = "在第 1 名之后：总分相同，同分要比的第 1 项 实操成绩：80.00 > 70.00"


def before() -> Sample:
    """Page 7 before publication."""
    return fields_of(HEAD, PLAN)


def before_empty() -> Sample:
    """Page 7 when no time is fixed."""
    return fields_of(HEAD, replace(PLAN, next_time=None, deadline=None, plan=[], bring=None))


def after() -> Sample:
    """Page 7 after publication."""
    names = ("碰杆", "倒杆", "货物", "安全", "平稳", "堆码", "用时")
    mine = [Decimal(part) for part in ("0.9", "1", "1", "1", "1", "1", "1")]
    median = [Decimal(part) for part in ("0.8", "0.9", "0.95", "0.8", "0.7", "0.7", "0.9")]
    return fields_of(
        replace(HEAD, published=True, contact=None),
        Published(
            result=Result(
                chip="公示中，到11月27日 · 第 2 版",
                place_name="名次",
                rank=10,
                unranked=None,
                total="90.30",
                total_name="总成绩",
                of="45 人参评",
                awards=["二等奖"],
                note="B14 堆码偏差的读数更正，第三名以后的名次跟着变",
                before="原来（第 1 版）：第 9 名，一等奖。",
            ),
            team=TeamWords(
                name="洪泽湖港",
                rank="第 2",
                total="271.00",
                award=None,
                note="我的成绩计入团体总分",
            ),
            bends=[],
            certificates_to_come="公示到 9月21日，期满后发证，发了在这里能看到。",
            modules=[
                _module("理论", "占 20%", "59.50", "78.00", bad=True),
                _module("实操", "占 80%", "98.00", "88.00"),
            ],
            radar=AspectRadar(
                title="实操各项",
                shape=radar(names, mine, median),
                table=[AspectLine(name=name, mine="10", median="8", full="10") for name in names],
            ),
            grades=[
                GradeWords(
                    who=None,
                    title="这次没晋升",
                    met=False,
                    text="参赛时是四级/中级工，这次可晋升三级/高级工。",
                    conditions=[
                        _condition("名次在前 10", "第 10", True),
                        _condition("本年度未因竞赛晋升", "没有", True),
                    ],
                    why="理论 59.50，需 60，差 0.50。依据：竞赛规则 2022-03 第 15 条。",
                )
            ],
            appeal=AppealWords(
                left="还剩 42 分钟",
                url="#",
                act="提交申诉",
                text="9月16日 16:00 前可以申诉，由本人或单位在这里提出。",
            ),
            under_appeal=True,
            certificates=[
                BadgeCertificate(
                    name="获奖证书",
                    text="二等奖",
                    revoked=False,
                    doubt=None,
                    url="#",
                    file="#",
                    credential=CredentialDoor(json="#", token="#"),
                )
            ],
            hash=HashWords(
                words="青松 江桥 白鹭 石榴",
                text="和 9月16日 14:00 存档一致",
                version=1,
                check="#",
            ),
        ),
    )


def _module(name: str, weight: str, value: str, median: str, bad: bool = False) -> ModuleBar:
    return ModuleBar(
        name=name,
        weight=weight,
        value=value,
        bad=bad,
        median=median,
        share=Decimal(value),
        median_share=Decimal(median),
        note=None,
    )


def _condition(wanted: str, found: str, met: bool) -> ConditionLine:
    return ConditionLine(key="", wanted=wanted, found=found, met=met)


LONG = replace(
    PERSON,
    name="阿卜杜拉·买买提江·吐尔逊·艾力·托合提·库尔班·伊敏",
    unit="江苏省南京市江宁区第一运行维护有限责任公司分公司",
)


def before_long() -> Sample:
    """The longest names on the smallest screen."""
    return {**before(), "person": LONG}


def after_long() -> Sample:
    """Long names, and more prizes than fit beside the total."""
    shown = after()
    prizes = ["二等奖", "50 吨旋转吊清障车 单项优胜", "重型吊车 单项第一名"]
    return {**shown, "person": LONG, "result": replace(shown["result"], awards=prizes)}


def index() -> Sample:
    """The landing page."""
    shown = Announced(
        name="2022年全省港口叉车司机职业技能竞赛",
        state="第 1 版，公示中，到9月21日",
        dates="2022年9月",
        url="#",
    )
    return {
        "urls": {"verify": "#", "credential": "#", "check": "#", "sign_in": "#"},
        "competitions": [shown],
    }


def index_empty() -> Sample:
    """Nothing was published yet."""
    return {**index(), "competitions": []}


def _person(place: int) -> PersonRow:
    score = f"{100 - place}.40"
    line = StandingsRow(
        place, "赵*明", "省港口集团", score, "一等奖", "二级/技师", "8:20", TIE, place == 5
    )
    worked = [
        WorkedRow("理论", "91.00", " × 20%", "= 18.20", within=False),
        WorkedRow("实操", "95.33", " × 80%", "≈ 76.26", within=False),
        WorkedRow("绕桩", "24.00", " / 25", "", within=True),
    ]
    opened = place in (4, 5)
    return PersonRow(f"B{place:02}", line, worked, place + 1 if opened else None, opened=opened)


def _place(place: int) -> Place:
    """Where somebody stands on the podium."""
    line = _person(place).line
    return Place(
        rank=place,
        name=line.name,
        under=(line.unit, f"B{place:02}"),
        score=line.score,
        award=line.award,
        grade=line.grade,
    )


def standings() -> Sample:
    """The published list with masked names."""
    absent = PersonRow("B46", StandingsRow(None, "李*", "江北港", "缺考"))
    return fields_of(
        ResultsPage(
            title="成绩公示",
            withdrawn=None,
            heading=HEADING,
            subheading=SUBHEADING,
            page=page(),
            views=[],
            bundle_url="#",
            results_url="#",
            notice_url="#",
            check_url="#",
            chips=[Chip(text="公示到 9月21日", kind="warn", icon="clock")],
            places=["决赛同分，加赛定先后：李* > 王*。各加赛一件（2026年9月16日）"],
            recheck=["决赛：复核 27 / 92 张，原表有误 1 张；抽签的数由监督田春报"],
            bends=[
                "2022年9月19日：公示提前结束，原定到2022年9月21日（吴敏提出，卞志强同意）。"
                "理由：颁奖仪式提前",
                "2022年9月17日：评分开始以后改了“叉车司机 实操”的裁判（吴敏）。理由：裁判生病",
            ],
            note="B03 取消成绩",
            moved="名次变了的有 42 人",
            before=VersionLink(label="第 1 版", url="#"),
            tabs=[
                Tab(key="people", label="个人", count=46, url="#", current=True),
                Tab(key="item-1", label="绕桩", count=45, url="#", current=False),
                Tab(key="teams", label="团体", count=11, url="#", current=False),
                Tab(key="units", label="单位排名", count=12, url="#", current=False),
                Tab(key="awards", label="奖项", count=40, url="#", current=False),
            ],
            see="people",
            whole_names=None,
            badges=True,
            erased="有选手的个人资料已经删除，这里写化名。",
            superseded=Superseded(text="这是第 1 版，已经由第 2 版更正。", url="#"),
            versions=[VersionLink(label="第 1 版", url="#")],
            search=Search(url="#", q="", event=None, version=None),
            columns=Columns(
                time=True, award=True, grade=True, settled=False, shares=["理论", "实操"]
            ),
            counted="共 45 人有名次；1 人没有名次，写明为什么",
            podium=[_place(n) for n in (1, 2, 3)],
            firsts=[_person(n) for n in (1, 2, 3)],
            rows=[*(_person(n) for n in range(1, 9)), absent],
            lists=Lists(label="个人"),
            side=Side(
                teams=[
                    Shown(
                        TeamLine(1, "省港口集团", "赵*明、吕*、程*栋", "290.00", "团体一等奖", TIE),
                        2,
                    )
                ],
                teams_more=Tab(key="teams", label="团体", count=11, url="#", current=False),
                units=[Shown(UnitLine(1, "省港口集团", first="3", second="0", third="0"))],
                units_more=Tab(key="units", label="单位排名", count=12, url="#", current=False),
                honours=[HonourLine("江苏省技术能手", "赵*明", "省港口集团", appealed=True)],
                awards_more=Tab(key="awards", label="奖项", count=40, url="#", current=False),
            ),
            points=False,
            period=Period(
                days="9月16日 至 9月23日",
                contact="0517-0000 0012 监督 田春",
                appeals="9月16日 16:00",
            ),
            hash=StoredHash(
                words="青松 江桥 白鹭 石榴",
                when="9月16日 14:00 存档",
                record=ChainRecord(812, "0" * 64),
            ),
        )
    )


def standings_part() -> Sample:
    """A tab of its own: what was won and is given."""
    lines = [
        Award("一等奖", "赵*明", "省港口集团", appealed=True),
        Award("绕桩 第一名", "吕*", "省港口集团"),
        Award("优秀组织奖", "省港口集团", ""),
    ]
    return {**standings(), "see": "awards", "lists": Lists(label="奖项", awards=lines)}


class _SignIn(Form):
    username = StringField("用户名")
    password = PasswordField("密码")


def sign_in() -> Sample:
    """Signing in after a mistake."""
    form = _SignIn(data={"username": "wumin"})
    form.password.errors = ["请写密码"]
    return {
        "form": form,
        "problem": "用户名或密码不对",
        "passkey": "{}",
        "onward": {"next": None},
    }


def card() -> Sample:
    """A sign-in card that is good."""
    return {"owner": SimpleNamespace(name="许静"), "token": "x"}


def card_used() -> Sample:
    """A sign-in card that is not."""
    return {"owner": None, "token": "x"}


def error() -> Sample:
    """A page that is not there."""
    return {"status": 404, "sentence": "没有这个页面"}


def authority() -> Sample:
    """The page of the certificate authority, before the site is served by HTTPS."""
    return {
        "ca": Authority(
            name="竞赛台 CA hall-7 6FFC",
            until="2032年11月23日",
            pairs=["2E", "DD", "86", "34", "EA", "AB", "D4", "58"] * 4,
            words="鹌鹑 隶书 中秋 黄鱼 台阶 卵石 轴承 学堂",
            sha1="ED18A628 B8779285 88787111 E43277B7 2A082825",
        ),
        "device": "android",
        "address": None,
        "here": "http://192.168.1.5:8080/ca",
        "codes": {"here": Markup(qr_svg("http://192.168.1.5:8080/ca")), "onward": ""},
        "onward": None,
    }


def authority_on_windows() -> Sample:
    """The same on a computer."""
    return {**authority(), "device": "windows"}


def no_authority() -> Sample:
    """The page where there is none."""
    return {"ca": None}
