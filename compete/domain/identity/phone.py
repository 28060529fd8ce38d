"""Mobile telephone numbers of the mainland."""

from __future__ import annotations

import re

from compete.domain.identity.errors import IdentityError
from compete.domain.identity.typed_numbers import cleaned
from compete.domain.values.messages import msg

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


def check_mobile(text: str) -> str:
    """Check eleven digits without spaces, hyphens and a leading +86; or `IdentityError`."""
    number = cleaned(text).replace("-", "").removeprefix("+86")
    if not number:
        raise IdentityError(msg("没填"))
    if not (number.isascii() and number.isdigit()):
        raise IdentityError(msg("手机号只能是数字"))
    if len(number) != 11:
        raise IdentityError(msg("手机号要 11 位，现在是 %(found)s 位", found=len(number)))
    if not _MOBILE.fullmatch(number):
        raise IdentityError(msg("手机号以 13 至 19 开头，现在是 %(found)s", found=number[:2]))
    return number
