"""Sample data of people who enter themselves: their phone pages, and the organiser's switch."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from compete.documents.qr import qr_svg
from compete.web.asked_of_people import AskedByEvent
from compete.web.organiser.registration.fields import PersonField
from compete.web.organiser.self_entry.new_link import OwnLinkPage
from compete.web.organiser.self_entry.view_model import ClearForm, SelfEntryPage, SelfEntryUrls
from compete.web.organiser.shapes import Link
from compete.web.pages import fields_of
from compete.web.portraits import PhotoCard
from compete.web.public.own_shapes import (
    EnterPage,
    EntryForm,
    FieldGroup,
    OwnPage,
    Step,
)
from compete.web.shapes import Chip, Choice
from tests.look.people import COMPETITION, SITE

Sample = dict[str, Any]
_POSTED = "https://jingsai.example.cn/p/FORK-2022/enter"
_OWN = "https://jingsai.example.cn/r/5NNyxWZQ3PoxHIx_tenMdmuqPQjhcImU"
_CONTACT = "韩平，0517-0000 0016"


def _field(name: str, label: str, value: str = "", **more: Any) -> PersonField:
    of: dict[str, Any] = {"choices": [], "hint": None, "error": None, "required": False}
    return PersonField(name=name, label=label, value=value, **(of | more))


def _choices(*labels: str) -> list[Choice]:
    return [Choice(value=label, label=label) for label in labels]


_UNITS = _choices("选一个", "省港口集团", "江苏省连云港港口控股集团有限公司新东方集装箱码头分公司")
_FORM = EntryForm(
    action="#",
    groups=[
        FieldGroup(
            title="报什么",
            hint=None,
            folded=False,
            fields=[
                _field("unit", "单位", choices=_UNITS, required=True),
                _field("other_unit", "单位全称", hint="和营业执照、公章上一样"),
            ],
        ),
        FieldGroup(
            title="你是谁",
            hint=None,
            folded=False,
            fields=[
                _field("name", "姓名", "周小满", hint="和证件一样，生僻字也要一样", required=True),
                _field("paper", "证件类型", choices=_choices("居民身份证", "护照")),
                _field("id_number", "证件号码", "320102199203050176", required=True),
                _field("phone", "手机", required=True, hint="退回、候补有消息，打这个号"),
            ],
        ),
        FieldGroup(
            title="还有几项",
            hint="没有的不用填",
            folded=True,
            fields=[_field("department", "部门/班组"), _field("mentor", "师傅")],
        ),
        FieldGroup(
            title="公布姓名",
            hint="公布成绩时写全名，还是隐去一部分，如 林*涛。以后可以收回。",
            folded=False,
            fields=[
                _field("consent", "同意公布全名", choices=_choices("选一个", "同意", "不同意"))
            ],
        ),
    ],
    link="5NNyxWZQ3PoxHIx_tenMdmuqPQjhcImU",
    version=None,
    first_paper="居民身份证",
    other_unit="*",
    picture=None,
    photo_error=None,
    problem=None,
)
_ENTER = EnterPage(
    heading=COMPETITION.name,
    subheading="个人报名",
    until=Chip(text="9月1日 17:00 截止", kind="warn", icon="clock"),
    closed=None,
    asked=[
        AskedByEvent(event=None, lines=["年龄：18–55 岁（到 2022-09-15）", "本职业年限：满 5 年"])
    ],
    form=_FORM,
    contact=_CONTACT,
    kept="24 个月",
    code="FORK-2022",
)


def enter() -> Sample:
    """The form as somebody meets it."""
    return fields_of(_ENTER)


def enter_wrong() -> Sample:
    """The form after a try, in a browser without scripts."""
    wrong = replace(
        _FORM.groups[1],
        fields=[
            *_FORM.groups[1].fields[:2],
            replace(
                _FORM.groups[1].fields[2],
                error="年龄要求：18–55 岁（到 2022-09-15），你 61 岁。填得没错的，找组委会",
            ),
            *_FORM.groups[1].fields[3:],
        ],
    )
    form = replace(
        _FORM,
        groups=[_FORM.groups[0], wrong, replace(_FORM.groups[2], folded=False)],
        problem="有 2 处要改，还没交上去",
        photo_error="照片要竖的，像一寸照那样，宽比高约 5:7",
    )
    return fields_of(replace(_ENTER, form=form))


def enter_closed() -> Sample:
    """After the close."""
    return fields_of(
        replace(
            _ENTER,
            until=None,
            closed="报名已经在 9月1日 17:00 截止，要换人由单位申请",
            asked=[],
            form=None,
        )
    )


_PAGE = OwnPage(
    heading=COMPETITION.name,
    subheading="我的报名",
    name="周小满",
    unit="省港口集团",
    event="叉车司机",
    id_masked="3201**********0176",
    crew="",
    together=[],
    picture=None,
    photo=PhotoCard(
        name="周小满", of="own", picture=None, mark="none", put_url="#", remove_url=None
    ),
    standing="unconfirmed",
    word="等单位确认",
    lead="交上去了，等单位联系人确认，再给组委会看。",
    reason=None,
    reason_by=None,
    place=None,
    number=None,
    badge_url=None,
    steps=[
        Step(at="8月28日 19:40", title="交了", text=None, done=True),
        Step(at="", title="单位确认", text=None, done=False),
        Step(at="", title="组委会收下", text="收下才算报上，这一页会有参赛号", done=False),
    ],
    form=None,
    changes=False,
    changing=False,
    why_no_form=None,
    take_back_url="#",
    taken_back_with=1,
    delete_url=None,
    address=_OWN,
    drawing=Markup(qr_svg(_OWN, "我的报名")),
    arrived=True,
    contact=_CONTACT,
    code="FORK-2022",
)


def _own(**changes: Any) -> Sample:
    return {"problem": None, **fields_of(replace(_PAGE, **changes))}


def handed_in() -> Sample:
    """Just handed in, the form to change it folded out."""
    return _own(form=replace(_FORM, version=3), changes=True, changing=True)


def returned() -> Sample:
    """Given back by the unit, to be corrected."""
    return _own(
        standing="returned",
        word="退回",
        lead="退回来了，照下面的原因改好再交。",
        reason="部门没写",
        reason_by="单位退回：",
        steps=[],
        form=replace(_FORM, version=3),
        arrived=False,
    )


def waiting() -> Sample:
    """On the waiting list."""
    return _own(
        standing="waiting",
        word="候补",
        lead="名额满了，排着候补。前面有人空出来，组委会按次序递补。",
        place="候补第 3 位",
        arrived=False,
    )


def accepted() -> Sample:
    """On the list."""
    return _own(
        standing="accepted",
        word="已确认",
        lead="报上了。时间、地点、成绩都在参赛证的页面上。",
        number="B44",
        badge_url="#",
        steps=[replace(step, at="8月28日 19:40", done=True) for step in _PAGE.steps],
        take_back_url=None,
        arrived=False,
    )


def nothing() -> Sample:
    """A link that leads nowhere."""
    return {"deleted": False}


_SWITCH = SelfEntryPage(
    competition=COMPETITION,
    open=True,
    other_units=True,
    crews=True,
    why_shut="报名已经在 9月1日 17:00 截止，要换人由单位申请",
    opens=None,
    closes="9月1日 17:00",
    address=_POSTED,
    drawing=Markup(qr_svg(_POSTED, "个人报名")),
    came=17,
    unconfirmed=4,
    units=12,
    contacts=9,
    problem=None,
    clear=ClearForm(
        units=[
            Choice(value="", label="全部单位"),
            Choice(value="U1", label="江南港"),
        ],
        **{"unit": "", "since": "2026-08-30T02:00", "until": "", "reason": ""},
        count=412,
        problem="为什么清掉，要写上",
    ),
    urls=SelfEntryUrls(
        **{"save": "#", "poster": "#", "window": "#", "units": "#", "fields": "#"},
        **{"self": "#", "clear": "#"},
    ),
)


def switched_on() -> Sample:
    """Open, with people who came."""
    return {"site": SITE, **fields_of(_SWITCH)}


def switched_off() -> Sample:
    """As it is before anybody opens it."""
    off = replace(
        replace(_SWITCH, clear=None, came=0, unconfirmed=0),
        **{"open": False, "other_units": False, "why_shut": None},
    )
    return {"site": SITE, **fields_of(off)}


def new_link() -> Sample:
    """Another link for somebody who lost theirs."""
    address = "https://compete.example/r/5NNyxWZQ3PoxHIx_tenMdmuqPQjhcImU"
    page = OwnLinkPage(
        name="努尔艾合麦提·阿卜杜热合曼·麦麦提敏",
        competition=COMPETITION,
        back=Link(label="单位和个人报名", url="#"),
        of_unit=False,
        address=address,
        picture=Markup(qr_svg(address, "本人的报名链接")),
    )
    return {"site": SITE, **fields_of(page)}
