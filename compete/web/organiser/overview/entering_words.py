"""Audit rows about people whom units enter, and about conditions of entry, as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.eligibility import RULE_WORDS, Rule
from compete.web.language import say
from compete.web.organiser.overview.counting import Sentences, counted


def entering_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action."""
    rule = after.get("rule")
    return {
        "entrants.fields": lambda: _("%(who)s 改报名还问什么", who=who),
        "event.conditions": lambda: _("%(who)s 改赛项 %(what)s 的参赛条件", who=who, what=what),
        "entrant.exempt": lambda: _(
            "%(who)s 特准 %(what)s 的%(rule)s，原因：%(why)s",
            who=who,
            what=what,
            rule=say(RULE_WORDS[Rule(rule)]) if rule in list(Rule) else "",
            why=why,
        ),
        "entrant.exempt_end": lambda: _("%(who)s 收回给 %(what)s 的特准", who=who, what=what),
        "application.save": lambda: _("%(who)s 录 %(what)s", who=who, what=what),
        "application.upload": lambda: _("%(who)s 上传 %(what)s，还没写入", who=who, what=what),
        "application.discard": lambda: _("%(who)s 没有写入 %(what)s", who=who, what=what),
        "application.import": lambda: _(
            "%(who)s 写入本单位的报名表：新增 %(added)s，变更 %(changed)s",
            who=who,
            added=after.get("added", 0),
            changed=after.get("changed", 0),
        ),
        "application.submit": lambda: _(
            "%(who)s 提交 %(n)s 人", who=who, n=counted(after.get("people"))
        ),
        "application.take_back": lambda: _("%(who)s 撤回 %(what)s", who=who, what=what),
        "application.drop": lambda: _("%(who)s 删掉草稿 %(what)s", who=who, what=what),
        "application.accept": lambda: _(
            "%(who)s 收下单位报的 %(n)s 人", who=who, n=counted(after.get("accepted"))
        ),
        "application.wait": lambda: _(
            "%(who)s 让单位报的 %(n)s 人排候补", who=who, n=counted(after.get("people"))
        ),
        "application.return": lambda: _(
            "%(who)s 退回单位报的 %(n)s 人，原因：%(why)s",
            who=who,
            n=counted(after.get("people")),
            why=why,
        ),
    }
