"""The citizen's 18-character ID number (GB 11643-1999)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.typed_numbers import check_last, cleaned
from compete.domain.values.days import date_words
from compete.domain.values.messages import msg

LENGTH = 18
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
_ZEROS = ord("0") * sum(WEIGHTS)
DIGITS = frozenset("0123456789")

_REGIONS = (
    range(11, 16),
    range(21, 24),
    range(31, 38),
    range(41, 47),
    range(50, 55),
    range(61, 66),
)

MAINLAND = frozenset(str(code) for region in _REGIONS for code in region)
"""First two digits in use: the province codes of GB/T 2260."""

RESIDENCE_PERMIT = frozenset({"81", "82", "83"})
"""First two digits of residence permits for Hong Kong, Macao and Taiwan people."""


@dataclass(frozen=True, slots=True)
class CitizenId:
    """The facts in an ID number: `number` has 18 characters, a final x made X."""

    number: str
    birth: date
    gender: Literal["male", "female"]


def citizen_check_digit(first_17: str) -> str:
    """The last character that belongs to the first 17 digits."""
    if len(first_17) != len(WEIGHTS):
        raise ValueError(f"{len(WEIGHTS)} digits wanted, {len(first_17)} found")
    if not (first_17.isascii() and first_17.isdigit()):
        raise ValueError("digits wanted")
    # ASCII has the digits in a row from 48 on.
    return CHECK_CHARACTERS[(sum(map(mul, first_17.encode(), WEIGHTS)) - _ZEROS) % 11]


def check_citizen_id(text: str, *, today: date | None = None) -> CitizenId:
    """Read an ID number, or raise `IdentityError` naming what is wrong.

    With `today`, a birth date later than it is refused.
    """
    number, birth = checked_18(text, provinces=MAINLAND, today=today)
    return CitizenId(number, birth, "male" if int(number[16]) % 2 else "female")


def checked_18(text: str, *, provinces: frozenset[str], today: date | None) -> tuple[str, date]:
    """Check an 18-character number of any paper of GB 11643; return it plain, and its birth date.

    Shape first, then place and date, and the check digit last: a mistyped date
    also breaks the check digit, and the date is what the person can see.
    """
    number = cleaned(text)
    _check_shape(number)
    if number[:2] not in provinces:
        raise IdentityError(msg("前两位 %(found)s 不是省份代码", found=number[:2]))
    birth = _birth(number)
    if today is not None and birth > today:
        raise IdentityError(msg("出生日期 %(found)s 还没到", found=date_words(birth)))
    check_last(number, citizen_check_digit(number[:17]))
    return number, birth


def _check_shape(number: str) -> None:
    if not number:
        raise IdentityError(msg("没填"))
    if len(number) == 15 and set(number) <= DIGITS:
        raise IdentityError(msg("这是 15 位的旧号码，请填 18 位的身份证号码"))
    if len(number) != LENGTH:
        raise IdentityError(msg("要 18 位，现在是 %(found)s 位", found=len(number)))
    if not DIGITS.issuperset(number[:17]):
        for place, character in enumerate(number[:17], start=1):
            if character in DIGITS:
                continue
            raise IdentityError(
                msg(
                    "第 %(place)s 位是“%(found)s”，前 17 位只能是数字",
                    place=place,
                    found=character,
                )
            )
    if number[17] not in CHECK_CHARACTERS:
        raise IdentityError(msg("最后一位是“%(found)s”，只能是数字或 X", found=number[17]))


def _birth(number: str) -> date:
    year, month, day = number[6:10], number[10:12], number[12:14]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise IdentityError(
            msg("出生日期 %(found)s 不存在", found=f"{year}-{month}-{day}")
        ) from None
