"""Cells read as their field's type: the value, and the question about it if any."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from compete.domain.grades.ladder import GradeError, parse_grade
from compete.domain.identity.citizen_id import check_citizen_id
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import odd_name, same_name_key
from compete.domain.identity.phone import check_mobile
from compete.domain.values.messages import Message, msg
from compete.domain.values.numerals import plain
from compete.sheets.dates import BirthError, BirthText, parse_birth
from compete.sheets.reading.grid import cell_text
from compete.sheets.texts import as_typed, tidy, tidy_name, unit_called
from compete.sheets.workbook.cells import Cell, Fault, Percent

Read: TypeAlias = tuple[str | int | None, Message | None]
"""A value, and a question about it."""

NOTHING = frozenset({"无", "没有", "-", "--", "—", "——", "/", "\\", "暂无", "空", "N/A", "n/a"})
"""Words by which people say: none."""
STANDS_FOR_NONE = frozenset({"-", "--", "—", "——", "－", "/", "\\"})
"""Signs in the place of a number that is not there."""
NONE_TOLD = msg("只写横线的格子当作空的")
_IN_TWO_LINES = 3
"""A name of so many signs may be broken by a narrow column."""
_BETWEEN_NUMBERS = re.compile(r"[/、,，;；\n或|]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LEAST_DIGITS = 7
"""Digits of the shortest telephone number."""
_GENDERS = {
    "男": "男", "男性": "男", "m": "男", "male": "男", "先生": "男",
    "女": "女", "女性": "女", "f": "女", "female": "女", "女士": "女",
}  # fmt: skip
_ROLES = (
    ("leader", ("领队", "带队")),
    ("coach", ("教练", "指导教师", "指导老师", "技术指导", "指导员")),
    ("entrant", ("选手", "队员", "队长", "参赛人员", "参赛者", "参赛人", "参赛职工", "运动员")),
    ("official", ("裁判", "工作人员", "官员", "联络", "联系人", "随队", "管理人员", "翻译")),
    ("official", ("监督", "仲裁", "保障", "后勤", "专家")),
)
_OTHERS = ("替补", "候补", "观摩", "陪同", "家属", "嘉宾", "司机", "随行", "其他")
_NO_CONTESTANT = re.compile(
    r"(?:[副正总主]?(?:领队|带队|教练|指导教师|指导老师|裁判|工作人员|官员|联络|联系人|随队|替补|候补"
    r"|观摩|陪同|家属|嘉宾)(?:人员|[员人长])?[兼/、,及和]?)+"
)
"""A job that is none of a contestant; 管理人员 and 后勤 may be one."""
_DUTIES = (
    ("deputy", ("副裁判长", "副总裁判长", "副裁判", "副组长", "副主裁")),
    ("coder", ("加密", "编码", "解密", "密封")),
    ("supervisor", ("监督", "纪检", "督查", "纪律")),
    ("arbiter", ("仲裁",)),
    ("recorder", ("记录", "记分", "统分", "统计", "登分", "计分", "录入", "算分", "核分")),
    ("chief", ("裁判长", "总裁判", "主裁判", "主裁", "裁判组长", "考评组长")),
    ("judge", ("裁判", "执裁", "考评", "评委", "评审", "评分", "专家", "评判")),
)
_DUTY_WORDS = {duty: duty for duty, _words in _DUTIES} | {
    "组长": "chief",
    "组员": "judge",
    "成员": "judge",
}

_SEVERAL = re.compile("[兼/、,，及和]")
_STATE_BEHIND = re.compile(r"[（(][^（()）]{1,20}[)）]\Z")
_MASKED = re.compile(r"[*＊•●]{2}")
MASKED = msg("号码中间用星号盖住了，没有读")
SEVERAL_NUMBERS = msg("电话写了几个号码，读第一个手机号，别的没有读")
FAULT = msg("格子里是错误值，没有读")
NO_VALUE = msg("是公式，文件里没有算出的值，没有读。用 Excel 打开存一次再传")


def fault_words(fault: Fault) -> Message:
    """The question about an error or a formula without a value."""
    return NO_VALUE if fault.is_formula else FAULT


def read_text(cell: Cell) -> Read:
    """Read a text in one line."""
    text = cell if isinstance(cell, str) else cell_text(cell)
    return tidy(text.replace("\n", " ")) or None, None


def read_unit(cell: Cell) -> Read:
    """Read a unit's name."""
    text, _asked = read_text(cell)
    none = text is None or text in NOTHING
    return (None if none else unit_called(str(text))), None


_CONTACT = re.compile(
    r"(?:联系人|联络人|联络员|负责人|经办人)(?:姓名)?(?:及|和)?(?:联系)?(?:电话|手机)?\s*[:：]"
    r"|(?:联系)?(?:电话|手机)号?码?\s*[:：]"
)
_MOBILE_WRITTEN = re.compile(
    r"(?<![0-9])(?:\+?86[- ]?)?1[0-9]{2}[- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9])"
)
_SIGNS = " \u3000\t\n，,、；;（(）):："
_PERSON = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,8}·[㐀-鿿·]{1,8}")


def unit_and_contact(text: str) -> tuple[str, str, str] | None:
    """A unit, its contact and its telephone, where they stand in one cell; None where they don't.

    Of a contact without a label before it the last blank divides.
    """
    folded = unicodedata.normalize("NFKC", text)
    label, number = _CONTACT.search(folded), _MOBILE_WRITTEN.search(folded)
    marks = [it.start() for it in (label, number) if it is not None]
    if not marks or len(folded) != len(text):
        return None
    phone = "".join(re.findall("[0-9]", number[0]))[-11:] if number is not None else ""
    rest = _MOBILE_WRITTEN.sub(" ", folded[min(marks) :])
    name = text[: min(marks)].strip(_SIGNS)
    contact = _CONTACT.sub(" ", rest).strip(_SIGNS)
    before, _blank, last = name.rpartition(" ")
    if label is None and before and _PERSON.fullmatch(last) and not contact:
        name, contact = before.strip(_SIGNS), last
    return name, contact, phone


def read_some(cell: Cell) -> Read:
    """Read a text that may say that there is none."""
    text, _asked = read_text(cell)
    return (None if text in NOTHING else text), None


_COMMON_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
)
_WHOLE_NAME = re.compile(f"[{_COMMON_SURNAMES}][㐀-鿿]{{1,2}}")
"""A name with its surname: two of them in a cell are two people, 买买提 艾力 is one."""


@lru_cache(maxsize=4000)
def _name(text: str) -> Read:
    if (match := _STATE_BEHIND.search(text.rstrip())) and says_state(match[0]):
        # What stands behind a name is asked about, and no part of it.
        text = text[: match.start()]
        if not text.strip():
            return None, None
    name, _note = tidy_name(text.replace("\n", " "))
    if "\n" in text.strip() and len(name) > _IN_TWO_LINES:
        return name, msg("姓名写了两行：“%(name)s”", name=" ".join(text.split()))
    parts = text.split()
    if len(parts) > 1 and any(map(is_gender, parts)):
        return name, msg("姓名写作“%(name)s”，里面有性别", name=" ".join(parts))
    if len(parts) > 1 and all(map(_WHOLE_NAME.fullmatch, parts)):
        return name, msg("姓名写作“%(name)s”，中间有空格，是不是两个人", name=" ".join(parts))
    if _odd_signs(name):
        return name or None, odd_name(name) or msg("姓名里有认不出的字：“%(name)s”", name=name)
    return name or None, odd_name(name)


def read_name(cell: Cell) -> Read:
    """Read a person's name; if it is none, ask, and keep it as it stands."""
    return _name(cell if isinstance(cell, str) else cell_text(cell))


def read_id(cell: Cell) -> Read:
    """Read 18 characters with the right check digit; anything else is asked and not read."""
    if isinstance(cell, float):
        if abs(cell) >= 1e15:
            return None, msg("被存成数字，末几位已丢。请设为文本再填")
        return None, msg("被存成数字。请设为文本再填")
    text = (cell if isinstance(cell, str) else cell_text(cell)).strip().lstrip("'‘’`")
    if _MASKED.search(text):
        return None, MASKED
    try:
        return check_citizen_id(text).number, None
    except IdentityError as error:
        return None, error.message


def read_paper_number(cell: Cell) -> Read:
    """Read the number of a paper that is no ID card, as written."""
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip().lstrip("'‘’`")
    return "".join(text.split()).upper() or None, None


def read_phone(cell: Cell) -> Read:
    """Read the first of several mobile numbers, else as written; ask if it is too short or long."""
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip().lstrip("'‘’`")
    if not text or text in NOTHING:
        return None, None
    if _MASKED.search(text):
        return None, MASKED
    try:
        return check_mobile(text), None
    except IdentityError as error:
        why = error.message
    mobile, _several = first_mobile(text)
    if mobile:
        return mobile, None
    digits = re.sub(r"[^0-9]", "", text)
    if _MOBILE.fullmatch(digits.removeprefix("86")):
        return digits.removeprefix("86"), None
    if _is_landline(text):
        return tidy(text), None
    return tidy(text), why


def first_mobile(text: str) -> tuple[str, bool]:
    """The first mobile number in a cell, empty if none is, and whether other numbers stand there.

    Words beside it (张三 138…) are no number.
    """
    mobile, others = "", False
    for part in filter(None, _BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", text))):
        for piece in (part, *part.split()):
            try:
                number = check_mobile(piece.lstrip("'‘’`"))
            except IdentityError:
                continue
            break
        else:
            others = others or sum(map(str.isdigit, part)) >= _LEAST_DIGITS
            continue
        others = others or bool(mobile and number != mobile)
        mobile = mobile or number
    return mobile, others


def _is_landline(text: str) -> bool:
    """True for a landline, with its area or without, and perhaps an extension."""
    plain_text = re.sub(r"[\s()（）]", "", text)
    return (
        re.fullmatch(
            r"(?:\+?86-?)?(?:0[0-9]{2,3}-?)?[1-9][0-9]{6,7}(?:(?:-|转|ext)[0-9]{1,6})?", plain_text
        )
        is not None
        or re.fullmatch(r"[48]00-?[0-9]{3,4}-?[0-9]{3,4}", plain_text) is not None
    )


def read_gender(cell: Cell) -> Read:
    """Read 男 or 女."""
    text = cell_text(cell)
    if not text or text in NOTHING:
        return None, None
    gender = _GENDERS.get(same_name_key(text))
    return (
        (gender, None) if gender else (None, msg("只能写“男”或“女”，现在是“%(found)s”", found=text))
    )


def birth_of(cell: Cell) -> tuple[BirthText | None, Message | None]:
    """Read a day or a month of birth."""
    if isinstance(cell, str) and (not cell.strip() or cell.strip() in NOTHING):
        return None, None
    try:
        return parse_birth(cell), None
    except BirthError as error:
        return None, error.message


def birth_text(birth: BirthText, by_number: date | None, cell: Cell) -> Read:
    """Read the day or the month as it is written out; `told` is the ID number's."""
    if by_number is not None:
        if not birth.agrees_with(by_number):
            written = birth.text
            why = msg(
                "写 %(written)s，证件号码是 %(told)s",
                written=written,
                told=birth.as_precise(by_number),
            )
            return written, why
        if birth.day is not None and birth.day == by_number.day:
            return by_number.isoformat(), None
        return by_number.strftime("%Y-%m"), None
    if len(birth.months) > 1:
        return None, msg("“%(found)s”可能是 1 月，也可能是 10 月", found=cell_text(cell))
    if birth.full is not None:
        return birth.full.isoformat(), None
    return birth.text, None


@lru_cache(maxsize=2000)
def _grade(text: str) -> Read:
    try:
        return parse_grade(text), None
    except GradeError as error:
        return None, error.message


def read_grade(cell: Cell) -> Read:
    """Read a grade, 5 the lowest to 1 the highest; none for 无 and what says so."""
    text = cell_text(cell)
    return _grade(text) if text else (None, None)


def role_of(text: str) -> tuple[str | None, bool]:
    """The role that a word names, and True if it plainly does."""
    if text.isascii():
        # All words of roles are Chinese; most of what is asked about is a number.
        return None, False
    return _role_of(text)


@lru_cache(maxsize=4000)
def _role_of(text: str) -> tuple[str | None, bool]:
    word = "".join(unicodedata.normalize("NFKC", text).split())
    named = [role for role, words in _ROLES if any(part in word for part in words)]
    roles = list(dict.fromkeys(named))
    if any(part in word for part in _OTHERS):
        return "other", True
    if not roles:
        return None, False
    return roles[0], len(roles) == 1


def competes_too(text: str) -> bool:
    """True if a word of several roles, such as 领队兼选手, has a contestant's among them."""
    return any(role_of(part)[0] == "entrant" for part in _SEVERAL.split(text))


@lru_cache(maxsize=2000)
def is_no_contestants(job: str) -> bool:
    """True if a job is plainly a role of somebody who does not compete: 副领队, 领队兼教练."""
    word = "".join(unicodedata.normalize("NFKC", job).split())
    return _NO_CONTESTANT.fullmatch(word) is not None


def read_duty(cell: Cell) -> Read:
    """Read a judge's duty as one of the words of duties."""
    text = "".join(unicodedata.normalize("NFKC", cell_text(cell)).split())
    if not text:
        return None, None
    if text.casefold() in _DUTY_WORDS:
        return _DUTY_WORDS[text.casefold()], None
    parts = _SEVERAL.split(text)
    duties = [*dict.fromkeys(filter(None, map(_duty_of, parts)))]
    if len(duties) > 1:
        return duties[0], msg("“%(text)s”是几个职责，照第一个读", text=text)
    duty = duties[0] if duties else _duty_of(text)
    return duty, msg("没有“%(found)s”这个职责", found=text) if duty is None else None


def _duty_of(text: str) -> str | None:
    """The duty that a word names; None for none."""
    return next((it for it, words in _DUTIES if any(word in text for word in words)), None)


def is_duty(text: str) -> bool:
    """True if a text names what a judge does."""
    return read_duty(text)[0] is not None


_YEARS = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?)(?:年|周年)?(?:以上)?")


def read_years(cell: Cell) -> Read:
    """Read a number of years, else as written."""
    text = unicodedata.normalize("NFKC", cell_text(cell)).strip()
    if not text or text in NOTHING:
        return None, None
    match = _YEARS.fullmatch("".join(text.split()))
    return (match[1] if match else tidy(text)), None


def read_credit_code(cell: Cell) -> Read:
    """Read the 18 characters of a unit's code, as written."""
    if isinstance(cell, float) and cell >= 1e15:
        return None, msg("被存成数字。请设为文本再填")
    text = "".join(unicodedata.normalize("NFKC", cell_text(cell)).split()).upper()
    return (None, None) if not text or text in NOTHING else (text, None)


_APART = re.compile(r"[0-9.]\s+[0-9.]")
_BY_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(?:\s[0-9]{3})+(?:\.[0-9]+)?[^0-9]*")
_NUMBER = re.compile(r"([-+]?[0-9]{1,18}(?:\.[0-9]{1,12})?)[^0-9%‰.,百千万亿倍]{0,8}")


def read_decimal(cell: Cell, *, comma_is_point: bool = False) -> Read:
    """Read a number as the text of a decimal; ask if it is none, or could be two.

    `comma_is_point` where sums show it: 1,5 is then surely 1.5.
    """
    if isinstance(cell, bool | date | datetime) or not isinstance(cell, str | float):
        return None, msg("“%(text)s”不是数", text=cell_text(cell))
    if isinstance(cell, float):
        if cell != cell or abs(cell) >= 1e15:
            return None, msg("“%(text)s”不是数", text=cell_text(cell))
        # As it shows: arithmetic in binary leaves 2.1999999999999997 behind.
        number = Decimal(format(round(cell, 9), ".15g"))
        if isinstance(cell, Percent):
            why = msg(
                "格子里显示 %(shown)s%%，读作 %(number)s",
                shown=plain(number * 100),
                number=plain(number),
            )
            return plain(number), why
        return plain(number), None
    text = "".join(unicodedata.normalize("NFKC", cell).split())
    if not text:
        return None, None
    if re.fullmatch(r"[-+]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text, re.ASCII):
        text = text.replace(",", "")
    comma = re.fullmatch(r"[-+]?[0-9]+,[0-9]{1,2}", text, re.ASCII) is not None
    if comma:
        text = text.replace(",", ".")
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None, msg("“%(text)s”不是数", text=cell.strip())
    shown = plain(Decimal(match[1]))
    if comma and not comma_is_point:
        why = msg("“%(text)s”里的逗号当作小数点，读作 %(number)s", text=cell.strip(), number=shown)
        return shown, why
    if _APART.search(cell) and not _BY_THOUSANDS.fullmatch(cell.strip()):
        why = msg("“%(text)s”中间有空格，读作 %(number)s", text=cell.strip(), number=shown)
        return shown, why
    return shown, None


_STATE = re.compile(
    r"退赛|退出|弃权|弃赛|放弃|取消|不参加|不参赛|替补|候补|备选|不能参加|无法参加|已退"
    r"|离职|调离|调走|辞职|请假|因病|病假|产假|缺席|换人|替换|顶替|代替|替代|改由|待定"
    r"|作废|删除|撤销|撤回|剔除|除名|停赛|劝退|驳回|不予|不同意|(?:不|未)(?:通过|符合|合格)"
    rf"|^原(?:选手|队员|[{_COMMON_SURNAMES}][㐀-鿿]{{1,2}})$"
)
_DENIED = re.compile(
    r"(?:不|未|无|没有|不得|非|不能|禁止)(?:退赛|退出|弃权|弃赛|放弃|取消|替补|候补|备选)"
)


def says_state(text: str) -> bool:
    """True if a text says that somebody may not compete after all: 退赛, 弃权, 替补."""
    return len(text) <= 200 and _STATE.search(_DENIED.sub("", text)) is not None


_WHETHER = re.compile(r"(?:是否|能否|可否)(?:参[加赛]|报名|出席|到场)|参[加赛](?:与否|情况|意向)")
_NO = frozenset(
    {"否", "不", "未", "不能", "不去", "不报", "×", "✗", "✘", "x", "X", "N", "n", "No", "NO", "no"}
)


def says_away(heading: str, text: str) -> bool:
    """True if a cell below a heading says so: a state, or 否 below 是否参赛."""
    return says_state(text) or (text.strip() in _NO and _WHETHER.search(heading) is not None)


def _odd_signs(text: str) -> bool:
    """True if a name has what bad decoding leaves: U+FFFD, a private character, a question mark."""
    return not text.isalpha() and any(
        sign in "\ufffd?？" or unicodedata.category(sign) in ("Co", "Cn") for sign in text
    )


def is_id(text: str) -> bool:
    """True for 18 digits with a right check digit."""
    if len(text) < 15:
        return False
    return read_id(text)[0] is not None


def is_phone(text: str) -> bool:
    """True for 11 digits beginning with 1."""
    return _MOBILE.fullmatch(re.sub(r"[\s-]", "", text)) is not None


def is_gender(text: str) -> bool:
    """True for 男 or 女."""
    return text in ("男", "女")


def is_date(text: str) -> bool:
    """True for a day or a month in one of the ways in which people write them."""
    return any(sign.isdigit() for sign in text) and birth_of(text)[0] is not None


def is_grade(text: str) -> bool:
    """True for a word of the grades; a bare digit is none."""
    return not text.isdigit() and text not in NOTHING and _grade(text)[0] is not None


def is_number(value: Cell) -> bool:
    """True if a cell holds a number, or a text that is one."""
    if isinstance(value, float):
        return True
    return isinstance(value, str) and bool(value.strip()) and _is_number_text(value)


def _is_number_text(text: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?%?", text.strip()) is not None


def number_of(value: Cell) -> int | None:
    """The whole number that a cell of a numbering says: 3, 3. and （三） not."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and 0 <= value < 1e9 else None
    text = unicodedata.normalize("NFKC", as_typed(value)).strip(" .、()")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
