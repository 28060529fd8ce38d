"""Checks of a person's name, whoever it is and wherever it is written; names held to be one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from compete.domain.values.messages import Message, listed, msg

LONGEST_NAME = 60
"""Characters; the longest names in use, of minorities and of foreigners, have some 40."""


def made_up_note(name: str) -> Message | None:
    """Name private-use characters of a name, and say what helps; None if there are none.

    Old systems gave rare characters of real names such places. They are taken as they come,
    since somebody's font may have them: nobody is kept out for the way in which their name
    was once typed.
    """
    # Made-up characters are no letters.
    if name.isalnum():
        return None
    made_up = [
        msg("第 %(place)s 个字（%(code)s）", place=place, code=f"U+{ord(sign):04X}")
        for place, sign in enumerate(name, start=1)
        if unicodedata.category(sign) == "Co"
    ]
    if not made_up:
        return None
    return msg(
        "姓名%(which)s是自造的字，别的电脑上显示不出，证书也印不出。"
        "照身份证换成标准字；没有标准字的，请管理员把有这个字的字库放进字体文件夹",
        which=listed(made_up),
    )


_NOBODY = frozenset(
    {"无", "没有", "待定", "暂定", "未定", "空缺", "空", "先生", "女士", "同志", "某某", "某某某"}
    | {"姓名", "选手", "无名", "佚名", "缺", "未知", "测试", "待报", "待补", "暂无", "暂缺", "同上"}
)
_ODD = re.compile(r"[0-9０-９?？*＊/／\\、,，;；:：()（）<>《》\[\]【】{}|~!！@#$%^&_=+。\n]")


_MARKUP = re.compile(r"[<>{}\\`]|&#?\w+;|://")


def no_name(name: str) -> Message | None:
    """Say why it is no name of a person at all; None for what may be one."""
    if _MARKUP.search(name):
        return msg("姓名“%(name)s”里有网页代码的符号，不是姓名", name=name)
    if name in _NOBODY or not any(sign.isalpha() for sign in name):
        return msg("“%(name)s”不像一个人的姓名", name=name)
    return None


def odd_name(name: str) -> Message | None:
    """Say what is odd about a name, so that somebody should look; None for one like others."""
    if name.isalpha() and name not in _NOBODY and len(name) > 1 and not _is_wide(name):
        return None
    if (nobody := no_name(name)) is not None:
        return nobody
    if _ODD.search(name) or "\\" in name:
        return msg("姓名写作“%(name)s”，里面有别的字或符号，是不是不止姓名", name=name)
    if _is_wide(name):
        return msg("姓名“%(name)s”里有全角字母", name=name)
    if len(name) == 1:
        return msg("姓名只有一个字：“%(name)s”", name=name)
    if name.split()[-1:] and any(name.endswith(word) for word in ("先生", "女士", "同志")):
        return msg("“%(name)s”不像一个人的姓名", name=name)
    return None


def _is_wide(name: str) -> bool:
    return any("\uff01" <= sign <= "\uff5e" for sign in name)


# A file names the same units, teams and events over and over.
@lru_cache(maxsize=4000)
def same_name_key(text: str) -> str:
    """A key that spellings of one name or word share: blanks, width and case don't count."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
