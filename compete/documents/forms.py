"""Forms of the venue: attendance, check-in, draw, coding, field record, certificates, schedule.

What is known is filled in; the rest is left for a pen. Columns are those that
such forms have had on paper, so that nobody has to learn a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from compete.documents.fonts import FontBook
from compete.documents.lists import Column, ListDocument, Row, Section, Stamp, render_list
from compete.documents.typesetting import PrintedFile
from compete.domain.values.messages import Message, Translate, msg


class Form(StrEnum):
    """The kinds of form."""

    ATTENDANCE = "attendance"
    CHECK_IN = "check_in"
    DRAW = "draw"
    CODING = "coding"
    HANDING_OUT = "handing_out"
    FIELD_RECORD = "field_record"
    SCHEDULE = "schedule"
    ROOM_SIGN_IN = "room_sign_in"
    ROOM_RECORD = "room_record"


@dataclass(frozen=True, slots=True)
class FormLine:
    """A line of a form. Only what the form has a column for is printed.

    `id_number` is masked by the caller. `session` is the round of a draw,
    `code` the number drawn or given, `outer_code` the one of the layer above. Lines
    under another `heading` than the one before begin a further table. `module`,
    `check_in`, `lasts` and `people` are what a plan says, `seat` is within a room.
    """

    heading: str = ""

    name: str = ""
    number: str = ""
    unit: str = ""
    event: str = ""
    crew: str = ""
    phone: str = ""
    id_number: str = ""
    occupation: str = ""
    trade: str = ""
    grade: str = ""
    certificate_number: str = ""
    issued_on: str = ""
    session: str = ""
    code: str = ""
    outer_code: str = ""
    module: str = ""
    station: str = ""
    check_in: str = ""
    lasts: str = ""
    people: str = ""
    seat: str = ""


Filled = Callable[[FormLine], str]


@dataclass(frozen=True, slots=True)
class _Field:
    """A column, and the text to fill in; None for a column to write in."""

    column: Column
    filled: Filled | None = None
    needs: Filled | None = None
    """The column is left out of a table none of whose lines has this."""


@dataclass(frozen=True, slots=True)
class _Layout:
    fields: tuple[_Field, ...]
    signatures: tuple[Message, ...]
    lying: bool = False
    text_size: float = 14
    lined: bool = True
    apart: bool = False
    pad: int = 0


def render_form(
    form: Form,
    lines: Sequence[FormLine],
    *,
    title: str,
    stamp: Stamp,
    subtitle: str = "",
    fonts: FontBook | None = None,
    translate: Translate | None = None,
    author: str = "",
) -> PrintedFile:
    """Print the form as a PDF on A4, table lines numbered from 1; a grid where one writes in it."""
    layout = _LAYOUTS[form]
    first, *more = form_tables(form, lines)
    document = ListDocument(
        title=title,
        subtitle=subtitle,
        heading=first.title,
        columns=first.columns,
        rows=first.rows,
        more=more,
        stamp=stamp,
        signatures=layout.signatures,
        lying=layout.lying,
        text_size=layout.text_size,
        lined=layout.lined,
        apart=layout.apart,
        pad=layout.pad,
    )
    return render_list(document, fonts=fonts, translate=translate, author=author)


def form_tables(form: Form, lines: Sequence[FormLine]) -> list[Section]:
    """The tables of a form: one for each heading, as the lines come; an empty one at least."""
    layout = _LAYOUTS[form]
    return [
        _table(layout, heading, list(under))
        for heading, under in groupby(lines, key=lambda line: line.heading)
    ] or [_table(layout, "", [])]


def _table(layout: _Layout, heading: str, lines: Sequence[FormLine]) -> Section:
    fields = [f for f in layout.fields if f.needs is None or any(map(f.needs, lines))]
    number = [Column(msg("序号"), align="right")] if layout.lined else []
    rows = [
        Row(
            (
                *([str(place)] if number else []),
                *(f.filled(line) if f.filled else "" for f in fields),
            ),
            who=line.name or line.number or line.code,
        )
        for place, line in enumerate(lines, 1)
    ]
    return Section(heading, [*number, *(f.column for f in fields)], rows)


def _plain_field(title: Message, width: float, filled: Filled) -> _Field:
    return _Field(Column(title, width=width), filled)


def _needed_field(title: Message, width: float, filled: Filled) -> _Field:
    return _Field(Column(title, width=width), filled, needs=filled)


def _blank(title: Message, width: float) -> _Field:
    return _Field(Column(title, width=width))


_NAME = _plain_field(msg("姓名"), 1.5, lambda line: line.name)
_UNIT = _plain_field(msg("单位"), 2.6, lambda line: line.unit)
_NUMBER = _plain_field(msg("参赛号"), 1.2, lambda line: line.number)
_EVENT = _needed_field(msg("赛项"), 1.8, lambda line: line.event)
_CREW = _needed_field(msg("组合"), 1.4, lambda line: line.crew)

_LAYOUTS = {
    Form.ATTENDANCE: _Layout(
        fields=(
            _needed_field(msg("检录"), 0.9, lambda line: line.check_in),
            _EVENT,
            _CREW,
            _NAME,
            _UNIT,
            _plain_field(msg("联系电话"), 1.8, lambda line: line.phone),
            _blank(msg("签到时间"), 1.3),
            _blank(msg("签名"), 1.8),
        ),
        signatures=(msg("签到负责人"), msg("日期")),
    ),
    Form.CHECK_IN: _Layout(
        fields=(
            _needed_field(msg("检录"), 0.8, lambda line: line.check_in),
            _EVENT,
            _NUMBER,
            _CREW,
            _NAME,
            _UNIT,
            _blank(msg("证件核验"), 1),
            _blank(msg("物品检查"), 1),
            _blank(msg("检录时间"), 1.1),
            _blank(msg("选手签名"), 1.6),
            _blank(msg("检录员签名"), 1.6),
            _blank(msg("备注（迟到、缺席）"), 1.6),
        ),
        signatures=(msg("检录长"), msg("日期")),
        lying=True,
    ),
    Form.DRAW: _Layout(
        fields=(
            _EVENT,
            _plain_field(msg("场次"), 1, lambda line: line.session),
            _NUMBER,
            _plain_field(msg("抽得顺序号或工位号"), 1.6, lambda line: line.code),
            _blank(msg("选手签名"), 1.8),
            _blank(msg("抽签时间"), 1.3),
            _blank(msg("监督签名"), 1.8),
        ),
        signatures=(msg("抽签主持"), msg("监督"), msg("日期")),
    ),
    Form.CODING: _Layout(
        fields=(
            # The first layer covers the entrant's own number, a second the first one's codes.
            _needed_field(msg("参赛号"), 1.6, lambda line: line.number),
            _needed_field(msg("上一层加密号"), 1.6, lambda line: line.outer_code),
            _plain_field(msg("加密号"), 1.6, lambda line: line.code),
            _blank(msg("加密裁判"), 1.8),
            _blank(msg("监督"), 1.8),
            _blank(msg("封存时间"), 1.4),
        ),
        signatures=(msg("加密裁判"), msg("监督"), msg("封存日期")),
    ),
    Form.HANDING_OUT: _Layout(
        fields=(
            _NAME,
            _plain_field(msg("证件号码"), 2.2, lambda line: line.id_number),
            _plain_field(msg("职业"), 2, lambda line: line.occupation),
            _plain_field(msg("工种"), 1.4, lambda line: line.trade),
            _plain_field(msg("等级"), 1.3, lambda line: line.grade),
            _plain_field(msg("证书编号"), 3.1, lambda line: line.certificate_number),
            _plain_field(msg("发证日期"), 1.9, lambda line: line.issued_on),
            _blank(msg("领取方式"), 1.1),
            _blank(msg("领取人签名"), 1.5),
            _blank(msg("领取日期"), 1.1),
            _blank(msg("经办人"), 1.1),
        ),
        signatures=(msg("经办人"), msg("复核人"), msg("日期")),
        lying=True,
        text_size=12.5,
    ),
    # No hand and no station beside a blind code: they would say whose it is.
    Form.FIELD_RECORD: _Layout(
        fields=(
            _needed_field(msg("时间"), 1.6, lambda line: line.lasts),
            _Field(_NUMBER.column, _NUMBER.filled, needs=lambda line: line.number),
            _CREW,
            _Field(Column(msg("姓名"), width=1.8), _NAME.filled, needs=lambda line: line.name),
            _Field(
                Column(msg("加密号"), width=1.2),
                lambda line: line.code,
                # A blind event whose codes are not drawn yet has room for them.
                needs=lambda line: line.code or ("" if line.number else "–"),
            ),
            _Field(
                Column(msg("工位"), width=1),
                lambda line: line.station,
                needs=lambda line: line.number,
            ),
            _blank(msg("开始时间"), 1.1),
            _blank(msg("结束时间"), 1.1),
            _blank(msg("设备停了（起止、原因）"), 2.4),
            _blank(msg("补时"), 0.9),
            _blank(msg("违规和别的情况"), 2.4),
            _Field(Column(msg("选手签名"), width=1.5), needs=lambda line: line.name),
            _blank(msg("裁判签名"), 1.5),
        ),
        signatures=(msg("裁判长"), msg("日期")),
        lying=True,
        text_size=13,
        apart=True,
    ),
    Form.ROOM_SIGN_IN: _Layout(
        fields=(
            _needed_field(msg("时间"), 0.9, lambda line: line.lasts),
            _plain_field(msg("座位"), 0.8, lambda line: line.seat),
            _NUMBER,
            _NAME,
            _UNIT,
            _EVENT,
            _blank(msg("签名"), 1.8),
            _blank(msg("备注"), 1.2),
        ),
        signatures=(msg("裁判签名"), msg("实到人数"), msg("日期")),
        apart=True,
    ),
    Form.ROOM_RECORD: _Layout(
        fields=(
            _plain_field(msg("项目"), 1.4, lambda line: line.name),
            _plain_field(msg("记录"), 4, lambda line: line.code),
        ),
        signatures=(msg("裁判签名"), msg("监督签名"), msg("日期")),
        text_size=16,
        apart=True,
        pad=26,
    ),
    Form.SCHEDULE: _Layout(
        fields=(
            _needed_field(msg("检录"), 0.9, lambda line: line.check_in),
            _needed_field(msg("时间"), 1.5, lambda line: line.lasts),
            _needed_field(msg("场次"), 1.2, lambda line: line.session),
            _EVENT,
            _plain_field(msg("模块"), 1.7, lambda line: line.module),
            _needed_field(msg("工位"), 3.4, lambda line: line.station),
            _plain_field(msg("人数"), 0.8, lambda line: line.people),
        ),
        signatures=(),
        lined=False,
        text_size=13.5,
    ),
}
