"""Identity cells: name, paper and number, and the birth date and gender that belong to it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import NamedTuple

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.names import made_up_note, odd_name
from compete.domain.identity.papers import Paper, check_paper
from compete.domain.identity.phone import check_mobile
from compete.domain.values.messages import msg
from compete.sheets.dates import BirthError, BirthText, parse_birth
from compete.sheets.registration.cells import NOT_FILLED, NOTHING, RowCheck, meanings
from compete.sheets.registration.people import Gender
from compete.sheets.texts import as_typed, same_name_key, tidy_name

_LOST_DIGITS = msg("被存成数字，末几位已丢。请设为文本再填")
_STORED_AS_NUMBER = msg("被存成数字。请设为文本再填")
_EXPONENT = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}")
_EXACT_BELOW = 1e15
"""Excel keeps fifteen digits of a number."""

_OF_18_DIGITS = (Paper.CITIZEN_ID, Paper.RESIDENCE_PERMIT)


class Identity(NamedTuple):
    """The person of a row; none where a cell is empty or wrong."""

    name: str | None
    paper: Paper | None
    id_number: str | None
    birth: date | None
    gender: Gender | None


def read_identity(check: RowCheck) -> Identity:
    """Check the cells about the person, each alone and then against the ID number."""
    name = _name(check)
    paper = check.once("paper", _paper) if "paper" in check.values else _paper(check, "paper")
    number = _number(check, paper) if paper else None
    gender = check.once("gender", _gender)
    birth = _birth(check)
    born: date | None
    if number and paper in _OF_18_DIGITS:
        born, gender = _told_by_18_digits(check, number, birth, gender)
    else:
        born = _full_birth(check, birth)
    return Identity(name, paper, number, born, gender)


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
    text = check.choice(key)
    if text is None:
        broken = any(problem.column == key for problem in check.problems)
        return None if broken else Paper.CITIZEN_ID
    paper: Paper | None = meanings(check.columns[key]).get(same_name_key(text))
    if paper is None:
        check.problem(key, check.unknown(key, text))
    return paper


def _number(check: RowCheck, paper: Paper) -> str | None:
    value = check.values.get("id_number")
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
    text = check.choice(key)
    if text is None:
        return None
    gender: Gender | None = meanings(check.columns[key]).get(same_name_key(text))
    if gender is None:
        check.not_understood(key, check.unknown(key, text))
    return gender


def _birth(check: RowCheck) -> BirthText | None:
    value = check.values.get("birth")
    if value is None:
        return None
    if isinstance(value, str) and ((text := check.choice("birth")) is None or text in NOTHING):
        return None
    try:
        return parse_birth(value)
    except BirthError as error:
        check.not_understood("birth", error.message)
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
                written=birth.shown,
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
        check.problem("birth", msg("%(found)s 还没到", found=birth.shown))
        return None
    return birth.full


def read_phone(check: RowCheck, key: str) -> str | None:
    """Read a mobile phone's number."""
    text = check.choice(key)
    if text is None or text in NOTHING:
        return None
    try:
        return check_mobile(text.lstrip("'‘’`"))
    except IdentityError as error:
        check.not_understood(key, error.message)
        return None
