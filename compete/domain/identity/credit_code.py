"""The unified social credit code of an organisation (GB 32100-2015)."""

from __future__ import annotations

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.typed_numbers import check_last, cleaned
from compete.domain.values.messages import msg

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters: the letters I, O, S, V, Z are left out, being too like 1, 0, 5, U, 2."""

WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def credit_code_check_character(first_17: str) -> str:
    """The last character that belongs to the first 17."""
    total = sum(
        ALPHABET.index(character) * weight
        for character, weight in zip(first_17, WEIGHTS, strict=True)
    )
    return ALPHABET[(31 - total % 31) % 31]


def check_credit_code(text: str) -> str:
    """Check a code, return it in capitals; or `IdentityError` with the place and what is wanted."""
    code = cleaned(text)
    if not code:
        raise IdentityError(msg("没填"))
    if len(code) != LENGTH:
        raise IdentityError(msg("统一社会信用代码要 18 位，现在是 %(found)s 位", found=len(code)))
    for place, character in enumerate(code, start=1):
        if character not in ALPHABET:
            raise IdentityError(
                msg(
                    "第 %(place)s 位是“%(found)s”，代码里没有这个字符",
                    place=place,
                    found=character,
                )
            )
    check_last(code, credit_code_check_character(code[:17]))
    return code
