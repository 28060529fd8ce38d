"""Sample data of one contestant's page."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.web.organiser.person.correct_page import (
    CorrectField,
    CorrectPage,
    TouchedCertificate,
    TouchedThing,
    TouchedVersion,
)
from compete.web.organiser.person.shapes import (
    BadgeCard,
    BadgeCode,
    ChangedField,
    ConsentCard,
    ConsentLine,
    CrewMember,
    EligibilityCard,
    EraseCard,
    EraseLine,
    Fact,
    HistoryLine,
    IdNumber,
    MoveOption,
    MovePanel,
    PersonCard,
    PersonPage,
    PersonUrls,
    ResultLine,
    RuleLine,
    SheetLine,
    SlotLine,
    WithdrawCard,
)
from compete.web.organiser.shapes import CompetitionLink, Link
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE, sheets
from tests.look.portrait_samples import photo_card

Sample = dict[str, Any]

LONG = "江南港务集团有限公司第三装卸分公司" * 3


def person() -> Sample:
    """Page 15, before publication."""
    return {"site": SITE, **fields_of(_page(_single(), []))}


def person_long() -> Sample:
    """A crew of names as long as may be, with everything that can stand beside it."""
    results = [
        ResultLine(label="名次", text="第 3 名，总分 90.30，45 人参评", url="#"),
        ResultLine(
            label="获奖证书", text="一等奖 苏工竞〔2022〕0001 号，已撤销", url="#", bad=True
        ),
    ]
    return {"site": SITE, **fields_of(_page(_crew(), results))}


def correct() -> Sample:
    """A correction looked at before it is written, with a field that is wrong."""
    shown = CorrectPage(
        competition=COMPETITION,
        back=Link(label="林海涛 B21", url="#"),
        name="林海涛",
        number="B21",
        of="B21",
        fields=[
            CorrectField(
                name="name",
                label="姓名",
                value=LONG,
                choices=[],
                hint="和证件一样",
                error="有 60 个字，最多 50 个",
                locked=False,
            ),
            CorrectField(
                name="grade",
                label="现等级",
                value="4",
                choices=[Choice(value="4", label="四级/中级工")],
                hint=None,
                error="看不懂",
                locked=False,
            ),
            CorrectField(
                name="unit",
                label="单位",
                value=LONG,
                choices=[],
                hint=None,
                error=None,
                locked=True,
            ),
        ],
        locked="评分锁定以后只能改姓名、证件和手机",
        reason="",
        reason_hint="会记下来。",
        reason_error="更正要写原因",
        problem="你打开以后别人改过，看一下再存",
        changes=[ChangedField(label="姓名", before="林海", after=LONG)],
        touched=[TouchedThing(what="已发的证书 1 张", then="上面还是旧的")],
        mark="0123456789abcdef",
        certificates=[
            TouchedCertificate(number="0001", title="一等奖", name="林海", of_team=False, url="#")
        ],
        published=TouchedVersion(version=1, name="林海", url="#"),
    )
    return {"site": SITE, **fields_of(shown)}


def _single() -> PersonCard:
    return PersonCard(
        code="B21",
        name="林海涛",
        chips=[],
        number=IdNumber(holder="B21", masked="3200**********0114", whole=None),
        facts=[
            Fact(label="证件类型", value="居民身份证"),
            Fact(label="手机", value="199****2021"),
            Fact(label="出生", value="1984年7月2日，男"),
            Fact(label="单位", value="洪泽湖港"),
            Fact(label="组别", value="职工"),
            Fact(label="现等级", value="四级/中级工", note="2019 年因竞赛晋升过"),
        ],
        photo=photo_card("B21"),
        members=[],
    )


def _crew() -> PersonCard:
    return PersonCard(
        code="A-0123456789",
        name=LONG,
        chips=[Chip(text="缺考（实操）", kind="bad", icon="ban")],
        number=None,
        facts=[Fact(label="单位", value=LONG)],
        photo=None,
        members=[
            CrewMember(
                code="A-0123456789-1",
                name="阿布都热依木·买买提",
                role="第 1 名成员",
                grade="无等级",
                facts=[Fact(label="部门/班组", value=LONG), Fact(label="师傅", value="林志远")],
                number=IdNumber(holder="A-0123456789-1", masked=None, whole=None),
                correct_url="#",
                photo=photo_card("A-0123456789-1", there=False, problem="照片要竖的"),
            ),
            CrewMember(
                code="A-0123456789-2",
                name="李",
                role="替补",
                grade="二级/技师",
                facts=[],
                number=IdNumber(holder="x", masked="3200**********0114", whole="3200001984"),
                correct_url="#",
                photo=photo_card("A-0123456789-2"),
            ),
        ],
    )


def _rule(asked: str, fact: str, state: str = "ok", exempted: str | None = None) -> RuleLine:
    return RuleLine(
        holder="B21",
        who=None,
        rule=asked[:2],
        asked=asked,
        fact=fact,
        state=state,
        exempted=exempted,
    )


def _page(card: PersonCard, results: list[ResultLine]) -> PersonPage:
    ticks = sheets(signed=1, submitted=1, not_begun=1)
    return PersonPage(
        competition=CompetitionLink(name=COMPETITION.name, url="#"),
        list_link=Link(label="选手", url="#"),
        place="第 21 个，共 46 个",
        person=card,
        sittings=None,
        eligibility=EligibilityCard(
            chip=Chip(text="1 条不符合", kind="bad", icon="ban"),
            lines=[
                _rule("年龄：18–55 岁（到 2022-09-15）", "38 岁"),
                _rule(
                    "本职业年限：满 5 年",
                    "4 年 10 个月",
                    "waived",
                    "9月3日 吴敏 特准：学徒期 4 个月计入，附合同",
                ),
                _rule("现等级：四级/中级工或以上", "五级/初级工", "bad"),
                _rule("竞赛晋升：2022 年没有因竞赛晋升过", "没有"),
            ],
            exempt_url="#",
            end_url="#",
            stands=None,
        ),
        slots=[
            SlotLine(
                when="9月15日 14:00",
                module="理论",
                where="第2考场",
                note="13:30 检录",
                move_url="#",
                chosen=True,
            ),
            SlotLine(
                when="—", module="实操 第3场", where="还没排", note=None, move_url="#", chosen=False
            ),
        ],
        moving=MovePanel(
            place="final/practice",
            title="实操",
            hint="这一场可以对换，空位子哪一场都行",
            own_time=None,
            options=[
                MoveOption(
                    key="a",
                    where="第3场 2号工位",
                    when="9月16日 10:20",
                    what=f"和 {LONG} 对换",
                    why_not=None,
                    chosen=True,
                ),
                MoveOption(
                    key="b",
                    where=LONG,
                    when="9月16日 10:20",
                    what="空位子",
                    why_not="林海涛 这时在理论",
                    chosen=False,
                ),
            ],
            reason="",
            problem="挪工位要写原因",
            url="#",
        ),
        move_locked="评分已经开始，工位不能再挪",
        moved=None,
        sheets=[
            SheetLine(
                module="实操",
                count=3,
                ticks=ticks,
                state=None,
                text="已签名 1，已提交 1，未开始 1",
                score="98.00 / 100",
            )
        ],
        sheets_note="公布前不显示得分",
        results=results,
        badge=BadgeCard(
            codes=[
                BadgeCode(
                    of=card.code,
                    whose=None,
                    number=card.code,
                    drawing=Markup(qr_svg("https://example.org/c/abcdefghijklmnopqrstuvwxyz")),
                    chip=Chip(text="第 2 次的码", kind="warn", icon="qr"),
                    warn="旧码马上作废：扫旧参赛证只会看到“已换发”。新的要打印给本人。",
                    replaced="9月15日 13:20 换过码，旧码作废。证丢了",
                )
            ],
            word="K7QM-2XRT",
        ),
        history=[
            HistoryLine(
                at="9月5日 09:15",
                what="更正资料",
                who="吴敏",
                fields=[
                    ChangedField(
                        label="证件号码", before="3200**********0113", after="3200**********0114"
                    )
                ],
                why="最后一位录错",
            ),
            HistoryLine(at="9月3日 10:30", what="写入报名表", who=LONG, fields=[], why=None),
        ],
        consent=ConsentCard(
            lines=[
                ConsentLine(
                    holder=card.code,
                    who=LONG if card.members else None,
                    chip=Chip(text="同意写全名", kind="ok", icon="check"),
                    given=True,
                    words=[
                        "9月16日 同意（本人签的书面），吴敏 记的",
                        f"9月3日 不同意（报名表）{LONG}",
                    ],
                    changes=True,
                )
            ],
            sources=[Choice(value="paper", label="本人签的书面")],
            url="#",
            then="这个竞赛定了写全名：同意的写全，收回的马上隐去一部分，不用重新公布。贴出去的公示文件要重新打印，换下来。",
        ),
        erasing=EraseCard(
            lines=[
                EraseLine(
                    holder=card.code,
                    who=LONG if card.members else None,
                    said="9月16日 提出过（本人打电话），答复：竞赛还没有结束",
                    asks=True,
                    waits=False,
                    why_not="竞赛还没有结束，检录、成绩和申诉都要凭资料核对",
                )
            ],
            waits=False,
            url="#",
            page_url="#",
        ),
        withdrawing=WithdrawCard(
            act="退赛",
            then=["1号工位空出来", "不再算在人数、检录、参赛证、评分表和成绩里"],
            url="#",
            danger=True,
            asks_reason=True,
            asks_evidence=True,
        ),
        urls=PersonUrls(
            entrants="#",
            show_number="#",
            correct="#",
            print_badge="#",
            replace_badge="#",
            give_word="#",
            previous="#",
            following="#",
        ),
        asked=None,
        problem=None,
    )
