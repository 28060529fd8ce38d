"""The columns of the registration workbook: their titles, and what else people call them."""

from __future__ import annotations

from dataclasses import dataclass

from compete.domain.entry_fields import ENTRY_FIELD_WORDS, EntryField
from compete.domain.values.messages import Message, msg

PEOPLE_SHEET = "选手"
UNITS_SHEET = "单位"
HELP_SHEET = "填表说明"
LISTS_SHEET = "选项"
EXAMPLE_MARK = "示例"
REASON_TITLE = "原因"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `key` is what the code calls it, `title` what stands in the header."""

    key: str
    title: Message
    width: int
    """In characters of the default font; a Chinese character takes two."""
    example: str
    hint: Message
    """Shown when the header or a cell of the column is selected."""
    required: bool = False
    text: bool = False
    """Kept as text, so that Excel does not turn digits into a number."""

    @property
    def header(self) -> str:
        """The title in the workbook; what must be filled in bears a star."""
        return f"{self.title}*" if self.required else str(self.title)


PEOPLE_COLUMNS = (
    Column(
        "code",
        msg("编号"),
        10,
        EXAMPLE_MARK,
        msg("选手编号。空着由系统编"),
        text=True,
    ),
    Column(
        "name",
        msg("姓名"),
        12,
        "张示例",
        msg("和证件上一样，中间不留空格"),
        required=True,
        text=True,
    ),
    Column(
        "paper",
        msg("证件类型"),
        22,
        "居民身份证",
        msg("空着算居民身份证"),
    ),
    Column(
        "id_number",
        msg("证件号码"),
        24,
        "320000199001010012",
        msg("这一列已设为文本。从别处粘贴时选“只粘贴文本”，不然末几位会丢"),
        required=True,
        text=True,
    ),
    Column(
        "unit",
        msg("单位"),
        26,
        "江南港",
        msg("从下拉里选。下拉里没有的新单位，先写到“单位”页"),
        required=True,
    ),
    Column("gender", msg("性别"), 8, "男", msg("身份证可不填")),
    Column(
        "birth",
        msg("出生日期"),
        13,
        "1990-01-01",
        msg("身份证可不填；别的证件写到日，如 1990-01-01"),
        text=True,
    ),
    Column(
        "event",
        msg("赛项"),
        24,
        "叉车司机",
        msg("从下拉里选。一个人报两个赛项，写两行"),
        required=True,
    ),
    Column(
        "team",
        msg("代表队"),
        22,
        "",
        msg("不算团体就空着。写新队名会建新队"),
    ),
    Column("group", msg("组别"), 10, "职工", msg("空着算职工")),
    Column(
        "grade",
        msg("现等级"),
        14,
        "四级/中级工",
        msg("现在的职业技能等级，没有写“无”"),
    ),
    Column(
        "phone",
        msg("手机"),
        15,
        "13800000000",
        msg("11 位手机号"),
        text=True,
    ),
    Column(
        "promoted",
        msg("上次竞赛晋升年份"),
        18,
        "",
        msg("因竞赛晋升过等级的写年份，如 2021；没有就空着"),
        text=True,
    ),
    Column(
        "post",
        msg("岗位"),
        16,
        "叉车司机",
        msg("现在做什么工作"),
    ),
    Column(
        "months",
        msg("本职业年限"),
        14,
        "5年",
        msg("从事这个职业多久，如 5、4.5 或 4年10个月"),
        text=True,
    ),
    Column(
        "certificate",
        msg("等级证书编号"),
        28,
        "",
        msg("现等级的证书编号：22 位，或旧职业资格证书 16、13 位"),
        text=True,
    ),
    Column(
        "crew",
        msg("组合"),
        16,
        "",
        msg("两人以上一起参赛的，每人一行，写同一个组合名；一个人参赛就空着"),
    ),
    Column(
        "role",
        msg("组合里的职责"),
        14,
        "",
        msg("主选手或辅助选手；空着：第一行是主选手，别的是辅助选手"),
    ),
    Column(
        "department",
        ENTRY_FIELD_WORDS[EntryField.DEPARTMENT],
        16,
        "装卸一班",
        msg("在单位的哪个部门、班组"),
    ),
    Column(
        "education",
        ENTRY_FIELD_WORDS[EntryField.EDUCATION],
        14,
        "大专",
        msg("从下拉里选"),
    ),
    Column(
        "mentor",
        ENTRY_FIELD_WORDS[EntryField.MENTOR],
        14,
        "",
        msg("带教的师傅，几个人用顿号隔开。和裁判同名的，排裁判时会提醒回避"),
        text=True,
    ),
    Column(
        "coach",
        ENTRY_FIELD_WORDS[EntryField.COACH],
        14,
        "",
        msg("赛前指导的教练，几个人用顿号隔开。和裁判同名的，排裁判时会提醒回避"),
        text=True,
    ),
    Column(
        "leader",
        ENTRY_FIELD_WORDS[EntryField.LEADER],
        14,
        "",
        msg("带队的人"),
        text=True,
    ),
    Column(
        "grade_since",
        ENTRY_FIELD_WORDS[EntryField.GRADE_SINCE],
        18,
        "2021-06-01",
        msg("现等级的证书上的日期，写到日，如 2021-06-01"),
        text=True,
    ),
    Column(
        "papers",
        ENTRY_FIELD_WORDS[EntryField.PAPERS],
        30,
        "中专 2010-07-01",
        msg("毕业证、职称证，写名称和日期，如 中专 2010-07-01；几个用顿号隔开"),
        text=True,
    ),
    Column(
        "consent",
        ENTRY_FIELD_WORDS[EntryField.CONSENT],
        18,
        "",
        msg("本人同意才选“同意”。空着：公布时姓名隐去一部分"),
    ),
)
"""In the order of the template, from column A."""

UNIT_COLUMNS = (
    Column(
        "unit_code",
        msg("单位编号"),
        12,
        EXAMPLE_MARK,
        msg("空着由系统编"),
        text=True,
    ),
    Column(
        "unit_name",
        msg("单位名称"),
        34,
        "示例港务有限公司",
        msg("写全称"),
        required=True,
        text=True,
    ),
    Column(
        "credit_code",
        msg("统一社会信用代码"),
        26,
        "91329900MA1XY2122N",
        msg("18 位，可不填"),
        text=True,
    ),
    Column(
        "parent",
        msg("上级单位"),
        28,
        "",
        msg("属于哪个单位，可不填"),
    ),
)

PERSON_KEYS = frozenset({"code", "name", "id_number", "birth", "phone"})
"""Columns that speak of one person; a row with none of them is only filled-down choices."""

SILENT_TITLES = frozenset({"序号", REASON_TITLE})
"""Columns nobody expects to be read, so nothing is said about leaving them out."""


PEOPLE_BY_KEY = {column.key: column for column in PEOPLE_COLUMNS}
UNITS_BY_KEY = {column.key: column for column in UNIT_COLUMNS}
