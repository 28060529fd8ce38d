"""Typed numbers made regular: full-width forms, blanks, brackets, small letters."""

from __future__ import annotations

import re
import unicodedata

from compete.domain.identity.award_number import award_number_text
from compete.domain.identity.errors import IdentityError
from compete.domain.values.messages import Message, msg

# Year and number are told apart by a bracket, a word or a dash, or the end says that it is one.
_WRITTEN = re.compile(
    r"[〔\[【〖{(]?([0-9]{4})(?:(?:[〕\]】〗})]|年|[-–—/.])第?|第|(?=[0-9]{1,9}号))"
    r"0*([0-9]{1,9})号?",
    re.ASCII,
)
_BETWEEN = re.compile(r"(?<=[0-9A-Za-z])[.·•・。_/\-‐-―](?=[0-9A-Za-z])")
_YEARLESS = re.compile(r"第?[0-9]{1,9}号?", re.ASCII)


def cleaned(text: str) -> str:
    """Clean a number: full-width forms plain, white space out, letters in capitals.

    People paste numbers with spaces between the groups and from Chinese input
    methods; neither changes which number is meant.
    """
    if text.isascii() and text.isalnum():  # as nearly ever
        return text.upper()
    plain = unicodedata.normalize("NFKC", text)
    return "".join(plain.split()).upper()


WRONG_LAST = msg("最后一位应为 %(expected)s，现在是 %(found)s")
"""The fault of a number whose last character does not follow from the others."""


def check_last(number: str, expected: str) -> None:
    """Refuse a number whose last character is another than the others ask for."""
    if number[-1] != expected:
        raise IdentityError(Message(WRONG_LAST.text, {"expected": expected, "found": number[-1]}))


def code_as_typed(text: str) -> str:
    """Reduce a code to its letters and digits: b06 and Ｂ－０６ are B-06."""
    return "".join(sign for sign in cleaned(text) if sign.isalnum())


def tidy_certificate_number(text: str) -> str:
    """Tidy the number of either kind of certificate.

    〔2022〕第001号 for [2022]第1号, else without blanks, nor the dots and dashes that people put
    between the groups.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    known = _WRITTEN.fullmatch(plain)
    return award_number_text(known[1], int(known[2])) if known else _BETWEEN.sub("", plain)


def lacks_year(text: str) -> bool:
    """True if a tidied award certificate's number lacks its year: 第001号, 1."""
    return _YEARLESS.fullmatch(text) is not None
