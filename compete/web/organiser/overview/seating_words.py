"""Audit rows about 回避关系 and what they mean as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from compete.web.organiser.overview.counting import Sentences


def seating_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action. Nobody learns here which contestant it is: whoever judges blind may read it."""
    return {
        "tie.declare": lambda: _("%(who)s 记下裁判 %(what)s 的一条回避关系", who=who, what=what),
        "tie.end": lambda: _("%(who)s 去掉裁判 %(what)s 的一条回避关系", who=who, what=what),
        "judge.named": lambda: _(
            "裁判 %(what)s 写上姓名：%(name)s", what=what, name=after.get("name", "")
        ),
        "judge.replace": lambda: _(
            "%(who)s 换下裁判 %(what)s，由 %(new)s 接替，理由：%(why)s",
            who=who,
            what=what,
            new=after.get("judge", ""),
            why=why,
        ),
        "judges.import": lambda: ngettext(
            "%(who)s 导入裁判名单，加了 %(num)s 人",
            "%(who)s 导入裁判名单，加了 %(num)s 人",
            len(after.get("added", {})),
            who=who,
        ),
        "judge.remove": lambda: _(
            "%(who)s 从名单里去掉工作人员 %(what)s %(name)s",
            who=who,
            what=what,
            name=after.get("name", ""),
        ),
        "judge.correct": lambda: _(
            "%(who)s 更正工作人员 %(what)s：%(name)s",
            who=who,
            what=what,
            name=after.get("name", ""),
        ),
        "panels.ask": lambda: _("%(who)s 提出把“%(what)s”的裁判分工定下来", who=who, what=what),
        "panels.keep": lambda: _("%(who)s 收回，“%(what)s”的裁判分工先不定", who=who, what=what),
        "panels.settle": lambda: _(
            "%(who)s 同意，“%(what)s”的裁判分工定下来了", who=who, what=what
        ),
        "panels.refuse": lambda: _(
            "%(who)s 不同意定下“%(what)s”的裁判分工：%(why)s", who=who, what=what, why=why
        ),
        "examiners.rules": lambda: (
            _("%(who)s 改了考评员配比，理由：%(why)s", who=who, why=why)
            if why
            else _("%(who)s 改了考评员配比", who=who)
        ),
        "examiners.overrule": lambda: _(
            "考评员不够，%(who)s 定了照样开考，理由：%(why)s", who=who, why=why
        ),
        "clashes.rules": lambda: _("%(who)s 改了回避怎么算", who=who),
    }
