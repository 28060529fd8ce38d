"""Audit rows about blind codes and what they mean as short sentences."""

from __future__ import annotations

from flask_babel import gettext as _

from compete.domain.values.messages import msg
from compete.web.organiser.overview.sentences import Sentences, told

SENTENCES: Sentences = {
    "blind.draw": msg("%(who)s 抽加密号 %(what)s"),
    "blind.anew": msg("%(who)s 把 %(what)s 的加密号全部重抽：%(why)s"),
    "blind.keepers": msg(
        "%(who)s 定 %(what)s 的加密裁判：%(codes)s",
        codes=lambda it: _("、").join(it.after.get("keepers") or ()) or _("不指定"),
    ),
    "blind.ask": msg("%(who)s 提出解密 %(what)s"),
    "blind.drop": msg("%(who)s 收回解密 %(what)s"),
    "blind.open": msg("%(who)s 同意，解密 %(what)s，%(n)s 个加密号", n=told("codes", 0)),
}
