"""Occupations (职业) as they are filed: by the code of the national list, else by name."""

from __future__ import annotations

import re
import unicodedata

from compete.domain.identity.names import same_name_key

NO_CODE = "待核"
"""The text in place of a code that nobody knows yet."""

_CODE = re.compile(r"([1-8](?:-[0-9]{2}){3})\s*(?:[LS](?:/?[LS])?)?")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def occupation_code(text: str) -> str | None:
    """The code `d-dd-dd-dd` in a text, without the flags L and S behind it; None if it is none."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip().upper()
    match = _CODE.fullmatch(plain)
    return match[1] if match else None


def same_occupation(code: str, name: str, other_code: str, other_name: str) -> bool:
    """True if two are one occupation: by codes where both have one, else by their names.

    A text that is no code, like 待核, says nothing: two that have it may be any two.
    """
    first, other = occupation_code(code), occupation_code(other_code)
    if first is not None and other is not None:
        return first == other
    return same_name_key(name) == same_name_key(other_name)
