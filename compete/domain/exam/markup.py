"""The closed set of marks in stems, explanations and texts of options."""

from __future__ import annotations

import re
from collections.abc import Collection

from compete.domain.bundle.checks.codes import nowhere
from compete.domain.bundle.problems import Problems
from compete.domain.bundle.reader.words import clipped
from compete.domain.values.messages import Message, msg

_MARK = re.compile(r'&amp;|&lt;|</?(?:sub|sup|math)>|<img name="[^"]*"/>|[<&]')
_BEFORE_NAME, _AFTER_NAME = '<img name="', '"/>'


def note_marks(text: str, media: Collection[str], path: str, problems: Problems) -> None:
    """Note the first mark in a text that may not stand there; `media` are the names of pictures."""
    if "<" in text or "&" in text:
        fault = _fault(text, media)
        if fault is not None:
            problems.add(path, fault)


def _fault(text: str, media: Collection[str]) -> Message | None:
    begun = ""
    for found in _MARK.finditer(text):
        mark = found[0]
        if mark in "<&":
            return msg(
                "第 %(n)s 个字起的“%(text)s”不是这里能用的标记；& 写成 &amp;，< 写成 &lt;",
                n=found.start() + 1,
                text=clipped(text[found.start() : found.start() + 12]),
            )
        if mark.startswith("<img"):
            name = mark.removeprefix(_BEFORE_NAME).removesuffix(_AFTER_NAME)
            if name not in media:
                return nowhere(clipped(name), "media")
        elif mark.startswith("</"):
            if mark[2:-1] != begun:
                return msg("“%(mark)s”前面没有和它成对的", mark=mark)
            begun = ""
        elif mark.startswith("<"):
            if begun:
                return msg("“%(mark)s”不能放在 <%(begun)s> 里面", mark=mark, begun=begun)
            begun = mark[1:-1]
    return msg("<%(begun)s> 没有结束", begun=begun) if begun else None
