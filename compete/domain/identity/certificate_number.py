"""The number of a vocational skill grade certificate: 22 characters with a meaning each.

Coding rule of 2019 (人社鉴发〔2019〕2号):
`K OOOO PP SSSSSS YY L NNNNNN` — kind of issuing body, its national code (0000
when filed with a province), province, the province's number for the body,
year, grade, running number. Grades above 1 bear a capital letter in the
grade's place; which letter is the issuing body's setting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.typed_numbers import cleaned
from compete.domain.values.messages import msg

CERTIFICATE_LENGTH = 22
LAST_SERIAL = 999_999
GRADE_PLACE = 16
"""The place of the grade, counted from 1."""

_DIGITS = frozenset("0123456789")
_GRADES = frozenset("12345")
_SHAPE = re.compile(r"([A-Z])(\d{4})(\d{2})(\d{6})(\d{2})([1-5A-Z])(\d{6})", re.ASCII)
_LOOKALIKES = {"O": "0", "I": "1", "L": "1", "Z": "2", "S": "5", "B": "8"}


@dataclass(frozen=True, slots=True)
class CertificateNumber:
    """A certificate number in its seven parts; `str()` gives the 22 characters."""

    kind: str
    """`Y` an employer, `S` a training and assessment organisation; other capitals are allowed."""
    body: str
    """Four digits, 0000 for a body filed with a province."""
    province: str
    """Two digits of GB/T 2260, such as 32."""
    site: str
    """Six digits the province gave the body."""
    year: str
    """Last two digits of the year of issue."""
    level: str
    """1 the highest … 5 the lowest, or a capital letter for grades above 1."""
    serial: int
    """1 … 999 999, counted in one body, year and grade."""

    @classmethod
    def build(
        cls,
        *,
        kind: str,
        body: str,
        province: str,
        site: str,
        year: int,
        level: int | str,
        serial: int,
    ) -> CertificateNumber:
        """Put a number together; `year` is the whole year. Raises `IdentityError`."""
        return cls.of_head(f"{kind}{body}{province}{site}{year % 100:02d}{level}", serial)

    @classmethod
    def of_head(cls, head: str, serial: int) -> CertificateNumber:
        """Put the running number behind the other parts. Raises `IdentityError`."""
        if serial > LAST_SERIAL:
            raise IdentityError(msg("这一年这个等级的 999999 个号已经用完"))
        return cls.parse(f"{head}{serial:06d}")

    @classmethod
    def parse(cls, text: str) -> CertificateNumber:
        """Read a number as people type it, or raise `IdentityError` saying what is amiss."""
        number = cleaned(text).replace("-", "")
        _check_length(number)
        _check_characters(number)
        match = _SHAPE.fullmatch(number)
        assert match is not None  # what the two checks above let through has this shape
        kind, body, province, site, year, level, serial = match.groups()
        if int(serial) == 0:
            raise IdentityError(msg("最后 6 位是流水号，从 000001 开始"))
        return cls(kind, body, province, site, year, level, int(serial))

    def __str__(self) -> str:
        parts = (self.kind, self.body, self.province, self.site, self.year, self.level)
        return "".join(parts) + f"{self.serial:06d}"

    @property
    def spaced(self) -> str:
        """The number in groups for the eye: `Y0000 32 000123 22 2 000001`."""
        return " ".join(
            (
                self.kind + self.body,
                self.province,
                self.site,
                self.year,
                self.level,
                f"{self.serial:06d}",
            )
        )

    @property
    def grade(self) -> int | None:
        """The grade 1 … 5, or none where a letter stands for a grade above 1."""
        return int(self.level) if self.level in _GRADES else None


def spaced_number(text: str) -> str:
    """The number of a grade certificate in its groups; any other text as it is."""
    try:
        return CertificateNumber.parse(text).spaced
    except IdentityError:
        return text


def is_old_certificate_number(text: str) -> bool:
    """True if this is a number of the former 职业资格证书: 16 digits, or 13 from Shanghai."""
    number = cleaned(text)
    return number.isascii() and number.isdigit() and len(number) in (13, 16)


def held_certificate_number(text: str) -> str:
    """Read the number of a certificate that somebody holds: of now, or of the former kind.

    Raises `IdentityError` saying what is amiss.
    """
    if is_old_certificate_number(text):
        return cleaned(text)
    return str(CertificateNumber.parse(text))


def _check_length(number: str) -> None:
    if not number:
        raise IdentityError(msg("没填"))
    if is_old_certificate_number(number):
        raise IdentityError(
            msg(
                "这是 %(found)s 位的旧职业资格证书编号，这里查的是 22 位的技能等级证书",
                found=len(number),
            )
        )
    missing = CERTIFICATE_LENGTH - len(number)
    if missing == 0:
        return
    digits = sum(character in _DIGITS for character in number)
    if missing > 0:
        raise IdentityError(
            msg(
                "少 %(missing)s 位。编号是 1 个字母加 21 位数字，现在是 %(digits)s 位数字",
                missing=missing,
                digits=digits,
            )
        )
    raise IdentityError(
        msg(
            "多 %(extra)s 位。编号是 1 个字母加 21 位数字，现在是 %(digits)s 位数字",
            extra=-missing,
            digits=digits,
        )
    )


def _check_characters(number: str) -> None:
    if not ("A" <= number[0] <= "Z"):
        raise IdentityError(msg("第 1 位要大写字母，如 Y 或 S，现在是“%(found)s”", found=number[0]))
    for place, character in enumerate(number[1:], start=2):
        if place == GRADE_PLACE:
            _check_level(character)
        elif character not in _DIGITS:
            raise _not_a_digit(place, character)


def _check_level(character: str) -> None:
    if character not in _GRADES and not ("A" <= character <= "Z"):
        raise IdentityError(
            msg("第 16 位是等级，只能是 1 至 5，现在是“%(found)s”", found=character)
        )


def _not_a_digit(place: int, character: str) -> IdentityError:
    likely = _LOOKALIKES.get(character)
    if likely is None:
        return IdentityError(
            msg("第 %(place)s 位要数字，现在是“%(found)s”", place=place, found=character)
        )
    return IdentityError(
        msg(
            "第 %(place)s 位要数字，现在是“%(found)s”，是不是 %(likely)s？",
            place=place,
            found=character,
            likely=likely,
        )
    )
