"""Audit rows about the periods of a labour competition as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.domain.values.period_states import LookResult
from compete.web.organiser.overview.counting import Sentences, counted


def months_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action; `what` is the period, or the unit whose correction it is."""
    period = after.get("period", "")
    return {
        "labour.close": lambda: (
            _("%(who)s 给 %(what)s 结账，理由：%(why)s", who=who, what=what, why=why)
            if why
            else _("%(who)s 给 %(what)s 结账", who=who, what=what)
        ),
        "labour.ask_correction": lambda: _(
            "%(who)s 提出更正 %(what)s 的 %(period)s，理由：%(why)s",
            who=who,
            what=what,
            period=period,
            why=why,
        ),
        "labour.correct": lambda: _(
            "%(asked)s 提出、%(who)s 同意，更正 %(what)s 的 %(period)s，理由：%(why)s",
            asked=after.get("asked") or "",
            who=who,
            what=what,
            period=period,
            why=why,
        ),
        "labour.drop_correction": lambda: _(
            "%(who)s 不更正 %(what)s 的 %(period)s 了", who=who, what=what, period=period
        ),
        "labour.follow_ups": lambda: _(
            "%(who)s 记 %(what)s 授旗、约谈和整改的日子：红旗 %(n)s 面，约谈和整改 %(talks)s 家",
            who=who,
            what=what,
            n=counted(after.get("flags")),
            talks=counted(after.get("talks")),
        ),
        "labour.flag_keep": lambda: (
            _(
                "%(who)s 定了 %(what)s 的红旗连续 %(n)s 期可以永久保留（%(of)s 这样的期次）",
                who=who,
                what=what,
                n=after.get("after"),
                of=after.get("of"),
            )
            if after.get("after")
            else _("%(who)s 定了 %(what)s 的红旗不永久保留", who=who, what=what)
        ),
        "labour.rules": lambda: _(
            "%(who)s 换了 %(what)s 的规则：%(n)s 项指标，%(periods)s 期",
            who=who,
            what=what,
            n=counted(after.get("indicators")),
            periods=counted(after.get("periods")),
        ),
        "labour.rules.ask": lambda: _(
            "%(who)s 提出改 %(what)s 的规则，理由：%(why)s", who=who, what=what, why=why
        ),
        "labour.rules.change": lambda: _(
            "%(asked)s 提出、%(who)s 同意，%(what)s 的规则换成第 %(n)s 版，理由：%(why)s",
            asked=after.get("asked") or "",
            who=who,
            what=what,
            n=after.get("number", ""),
            why=why,
        ),
        "labour.rules.refuse": lambda: _(
            "%(who)s 没同意改 %(what)s 的规则：%(why)s", who=who, what=what, why=why
        ),
        "labour.rules.withdraw": lambda: _(
            "%(who)s 撤回改 %(what)s 规则的提议", who=who, what=what
        ),
        "labour.look": lambda: _(
            "%(who)s 抽 %(what)s 的二次抽查：%(pool)s 格里抽 %(n)s 格",
            who=who,
            what=what,
            pool=after.get("pool", 0),
            n=counted(after.get("drawn")),
        ),
        "labour.look.found": lambda: _found_words(who, what, why, after),
        "labour.look.rules": lambda: _(
            "%(who)s 定二次抽查抽 %(share)s%%，至少 %(least)s 格",
            who=who,
            share=after.get("share", ""),
            least=after.get("least", ""),
        ),
    }


def _found_words(who: str, what: str, why: str, after: dict[str, Any]) -> str:
    said = {
        "who": who,
        "what": what,
        "period": after.get("period", ""),
        "indicator": after.get("indicator", ""),
    }
    match after.get("result"):
        case LookResult.AGREES:
            return _("%(who)s 核 %(what)s %(period)s 的%(indicator)s：和证据一致", **said)
        case LookResult.UNPROVEN:
            return _(
                "%(who)s 核 %(what)s %(period)s 的%(indicator)s：没有证据，%(why)s", why=why, **said
            )
    return _(
        "%(who)s 核 %(what)s %(period)s 的%(indicator)s：不一致，%(was)s 应为 %(found)s，%(why)s",
        was=after.get("value") or "—",
        found=after.get("found") or "—",
        why=why,
        **said,
    )
