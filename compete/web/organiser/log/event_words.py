"""Audit rows about an event: its rules, draws, seats, blind codes and stages, as sentences."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.domain.values.messages import msg
from compete.web.organiser.log.sentences import (
    Act,
    By,
    Either,
    Sentences,
    Value,
    Values,
    number_of,
    row_value,
)


def _codes(key: str) -> Value:
    return lambda act: _("、").join(act.after.get(key, ())) or _("无")


def _imported(act: Act) -> str:
    return ngettext(
        "%(who)s 导入裁判名单，加了 %(num)s 人",
        "%(who)s 导入裁判名单，加了 %(num)s 人",
        len(act.after.get("added", {})),
        who=act.who,
    )


SENTENCES: Sentences = {
    "event.rules": msg("%(who)s 改 %(what)s 的规则，存为第 %(n)s 版", n=row_value("version")),
    "event.rules.ask": msg("%(who)s 提出改 %(what)s 的规则，理由：%(why)s"),
    "event.rules.agree": By(
        "as",
        {"chief": msg("裁判长%(who)s同意改 %(what)s 的规则，等监督")},
        msg("监督%(who)s同意改 %(what)s 的规则，等裁判长"),
    ),
    "event.rules.change": msg(
        "%(asked)s 提出，裁判长%(chief)s、监督%(supervisor)s同意，"
        "%(what)s 的规则换成第 %(n)s 版，理由：%(why)s",
        n=row_value("version"),
    ),
    "event.rules.alone": msg(
        "%(who)s 一个人把 %(what)s 的规则换成第 %(n)s 版，理由：%(why)s", n=row_value("version")
    ),
    "event.rules.refuse": msg("%(who)s 没同意改 %(what)s 的规则：%(why)s"),
    "event.rules.withdraw": msg("%(who)s 撤回改 %(what)s 规则的提议"),
    "overall.rules": msg("%(who)s 改了总表的规则"),
    "overall.rules.ask": msg("%(who)s 提出改总表的规则，理由：%(why)s"),
    "overall.rules.agree": By(
        "as",
        {"chief": msg("裁判长%(who)s同意改总表的规则，等监督")},
        msg("监督%(who)s同意改总表的规则，等裁判长"),
    ),
    "overall.rules.change": msg(
        "%(asked)s 提出，裁判长%(chief)s、监督%(supervisor)s同意，改了总表的规则，理由：%(why)s"
    ),
    "overall.rules.refuse": msg("%(who)s 没同意改总表的规则：%(why)s"),
    "overall.rules.withdraw": msg("%(who)s 撤回改总表规则的提议"),
    "stage.ask": msg(
        "%(who)s 提出“%(stage)s”按新的名单评：新进 %(coming)s，不再进 %(leaving)s，理由：%(why)s"
    ),
    "stage.follow": msg("%(who)s “%(stage)s”按新的名单评：新进 %(coming)s，不再进 %(leaving)s"),
    "stage.places": msg(
        "%(who)s 空出不进的人在后面赛段的工位和场次：%(what)s",
        what=lambda it: _("、").join(it.after.get("people", ())) or it.what,
    ),
    "stage.open": msg(
        "%(who)s 开始评“%(stage)s”：%(n)s 个参赛号，%(sheets)s 张表",
        n=number_of("people"),
        sheets=row_value("sheets", 0),
    ),
    "stage.take_back": msg(
        "%(who)s 撤回开始评“%(stage)s”：%(n)s 张空表没有了", n=row_value("sheets", 0)
    ),
    "draw.prepare": Either(
        "why",
        msg("%(who)s 准备抽签 %(what)s，第 %(n)s 次，理由：%(why)s", n=row_value("number")),
        msg("%(who)s 准备抽签 %(what)s，第 %(n)s 次", n=row_value("number")),
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
    "draw.result": msg("抽签 %(what)s，%(n)s 个有了工位", n=row_value("places", 0)),
    "draw.void": msg("抽签 %(what)s 作废，理由：%(why)s"),
    "draw.end": msg("%(who)s 结束抽签 %(what)s，理由：%(why)s"),
    "draw.end_ask": msg("%(who)s 提出作废抽签 %(what)s，理由：%(why)s"),
    "draw.end_keep": msg("%(who)s 不作废抽签 %(what)s 了"),
    "draw.timetable": msg("%(who)s 排了 %(what)s 的场次和工位"),
    "draw.paper": Either(
        "why",
        msg(
            "%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s，有人同时在两处，理由：%(why)s",
            name=row_value("supervisor"),
        ),
        msg("%(who)s 记下纸上的抽签 %(what)s，监督 %(name)s", name=row_value("supervisor")),
    ),
    "draw.paper_sign": msg("%(who)s 签了纸上的抽签 %(what)s"),
    "blind.draw": msg("%(who)s 抽加密号 %(what)s"),
    "blind.anew": msg("%(who)s 把 %(what)s 的加密号全部重抽：%(why)s"),
    "blind.keepers": msg(
        "%(who)s 定 %(what)s 的加密裁判：%(codes)s",
        codes=lambda it: _("、").join(it.after.get("keepers") or ()) or _("不指定"),
    ),
    "blind.ask": msg("%(who)s 提出解密 %(what)s"),
    "blind.drop": msg("%(who)s 收回解密 %(what)s"),
    "blind.open": msg("%(who)s 同意，解密 %(what)s，%(n)s 个加密号", n=row_value("codes", 0)),
    "tie.declare": msg("%(who)s 记下裁判 %(what)s 的一条回避关系"),
    "tie.end": msg("%(who)s 去掉裁判 %(what)s 的一条回避关系"),
    "judge.named": msg("裁判 %(what)s 写上姓名：%(name)s"),
    "judge.replace": Either(
        "only",
        msg(
            "%(who)s 在“%(only)s”换下裁判 %(what)s，由 %(new)s 接替，理由：%(why)s",
            only=row_value("only"),
            new=row_value("judge"),
        ),
        msg("%(who)s 换下裁判 %(what)s，由 %(new)s 接替，理由：%(why)s", new=row_value("judge")),
    ),
    "judge.absent": msg("%(who)s 记下裁判 %(code)s 没来，理由：%(why)s", code=row_value("judge")),
    "judges.import": _imported,
    "judge.remove": msg("%(who)s 从名单里去掉工作人员 %(what)s %(name)s"),
    "judge.correct": msg("%(who)s 更正工作人员 %(what)s：%(name)s"),
    "panels.ask": msg("%(who)s 提出把“%(what)s”的裁判分工定下来"),
    "panels.keep": msg("%(who)s 收回，“%(what)s”的裁判分工先不定"),
    "panels.settle": msg("%(who)s 同意，“%(what)s”的裁判分工定下来了"),
    "panels.refuse": msg("%(who)s 不同意定下“%(what)s”的裁判分工：%(why)s"),
    "examiners.rules": Either(
        "why", msg("%(who)s 改了考评员配比，理由：%(why)s"), msg("%(who)s 改了考评员配比")
    ),
    "examiners.overrule": msg("考评员不够，%(who)s 定了照样开考，理由：%(why)s"),
    "clashes.rules": msg("%(who)s 改了回避怎么算"),
}

VALUES: Values = {
    "coming": _codes("coming"),
    "leaving": _codes("leaving"),
}
