"""What is noted beside a competition, in words: before it goes out somebody reads what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from compete.domain.values import listed, msg
from compete.web.language import say

_MOST = 8
_LONGEST = 60
"""Of one text, in characters; the whole is in the file."""


def key_word(key: str) -> str:
    """What is noted under a key that our own pages write; any other as it is written."""
    known = {
        "note": _("备注"),
        "contact": _("联系人"),
        "place": _("在哪里检录"),
        "bring": _("要带什么"),
        "schedule": _("日程"),
        "nominations": _("推荐参加上一级竞赛"),
    }
    return known.get(key, key)


def extra_words(value: object) -> str:
    """A value of an `extra` as people read it, the first few of what it holds."""
    said = list(_said(value))
    shown = [f"{name}：{text}" if name else text for name, text in said[:_MOST]]
    if not shown:
        return _("空的")
    words = say(listed(shown, msg("；")))
    left = len(said) - len(shown)
    return _("%(words)s；还有 %(n)s 项", words=words, n=left) if left else words


def _said(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text, number and so on within, with the names that lead to it."""
    if isinstance(value, Mapping):
        for key, inside in value.items():
            yield from _said(inside, f"{name} {key}" if name else str(key))
    elif isinstance(value, list) and all(not isinstance(each, dict | list) for each in value):
        if value:
            yield name, _short(say(listed([_word(each) for each in value])))
    elif isinstance(value, list):
        for place, inside in enumerate(value, 1):
            # Its place among several is part of what leads to it.
            yield from _said(inside, f"{name} {place}".strip())
    else:
        yield name, _short(_word(value))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return _("没有写") if value is None or value == "" else str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
