"""Masks for names, ID numbers and telephones, shown to people without a right to the whole."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_STARS = 3
"""Stars in a masked name: as many as its letters would tell how long it is, and fill the line."""


def mask_name(name: str) -> str:
    """Mask a name: 张三 → 张*, 张小三 → 张*三, 欧阳小明 → 欧**明; one character becomes a star.

    A long name has no more than three stars: 阿布都热依木·买买提 → 阿***提.
    """
    characters = _characters(name.strip())
    if len(characters) <= 1:
        return "*" * len(characters)
    if len(characters) == 2:
        return characters[0] + "*"
    return characters[0] + "*" * min(len(characters) - 2, MOST_STARS) + characters[-1]


def pseudonym(code: str) -> str:
    """The name for a contestant whose personal data were erased: 选手A003."""
    return f"选手{code}"


def account_pseudonym(number: int) -> str:
    """The name for a contact's or recorder's account once its personal data were erased."""
    return f"经办人{number}"


def winner_pseudonym(number: int) -> str:
    """The name for the winner of an award by name, once that name was erased."""
    return f"获奖人{number}"


def shown_name(name: str, code: str) -> str:
    """The name as strangers may read it: masked, unless it is the pseudonym already."""
    return name if name == pseudonym(code) else mask_name(name)


def shown_crew_name(name: str, code: str, members: Iterable[str]) -> str:
    """A crew's name for strangers: whole, unless a member's name stands in it."""
    if any(member and member in name for member in members):
        return shown_name(name, code)
    return name


def mask_id(number: str) -> str:
    """Mask an ID: first four and last four of a long number, a star for each of the rest.

    Shorter numbers (passes, passports) show less, for four and four would
    give nearly all of them away.
    """
    text = number.strip()
    if len(text) >= 15:
        return text[:4] + "*" * (len(text) - 8) + text[-4:]
    if len(text) >= 7:
        return text[:1] + "*" * (len(text) - 3) + text[-2:]
    return "*" * len(text)


def mask_phone(number: str) -> str:
    """Mask a phone: 13812345678 → 138****5678; other lengths show the last two only."""
    text = number.strip()
    if len(text) == 11:
        return text[:3] + "****" + text[-4:]
    return "*" * max(len(text) - 2, 0) + text[-2:] if len(text) > 4 else "*" * len(text)


_ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(?:\d[ \-]?){17}[\dXxＸｘ](?![0-9A-Za-z])")
_PHONE_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])[1１]\d(?:[ \-]?\d){9}(?![0-9A-Za-z])")
_BETWEEN = str.maketrans("", "", " -")


def mask_numbers(text: str) -> str:
    """Mask ID numbers of eighteen and mobile phones anywhere in a text, however spaced out."""
    text = _ID_IN_TEXT.sub(lambda number: mask_id(number[0].translate(_BETWEEN)), text)
    return _PHONE_IN_TEXT.sub(lambda number: mask_phone(number[0].translate(_BETWEEN)), text)


def mask_phones(old: str, new: str) -> tuple[str, str]:
    """Mask both, except where they differ: 199****2002 twice would hide what has changed."""
    old, new = old.strip(), new.strip()
    if len(old) != len(new):
        return mask_phone(old), mask_phone(new)
    return _apart(old, new), _apart(new, old)


def _apart(text: str, other: str) -> str:
    return "".join(
        character if character != against else masked
        for character, against, masked in zip(text, other, mask_phone(text), strict=True)
    )


def _characters(text: str) -> list[str]:
    """Split a text as a reader counts it: a variation selector or accent belongs to its base."""
    characters: list[str] = []
    for character in text:
        if characters and (unicodedata.combining(character) or _is_selector(character)):
            characters[-1] += character
        else:
            characters.append(character)
    return characters


def _is_selector(character: str) -> bool:
    code = ord(character)
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
