"""Audit rows about draws and what they mean as short sentences."""

from __future__ import annotations

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Either, Sentences, told

SENTENCES: Sentences = {
    "draw.prepare": Either(
        "why",
        msg("%(who)s 准备抽签 %(what)s，第 %(n)s 次，理由：%(why)s", n=told("number")),
        msg("%(who)s 准备抽签 %(what)s，第 %(n)s 次", n=told("number")),
    ),
    "draw.seal": Either(
        "own",
        msg("%(name)s 在自己的手机上封签，链接是 %(who)s 给的"),
        msg("%(who)s 登记 %(name)s 的封签"),
    ),
    "draw.unseal": msg("%(who)s 拿掉 %(name)s 的封签"),
    "draw.list": msg("%(who)s 重新取抽签名单 %(what)s"),
    "draw.discard": msg("%(who)s 丢掉准备中的抽签 %(what)s"),
    "draw.head": msg("%(who)s 公布抽签 %(what)s 的封存值"),
    "draw.opening": msg("%(name)s 拆签"),
    "draw.opening_refused": msg("%(name)s 交的签和封签对不上，算没拆"),
    "draw.openings": msg("%(who)s 公布抽签 %(what)s 的拆签值"),
    "draw.result": msg("抽签 %(what)s，%(n)s 个有了工位", n=told("places", 0)),
    "draw.void": msg("抽签 %(what)s 作废，理由：%(why)s"),
    "draw.end": msg("%(who)s 结束抽签 %(what)s，理由：%(why)s"),
    "draw.end_ask": msg("%(who)s 提出作废抽签 %(what)s，理由：%(why)s"),
    "draw.end_keep": msg("%(who)s 不作废抽签 %(what)s 了"),
    "draw.timetable": msg("%(who)s 排了 %(what)s 的场次和工位"),
    "draw.paper": Either(
        "why",
        msg(
            "%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s，有人同时在两处，理由：%(why)s",
            name=told("supervisor"),
        ),
        msg("%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s", name=told("supervisor")),
    ),
    "draw.paper_sign": msg("%(who)s 签了纸上的抽签 %(what)s"),
}
