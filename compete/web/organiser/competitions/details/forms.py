"""The form of a competition's details."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from compete.domain.values.kinds import Level
from compete.services.competitions.details import (
    LONGEST_HINT,
    LONGEST_ITEM,
    LONGEST_TEXT,
    MOST_APPEAL_HOURS,
    MOST_ITEMS,
    MOST_MINUTES,
    MOST_NOTICE_DAYS,
    MOST_SHARE,
    Details,
)
from compete.web.organiser.competition_words import level_word
from compete.web.organiser.detail_words import DETAIL_WORDS

_W = DETAIL_WORDS
_SHORT = [Optional(), Length(max=LONGEST_TEXT, message=_l("最多 %(max)d 个字"))]


def _items_in(text: str | None) -> tuple[str, ...]:
    """Apart where a comma of either kind or a line stands between, each once."""
    parts = re.split(r"[、,，;；\n]", text or "")
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts if part.strip()))


def _items(_form: object, field: Field) -> None:
    found = _items_in(field.data)
    if len(found) > MOST_ITEMS:
        raise ValidationError(_l("最多 %(most)s 样", most=MOST_ITEMS))
    if any(len(item) > LONGEST_ITEM for item in found):
        raise ValidationError(_l("一样最多 %(most)s 个字", most=LONGEST_ITEM))


LONGEST_COUNT, LONGEST_REASON = 100, 500
OF_LABOUR = ("low_share",)
"""The fields that a labour competition alone has."""
OF_PEOPLE = (
    "contact",
    "place",
    "bring",
    "results_at",
    "notice_days",
    "notice_closes",
    "notice_again",
    "certify_early",
    "why_shorter",
    "appeal_hours",
    "full_names",
    "check_in_items",
    "check_in_closes",
    "call_up",
)
"""Fields for contestants and their results, which a labour competition has not."""


_YES_OR_NO = ("full_names", "searchable", "notice_again", "certify_early", "call_up")


class CountField(IntegerField):  # type: ignore[misc]
    """A number of days, hours or minutes: one of hundreds of digits is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        if valuelist and len(valuelist[0].strip()) > LONGEST_COUNT:
            self.data = None
            raise ValueError(_l("数太长了"))
        super().process_formdata(valuelist)


class DetailsForm(FlaskForm):  # type: ignore[misc]
    """The form of the fields of `Details`."""

    name = StringField(
        _W["name"],
        validators=[
            InputRequired(_l("名称要写")),
            Length(max=LONGEST_TEXT, message=_l("最多 %(max)d 个字")),
        ],
    )
    level = SelectField(
        _W["level"], coerce=Level, description=_l("晋升和复核看它，评分开始后不能改")
    )
    year = IntegerField(
        _W["year"],
        description=_l("“一年只晋升一次”按它算"),
        validators=[Optional(), NumberRange(1, 9999, message=_l("%(min)s 到 %(max)s"))],
    )
    starts = DateField(_W["starts"], validators=[Optional()])
    ends = DateField(_W["ends"], description=_l("只比一天的不写"), validators=[Optional()])
    venue = StringField(_W["venue"], validators=_SHORT)
    host = StringField(_W["host"], description=_l("印在参赛证、登录卡和证书上"), validators=_SHORT)
    series = StringField(
        _W["series"],
        description=_l("一届一届办的，每届写一样的，不写第几届"),
        validators=_SHORT,
    )
    contact = StringField(
        _W["contact"],
        description=_l("选手的结果页和公示文件上写的，如 组委会 0518-85851234"),
        validators=_SHORT,
    )
    place = StringField(_W["place"], description=_l("和地点一样的不写"), validators=_SHORT)
    bring = TextAreaField(
        _W["bring"],
        description=_l("写在选手的页面上，如 身份证、参赛证、劳保鞋"),
        validators=[Optional(), Length(max=LONGEST_HINT, message=_l("最多 %(max)d 个字"))],
    )
    results_at = StringField(
        _W["results_at"],
        description=_l("写在选手的页面和公布成绩的网址上，公布以前看得到；没定就空着"),
        validators=[Optional(), Length(max=LONGEST_TEXT, message=_l("最多 %(max)d 个字"))],
    )
    notice_days = CountField(
        _W["notice_days"],
        description=_l(
            "从公布的第二天算起，节假日不算，调休上班的算。规程不要求公示的写 0："
            "公布后过了申诉时间就能定为最终成绩。评分开始以后改成少于 3 天，由两个人定"
        ),
        validators=[
            InputRequired(_l("要写几天")),
            NumberRange(0, MOST_NOTICE_DAYS, message=_l("%(min)s 到 %(max)s")),
        ],
    )
    notice_closes = TimeField(
        _W["notice_closes"], description=_l("不写就是当天 24 时"), validators=[Optional()]
    )
    appeal_hours = CountField(
        _W["appeal_hours"],
        description=_l("从公布算起"),
        validators=[
            InputRequired(_l("要写几小时")),
            NumberRange(1, MOST_APPEAL_HOURS, message=_l("%(min)s 到 %(max)s")),
        ],
    )
    notice_again = RadioField(
        _W["notice_again"],
        choices=[SelectChoice("1", _l("重新公示")), SelectChoice("", _l("不再公示，直接更正"))],
        validators=[Optional()],
    )
    certify_early = RadioField(
        _W["certify_early"],
        choices=[
            SelectChoice("", _l("定为最终成绩以后")),
            SelectChoice("1", _l("公示期间就能发，要写理由")),
        ],
        validators=[Optional()],
    )
    why_shorter = StringField(
        _l("为什么要短、要早"),
        description=_l(
            "评分开始以后公示少于 3 个工作日、公示期间就发证、缩短申诉、取消更正后的公示，"
            "由两个人定：写明理由，另一位同意了才算"
        ),
        validators=[Optional(), Length(max=LONGEST_REASON, message=_l("最多 %(max)d 个字"))],
    )
    full_names = RadioField(
        _W["full_names"],
        description=_l("网页和打印的公示。没有同意、收回同意的，总是隐去一部分"),
        choices=[
            SelectChoice("", _l("隐去一部分，如 林*涛")),
            SelectChoice("1", _l("同意公布的写全")),
        ],
        validators=[Optional()],
    )

    searchable = RadioField(
        _W["searchable"],
        description=_l("成绩页、通报和公布的文件。选手本人的页面、证书的页面总是不收"),
        choices=[
            SelectChoice("", _l("不收录")),
            SelectChoice("1", _l("可以收录")),
        ],
        validators=[Optional()],
    )

    check_in_items = StringField(
        _W["check_in_items"],
        description=_l("检录员一样一样点，用顿号隔开；不写就只对本人"),
        validators=[Optional(), _items],
    )
    check_in_closes = CountField(
        _W["check_in_closes"],
        description=_l("0 是到开始为止。过了时间检录员不放行，要组委会说一声"),
        validators=[
            InputRequired(_l("要写几分钟")),
            NumberRange(0, MOST_MINUTES, message=_l("%(min)s 到 %(max)s")),
        ],
    )

    call_up = RadioField(
        _W["call_up"],
        description=_l("递补由裁判长和监督同意，写在成绩页上"),
        choices=[SelectChoice("1", _l("后面的依次递补")), SelectChoice("", _l("空着，不递补"))],
        validators=[Optional()],
    )

    low_share = CountField(
        _W["low_share"],
        description=_l("排名和“一格一项”上的得分率；0 是都不标"),
        validators=[
            InputRequired(_l("要写百分之几")),
            NumberRange(0, MOST_SHARE, message=_l("%(min)s 到 %(max)s")),
        ],
    )

    def offer_levels(self) -> None:
        """The levels in the reader's language."""
        self.level.choices = [(level, level_word(level.value)) for level in Level]

    def leave_out(self, names: Iterable[str]) -> None:
        """Do not ask for these; they keep what stands."""
        for name in names:
            del self[name]

    def show(self, details: Details) -> None:
        """Fill the fields."""
        for field in self:
            # What was typed would be shown before it.
            field.raw_data = None
            if field.name in _YES_OR_NO:
                field.data = "1" if getattr(details, field.name) else ""
            elif field.name == "check_in_items":
                field.data = "、".join(details.check_in_items)
            elif hasattr(details, field.name):
                field.data = getattr(details, field.name)

    def mark(self, name: str, problem: str) -> str:
        """Say beside a field why what stands there was refused; what the page says on top."""
        if name in self:
            self[name].errors = [*self[name].errors, problem]
        return problem

    def read(self, stands: Details) -> Details:
        """Return the typed details, without outer blanks; fields not asked keep their value."""
        wanted = stands
        for field in self:
            # A choice that was not sent, by an older page, is none.
            if field.name in _YES_OR_NO and not field.raw_data:
                continue
            if hasattr(stands, field.name):
                wanted = replace(wanted, **{field.name: _typed(field)})
        return wanted


def _typed(field: Field) -> Any:
    if field.name in _YES_OR_NO:
        return field.data == "1"
    if field.name == "check_in_items":
        return _items_in(field.data)
    if not isinstance(field, StringField):
        return field.data
    text = field.data or ""
    tidy = text.strip() if field.name == "bring" else " ".join(text.split())
    return tidy if field.name == "name" else tidy or None
