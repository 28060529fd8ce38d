"""Audit rows about photos of people as short sentences."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from compete.web.organiser.overview.counting import Sentences, counted


def portrait_words(who: str, what: str, _why: str, after: dict[str, Any]) -> Sentences:
    """By action."""
    return {
        "portrait.put": lambda: (
            _("%(who)s 换了 %(what)s 的照片", who=who, what=what)
            if after.get("replaced")
            else _("%(who)s 传了 %(what)s 的照片", who=who, what=what)
        ),
        "portrait.remove": lambda: _("%(who)s 删了 %(what)s 的照片", who=who, what=what),
        "portrait.upload": lambda: _(
            "%(who)s 上传照片，%(n)s 个文件", who=who, n=counted(after.get("files"))
        ),
        "portrait.import": lambda: _(
            "%(who)s 写入 %(n)s 张照片", who=who, n=counted(after.get("codes"))
        ),
        "portrait.discard": lambda: _("%(who)s 不写入上传的照片", who=who),
    }
