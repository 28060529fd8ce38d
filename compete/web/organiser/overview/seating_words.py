"""Audit rows about 回避关系 and what they mean as short sentences."""

from __future__ import annotations

from flask_babel import ngettext

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Act, Either, Sentences, told


def _imported(act: Act) -> str:
    return ngettext(
        "%(who)s 导入裁判名单，加了 %(num)s 人",
        "%(who)s 导入裁判名单，加了 %(num)s 人",
        len(act.after.get("added", {})),
        who=act.who,
    )


SENTENCES: Sentences = {
    "tie.declare": msg("%(who)s 记下裁判 %(what)s 的一条回避关系"),
    "tie.end": msg("%(who)s 去掉裁判 %(what)s 的一条回避关系"),
    "judge.named": msg("裁判 %(what)s 写上姓名：%(name)s"),
    "judge.replace": msg(
        "%(who)s 换下裁判 %(what)s，由 %(new)s 接替，理由：%(why)s", new=told("judge")
    ),
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
