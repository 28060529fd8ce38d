"""Sample data of a unit's own pages, and of the desk's that answer them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.web.asked_of_people import AskedByEvent
from compete.web.organiser.entry_conditions.shapes import (
    AskedField,
    ConditionsPage,
    EventConditions,
    TypedConditions,
    UnfitPerson,
)
from compete.web.organiser.registration.adding import AddPage
from compete.web.organiser.registration.fields import PersonField
from compete.web.organiser.shapes import Link
from compete.web.organiser.units.shapes import LinkPage, LinksPage
from compete.web.pages import fields_of
from compete.web.shapes import Chip, Choice
from compete.web.site import Person
from compete.web.unit.shapes import (
    EventQuota,
    KnownDay,
    PersonPage,
    PersonRow,
    Seat,
    StateFilter,
    UnitHome,
    UnitUrls,
)
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_OF_UNIT = replace(
    SITE,
    urls={"own_unit": "#"},
    search_url=None,
    person=Person(name="顾燕", role="单位联系人", mark="1"),
)
_ADDRESS = "https://jingsai.example.cn/sign-in/Vt7lqzPq0sX2m4nR8uYc1kJw5eHd"
_ROW = PersonRow(
    name="李晓东",
    id_masked="3200**********0054",
    event="叉车司机",
    grade="四级/中级工",
    state="accepted",
    word="已确认",
    notes=["参赛号 B10"],
    warn=False,
    times=["9月16日 10:20 实操 3 号工位"],
    picture=None,
    photo_url="#",
    photo_word="传照片",
    open=False,
)
_DRAFT = replace(
    _ROW,
    name="邱丽",
    state="draft",
    word="草稿",
    notes=["齐了，可以提交"],
    times=[],
    tick="a",
    ticked=True,
    edit_url="#",
    edit_word="改",
    back_url="#",
    back_word="删掉",
    open=True,
)
_RETURNED = replace(
    _DRAFT,
    name="孟祥龙",
    state="returned",
    word="退回",
    notes=["照片不是白底。吴敏 8月29日 11:20"],
    warn=True,
    tick="b",
    ticked=False,
    back_word="撤回",
)
_SENT = replace(
    _DRAFT,
    name="冯立群",
    state="submitted",
    word="已提交",
    notes=["8月28日 16:02 交的，等组委会看"],
    tick=None,
    edit_url=None,
    back_word="撤回",
    open=False,
)

_ASKING = replace(
    _DRAFT,
    name="周小满",
    state="unconfirmed",
    word="等单位确认",
    notes=["本人 8月28日 19:40 用手机报的", "装卸二班"],
    tick=None,
    edit_url=None,
    back_url=None,
    decide="c:1",
)
_TWICE = replace(
    _ASKING,
    name="李晓东",
    notes=["本人 8月28日 20:11 用手机报的", "名单里有同一个人，弄清楚留哪一份，另一份退回"],
    warn=True,
    decide="d:1",
)


def home() -> Sample:
    """People of every state, and a quota that is nearly full."""
    shown = UnitHome(
        competition=COMPETITION.name,
        unit="海州港",
        until=Chip(text="9月1日 17:00 截止，还有 45 小时", kind="warn", icon="clock"),
        closed=None,
        quota="4 / 5 人",
        event_quotas=[EventQuota(event="叉车司机", told="2 / 3 个", full=False)],
        seats=[
            Seat(name="李晓东", state="accepted"),
            Seat(name="郑大伟", state="accepted"),
            Seat(name="冯立群", state="submitted"),
            Seat(name="孟祥龙", state="returned"),
            Seat(name=None, state="none"),
        ],
        asked=[
            AskedByEvent(
                event=None, lines=["年龄：18–55 岁（到 2022-09-15）", "本职业年限：满 5 年"]
            )
        ],
        days=[
            KnownDay(when="8月1日 08:00", what="报名开始", past=True),
            KnownDay(when="9月1日 17:00", what="报名截止", past=False),
            KnownDay(when="2026年9月16日", what="比赛", past=False),
        ],
        filters=[
            StateFilter(key="all", word="全部", icon="equals", count=6, url="#", current=True),
            StateFilter(
                key="returned", word="退回", icon="return", count=1, url="#", current=False
            ),
            StateFilter(key="draft", word="草稿", icon="pencil", count=2, url="#", current=False),
        ],
        people=[
            _ASKING,
            _TWICE,
            _RETURNED,
            _DRAFT,
            replace(
                _DRAFT,
                name="袁刚",
                id_masked="—",
                notes=["要补：证件号码、手机"],
                warn=True,
                tick=None,
                edit_word="接着填",
            ),
            _SENT,
            _ROW,
            replace(_ROW, name="郑大伟", notes=["参赛号 B11"], times=[]),
        ],
        everybody=6,
        asking=["c:1", "d:1"],
        asking_people=2,
        ready=2,
        beyond=0,
        several_events=False,
        urls=UnitUrls(
            workbook="#",
            upload="#",
            add="#",
            submit="#",
            confirm="#",
            give_back="#",
            appeals="#",
            results="#",
        ),
    )
    top: Sample = {
        "site": _OF_UNIT,
        "heading": "海州港报名",
        "problem": None,
        "chosen": None,
        "returning": ["d:1"],
        "typed_reason": "不是本单位的人",
    }
    return top | fields_of(shown)


def home_closed() -> Sample:
    """After the close, with nobody entered."""
    return home() | {
        "closed": "报名已经在 2026-09-01 17:00 截止，要换人由单位申请",
        "until": None,
        "people": [],
        "everybody": 0,
        "ready": 0,
        "seats": [],
        "quota": "0 人，不限名额",
        "asking": [],
        "urls": UnitUrls(
            workbook="#",
            upload=None,
            add=None,
            submit=None,
            confirm=None,
            give_back=None,
            appeals=None,
            results=None,
        ),
    }


def person() -> Sample:
    """Somebody given back, with a number that is wrong."""

    def field(name: str, label: str, value: str = "", **more: Any) -> PersonField:
        of: dict[str, Any] = {"choices": [], "hint": None, "error": None, "required": False}
        return PersonField(name=name, label=label, value=value, **(of | more))

    shown = PersonPage(
        back=Link(label="海州港报名", url="#"),
        title="孟祥龙",
        fields=[
            field("name", "姓名", "孟祥龙", hint="和证件一样，生僻字也要一样", required=True),
            field("paper", "证件类型", choices=[Choice(value="p", label="居民身份证")]),
            field(
                "id_number",
                "证件号码",
                "320000199001010022",
                hint="现在是 3200**********0187，不改就空着",
                error="最后一位应为 2，现在是 1",
            ),
            field("phone", "手机"),
            field("grade", "现等级", choices=[Choice(value="4", label="四级/中级工")]),
        ],
        version=2,
        problem=None,
        returned="照片不是白底",
    )
    return {"site": _OF_UNIT, **fields_of(shown)}


def added() -> Sample:
    """Somebody put on the list by hand, who does not meet what the event asks."""
    shown = AddPage(
        competition=COMPETITION,
        back=Link(label="选手", url="#"),
        fields=person()["fields"],
        units_url="#",
        problem=None,
        closed=None,
        late="后加的人排到人最少的工位",
        unfit=True,
        reason="",
    )
    return {"site": SITE, **fields_of(shown)}


def conditions() -> Sample:
    """Two events, one of which asks much, and two people who do not meet it."""
    typed = TypedConditions(
        age_from="18",
        age_to="五十五",
        years="5",
        grade="5",
        certificate=True,
        groups=["worker"],
        no_posts="车间主任、经理",
        not_promoted=True,
        seen="0",
    )
    event = EventConditions(
        code="FORK",
        name="叉车司机",
        asked=["年龄：18–55 岁（到 2022-09-15）", "本职业年限：满 5 年", "组别：职工"],
        typed=typed,
        grades=[Choice(value="", label="不要求"), Choice(value="5", label="五级/初级工或以上")],
        problem="年龄写整数，不要求就空着",
        open=True,
        url="#",
    )
    nothing = TypedConditions(seen="0")
    person = UnfitPerson(
        name="林海涛",
        code="B21",
        unit="洪泽湖港",
        url="#",
        why=[
            "年龄要求：18–55 岁（到 2022-09-15），此人 61 岁",
            "本职业年限要求：满 5 年，此人 4 年 10 个月",
        ],
    )
    shown = ConditionsPage(
        competition=COMPETITION,
        list_link=Link(label="选手", url="#"),
        day="2022-09-15",
        events=[
            event,
            replace(
                event,
                code="CRANE",
                name="门座式起重机司机",
                asked=[],
                typed=nothing,
                problem=None,
                open=False,
            ),
        ],
        groups=[Choice(value="worker", label="职工"), Choice(value="student", label="学生")],
        unfit=[person, replace(person, name="吕䶮", code="B3", why=person.why[:1])],
        unfit_total=103,
        fields=[
            AskedField(key="department", label="部门/班组", asked=True),
            AskedField(key="consent", label="同意公布全名", asked=False),
        ],
        fields_seen="department",
        fields_url="#",
        asks=True,
    )
    return {"site": SITE, **fields_of(shown)}


def link() -> Sample:
    """A unit's link that nobody has opened yet."""
    shown = LinkPage(
        competition=COMPETITION,
        unit="海州港",
        back=Link(label="单位名单", url="#"),
        address=_ADDRESS,
        picture=Markup(qr_svg(_ADDRESS, "报名链接")),
        until="9月17日 00:00",
        made=True,
        standing=True,
        contact="顾燕",
        problem=None,
        new_url="#",
        end_url="#",
    )
    return {"site": SITE, **fields_of(shown)}


def links() -> Sample:
    """All links as one text; a department has none yet."""
    shown = LinksPage(
        competition=COMPETITION,
        back=Link(label="单位名单", url="#"),
        of_labour=True,
        text="\n".join(f"{name}：{_ADDRESS}" for name in ("安全部 周茹", "海州港", "甲" * 60)),
        lacking=[Link(label="工程部", url="#")],
    )
    return {"site": SITE, **fields_of(shown)}
