"""Audit rows about people whom units enter, and about conditions of entry, as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.eligibility import RULE_WORDS, Rule
from compete.web.language import say
from compete.web.organiser.competition_words import part_words
from compete.web.organiser.confirming.view_model import some_names
from compete.web.organiser.overview.counting import Sentences, counted


def entering_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action."""
    rule, names = after.get("rule"), after.get("names")
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
        "entrant.resit": lambda: _(
            "%(who)s 把 %(what)s 记为补考，第 %(n)s 次",
            who=who,
            what=what,
            n=after.get("attempt", ""),
        ),
        "entrant.resit_end": lambda: _("%(who)s 收回 %(what)s 的补考", who=who, what=what),
        "entrant.carry": lambda: _(
            "%(who)s 给 %(what)s 带来单科成绩：%(module)s %(mark)s",
            who=who,
            what=what,
            module=after.get("name", ""),
            mark=after.get("mark", ""),
        ),
        "entrant.carry_end": lambda: _("%(who)s 收回 %(what)s 带来的成绩", who=who, what=what),
        "entrant.carry_void": lambda: _(
            "%(what)s 带来的成绩作废，原因：%(why)s", what=what, why=why
        ),
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
            "%(who)s 提交 %(people)s", who=who, people=_people(after.get("people"), names)
        ),
        "application.replace": lambda: _(
            "%(who)s 申请换下 %(what)s，原因：%(why)s", who=who, what=what, why=why
        ),
        "entrant.replace": lambda: _(
            "%(who)s 收下换人：%(what)s 换下 %(old)s", who=who, what=what, old=after.get("old", "")
        ),
        "entrant.replaced": lambda: _(
            "%(what)s 由 %(new)s 换下", what=what, new=after.get("new", "")
        ),
        "application.take_back": lambda: _("%(who)s 撤回 %(what)s", who=who, what=what),
        "application.drop": lambda: _("%(who)s 删掉草稿 %(what)s", who=who, what=what),
        "application.accept": lambda: _(
            "%(who)s 收下报名的 %(people)s", who=who, people=_people(after.get("accepted"), names)
        ),
        "application.accept_undone": lambda: _(
            "%(who)s 撤回收下的 %(people)s，又等着收",
            who=who,
            people=_people(after.get("taken_out"), names),
        ),
        "application.wait": lambda: _(
            "%(who)s 让报名的 %(people)s排候补", who=who, people=_people(after.get("people"), names)
        ),
        "application.return": lambda: _(
            "%(who)s 退回报名的 %(people)s，原因：%(why)s",
            who=who,
            people=_people(after.get("people"), names),
            why=why,
        ),
        "setup.keep": lambda: _set_up_kept(who, what, after),
        "setup.edition": lambda: _(
            "%(who)s 定下照“%(name)s”的来", who=who, name=after.get("of", "")
        ),
        "setup.open": lambda: _("%(who)s 开放报名", who=who),
        "setup.shut": lambda: _("%(who)s 收回开放报名", who=who),
        **_own_words(who, what, why, after),
    }


def _set_up_kept(who: str, what: str, after: dict[str, Any]) -> str:
    part = part_words().get(what.partition("/")[0], what)
    if event := after.get("event"):
        part = _("“%(event)s”%(part)s", event=event, part=part)
    name = after.get("of", "")
    if after.get("copied"):
        return _("%(who)s 把%(part)s换成“%(name)s”那样", who=who, part=part, name=name)
    return _("%(who)s 看过%(part)s，照旧", who=who, part=part)


def _people(told: object, names: object) -> str:
    """How many, and who, as far as that is known still."""
    n = counted(told)
    if not isinstance(names, list) or not names:
        return _("%(n)s 人", n=n)
    return _("%(n)s 人（%(names)s）", n=n, names=some_names(names, n))


def _own_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """Of people who enter themselves; the chain has no name of who is not on the list."""
    of, names = after.get("unit"), after.get("names")
    name = (names or [_("有人")])[0]
    return {
        "self_entry.open": lambda: (
            _("%(who)s 打开个人报名", who=who)
            if not after.get("other_units")
            else _("%(who)s 打开个人报名，单位不在名单里的也收", who=who)
        ),
        "self_entry.close": lambda: _("%(who)s 关掉个人报名", who=who),
        "application.own_hand_in": lambda: (
            _("%(name)s 自己报名，单位 %(unit)s", name=name, unit=of)
            if of
            else _("%(name)s 自己报名，单位不在名单里", name=name)
        ),
        "application.own_photo": lambda: _("%(name)s 给自己的报名传了照片", name=name),
        "application.own_correct": lambda: _("%(name)s 改了自己的报名再交", name=name),
        "application.own_take_back": lambda: _("%(name)s 撤回了自己的报名", name=name),
        "application.own_delete": lambda: _("自己报名的人撤回以后删了资料"),
        "application.confirm": lambda: _(
            "%(who)s 确认自己报名的 %(people)s是 %(what)s 的",
            who=who,
            people=_people(after.get("people"), names),
            what=what,
        ),
        "application.unit_return": lambda: _(
            "%(who)s 退回自己报名的 %(people)s，原因：%(why)s",
            who=who,
            people=_people(after.get("people"), names),
            why=why,
        ),
        "application.new_link": lambda: _(
            "%(who)s 给自己报名的 %(people)s换了链接",
            who=who,
            people=_people(after.get("people"), names),
        ),
        "application.clear": lambda: _(
            "%(who)s 清掉自己报名、还没看的 %(n)s 人，原因：%(why)s",
            who=who,
            n=after.get("people", 0),
            why=why,
        ),
        "application.unit": lambda: _(
            "%(who)s 定自己报名的 %(people)s是 %(what)s 的",
            who=who,
            people=_people(after.get("people"), names),
            what=what,
        ),
    }
