"""Audit rows about the departments of a labour competition and what they enter, as sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences, counted


def department_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; `what` is the department, or the unit that assesses itself."""
    n, period = counted(after.get("cells")), after.get("period", "")
    said, filename = {"who": who, "what": what, "period": period}, after.get("filename")
    return {
        "labour.department": lambda: _(
            "%(who)s 设部门 %(what)s，打 %(n)s 项指标的分",
            who=who,
            what=what,
            n=counted(after.get("indicators")),
        ),
        "labour.department.link": lambda: _(
            "%(who)s 给部门 %(what)s 做了打分链接", who=who, what=what
        ),
        "labour.enter": lambda: _(
            "%(who)s 替 %(what)s 填了 %(period)s 的 %(n)s 格",
            who=who,
            what=what,
            period=period,
            n=n,
        ),
        "labour.self": lambda: _(
            "%(who)s 填了 %(what)s %(period)s 的自评，%(n)s 格",
            who=who,
            what=what,
            period=period,
            n=n,
        ),
        "labour.safe_days": lambda: _(
            "%(who)s 记安全生产天数从哪天起：%(n)s 家单位", who=who, n=counted(after)
        ),
        "labour.heads": lambda: _(
            "%(who)s 记 %(what)s %(period)s的参赛人数，%(n)s 家",
            n=counted(after.get("people")),
            **said,
        ),
        "labour.accident": lambda: _("%(who)s 报 %(what)s %(period)s 出了安全事故，待核", **said),
        "labour.accident.ask": lambda: _(
            "%(who)s 核实 %(what)s %(period)s 的安全事故，提出处理，理由：%(why)s", why=why, **said
        ),
        "labour.accident.confirm": lambda: _("%(what)s %(period)s 的安全事故核实了", **said),
        "labour.accident.refuse.ask": lambda: _(
            "%(who)s 提出 %(what)s %(period)s 的安全事故不算，理由：%(why)s", why=why, **said
        ),
        "labour.accident.refuse": lambda: _(
            "%(who)s 同意 %(what)s %(period)s 的安全事故不算，理由：%(why)s", why=why, **said
        ),
        "labour.accident.refuse.drop": lambda: _(
            "%(who)s 收回 %(what)s %(period)s 的安全事故不算，还是待核", **said
        ),
        "labour.deadlines": lambda: _("%(who)s 定打分的截止：%(n)s 期", who=who, n=counted(after)),
        "labour.remind": lambda: _(
            "%(who)s 催 %(period)s：%(n)s 家", who=who, period=period, n=counted(after.get("who"))
        ),
        "labour.note": lambda: (
            _("%(who)s 给 %(what)s %(period)s 加证据 %(file)s", file=filename, **said)
            if filename
            else _("%(who)s 给 %(what)s %(period)s 留意见", **said)
        ),
        "labour.note.withdraw": lambda: _(
            "%(who)s 收回给 %(what)s 的证据或意见，理由：%(why)s", who=who, what=what, why=why
        ),
        "labour.sign": lambda: _(
            "%(who)s 代表 %(what)s 签核 %(period)s：%(units)s 家，%(n)s 格",
            who=who,
            what=what,
            period=period,
            units=counted(after.get("units")),
            n=n,
        ),
        "labour.sign.withdraw": lambda: _(
            "%(who)s 退回 %(what)s 的签核，理由：%(why)s", who=who, what=what, why=why
        ),
    }
