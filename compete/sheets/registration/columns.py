"""Columns of the registration workbook, each told once: titles, reading, words, forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compete.domain.eligibility import months_words
from compete.domain.grades.ladder import Ladder, grade_label
from compete.domain.identity.masks import mask_phone
from compete.domain.identity.names import LONGEST_NAME, same_name_key
from compete.domain.identity.papers import Paper, paper_name
from compete.domain.registration_columns import EntryField, field_text
from compete.domain.values.kinds import GROUP_WORDS, CrewRole
from compete.domain.values.messages import Message, msg
from compete.domain.values.roles import CREW_ROLE_WORDS
from compete.sheets.registration.cells import (
    LONGEST_CALLED,
    LONGEST_CODE,
    UNKNOWN,
    Column,
    Reader,
    RowCheck,
    meanings,
)
from compete.sheets.registration.entry_cells import (
    read_certificate,
    read_choice,
    read_code,
    read_day,
    read_grade,
    read_group,
    read_months,
    read_names,
    read_papers,
    read_phone,
    read_text,
    read_year,
)
from compete.sheets.registration.people import Gender

PEOPLE_SHEET = "选手"
UNITS_SHEET = "单位"
HELP_SHEET = "填表说明"
LISTS_SHEET = "选项"
EXAMPLE_MARK = "示例"
REASON_TITLE = "原因"

GENDER_WORDS: dict[Gender, Message] = {"male": msg("男"), "female": msg("女")}
_PAPERS = {
    "身份证": Paper.CITIZEN_ID,
    "二代身份证": Paper.CITIZEN_ID,
    "居住证": Paper.RESIDENCE_PERMIT,
    "港澳台居住证": Paper.RESIDENCE_PERMIT,
    "回乡证": Paper.HOME_RETURN,
    "港澳通行证": Paper.HOME_RETURN,
    "台胞证": Paper.TAIWAN_PASS,
    "台湾通行证": Paper.TAIWAN_PASS,
    "永居证": Paper.PERMANENT_RESIDENCE,
    "外国人永久居留证": Paper.PERMANENT_RESIDENCE,
}
_GENDERS = {
    **dict.fromkeys(("男性", "m", "male"), "male"),
    **dict.fromkeys(("女性", "f", "female"), "female"),
}
_GROUPS = {
    **dict.fromkeys(("职工组", "worker"), "worker"),
    **dict.fromkeys(("教师组", "老师", "teacher"), "teacher"),
    **dict.fromkeys(("学生组", "student"), "student"),
}
_ROLES = {
    **dict.fromkeys(("主", "主操", "main"), CrewRole.MAIN),
    **dict.fromkeys(("辅", "辅助", "副操", "assistant"), CrewRole.ASSISTANT),
}
_FOLLOWS_NUMBER = msg("身份证的跟着号码走，不用填")

_READERS: Mapping[str, Reader] = {
    "text": read_text,
    "names": read_names,
    "choice": read_choice,
    "day": read_day,
    "papers": read_papers,
    "consent": read_choice,
}


def _field_column(field: EntryField) -> Column:
    """The column of a field that each competition may ask for or leave out."""
    asks, key = field.asks, field.value

    def words(value: Any, _ladder: Ladder) -> Message | str:
        return field_text(key, value)

    keys = {name: name for name in asks.words if isinstance(name, str)}
    return Column(
        key=key,
        title=asks.title,
        width=asks.width,
        example=asks.example,
        hint=asks.hint,
        form_hint=asks.form_hint,
        text=asks.kind in ("names", "day", "papers"),
        secondary=asks.kind in ("choice", "day", "papers"),
        read=_READERS[asks.kind],
        stored=field is not EntryField.CONSENT,
        clears=field is not EntryField.CONSENT,
        words=words,
        choices=asks.words,
        also={**keys, **asks.also},
        unknown=msg("写同意或不同意，现在是“%(found)s”") if asks.kind == "consent" else UNKNOWN,
        shown=asks.kind not in ("text", "names"),
    )


PEOPLE_COLUMNS = (
    Column(
        key="code",
        title=msg("编号"),
        width=10,
        example=EXAMPLE_MARK,
        hint=msg("选手编号。空着由系统编"),
        text=True,
        longest=LONGEST_CODE,
        read=read_code,
        repeats=False,
    ),
    Column(
        key="name",
        title=msg("姓名"),
        width=12,
        example="张示例",
        hint=msg("和证件上一样，中间不留空格"),
        form_hint=msg("和证件一样，生僻字也要一样"),
        required=True,
        text=True,
        longest=LONGEST_NAME,
        shown=True,
    ),
    Column(
        key="paper",
        title=msg("证件类型"),
        width=22,
        example="居民身份证",
        hint=msg("空着算居民身份证"),
        choices={paper: paper_name(paper) for paper in Paper},
        also=_PAPERS,
        unknown=msg("没有“%(found)s”这种证件，从下拉里选"),
    ),
    Column(
        key="id_number",
        title=msg("证件号码"),
        width=24,
        example="320000199001010012",
        hint=msg("这一列已设为文本。从别处粘贴时选“只粘贴文本”，不然末几位会丢"),
        required=True,
        text=True,
    ),
    Column(
        key="unit",
        title=msg("单位"),
        width=26,
        example="江南港",
        hint=msg("从下拉里选。下拉里没有的新单位，先写到“单位”页"),
        required=True,
        longest=LONGEST_CALLED,
        read=RowCheck.required,
        repeats=False,
    ),
    Column(
        key="gender",
        title=msg("性别"),
        width=8,
        example="男",
        hint=msg("身份证可不填"),
        form_hint=_FOLLOWS_NUMBER,
        secondary=True,
        stored=True,
        choices=GENDER_WORDS,
        also=_GENDERS,
        unknown=msg("只能写“男”或“女”，现在是“%(found)s”"),
        raw=True,
        shown=True,
    ),
    Column(
        key="birth",
        title=msg("出生日期"),
        width=13,
        example="1990-01-01",
        hint=msg("身份证可不填；别的证件写到日，如 1990-01-01"),
        form_hint=_FOLLOWS_NUMBER,
        text=True,
        secondary=True,
        stored=True,
    ),
    Column(
        key="event",
        title=msg("赛项"),
        width=24,
        example="叉车司机",
        hint=msg("从下拉里选。一个人报两个赛项，写两行"),
        required=True,
        longest=LONGEST_CALLED,
    ),
    Column(
        key="team",
        title=msg("代表队"),
        width=22,
        hint=msg("不算团体就空着。写新队名会建新队"),
        form_hint=msg("不算团体就空着"),
        longest=LONGEST_CALLED,
        read=read_text,
    ),
    Column(
        key="group",
        title=msg("组别"),
        width=10,
        example="职工",
        hint=msg("空着算职工"),
        read=read_group,
        choices=GROUP_WORDS,
        also=_GROUPS,
        unknown=msg("没有“%(found)s”这个组，写职工、教师或学生"),
        raw=True,
        shown=True,
    ),
    Column(
        key="grade",
        title=msg("现等级"),
        example="四级/中级工",
        hint=msg("现在的职业技能等级，没有写“无”"),
        secondary=True,
        read=read_grade,
        stored=True,
        clears=True,
        words=grade_label,
        none=grade_label(None),
        raw=True,
        shown=True,
    ),
    Column(
        key="phone",
        title=msg("手机"),
        width=15,
        example="13800000000",
        hint=msg("11 位手机号"),
        text=True,
        secondary=True,
        read=read_phone,
        repeats=False,
        stored=True,
        clears=True,
        words=lambda phone, _ladder: mask_phone(phone),
        raw=True,
        shown=True,
    ),
    Column(
        key="promoted",
        title=msg("上次竞赛晋升年份"),
        width=18,
        hint=msg("因竞赛晋升过等级的写年份，如 2021；没有就空着"),
        form_hint=msg("因竞赛晋升过等级的写年份，没有就空着"),
        text=True,
        read=read_year,
        stored=True,
        clears=True,
    ),
    Column(
        key="post",
        title=msg("岗位"),
        width=16,
        example="叉车司机",
        hint=msg("现在做什么工作"),
        read=read_text,
        stored=True,
        clears=True,
    ),
    Column(
        key="months",
        title=msg("本职业年限"),
        example="5年",
        hint=msg("从事这个职业多久，如 5、4.5 或 4年10个月"),
        form_hint=msg("如 5、4.5 或 4年10个月"),
        text=True,
        secondary=True,
        read=read_months,
        stored=True,
        clears=True,
        words=lambda months, _ladder: months_words(months),
        shown=True,
    ),
    Column(
        key="certificate",
        title=msg("等级证书编号"),
        width=28,
        hint=msg("现等级的证书编号：22 位，或旧职业资格证书 16、13 位"),
        form_hint=msg("现等级的：22 位，或旧职业资格证书 16、13 位"),
        text=True,
        secondary=True,
        read=read_certificate,
        repeats=False,
        stored=True,
        clears=True,
        shown=True,
    ),
    Column(
        key="crew",
        title=msg("组合"),
        width=16,
        hint=msg("两人以上一起参赛的，每人一行，写同一个组合名；一个人参赛就空着"),
        read=read_text,
    ),
    Column(
        key="role",
        title=msg("组合里的职责"),
        hint=msg("主选手或辅助选手；空着：第一行是主选手，别的是辅助选手"),
        read=read_choice,
        choices=CREW_ROLE_WORDS,
        also=_ROLES,
        unknown=msg("没有“%(found)s”，写主选手或辅助选手"),
        shown=True,
    ),
    *map(_field_column, EntryField),
)
"""In the order of the template, from column A."""

UNIT_COLUMNS = (
    Column(
        key="unit_code",
        title=msg("单位编号"),
        width=12,
        example=EXAMPLE_MARK,
        hint=msg("空着由系统编"),
        text=True,
        longest=LONGEST_CODE,
    ),
    Column(
        key="unit_name",
        title=msg("单位名称"),
        width=34,
        example="示例港务有限公司",
        hint=msg("写全称"),
        required=True,
        text=True,
        longest=LONGEST_CALLED,
    ),
    Column(
        key="credit_code",
        title=msg("统一社会信用代码"),
        width=26,
        example="91329900MA1XY2122N",
        hint=msg("18 位，可不填"),
        text=True,
    ),
    Column(
        key="parent",
        title=msg("上级单位"),
        width=28,
        hint=msg("属于哪个单位，可不填"),
    ),
)

PERSON_KEYS = frozenset({"code", "name", "id_number", "birth", "phone"})
"""Columns that speak of one person; a row with none of them is only filled-down choices."""

PEOPLE_BY_KEY = {column.key: column for column in PEOPLE_COLUMNS}
UNITS_BY_KEY = {column.key: column for column in UNIT_COLUMNS}
STORED = tuple(column.key for column in PEOPLE_COLUMNS if column.stored)
"""Columns that an entrant or a member keeps under the same name."""


def own_spelling(key: str, value: Any) -> Any:
    """The value as we spell it: a file may say 女 where forms and workbooks keep `female`."""
    column = PEOPLE_BY_KEY[key]
    if not column.choices or value is None or value in column.choices:
        return value
    return meanings(column).get(same_name_key(str(value)), value)


MAY_STAY_EMPTY = {column.key for column in PEOPLE_COLUMNS if column.secondary} | {
    *("code", "team", "id_number")
}
"""Columns that a row can do without, so that somebody may say: leave it empty."""
