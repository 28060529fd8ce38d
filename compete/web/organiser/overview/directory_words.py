"""Audit rows about people and organisations of the installation as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def directory_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; `what` is the number of a row, so names are taken from `after`."""
    name, into = after.get("name", what), after.get("into", "")
    other = after.get("other", "")
    under = after.get("under") or _("最上面")
    return {
        "organisation.add": lambda: _(
            "%(who)s 加了组织 %(name)s，在 %(under)s", who=who, name=name, under=under
        ),
        "organisation.change": lambda: _(
            "%(who)s 改组织的名称或代码：%(name)s", who=who, name=name
        ),
        "organisation.move": lambda: _(
            "%(who)s 把 %(name)s 移到 %(under)s", who=who, name=name, under=under
        ),
        "organisation.merge": lambda: _(
            "%(who)s 把 %(name)s 合并到 %(into)s", who=who, name=name, into=into
        ),
        "organisation.part": lambda: _(
            "%(who)s 撤销 %(name)s 到 %(into)s 的合并", who=who, name=name, into=into
        ),
        "expert.add": lambda: _("%(who)s 把 %(name)s 加进专家库", who=who, name=name),
        "expert.change": lambda: _("%(who)s 改了专家库里的 %(name)s", who=who, name=name),
        "expert.back": lambda: _("%(who)s 把 %(name)s 放回专家库", who=who, name=name),
        "expert.end": lambda: _("%(who)s 把 %(name)s 移出专家库", who=who, name=name),
        "occupation.add": lambda: _("%(who)s 把 %(name)s 加进职业目录", who=who, name=name),
        "occupation.change": lambda: _("%(who)s 改了职业目录里的 %(name)s", who=who, name=name),
        "occupation.close": lambda: _("%(who)s 停用了职业目录里的 %(name)s", who=who, name=name),
        "occupation.reopen": lambda: _("%(who)s 恢复了职业目录里的 %(name)s", who=who, name=name),
        "occupation.import": lambda: _(
            "%(who)s 从 Excel 给职业目录新增 %(added)s 条、更正 %(changed)s 条",
            who=who,
            added=after.get("added", 0),
            changed=after.get("changed", 0),
        ),
        "occupation.shipped": lambda: _(
            "职业目录载入了程序自带的 %(added)s 条", added=after.get("added", 0)
        ),
        "ladder.add": lambda: _("%(who)s 加了等级体系 %(name)s", who=who, name=name),
        "ladder.change": lambda: _("%(who)s 改了等级体系 %(name)s", who=who, name=name),
        "ladder.close": lambda: _("%(who)s 停用了等级体系 %(name)s", who=who, name=name),
        "ladder.reopen": lambda: _("%(who)s 恢复了等级体系 %(name)s", who=who, name=name),
        "ladder.import": lambda: _(
            "%(who)s 从 Excel 新增 %(added)s 个等级体系、更正 %(changed)s 个",
            who=who,
            added=after.get("added", 0),
            changed=after.get("changed", 0),
        ),
        "conditions.add": lambda: _("%(who)s 加了申报条件 %(name)s", who=who, name=name),
        "conditions.change": lambda: _("%(who)s 改了申报条件 %(name)s", who=who, name=name),
        "conditions.close": lambda: _("%(who)s 停用了申报条件 %(name)s", who=who, name=name),
        "conditions.reopen": lambda: _("%(who)s 恢复了申报条件 %(name)s", who=who, name=name),
        "conditions.confirm": lambda: _(
            "%(who)s 和原文核对了申报条件 %(name)s", who=who, name=name
        ),
        "conditions.shipped": lambda: _("载入了程序自带的申报条件 %(name)s", name=name),
        "ladder.shipped": lambda: _("载入了程序自带的等级体系 %(name)s", name=name),
        "person.merge": lambda: (
            _(
                "%(who)s 定了 %(name)s 和 %(other)s 是同一个人，合并了",
                who=who,
                name=name,
                other=other,
            )
            + (_("，依据：%(why)s", why=why) if why else "")
        ),
        "person.part": lambda: (
            _(
                "%(who)s 更正证件号码，%(name)s 和 %(other)s 的合并不再算",
                who=who,
                name=name,
                other=other,
            )
            if after.get("corrected")
            else _("%(who)s 撤销 %(name)s 和 %(other)s 的合并", who=who, name=name, other=other)
        ),
        "person.apart": lambda: _(
            "%(who)s 定了 %(name)s 和 %(other)s 是两个人", who=who, name=name, other=other
        ),
        "person.again": lambda: _(
            "%(who)s 撤回“%(name)s 和 %(other)s 是两个人”", who=who, name=name, other=other
        ),
        "unit.connect": lambda: _(
            "%(who)s 把 %(n)s 个单位连到组织", who=who, n=len(after.get("units", ()))
        ),
        "unit.disconnect": lambda: _("%(who)s 让单位 %(what)s 不再连着组织", who=who, what=what),
    }
