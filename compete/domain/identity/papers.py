"""Kinds of identity paper, and the shape of the number on each.

Not everybody holds a citizen's ID card: each kind has its own rule, and none
is forced into 18 digits.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from compete.domain.identity.citizen_id import (
    MAINLAND,
    RESIDENCE_PERMIT,
    checked_18,
    citizen_check_digit,
)
from compete.domain.identity.errors import IdentityError
from compete.domain.identity.typed_numbers import check_last, cleaned
from compete.domain.values.messages import Message, msg


class Paper(StrEnum):
    """The kind of paper a person is registered with."""

    CITIZEN_ID = "citizen_id"
    RESIDENCE_PERMIT = "residence_permit"
    HOME_RETURN = "home_return"
    TAIWAN_PASS = "taiwan_pass"
    PERMANENT_RESIDENCE = "permanent_residence"
    PASSPORT = "passport"


_NAMES = {
    Paper.CITIZEN_ID: msg("居民身份证"),
    Paper.RESIDENCE_PERMIT: msg("港澳台居民居住证"),
    Paper.HOME_RETURN: msg("港澳居民来往内地通行证"),
    Paper.TAIWAN_PASS: msg("台湾居民来往大陆通行证"),
    Paper.PERMANENT_RESIDENCE: msg("外国人永久居留身份证"),
    Paper.PASSPORT: msg("护照"),
}

_SHAPES = {
    Paper.HOME_RETURN: (re.compile(r"[HM]\d{8}(\d{2})?"), msg("要 H 或 M 开头，后面 8 位数字")),
    Paper.TAIWAN_PASS: (re.compile(r"\d{8}"), msg("要 8 位数字")),
    Paper.PERMANENT_RESIDENCE: (
        re.compile(r"[A-Z]{3}\d{12}|9\d{16}[\dX]"),
        msg("要 3 个字母加 12 位数字，或 9 开头的 18 位号码"),
    ),
    Paper.PASSPORT: (re.compile(r"[A-Z0-9]{5,17}"), msg("要 5 至 17 位字母或数字")),
}


def paper_name(paper: Paper) -> Message:
    """The paper's name as people say it."""
    return _NAMES[paper]


def check_paper(paper: Paper, text: str, *, today: date | None = None) -> str:
    """Check a number by its paper's rule; return it cleaned, or `IdentityError`."""
    if paper is Paper.CITIZEN_ID:
        return checked_18(text, provinces=MAINLAND, today=today)[0]
    if paper is Paper.RESIDENCE_PERMIT:
        return checked_18(text, provinces=RESIDENCE_PERMIT, today=today)[0]
    number = cleaned(text)
    if not number:
        raise IdentityError(msg("没填"))
    shape, wanted = _SHAPES[paper]
    if not (number.isascii() and shape.fullmatch(number)):
        raise IdentityError(msg("%(paper)s的号码%(wanted)s", paper=_NAMES[paper], wanted=wanted))
    if paper is Paper.PERMANENT_RESIDENCE and len(number) == 18:
        check_last(number, citizen_check_digit(number[:17]))
    return number
