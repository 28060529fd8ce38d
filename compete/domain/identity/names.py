"""What a person's name may be, whoever it is and wherever it is written."""

from __future__ import annotations

import unicodedata

from compete.domain.values import Message, listed, msg

LONGEST_NAME = 60
"""Characters; the longest names in use, of minorities and of foreigners, have some 40."""


def made_up_note(name: str) -> Message | None:
    """Which characters of a name are of somebody's own making, and what helps; None if none is.

    Old systems gave rare characters of real names such places. They are taken as they come,
    since somebody's font may have them: nobody is kept out for the way in which their name
    was once typed.
    """
    # Made-up characters are no letters.
    if name.isalnum():
        return None
    found = [
        msg("第 %(place)s 个字（%(code)s）", place=place, code=f"U+{ord(sign):04X}")
        for place, sign in enumerate(name, start=1)
        if unicodedata.category(sign) == "Co"
    ]
    if not found:
        return None
    return msg(
        "姓名%(which)s是自造的字，别的电脑上显示不出，证书也印不出。"
        "照身份证换成标准字；没有标准字的，请管理员把有这个字的字库放进字体文件夹",
        which=listed(found),
    )
