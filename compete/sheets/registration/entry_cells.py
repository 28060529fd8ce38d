"""Cells of a row, read column by column: who it is, unit, group, grade, diplomas and the rest."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from compete.domain.grades.ladder import NATIONAL, GradeError, parse_grade
from compete.domain.identity.certificate_number import held_certificate_number
from compete.domain.identity.credit_code import check_credit_code
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import made_up_note, odd_name, same_name_key
from compete.domain.identity.papers import Paper, check_paper
from compete.domain.identity.phone import check_mobile
from compete.domain.values.messages import Message, listed, msg
from compete.domain.values.numerals import whole_number
from compete.sheets.dates import BirthError, BirthText, parse_birth
from compete.sheets.reading.cells import SEVERAL_NUMBERS, first_mobile
from compete.sheets.registration.cells import NOT_FILLED, NOTHING, RowCheck, meanings
from compete.sheets.registration.people import Gender, Group
from compete.sheets.texts import as_typed, tidy_name

T = TypeVar("T")
_CODE = re.compile(r"[\w.\-]+")
_FIRST_YEAR = 1980
_TIME = re.compile(
    r"(?P<years>[0-9]{1,2}(?:\.[0-9]{1,2})?)年?"
    r"|(?:(?P<whole>[0-9]{1,2})年)?(?P<months>[0-9]{1,3})个?月"
)
_MOST_MONTHS = 70 * 12
_PAPER = re.compile(r"(?P<kind>[^0-9]+)(?P<day>[0-9][-./年月日0-9]*)")


def read_text(check: RowCheck, key: str) -> str | None:
    """Read the text; none where it says that there is none."""
    text = check.text(key)
    return None if text in NOTHING else text


def read_code(check: RowCheck, key: str) -> str | None:
    """Read a number of a contestant."""
    text = check.choice(key)
    if text is None:
        return None
    if not _CODE.fullmatch(text):
        check.problem(key, msg("编号只用字母、数字和 -，现在是“%(found)s”", found=text))
        return None
    return text


def read_group(check: RowCheck, key: str) -> Group | None:
    """Read the group."""
    group: Group | None = _meant(check, key, check.problem)
    return group


def _meant(check: RowCheck, key: str, tell: Callable[[str, Message], None]) -> Any:
    """Read one of the column's words; `tell` is given any other."""
    text = check.choice(key)
    if text is None:
        return None
    meaning = meanings(check.columns[key]).get(same_name_key(text))
    if meaning is None:
        tell(key, check.unknown(key, text))
    return meaning


def read_grade(check: RowCheck, key: str) -> int | None:
    """Read a grade of the event's ladder."""
    ladder = check.event.ladder if check.event else NATIONAL
    return _parsed(check, key, lambda text: parse_grade(text, ladder))


def _word(check: RowCheck, key: str) -> str | None:
    """The cell's text as `choice`; none where it says that there is none."""
    text = check.choice(key)
    return None if text in NOTHING else text


def _parsed(check: RowCheck, key: str, parse: Callable[[str], T]) -> T | None:
    """Read what a cell says by `parse`; none where it says nothing, or is not understood."""
    text = _word(check, key)
    if text is None:
        return None
    try:
        return parse(text)
    except (GradeError, IdentityError) as error:
        check.not_understood(key, error.message)
        return None


def read_year(check: RowCheck, key: str) -> int | None:
    """Read a year that is not to come."""
    text, today = _word(check, key), check.today
    if text is None:
        return None
    year = whole_number(text.removesuffix("年"), today.year, least=_FIRST_YEAR)
    if year is not None:
        return year
    check.not_understood(
        key,
        msg("要写年份，如 %(example)s，现在是“%(found)s”", example=today.year - 1, found=text),
    )
    return None


def read_months(check: RowCheck, key: str) -> int | None:
    """Read months from `5`, `4.5`, `5年`, `4年10个月` or `10个月`."""
    text = _word(check, key)
    if text is None:
        return None
    match = _TIME.fullmatch("".join(text.split()))
    if match:
        years = Decimal(match["years"] or match["whole"] or 0)
        total = int(years * 12) + int(match["months"] or 0)
        if total <= _MOST_MONTHS:
            return total
    check.not_understood(key, msg("写年数，如 5、4.5 或 4年10个月，现在是“%(found)s”", found=text))
    return None


def read_certificate(check: RowCheck, key: str) -> str | None:
    """Read the number of the certificate of the present grade."""
    return _parsed(check, key, held_certificate_number)


def read_day(check: RowCheck, key: str) -> date | None:
    """Read a day that is written out, and not to come."""
    written = _birth_text(check, key)
    if written is None:
        return None
    day = written.full
    if day is None:
        check.not_understood(key, msg("写到日，如 2021-06-01"))
    elif day > check.today:
        check.not_understood(key, msg("%(day)s 还没到", day=str(day)))
    else:
        return day
    return None


_PAPER_ENDS = re.compile("毕业证书|毕业证|毕业|学历|证书|文凭")
_SAME_PAPERS = {
    **dict.fromkeys(("中职", "职高", "职业高中", "中等职业技术学校"), "中等职业学校"),
    **dict.fromkeys(("中等专业学校", "中等专科"), "中专"),
    **dict.fromkeys(("技校", "中级技工学校"), "技工学校"),
    **dict.fromkeys(("高技", "高级技校"), "高级技工学校"),
    **dict.fromkeys(("专科", "大学专科", "高等专科"), "大专"),
    **dict.fromkeys(("高等职业学校", "高职高专"), "高职"),
    **dict.fromkeys(("助理工程师", "助工", "技术员", "助理级职称"), "初级职称"),
    **dict.fromkeys(("工程师",), "中级职称"),
    **dict.fromkeys(("高级工程师", "高工"), "高级职称"),
}
"""Usual writings of one diploma or title, without what ends them."""


def _plain_paper(kind: str) -> str:
    plain = _PAPER_ENDS.sub("", kind.replace("(", "（").partition("（")[0].strip())
    return _SAME_PAPERS.get(plain, plain)


def _known_paper(kind: str, known: frozenset[str]) -> str:
    """Call a diploma or title as the event's conditions do; as written where they do not."""
    if kind in known:
        return kind
    plain = _plain_paper(kind)
    return next((name for name in sorted(known) if _plain_paper(name) == plain), kind)


def read_papers(check: RowCheck, key: str) -> list[dict[str, str]] | None:
    """Read papers: 中专 2010-07-01、初级职称 2012-9: of a month without a day its last."""
    event, today = check.event, check.today
    known = event.tried.papers if event and event.tried else frozenset()
    text = read_text(check, key)
    if text is None:
        return None
    papers = []
    for paper in re.split("[、，,；;]", text):
        match = _PAPER.fullmatch(paper.strip())
        since = None if match is None else _paper_day(match["day"])
        if match is None or since is None or since > today:
            check.not_understood(
                key,
                msg("写名称和日期，如 中专 2010-07-01，现在是“%(found)s”", found=paper.strip()),
            )
            return None
        kind = _known_paper(match["kind"].strip(), known)
        if known and kind not in known:
            check.notes.append(
                msg(
                    "“%(kind)s”不是申报条件里的学历、职称（%(known)s），写错了就改",
                    kind=kind,
                    known=listed(sorted(known)),
                )
            )
        papers.append({"kind": kind, "since": since.isoformat()})
    return papers


def _paper_day(text: str) -> date | None:
    try:
        day_text = parse_birth(text)
    except BirthError:
        return None
    month = day_text.months[0]
    return day_text.full or date(day_text.year, month, monthrange(day_text.year, month)[1])


def read_names(check: RowCheck, key: str) -> str | None:
    """Read names of people, without blanks between."""
    text = read_text(check, key)
    return None if text is None else tidy_name(text)[0]


def read_choice(check: RowCheck, key: str) -> Any:
    """Read the choice that this column's word stands for; an unknown word is a problem."""
    text = _word(check, key)
    if text is None:
        return None
    words = meanings(check.columns[key])
    choice = words.get(same_name_key(text))
    if choice is None:
        # 本科/学士 says one thing twice.
        choices = {words.get(same_name_key(part)) for part in re.split("[/／、]", text)}
        choice = choices.pop() if len(choices) == 1 else None
    if choice is None:
        check.not_understood(key, check.unknown(key, text))
    return choice


_LOST_DIGITS = msg("被存成数字，末几位已丢。请设为文本再填")
_STORED_AS_NUMBER = msg("被存成数字。请设为文本再填")
_EXPONENT = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_EXACT_BELOW = 1e15
"""Excel keeps fifteen digits of a number."""

_OF_18_DIGITS = (Paper.CITIZEN_ID, Paper.RESIDENCE_PERMIT)


def read_identity(check: RowCheck) -> dict[str, Any]:
    """Check the cells about the person, each alone and then against the ID number, by column.

    None where a cell is empty or wrong.
    """
    name = _name(check)
    paper = check.once("paper", _paper) if "paper" in check.values else _paper(check, "paper")
    number = _number(check, paper) if paper else None
    gender = check.once("gender", _gender)
    birth = _birth_text(check, "birth")
    born: date | None
    if number and paper in _OF_18_DIGITS:
        born, gender = _told_by_18_digits(check, number, birth, gender)
    else:
        born = _full_birth(check, birth)
    return {
        "name": name,
        "paper": paper,
        "id_number": number,
        "birth": born,
        "gender": gender,
    }


def _name(check: RowCheck) -> str | None:
    text = check.required("name")
    if text is None:
        return None
    name, note = tidy_name(text)
    if note:
        check.notes.append(note)
    if note := made_up_note(name) or odd_name(name):
        check.notes.append(note)
    return name


def _paper(check: RowCheck, key: str) -> Paper | None:
    if check.choice(key) is None:
        broken = any(problem.column == key for problem in check.problems)
        return None if broken else Paper.CITIZEN_ID
    paper: Paper | None = _meant(check, key, check.problem)
    return paper


def _number(check: RowCheck, paper: Paper) -> str | None:
    value = check.values.get("id_number")
    if value is None and "id_number" not in check.row.faults and check.is_unnumbered():
        return None
    if isinstance(value, float):
        if abs(value) >= _EXACT_BELOW:
            check.problem("id_number", _LOST_DIGITS)
            return None
        if paper in _OF_18_DIGITS or not value.is_integer():
            check.problem("id_number", _STORED_AS_NUMBER)
            return None
        check.notes.append(msg("证件号码被存成数字，开头有 0 的话已经丢了，核对一下"))
    elif value is not None and not isinstance(value, str):
        check.problem("id_number", msg("这不是号码：%(found)s", found=as_typed(value)))
        return None
    text = check.required("id_number")
    if text is None:
        return None
    return _checked_number(check, paper, text.lstrip("'‘’`"))


def _checked_number(check: RowCheck, paper: Paper, text: str) -> str | None:
    if not text.isdigit() and _EXPONENT.fullmatch(text):
        check.problem("id_number", _LOST_DIGITS)
        return None
    try:
        number = check_paper(paper, text, today=check.today)
    except IdentityError as error:
        check.problem("id_number", error.message if text else NOT_FILLED)
        return None
    if not text.isascii() and unicodedata.normalize("NFKC", text) != text:
        check.notes.append(msg("证件号码里的全角字符改成了半角"))
    return number


def _gender(check: RowCheck, key: str) -> Gender | None:
    gender: Gender | None = _meant(check, key, check.not_understood)
    return gender


def _birth_text(check: RowCheck, key: str) -> BirthText | None:
    """Read a day, or as much of one as a cell says."""
    value = check.values.get(key)
    if value is None or (isinstance(value, str) and _word(check, key) is None):
        return None
    try:
        return parse_birth(value)
    except BirthError as error:
        check.not_understood(key, error.message)
        return None


def _told_by_18_digits(
    check: RowCheck, number: str, birth: BirthText | None, gender: Gender | None
) -> tuple[date, Gender]:
    """Check the row against the number, which tells birth and gender."""
    told_birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    told_gender: Gender = "male" if int(number[16]) % 2 else "female"
    if birth and not birth.agrees_with(told_birth):
        check.problem(
            "birth",
            msg(
                "写 %(written)s，证件号码是 %(told)s",
                written=birth.text,
                told=birth.as_precise(told_birth),
            ),
        )
    if gender and gender != told_gender:
        words = check.columns["gender"].choices
        check.problem(
            "gender",
            msg(
                "写“%(written)s”，证件号码是“%(told)s”",
                written=words[gender],
                told=words[told_gender],
            ),
        )
    return told_birth, told_gender


def _full_birth(check: RowCheck, birth: BirthText | None) -> date | None:
    if birth is None:
        return None
    if birth.full is None:
        # With a wrong ID number the month may be all that is wanted; that problem comes first.
        if not any(problem.column in ("id_number", "paper") for problem in check.problems):
            check.not_understood("birth", msg("要写到日，如 1990-01-01"))
    elif birth.full > check.today:
        check.problem("birth", msg("%(found)s 还没到", found=birth.text))
        return None
    return birth.full


def read_credit_code(check: RowCheck, key: str) -> str | None:
    """Read a unit's credit code."""
    if isinstance(check.values.get(key), float):
        check.problem(key, _STORED_AS_NUMBER)
        return None
    return _parsed(check, key, check_credit_code)


def read_phone(check: RowCheck, key: str) -> str | None:
    """Read a mobile phone's number; of several in a sheet's cell the first."""
    mobile, others = first_mobile(check.choice(key) or "")
    if others and mobile and check.sheet.tables:
        check.notes.append(SEVERAL_NUMBERS)
        return mobile
    return _parsed(check, key, lambda text: check_mobile(text.lstrip("'‘’`")))
