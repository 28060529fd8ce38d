"""Audit rows about blind codes and what they mean as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences


def coding_words(who: str, what: str, why: str, after: dict[str, Any]) -> Sentences:
    """By action."""
    return {
        "blind.draw": lambda: _("%(who)s 抽加密号 %(what)s", who=who, what=what),
        "blind.anew": lambda: _(
            "%(who)s 把 %(what)s 的加密号全部重抽：%(why)s", who=who, what=what, why=why
        ),
        "blind.keepers": lambda: _(
            "%(who)s 定 %(what)s 的加密裁判：%(codes)s",
            who=who,
            what=what,
            codes=_("、").join(after.get("keepers") or ()) or _("不指定"),
        ),
        "blind.ask": lambda: _("%(who)s 提出解密 %(what)s", who=who, what=what),
        "blind.drop": lambda: _("%(who)s 收回解密 %(what)s", who=who, what=what),
        "blind.open": lambda: _(
            "%(who)s 同意，解密 %(what)s，%(n)s 个加密号",
            who=who,
            what=what,
            n=after.get("codes", 0),
        ),
    }
