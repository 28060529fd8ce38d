"""Audit rows about personal data kept and erased as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def erasure_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action."""
    everybody = _("全部经办人") if after.get("labour") else _("全部选手")
    whose = everybody if after.get("all") else what
    return {
        "entrant.erase": lambda: _erased(who, whose, why, after),
        "consent.give": lambda: _("%(who)s 记下 %(what)s 同意公布全名", who=who, what=what),
        "consent.withdraw": lambda: _("%(who)s 记下 %(what)s 不同意公布全名", who=who, what=what),
        "erasure.ask": lambda: _(
            "%(who)s 提出删除 %(whose)s 的个人资料，原因：%(why)s", who=who, whose=whose, why=why
        ),
        "erasure.refuse": lambda: _(
            "%(who)s 不删 %(whose)s 的个人资料：%(why)s", who=who, whose=whose, why=why
        ),
        "erasure.drop": lambda: _("%(who)s 收回了删除 %(whose)s 的个人资料", who=who, whose=whose),
        "erasure.months": lambda: _(
            "%(who)s 定个人资料结束以后保存 %(n)s 个月", who=who, n=after.get("months") or "—"
        ),
    }


def _erased(who: str, whose: str, why: str, after: dict[str, Any]) -> str:
    gone, left = after.get("count", 0), after.get("left")
    if left:
        return _(
            "%(who)s 同意，在删 %(whose)s 的个人资料，删了 %(n)s 人，剩 %(left)s 人，原因：%(why)s",
            **{"who": who, "whose": whose, "n": gone, "left": left, "why": why},
        )
    return _(
        "%(who)s 同意，删除了 %(whose)s 的个人资料（%(n)s 人），原因：%(why)s",
        **{"who": who, "whose": whose, "n": gone, "why": why},
    )
