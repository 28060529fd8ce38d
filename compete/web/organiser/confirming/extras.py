"""What is noted beside a competition, in words: before it goes out somebody reads what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from compete.domain.bundle.types import Bundle
from compete.domain.values.messages import listed, msg
from compete.web.language import say

_MOST = 8
_MOMENT = re.compile(r"\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)")
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
        "event": _("赛项"),
        "stage": _("赛段"),
        "module": _("模块"),
        "session": _("场次"),
        "check_in": _("检录"),
        "starts": _("开始"),
        "ends": _("结束"),
        "station": _("工位"),
        "judges": _("裁判"),
        "entrants": _("选手"),
        "workers": _("职工人数"),
        "edition": _("届次"),
        "demo": _("演示用的安排"),
        "nominations": _("推荐参加上一级竞赛"),
    }
    return known.get(key, key)


Codes = Mapping[tuple[str, ...], str]


def code_names(bundle: Bundle) -> Codes:
    """The names behind the codes that a schedule is written in, by the key above each.

    Of a stage and a module by the codes of those around them, too: others may have the same.
    """
    found: dict[tuple[str, ...], str] = {}
    for event in bundle.events:
        found["event", event.code] = event.name
        for stage in event.stages:
            found["stage", event.code, stage.code] = stage.name or stage.code
            for module in stage.modules:
                found["module", event.code, stage.code, module.code] = module.name
    return found


def extra_words(value: object, names: Codes | None = None) -> str:
    """A value of an `extra` as people read it, the first few of what it holds."""
    said = list(_said(value, names or {}))
    shown = [
        _("%(name)s：%(text)s", name=name, text=text) if name else text
        for name, text in said[:_MOST]
    ]
    if not shown:
        return _("空的")
    words = say(listed(shown, msg("；")))
    left = len(said) - len(shown)
    return _("%(words)s；还有 %(n)s 项", words=words, n=left) if left else words


def _said(value: object, names: Codes, name: str = "") -> Iterator[tuple[str, str]]:
    """Each text, number and so on within, with the names that lead to it."""
    if isinstance(value, Mapping):
        around = [str(value.get(key)) for key in ("event", "stage")]
        for key, inside in value.items():
            known = inside
            if isinstance(inside, str):
                within = around[: {"stage": 1, "module": 2}.get(str(key), 0)]
                known = names.get((str(key), *within, inside), inside)
            yield from _said(known, names, f"{name} {key_word(str(key))}".strip())
    elif isinstance(value, list) and all(not isinstance(each, dict | list) for each in value):
        if value:
            yield name, _short(say(listed([_word(each) for each in value])))
    elif isinstance(value, list):
        for place, inside in enumerate(value, 1):
            # Its place among several is part of what leads to it.
            yield from _said(inside, names, f"{name} {place}".strip())
    else:
        yield name, _short(_word(value))


def _word(value: object) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if value is None or value == "":
        return _("没有写")
    return _MOMENT.sub(r"\1 \2", str(value))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
