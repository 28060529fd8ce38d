"""Audit rows about draws and what they mean as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def draw_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action."""
    name, number = after.get("name", ""), after.get("number", "")
    return {
        "draw.prepare": lambda: (
            _(
                "%(who)s 准备抽签 %(what)s，第 %(n)s 次，理由：%(why)s",
                who=who,
                what=what,
                n=number,
                why=why,
            )
            if why
            else _("%(who)s 准备抽签 %(what)s，第 %(n)s 次", who=who, what=what, n=number)
        ),
        "draw.seal": lambda: (
            _("%(name)s 在自己的手机上封签，链接是 %(who)s 给的", who=who, name=name)
            if after.get("own")
            else _("%(who)s 登记 %(name)s 的封签", who=who, name=name)
        ),
        "draw.unseal": lambda: _("%(who)s 拿掉 %(name)s 的封签", who=who, name=name),
        "draw.list": lambda: _("%(who)s 重新取抽签名单 %(what)s", who=who, what=what),
        "draw.discard": lambda: _("%(who)s 丢掉准备中的抽签 %(what)s", who=who, what=what),
        "draw.head": lambda: _("%(who)s 公布抽签 %(what)s 的封存值", who=who, what=what),
        "draw.opening": lambda: _("%(name)s 拆签", name=name),
        "draw.opening_refused": lambda: _("%(name)s 交的签和封签对不上，算没拆", name=name),
        "draw.openings": lambda: _("%(who)s 公布抽签 %(what)s 的拆签值", who=who, what=what),
        "draw.result": lambda: _(
            "抽签 %(what)s，%(n)s 个有了工位", what=what, n=after.get("places", 0)
        ),
        "draw.void": lambda: _("抽签 %(what)s 作废，理由：%(why)s", what=what, why=why),
        "draw.end": lambda: _(
            "%(who)s 结束抽签 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "draw.end_ask": lambda: _(
            "%(who)s 提出作废抽签 %(what)s，理由：%(why)s", who=who, what=what, why=why
        ),
        "draw.end_keep": lambda: _("%(who)s 不作废抽签 %(what)s 了", who=who, what=what),
        "draw.timetable": lambda: _("%(who)s 排了 %(what)s 的场次和工位", who=who, what=what),
        "draw.paper": lambda: (
            _(
                "%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s，有人同时在两处，理由：%(why)s",
                who=who,
                what=what,
                name=after.get("supervisor", ""),
                why=why,
            )
            if why
            else _(
                "%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s",
                who=who,
                what=what,
                name=after.get("supervisor", ""),
            )
        ),
        "draw.paper_sign": lambda: _("%(who)s 签了纸上的抽签 %(what)s", who=who, what=what),
    }
