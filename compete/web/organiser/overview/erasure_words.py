"""Audit rows about personal data kept and erased as short sentences."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Act, Either, Sentences, Values, told

SENTENCES: Sentences = {
    "entrant.erase": Either(
        "left",
        msg(
            "%(who)s 同意，在删 %(whose)s 的个人资料，删了 %(n)s 人，剩 %(left)s 人，原因：%(why)s",
            n=told("count", 0),
        ),
        msg(
            "%(who)s 同意，删除了 %(whose)s 的个人资料（%(n)s 人），原因：%(why)s",
            n=told("count", 0),
        ),
    ),
    "consent.give": msg("%(who)s 记下 %(what)s 同意公布全名"),
    "consent.withdraw": msg("%(who)s 记下 %(what)s 不同意公布全名"),
    "erasure.ask": msg("%(who)s 提出删除 %(whose)s 的个人资料，原因：%(why)s"),
    "erasure.refuse": msg("%(who)s 不删 %(whose)s 的个人资料：%(why)s"),
    "erasure.drop": msg("%(who)s 收回了删除 %(whose)s 的个人资料"),
    "erasure.months": msg(
        "%(who)s 定个人资料结束以后保存 %(n)s 个月", n=lambda it: it.after.get("months") or "—"
    ),
}


def _whose(act: Act) -> str:
    if not act.after.get("all"):
        return act.what
    return _("全部经办人") if act.after.get("labour") else _("全部选手")


VALUES: Values = {"whose": _whose}
